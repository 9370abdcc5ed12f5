import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspectModel, loadModel } from "@cascade/onnx";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { measure } from "../learners/metrics.ts";
import type { Task } from "../learners/table.ts";
import { modelColumns } from "../learners/testing/compare-with-onnx.ts";
import { readTrainingParts } from "./read-parquet.ts";
import { TrainerFolder } from "./testing/trainer-folder.ts";
import { readTrainingRequest } from "./training-request.ts";

let folder: TrainerFolder;
beforeEach(async () => {
  folder = await TrainerFolder.create();
});
afterEach(() => folder[Symbol.asyncDispose]());

const columns = [
  { name: "amount", type: "number" },
  { name: "count", type: "number" },
  { name: "flag", type: "number" },
  { name: "day", type: "number" },
  { name: "at", type: "number" },
  { name: `it's "odd"`, type: "category" },
  { name: "__proto__", type: "category" },
] as const;

/** Rows of all column types in which the label can be known from amount, count and town. */
function rowsSql(label: string, count: number, from = 0): string {
  return `
    SELECT *, ${label} AS y FROM (
      SELECT
        CASE WHEN i % 11 = 0 THEN NULL ELSE CAST(random() * 100 AS DECIMAL(9, 2)) END AS amount,
        CAST(i % 7 AS INTEGER) AS count,
        i % 3 = 0 AS flag,
        DATE '2026-01-01' + CAST(i % 300 AS INTEGER) AS day,
        TIMESTAMP '2026-01-01 10:00:00' + INTERVAL 1 HOUR * (i % 500) AS at,
        CASE WHEN i % 5 = 0 THEN NULL ELSE 'town ' || (i % 9) END AS "it's ""odd""",
        CAST(i % 4 AS TINYINT) AS "__proto__",
        i
      FROM range(${from}, ${from + count}) AS rows(i))`;
}

async function prepare(label: string, request: object): Promise<void> {
  await folder.parquet("train", rowsSql(label, 3000));
  await folder.parquet("validation", rowsSql(label, 1000, 3000));
  await folder.request({ columns, ...request });
}

const labels: Readonly<Record<Task, string>> = {
  binary: "coalesce(amount, 60) + count * 5 > 60",
  multiclass: "CASE WHEN coalesce(amount, 60) > 70 THEN 10 WHEN count > 3 THEN 2 ELSE 1 END",
  regression: "CAST(coalesce(amount, 60) + count * 5 AS FLOAT)",
};
const goodEnough: Readonly<Record<Task, Record<string, number>>> = {
  binary: { auc: 0.9 },
  multiclass: { accuracy: 0.7 },
  regression: { r2: 0.9 },
};

describe.each(["gbdt", "linear"] as const)("%s", (program) => {
  test.each(["binary", "multiclass", "regression"] as const)(
    "%s: leaves a model whose answers are its metrics and its sample predictions",
    async (task) => {
      await prepare(labels[task], { task });
      expect(await folder.run(program)).toEqual({ exitCode: 0, stderr: "" });

      const { metrics, durationMs } = await folder.json("metrics.json");
      for (const [name, least] of Object.entries(goodEnough[task]))
        expect(metrics[name]).toBeGreaterThan(least);
      expect(durationMs).toBeGreaterThan(0);

      const bytes = await folder.bytes("model.onnx");
      const description = inspectModel(bytes);
      expect(description.inputs.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
      expect(JSON.parse(description.metadata["cascade.classes"] ?? "")).toEqual(
        { binary: ["false", "true"], multiclass: ["1", "2", "10"], regression: [] }[task],
      );

      // The model is asked anew about all validation rows; the figures must come out the same.
      const { validation } = await readTrainingParts(folder.path, await readTrainingRequest(folder.path));
      const model = await loadModel(bytes, { intraOpThreads: 1 });
      const outputs = await model.run(modelColumns(validation.features), 1000);
      const answers = outputs.probabilities ?? outputs.prediction;
      const width = answers?.shape[1] ?? 0;
      const values = Float64Array.from(answers?.data ?? [], Number);
      const measured = measure(validation.label, { width, values });
      for (const [name, figure] of Object.entries(measured)) expect(figure).toBeCloseTo(metrics[name], 4);

      const sample = await folder.json("sample_predictions.json");
      expect(sample.rows).toHaveLength(100);
      const given = Object.fromEntries(
        columns.map(({ name }) => [name, sample.rows.map((row: Record<string, unknown>) => row[name])]),
      );
      const again = await model.run(given, 100);
      await model.release();
      const repeated = [...((again.probabilities ?? again.prediction)?.data ?? [])];
      sample.predictions.flat().forEach((value: number, at: number) => {
        expect(Math.abs(value - Number(repeated[at])) / Math.max(1, Math.abs(value))).toBeLessThan(1e-5);
      });
    },
  );

  test("a label of two texts, and a label of 0 and 1, are binary too", async () => {
    await prepare(`CASE WHEN ${labels.binary} THEN 'sold' ELSE 'kept' END`, {});
    expect(await folder.run(program)).toMatchObject({ exitCode: 0 });
    const classes = async () =>
      JSON.parse(inspectModel(await folder.bytes("model.onnx")).metadata["cascade.classes"] ?? "");
    expect(await classes()).toEqual(["kept", "sold"]);
    await prepare(`CAST(${labels.binary} AS DOUBLE)`, {});
    expect(await folder.run(program)).toMatchObject({ exitCode: 0 });
    expect(await classes()).toEqual(["0", "1"]);
  });

  test("two runs of the same request give the same model, byte for byte", async () => {
    await prepare(labels.binary, {});
    await folder.run(program);
    const first = await folder.bytes("model.onnx");
    await folder.run(program);
    expect(Buffer.from(first).equals(await folder.bytes("model.onnx"))).toBe(true);
  });
});

test("progress is one JSON object a round, and the best round is named with the importance", async () => {
  await prepare(labels.binary, { parameters: { roundsMax: 7, learningRate: 0.05 } });
  await folder.run("gbdt");
  const lines = new TextDecoder()
    .decode(await folder.bytes("progress.jsonl"))
    .trimEnd()
    .split("\n");
  const progress = lines.map((line) => JSON.parse(line));
  expect(progress.map(({ step, of }) => [step, of])).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => [step, 7]));
  expect(progress.at(-1).metrics.validationLoss).toBeGreaterThan(0);
  const { bestIteration, stoppedBy, importance } = await folder.json("metrics.json");
  expect({ bestIteration, stoppedBy }).toEqual({ bestIteration: 7, stoppedBy: "rounds" });
  expect(
    importance
      .slice(0, 2)
      .map(({ column }: { column: string }) => column)
      .sort(),
  ).toEqual(["amount", "count"]);
});

