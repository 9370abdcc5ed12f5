import type { Feature } from "@cascade/contracts";
import type { ColumnValues } from "@cascade/onnx";
import { type Answers, sliceAnswers } from "../domain/answers.ts";
import type { FeatureTable } from "../domain/feature-table.ts";

interface Ask {
  readonly table: FeatureTable;
  resolve(answers: Answers): void;
  reject(error: unknown): void;
}

export interface BatchOptions {
  readonly features: readonly Feature[];
  readonly rowsMax: number;
  run(columns: Readonly<Record<string, ColumnValues>>, rowCount: number): Promise<Answers>;
}

/**
 * Answers what was asked in one turn of the event loop with one run of the model. There is no timer: a lone
 * request waits for nobody. Where a run of several fails, each is run alone, so that none pays for another.
 */
export function batchRequests({ features, rowsMax, run }: BatchOptions) {
  let waiting: Ask[] = [];

  function flush(): void {
    const asks = waiting;
    waiting = [];
    for (let start = 0; start < asks.length; ) {
      let rows = asks[start]?.table.rowCount ?? 0;
      let end = start + 1;
      for (; end < asks.length && rows + (asks[end]?.table.rowCount ?? 0) <= rowsMax; end++) {
        rows += asks[end]?.table.rowCount ?? 0;
      }
      void runTogether(asks.slice(start, end), rows);
      start = end;
    }
  }

  async function runTogether(asks: readonly Ask[], rowCount: number): Promise<void> {
    try {
      const answers = await run(joinColumns(features, asks), rowCount);
      let from = 0;
      for (const { table, resolve } of asks) {
        resolve(sliceAnswers(answers, from, from + table.rowCount));
        from += table.rowCount;
      }
    } catch (error) {
      if (asks.length === 1) asks[0]?.reject(error);
      else for (const ask of asks) await runTogether([ask], ask.table.rowCount);
    }
  }

  return (table: FeatureTable): Promise<Answers> =>
    new Promise((resolve, reject) => {
      waiting.push({ table, resolve, reject });
      if (waiting.length === 1) setImmediate(flush);
    });
}

function joinColumns(
  features: readonly Feature[],
  asks: readonly Ask[],
): Readonly<Record<string, ColumnValues>> {
  const joined = features.map(({ name }, index): [string, ColumnValues] => {
    const [only] = asks;
    if (asks.length === 1 && only !== undefined) return [name, only.table.columns[index] ?? []];
    return [name, asks.flatMap(({ table }) => table.columns[index] ?? [])];
  });
  return Object.fromEntries(joined);
}
