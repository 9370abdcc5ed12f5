import { expect, test } from "vitest";
import { LearnerError } from "../errors.ts";
import { measure } from "../metrics.ts";
import { seededRandom } from "../random.ts";
import type { FeatureTable, LabelledTable } from "../table.ts";
import { generateTable } from "../testing/generated-tables.ts";
import { oddTable } from "../testing/odd-tables.ts";
import { type GbdtModel, scoreRows } from "./gbdt-model.ts";
import { gbdtParametersSchema } from "./parameters.ts";
import { type GbdtOptions, trainGbdt } from "./train-gbdt.ts";

const options: GbdtOptions = { seed: 1, threadsMax: 1 };

/** How often the score moves against the sign as the column rises, all else of a row left as it is. */
function breaches(model: GbdtModel, table: FeatureTable, name: string, sign: number): number {
  const index = table.columns.findIndex((column) => column.name === name);
  const values = table.columns[index]?.type === "number" ? table.columns[index].values : new Float32Array();
  const ladder = [...new Set([...values, -3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])]
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b)
    .filter((_, at, all) => at % Math.ceil(all.length / 60) === 0 || at === all.length - 1);
  let last: Float64Array | undefined;
  let count = 0;
  for (const value of ladder) {
    const columns = table.columns.map((column, at) =>
      at === index
        ? { type: "number" as const, name, values: new Float32Array(table.rowCount).fill(value) }
        : column,
    );
    const scores = scoreRows(model, { ...table, columns });
    last?.forEach((before, row) => {
      if (sign * ((scores[row] ?? 0) - before) < 0) count++;
    });
    last = scores;
  }
  return count;
}

test.each(["binary", "regression"] as const)(
  "%s: answers rise and fall with the columns as asked",
  async (task) => {
    const random = seededRandom(task.length);
    let free = 0;
    for (let round = 0; round < 40; round++) {
      const table = oddTable(task, 20 + Math.floor(random() * 300), random);
      const names = table.features.columns.filter(({ type }) => type === "number").map(({ name }) => name);
      if (names.length === 0) continue;
      const monotone = Object.fromEntries(
        names
          .filter((_, at) => at === 0 || random() < 0.5)
          .map((name) => [name, random() < 0.5 ? "increasing" : "decreasing"]),
      );
      const common = { leafRowsMin: 1, roundsMax: 10, learningRate: 1, earlyStoppingRounds: 1000 };
      const learn = (own: object) =>
        trainGbdt(table, table, gbdtParametersSchema.parse({ ...common, ...own }), options).catch(
          (error: unknown) => {
            if (error instanceof LearnerError && error.code === "NO_INFORMATIVE_COLUMNS") return undefined;
            throw error;
          },
        );
      const [bound, unbound] = [await learn({ monotone }), await learn({})];
      if (!bound || !unbound) continue;
      for (const [name, direction] of Object.entries(monotone)) {
        const sign = direction === "increasing" ? 1 : -1;
        expect(breaches(bound.model, table.features, name, sign), `round ${round}, ${name}`).toBe(0);
        free += breaches(unbound.model, table.features, name, sign);
      }
    }
    // Without the parameter the same columns move both ways: the count above can fail.
    expect(free).toBeGreaterThan(1000);
  },
);

test("what is truly rising is found as well as without", async () => {
  const [train, validation] = [generateTable("regression", 10_000, 1), generateTable("regression", 3000, 2)];
  const rmse = async (monotone: object) => {
    const { validationScores } = await trainGbdt(
      train,
      validation,
      gbdtParametersSchema.parse({ monotone }),
      options,
    );
    return measure(validation.label, { width: 1, values: validationScores }).rmse ?? Number.NaN;
  };
  const free = await rmse({});
  expect(await rmse({ slope: "increasing" })).toBeLessThan(free * 1.03);
  expect(await rmse({ slope: "decreasing" })).toBeGreaterThan(free * 1.5);
});

test("the same bits with two threads and without WebAssembly", async () => {
  const [train, validation] = [generateTable("binary", 3001, 1), generateTable("binary", 501, 2)];
  const parameters = gbdtParametersSchema.parse({
    roundsMax: 8,
    monotone: { slope: "increasing", wave: "decreasing" },
  });
  const one = await trainGbdt(train, validation, parameters, options);
  const two = { seed: 1, threadsMax: 2, threadWorkMin: 0, kernel: "twin" } as const;
  expect(await trainGbdt(train, validation, parameters, two)).toEqual(one);
});

test("a column that is none, a category, and several classes are refused", async () => {
  const refusal = (table: LabelledTable, monotone: object) =>
    trainGbdt(table, table, gbdtParametersSchema.parse({ monotone }), options).then(
      () => "accepted",
      (error: unknown) => (error instanceof LearnerError ? error.message : error),
    );
  const table = generateTable("binary", 200, 1);
  expect(await refusal(table, { slop: "increasing" })).toContain("no column slop; did you mean slope?");
  expect(await refusal(table, { constructor: "increasing" })).toContain("no column constructor");
  expect(await refusal(table, { city: "increasing" })).toContain("city is a category");
  const several = generateTable("multiclass", 200, 1);
  expect(await refusal(several, { slope: "increasing" })).toContain("several classes");
});
