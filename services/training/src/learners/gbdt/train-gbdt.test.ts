import { inspectModel } from "@cascade/onnx";
import { describe, expect, test } from "vitest";
import { LearnerError } from "../errors.ts";
import { areaUnderCurve, measure } from "../metrics.ts";
import { predictionsOf } from "../predictions.ts";
import type { LabelledTable } from "../table.ts";
import { generateTable } from "../testing/generated-tables.ts";
import { columnImportance } from "./column-importance.ts";
import { exportGbdt } from "./export-gbdt.ts";
import { scoreRows } from "./gbdt-model.ts";
import { gbdtParametersSchema } from "./parameters.ts";
import { type GbdtOptions, trainGbdt } from "./train-gbdt.ts";

const defaults = gbdtParametersSchema.parse({});
const options: GbdtOptions = { seed: 1, threadsMax: 1 };
const odd = (values: Float64Array) => values.filter((_, index) => index % 2 === 1);

async function learn(train: LabelledTable, validation: LabelledTable, parameters: object = {}) {
  return trainGbdt(train, validation, gbdtParametersSchema.parse(parameters), options);
}

describe("quality on generated data", () => {
  test("binary: within 0.01 AUC of the all-knowing predictor", async () => {
    const { model } = await learn(generateTable("binary", 20_000, 1), generateTable("binary", 5000, 2));
    const fresh = generateTable("binary", 20_000, 3);
    const predictions = predictionsOf("binary", 2, scoreRows(model, fresh.features));
    const best = areaUnderCurve(fresh.label.values, odd(fresh.ideal)) ?? 0;
    expect(best).toBeGreaterThan(0.8);
    expect(areaUnderCurve(fresh.label.values, odd(predictions.values))).toBeGreaterThan(best - 0.01);
  });

  test("regression: close to the noise that nobody can predict", async () => {
    const { model } = await learn(
      generateTable("regression", 20_000, 1),
      generateTable("regression", 5000, 2),
    );
    const fresh = generateTable("regression", 20_000, 3);
    const { rmse } = measure(fresh.label, predictionsOf("regression", 0, scoreRows(model, fresh.features)));
    expect(rmse).toBeLessThan(0.33);
    expect(rmse).toBeGreaterThan(0.29);
  });

  test("multiclass: within 0.02 of the all-knowing predictor's loss", async () => {
    const { model } = await learn(
      generateTable("multiclass", 20_000, 1),
      generateTable("multiclass", 5000, 2),
    );
    const fresh = generateTable("multiclass", 20_000, 3);
    const ideal = measure(fresh.label, { width: 3, values: fresh.ideal });
    const own = measure(fresh.label, predictionsOf("multiclass", 3, scoreRows(model, fresh.features)));
    expect(own.logLoss).toBeLessThan((ideal.logLoss ?? 0) + 0.02);
    expect(own.accuracy).toBeGreaterThan((ideal.accuracy ?? 0) - 0.015);
  });

  test("the columns that matter have the gain, noise comes last", async () => {
    const { model } = await learn(generateTable("binary", 20_000, 1), generateTable("binary", 5000, 2));
    const importance = columnImportance(model);
    expect(
      importance
        .map(({ column }) => column)
        .slice(0, 3)
        .sort(),
    ).toEqual(["city", "slope", "wave"]);
    expect(importance.at(-1)?.column).toBe("noise");
    const splits = importance.reduce((sum, own) => sum + own.splits, 0);
    const leaves = model.rounds
      .flat()
      .map(({ tree }) => tree.feature.filter((feature) => feature < 0).length);
    // A tree has one split less than leaves.
    expect(splits).toBe(leaves.reduce((sum, own) => sum + own - 1, 0));
    expect(inspectModel(exportGbdt(model)).metadata["cascade.importance"]).toBe(JSON.stringify(importance));
  });
});

describe("repeatability", () => {
  test.each(["binary", "multiclass", "regression"] as const)(
    "%s: the same bits with WebAssembly, without, and with two or three threads",
    async (task) => {
      const [train, validation] = [generateTable(task, 5001, 1), generateTable(task, 1001, 2)];
      const parameters = gbdtParametersSchema.parse({ roundsMax: 15, columnFraction: 0.7 });
      const variants: GbdtOptions[] = [
        { seed: 1, threadsMax: 1, kernel: "wasm" },
        { seed: 1, threadsMax: 1, kernel: "twin" },
        { seed: 1, threadsMax: 2, kernel: "wasm", threadWorkMin: 0 },
        { seed: 1, threadsMax: 3, kernel: "twin", threadWorkMin: 0 },
      ];
      const [first, ...others] = await Promise.all(
        variants.map(async (variant) => trainGbdt(train, validation, parameters, variant)),
      );
      for (const other of others) expect(other).toEqual(first);
    },
  );

  test("another seed draws other columns", async () => {
    const [train, validation] = [generateTable("binary", 5000, 1), generateTable("binary", 1000, 2)];
    const parameters = gbdtParametersSchema.parse({ roundsMax: 5, columnFraction: 0.5 });
    const [one, two] = await Promise.all(
      [1, 2].map((seed) => trainGbdt(train, validation, parameters, { seed, threadsMax: 1 })),
    );
    expect(one?.model).not.toEqual(two?.model);
  });

  test("the scores given for the validation rows are those of the model, bit for bit", async () => {
    const validation = generateTable("multiclass", 1001, 2);
    const { model, validationScores } = await learn(generateTable("multiclass", 4000, 1), validation);
    expect(validationScores).toEqual(scoreRows(model, validation.features));
  });
});