test("a time limit that is nearly over ends the training with what there is", async () => {
  await prepare(labels.binary, { timeLimitMs: 1 });
  expect(await folder.run("gbdt")).toMatchObject({ exitCode: 0 });
  expect(await folder.json("metrics.json")).toMatchObject({ stoppedBy: "caller", bestIteration: 1 });
});

describe("refusals: exit code 1 and one line that says why", () => {
  async function refusal(): Promise<string> {
    const { exitCode, stderr } = await folder.run("gbdt");
    expect(exitCode).toBe(1);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    const { code, message } = JSON.parse(stderr);
    expect(message).not.toBe("");
    return code;
  }

  test("no request, one that is not JSON, one with an unknown key or two columns of one name", async () => {
    expect(await refusal()).toBe("REQUEST_UNREADABLE");
    await writeFile(join(folder.path, "request.json"), "{");
    expect(await refusal()).toBe("REQUEST_UNREADABLE");
    await folder.request({ columns, extra: 1 });
    expect(await refusal()).toBe("REQUEST_INVALID");
    await folder.request({ columns: [columns[0], columns[0]] });
    expect(await refusal()).toBe("REQUEST_INVALID");
  });

  test("unknown parameters", async () => {
    await folder.request({ columns, parameters: { trees: 5 } });
    expect(await refusal()).toBe("PARAMETERS_INVALID");
  });

  test("files that are missing or no Parquet", async () => {
    await folder.request({ columns });
    expect(await refusal()).toBe("DATA_UNREADABLE");
    await prepare(labels.binary, {});
    await writeFile(
      join(folder.path, "train.parquet"),
      (await folder.bytes("train.parquet")).subarray(0, 5000),
    );
    expect(await refusal()).toBe("DATA_UNREADABLE");
  });

  test("columns that are missing, differ in case, or are text where a number is asked for", async () => {
    await prepare(labels.binary, { columns: [{ name: "Amount", type: "number" }] });
    expect(await refusal()).toBe("COLUMN_MISSING");
    await folder.request({ columns, label: "nothing" });
    expect(await refusal()).toBe("COLUMN_MISSING");
    await folder.request({ columns: [{ name: `it's "odd"`, type: "number" }] });
    expect(await refusal()).toBe("COLUMN_NOT_NUMERIC");
  });

  test.each([
    ["true", "binary", "ONE_CLASS"],
    ["1", "regression", "CONSTANT_LABEL"],
    ["i % 3", "binary", "NOT_BINARY"],
    ["1 + i % 2", "binary", "BAD_LABEL"],
    ["0.5 * (i % 3)", "multiclass", "BAD_LABEL"],
    ["i", "multiclass", "TOO_MANY_CLASSES"],
    ["CASE WHEN i % 100 = 0 THEN NULL ELSE i % 2 END", "binary", "MISSING_LABEL"],
    ["CASE WHEN i % 100 = 0 THEN NULL ELSE i END", "regression", "MISSING_LABEL"],
    ["CASE WHEN i = 7 THEN 1e308 ELSE i END", "regression", "LABEL_TOO_LARGE"],
    ["'text'", "regression", "COLUMN_NOT_NUMERIC"],
  ])("a label of %s for %s: %s", async (label, task, code) => {
    await prepare(label, { task });
    expect(await refusal()).toBe(code);
  });

  test("columns that are all null or constant, and parameters that do not fit the data", async () => {
    const empty =
      "SELECT CAST(NULL AS DOUBLE) AS nothing, 7 AS always, i % 2 AS y FROM range(300) AS rows(i)";
    for (const part of ["train", "validation"] as const) await folder.parquet(part, empty);
    const names = ["nothing", "always"].map((name) => ({ name, type: "number" }));
    await folder.request({ columns: names });
    expect(await refusal()).toBe("NO_INFORMATIVE_COLUMNS");
    await folder.request({ columns: names, parameters: { classWeights: { yes: 3 } } });
    expect(await refusal()).toBe("PARAMETER_UNFIT");
    await folder.request({ columns: names, parameters: { monotone: { alway: "increasing" } } });
    expect(await refusal()).toBe("PARAMETER_UNFIT");
  });

  test("no rows in either part", async () => {
    await prepare(labels.regression, { task: "regression" });
    await folder.parquet("validation", rowsSql(labels.regression, 0));
    expect(await refusal()).toBe("NO_VALIDATION_ROWS");
    await folder.parquet("validation", rowsSql(labels.regression, 100));
    await folder.parquet("train", rowsSql(labels.regression, 0));
    expect(await refusal()).toBe("NO_ROWS");
  });
});

