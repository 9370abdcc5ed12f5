import { compareValues, type Distance, type Values } from "@cascade/tabular";
import { batchFinding } from "./batch-expectations.ts";
import type { Demands } from "./demands.ts";
import type { Finding } from "./judge.ts";

type Declared = NonNullable<Demands["validation"]["distributions"]>[number];

/** A sample of some columns. */
export interface Sample {
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, Values>>;
}

// Conventions: a psi above 0.2 is a shift; 0.1 for distances, and 5 % for probabilities, as Evidently has them.
const usualThreshold = {
  psi: 0.2,
  "jensen-shannon": 0.1,
  wasserstein: 0.1,
  "kolmogorov-smirnov": 0.05,
  "chi-square": 0.05,
} as const;

/** The columns that later batches are compared by. */
export function comparedColumns({ validation }: Demands): string[] {
  return [...new Set((validation.distributions ?? []).map(({ column }) => column))];
}

/** Judges how columns are spread by how they were in the first accepted batch. */
export function judgeDistributions(demands: Demands, reference: Sample, current: Sample): Finding[] {
  return (demands.validation.distributions ?? []).flatMap((declared) => {
    const { column, minRows } = declared;
    const [before, after] = [reference.columns[column], current.columns[column]];
    // That a column is missing, or of another type, is told by itself.
    if (before === undefined || after === undefined || isNumeric(before) !== isNumeric(after)) return [];
    if (Math.min(reference.rowCount, current.rowCount) < minRows) return [];
    return [judge(declared, compareValues(declared.test, before, after))];
  });
}

const isNumeric = (values: Values) => values instanceof Float64Array;

function judge({ column, test, threshold, severity }: Declared, distance: Distance): Finding {
  const limit = threshold ?? usualThreshold[test];
  const { score, pValue } = distance;
  const passed = pValue === undefined ? score <= limit : pValue >= limit;
  const measured =
    pValue === undefined
      ? `${test} is ${figure(score)}, allowed is ${limit}`
      : `${test} is ${figure(score)} with a p value of ${figure(pValue)}, expected at least ${limit}`;
  return batchFinding(
    {
      kind: "distribution",
      column,
      test,
      threshold: limit,
      score,
      ...(pValue === undefined ? {} : { pValue }),
    },
    passed,
    `${JSON.stringify(column)} is spread ${passed ? "as" : "unlike"} in the first accepted batch: ${measured}.`,
    severity,
  );
}

const figure = (value: number) => Number(value.toPrecision(4));