describe("stopping", () => {
  test("training stops when the validation loss has not improved, and keeps the best round", async () => {
    const losses: number[] = [];
    const parameters = gbdtParametersSchema.parse({ earlyStoppingRounds: 7 });
    const result = await trainGbdt(
      generateTable("binary", 2000, 1),
      generateTable("binary", 2000, 2),
      parameters,
      {
        ...options,
        onRound: ({ validationLoss }) => {
          losses.push(validationLoss);
          return undefined;
        },
      },
    );
    expect(result.stoppedBy).toBe("early-stopping");
    expect(losses.length).toBe(result.bestRound + 7);
    expect(losses[result.bestRound - 1]).toBe(Math.min(...losses));
    expect(result.model.rounds).toHaveLength(result.bestRound);
  });

  test("the caller can stop it", async () => {
    const result = await trainGbdt(
      generateTable("binary", 2000, 1),
      generateTable("binary", 2000, 2),
      defaults,
      {
        ...options,
        onRound: ({ round }) => (round === 3 ? "stop" : undefined),
      },
    );
    expect(result).toMatchObject({ stoppedBy: "caller", bestRound: 3 });
  });

  test("too few rows for any split leave the base score", async () => {
    const validation = generateTable("regression", 100, 2);
    const result = await learn(generateTable("regression", 30, 1), validation);
    expect(result).toMatchObject({ stoppedBy: "no-split", bestRound: 0 });
    expect(new Set(scoreRows(result.model, validation.features)).size).toBe(1);
  });

  test("leaves and depth are limited as asked", async () => {
    const [train, validation] = [generateTable("binary", 5000, 1), generateTable("binary", 1000, 2)];
    const { model } = await learn(train, validation, { leavesMax: 6, roundsMax: 5 });
    for (const { tree } of model.rounds.flat()) expect(tree.nodeCount).toBe(11);
    const flat = await learn(train, validation, { depthMax: 1, roundsMax: 5 });
    for (const { tree } of flat.model.rounds.flat()) expect(tree.nodeCount).toBe(3);
  });
});

describe("missing values and categories", () => {
  test("a missing value is information: leaving it out of account costs accuracy", async () => {
    const [train, validation] = [
      generateTable("regression", 20_000, 1),
      generateTable("regression", 5000, 2),
    ];
    const full = await learn(train, validation);
    const blind = (table: LabelledTable): LabelledTable => ({
      ...table,
      features: {
        ...table.features,
        columns: table.features.columns.filter(({ name }) => name !== "sometimes"),
      },
    });
    const without = await learn(blind(train), blind(validation));
    const rmse = (scores: Float64Array) => measure(validation.label, { width: 1, values: scores }).rmse ?? 0;
    expect(rmse(full.validationScores)).toBeLessThan(rmse(without.validationScores) - 0.1);
  });

  test("a category that training never saw is treated like a missing one", async () => {
    const { model } = await learn(generateTable("binary", 5000, 1), generateTable("binary", 1000, 2));
    const { features } = generateTable("binary", 200, 3);
    const withCity = (code: number, categories: string[]) =>
      scoreRows(model, {
        ...features,
        columns: features.columns.map((column) =>
          column.type === "category"
            ? { ...column, codes: new Int32Array(200).fill(code), categories }
            : column,
        ),
      });
    expect(withCity(0, ["Atlantis"])).toEqual(withCity(-1, []));
    expect(withCity(0, ["Kyoto"])).not.toEqual(withCity(-1, []));
  });
});

describe("refusals", () => {
  const validation = generateTable("binary", 100, 2);
  const refused = async (train: LabelledTable, other: LabelledTable = validation) =>
    learn(train, other).then(
      () => "accepted",
      (error: unknown) => (error instanceof LearnerError ? error.code : error),
    );
  const table = generateTable("binary", 500, 1);

  test("no rows, no validation rows, no columns", async () => {
    expect(await refused(generateTable("binary", 0, 1))).toBe("NO_ROWS");
    expect(await refused(table, generateTable("binary", 0, 1))).toBe("NO_VALIDATION_ROWS");
    expect(await refused({ ...table, features: { rowCount: 500, columns: [] } })).toBe("NO_COLUMNS");
  });

  test("one class, a constant label, a missing label", async () => {
    const constant = { ...table.label, values: new Float64Array(500).fill(1) };
    expect(await refused({ ...table, label: constant })).toBe("ONE_CLASS");
    expect(await refused({ ...table, label: { ...constant, task: "regression" } })).toBe("CONSTANT_LABEL");
    const missing = { ...table.label, values: table.label.values.with(3, Number.NaN) };
    expect(await refused({ ...table, label: missing })).toBe("MISSING_LABEL");
  });

  test("columns that are all empty or constant", async () => {
    const columns = [
      { type: "number" as const, name: "empty", values: new Float32Array(500).fill(Number.NaN) },
      { type: "number" as const, name: "constant", values: new Float32Array(500).fill(7) },
      { type: "category" as const, name: "none", codes: new Int32Array(500).fill(-1), categories: [] },
    ];
    const features = { rowCount: 500, columns };
    expect(await refused({ ...table, features }, { ...table, features })).toBe("NO_INFORMATIVE_COLUMNS");
  });

  test("more than the memory can hold is refused before anything is reserved", async () => {
    const huge = { ...table, features: { ...table.features, rowCount: 500_000_000 } };
    expect(await refused(huge)).toBe("TOO_LARGE");
  });

  test("unknown parameters and impossible values", () => {
    expect(gbdtParametersSchema.safeParse({ trees: 5 }).success).toBe(false);
    expect(gbdtParametersSchema.safeParse({ learningRate: 0 }).success).toBe(false);
    expect(gbdtParametersSchema.safeParse({ leavesMax: 1 }).success).toBe(false);
    expect(gbdtParametersSchema.safeParse({ l2: Number.NaN }).success).toBe(false);
  });
});