test.each(["gbdt", "linear"] as const)(
  "%s: three rows, and numbers that no model can hold, give a model",
  async (program) => {
    const sql = (count: number) =>
      `SELECT CASE WHEN i = 1 THEN 1e308 WHEN i = 2 THEN -1e308 ELSE i END AS huge, i, i % 2 AS y FROM range(${count}) AS rows(i)`;
    for (const count of [3, 300]) {
      for (const part of ["train", "validation"] as const) await folder.parquet(part, sql(count));
      await folder.request({ columns: ["huge", "i"].map((name) => ({ name, type: "number" })) });
      expect(await folder.run(program)).toEqual({ exitCode: 0, stderr: "" });
      const { metrics } = await folder.json("metrics.json");
      for (const figure of Object.values(metrics)) expect(figure).toBeTypeOf("number");
    }
  },
);

test("texts with a NUL character and a hundred thousand different ones are read as they are", async () => {
  const sql = (from: number) =>
    `SELECT 'id-' || i AS id, CASE WHEN i % 2 = 0 THEN 'a' || chr(0) || 'b' ELSE 'a' END AS nul,
       i::FLOAT AS value, i % 2 AS y, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS zoned,
       CAST('2026-01-01' AS TIMESTAMP_NS) AS precise
     FROM range(${from}, ${from + 100_000}) AS rows(i)`;
  await folder.parquet("train", sql(0));
  await folder.parquet("validation", sql(100_000));
  const category = ["id", "nul"].map((name) => ({ name, type: "category" }));
  const number = ["value", "zoned", "precise"].map((name) => ({ name, type: "number" }));
  await folder.request({ columns: [...category, ...number] });
  const { train } = await readTrainingParts(folder.path, await readTrainingRequest(folder.path));
  const [id, nul, , zoned, precise] = train.features.columns;
  expect(id?.type === "category" && id.categories.length).toBe(100_000);
  expect(nul?.type === "category" && nul.categories).toEqual(["a", "a\0b"]);
  for (const column of [zoned, precise]) {
    expect(column?.type === "number" && column.values[0]).toBe(Math.fround(Date.parse("2026-01-01")));
  }
});

test("dates and timestamps become milliseconds, and booleans and decimals their number", async () => {
  await prepare(labels.binary, {});
  const { train } = await readTrainingParts(folder.path, await readTrainingRequest(folder.path));
  const row = (name: string, at: number) => {
    const column = train.features.columns.find((one) => one.name === name);
    return column?.type === "number" ? column.values[at] : column?.categories[column.codes[at] ?? -1];
  };
  expect(row("day", 1)).toBe(Math.fround(Date.parse("2026-01-02")));
  expect(row("at", 1)).toBe(Math.fround(Date.parse("2026-01-01T11:00:00Z")));
  expect([row("flag", 0), row("flag", 1)]).toEqual([1, 0]);
  expect(row("amount", 0)).toBeNaN();
  expect(row("__proto__", 3)).toBe("3");
  expect([row(`it's "odd"`, 5), row(`it's "odd"`, 6)]).toEqual([undefined, "town 6"]);
});
