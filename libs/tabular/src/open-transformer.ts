import { tmpdir } from "node:os";
import { openWorkerPool } from "@cascade/sandbox";
import { coerceRow, type EngineValue, epochMilliseconds, type RowError } from "./coerce-row.ts";
import { tabularErrors } from "./errors.ts";
import { engineMemoryMiB, workerModule } from "./open-tabular.ts";
import { plainReferences } from "./plain-references.ts";
import { runInWorker } from "./run-in-worker.ts";
import type { CallOptions, Column, SqlColumn } from "./types.ts";
import type { Transformed } from "./worker/transform.ts";

export type TransformerOptions = {
  /** What a row has; a column is required unless it is nullable. */
  readonly input: readonly Column[];
  readonly columns: readonly SqlColumn[];
  /** 512 unless given. */
  readonly memoryLimitMiB?: number | undefined;
  /** Time for one batch; 10 seconds unless given. */
  readonly timeoutMs?: number | undefined;
  /** Rows in one query at most; 4096 unless given. */
  readonly batchRows?: number | undefined;
};

/** Values in the order of the rows. A row with an error has null in every column. Timestamps are epoch milliseconds. */
export type TransformedRows = {
  readonly columns: Readonly<Record<string, (number | string | boolean | null)[]>>;
  readonly errors: readonly RowError[];
};

/** Feature columns of live rows, by the same SQL and the same engine that made the training set. */
export type Transformer = {
  /** The columns that come out. */
  readonly output: readonly Column[];
  transform(
    rows: readonly Readonly<Record<string, unknown>>[],
    options?: CallOptions,
  ): Promise<TransformedRows>;
  close(): Promise<void>;
};

type Batch = {
  readonly rows: readonly EngineValue[][];
  readonly resolve: (done: Transformed) => void;
  readonly reject: (error: unknown) => void;
};
type RunRows = (rows: readonly EngineValue[][], options: CallOptions) => Promise<Transformed>;

/**
 * Checks the expressions and warms a child process up. Where every column only names an input column there is
 * nothing to compute, and no child is started.
 */
export async function openTransformer(options: TransformerOptions): Promise<Transformer> {
  const { input, columns, memoryLimitMiB = 512, timeoutMs = 10_000, batchRows = 4_096 } = options;
  const references = plainReferences(input, columns);
  if (references !== undefined) {
    const pick: RunRows = async (rows) => ({
      columns: references.map(({ index, type }) => rows.map((row) => shown(row[index] ?? null, type))),
      errors: [],
    });
    const output = references.map(({ type }, index) => ({
      name: columns[index]?.name ?? "",
      type,
      nullable: true,
    }));
    return transformer(input, output, pick, async () => {});
  }
  const pool = openWorkerPool({ module: workerModule, size: 1, memoryLimitMiB, timeoutMs });
  // Rows that do not fit into memory are not what serving is for: nothing is ever spilled into this folder.
  const access = {
    reads: [],
    writes: [],
    threads: 1,
    memoryLimitMiB: engineMemoryMiB(memoryLimitMiB),
    temporaryDirectory: tmpdir(),
  };
  const spec = { input, columns };
  try {
    const output = await runInWorker<Column[]>(pool, "openTransform", { access, spec });
    const run = batched(
      (rows) => runInWorker<Transformed>(pool, "transform", { access, spec, rows }),
      batchRows,
    );
    return transformer(input, output, run, () => pool.close());
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function shown(value: EngineValue, type: Column["type"]): EngineValue {
  return type === "timestamp" && typeof value === "string" ? epochMilliseconds(value) : value;
}

/** Rows that are bad by themselves never reach the engine, so that they cannot fail the others. */
function transformer(
  input: readonly Column[],
  output: readonly Column[],
  run: RunRows,
  close: () => Promise<void>,
): Transformer {
  return {
    output,
    close,
    async transform(rows, options = {}) {
      const good: EngineValue[][] = [];
      const places: number[] = [];
      const errors: RowError[] = [];
      for (const [row, given] of rows.entries()) {
        const coerced = coerceRow(given, input);
        if ("values" in coerced) {
          good.push(coerced.values);
          places.push(row);
        } else errors.push({ row, ...coerced });
      }
      const done = good.length === 0 ? { columns: [], errors: [] } : await run(good, options);
      const columns = output.map(({ name }, index) => {
        const values = new Array<EngineValue>(rows.length).fill(null);
        for (const [place, row] of places.entries()) values[row] = done.columns[index]?.[place] ?? null;
        return [name, values] as const;
      });
      errors.push(...done.errors.map((error) => ({ ...error, row: places[error.row] ?? error.row })));
      return { columns: Object.fromEntries(columns), errors: errors.toSorted((a, b) => a.row - b.row) };
    },
  };
}

/** What arrives while one query runs goes into the next: no timer delays a single row, and many share one query. */
function batched(
  query: (rows: readonly EngineValue[][]) => Promise<Transformed>,
  batchRows: number,
): RunRows {
  const waiting: Batch[] = [];
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batches: Batch[] = [];
      for (let size = 0; waiting[0] && (size === 0 || size + waiting[0].rows.length <= batchRows); ) {
        const next = waiting.shift();
        if (next) batches.push(next);
        size += next?.rows.length ?? 0;
      }
      await runTogether(batches, query);
    }
    running = false;
  }

  return (rows, { signal }) => {
    if (signal?.aborted) return Promise.reject(tabularErrors.cancelled(signal.reason));
    const { promise, resolve, reject } = Promise.withResolvers<Transformed>();
    const batch = { rows, resolve, reject };
    signal?.addEventListener(
      "abort",
      () => {
        // Others may share the query, so it runs on; only this caller stops waiting.
        const place = waiting.indexOf(batch);
        if (place >= 0) waiting.splice(place, 1);
        reject(tabularErrors.cancelled(signal.reason));
      },
      { once: true },
    );
    waiting.push(batch);
    if (!running) void drain();
    return promise;
  };
}

async function runTogether(
  batches: readonly Batch[],
  query: (rows: readonly EngineValue[][]) => Promise<Transformed>,
): Promise<void> {
  try {
    const done = await query(batches.flatMap(({ rows }) => rows));
    let start = 0;
    for (const { rows, resolve } of batches) {
      const end = start + rows.length;
      const from = start;
      resolve({
        columns: done.columns.map((values) => values.slice(from, end)),
        errors: done.errors
          .filter(({ row }) => row >= from && row < end)
          .map((error) => ({ ...error, row: error.row - from })),
      });
      start = end;
    }
  } catch (error) {
    // A killed child takes the whole query with it; alone, each caller gets only what its own rows caused.
    if (batches.length === 1) batches[0]?.reject(error);
    else for (const batch of batches) await runTogether([batch], query);
  }
}
