import { expect, test } from "vitest";
import { predictionsOf } from "../predictions.ts";
import type { LabelledTable } from "../table.ts";
import { generateTable } from "../testing/generated-tables.ts";
import { scoreRows } from "./gbdt-model.ts";
import { gbdtParametersSchema } from "./parameters.ts";
import { type GbdtResult, trainGbdt } from "./train-gbdt.ts";

/** The table with few distinct values, so that repeated rows move no threshold. */
function coarse({ features, label }: LabelledTable): LabelledTable {
  const columns = features.columns.map((column) =>
    column.type === "number" ? { ...column, values: column.values.map((v) => Math.round(v * 20)) } : column,
  );
  return { features: { ...features, columns }, label };
}

/** The table with each row as often as its class says. */
function repeated({ features, label }: LabelledTable, times: readonly number[]): LabelledTable {
  const rows = Array.from(label.values.keys()).flatMap((row) =>
    new Array<number>(times[label.values[row] ?? 0] ?? 1).fill(row),
  );
  const columns = features.columns.map((column) =>
    column.type === "number"
      ? { ...column, values: Float32Array.from(rows, (row) => column.values[row] ?? 0) }
      : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? 0) },
  );
  const values = Float64Array.from(rows, (row) => label.values[row] ?? 0);
  return { features: { rowCount: rows.length, columns }, label: { ...label, values } };
}

// Categories are ordered by their plain mean label, which repeated rows change: numbers alone are compared.
const numbersOnly = ({ features, label }: LabelledTable): LabelledTable => ({
  features: { ...features, columns: features.columns.filter(({ type }) => type === "number") },
  label,
});

test.each([
  ["binary", { yes: 4 }, [1, 4]],
  ["multiclass", { low: 2, middle: 8 }, [1, 2, 8]],
] as const)(
  "%s: a class that weighs more is as if its rows were there more often",
  async (task, classWeights, times) => {
    const [train, validation] = [1, 2].map((seed) =>
      coarse(numbersOnly(generateTable(task, 3000, seed))),
    ) as [LabelledTable, LabelledTable];
    const common = { leafRowsMin: 1, roundsMax: 30 };
    const options = { seed: 1, threadsMax: 1 };
    const weighted = await trainGbdt(
      train,
      validation,
      gbdtParametersSchema.parse({ ...common, classWeights }),
      options,
    );
    const plain = await trainGbdt(
      repeated(train, times),
      repeated(validation, times),
      gbdtParametersSchema.parse(common),
      options,
    );
    const equal = await trainGbdt(train, validation, gbdtParametersSchema.parse(common), options);
    const sharesOf = ({ model }: GbdtResult) =>
      predictionsOf(task, train.label.classes.length, scoreRows(model, validation.features)).values;
    const wanted = sharesOf(plain);
    const differenceTo = (shares: Float64Array) =>
      shares.reduce((sum, share, at) => sum + Math.abs(share - (wanted[at] ?? 0)), 0) / shares.length;
    // Sums of repeated rows round otherwise, which decides differently where two splits are equally good.
    expect(differenceTo(sharesOf(weighted))).toBeLessThan(2e-3);
    expect(differenceTo(sharesOf(equal))).toBeGreaterThan(0.05);
  },
);

test("weighted training gives the same bits with two threads and without WebAssembly", async () => {
  const [train, validation] = [generateTable("multiclass", 3001, 1), generateTable("multiclass", 501, 2)];
  const parameters = gbdtParametersSchema.parse({ roundsMax: 5, classWeights: "balanced" });
  const one = await trainGbdt(train, validation, parameters, { seed: 1, threadsMax: 1 });
  const two = { seed: 1, threadsMax: 2, threadWorkMin: 0, kernel: "twin" } as const;
  expect(await trainGbdt(train, validation, parameters, two)).toEqual(one);
});
