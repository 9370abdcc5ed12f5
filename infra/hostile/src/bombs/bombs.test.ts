import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ModelSandbox, openModelSandbox } from "@cascade/onnx";
import { doublingModel } from "@cascade/onnx/testing";
import { openTabular, type Tabular } from "@cascade/tabular";
import { type TemporaryDirectory, temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bombs, type HostileBomb } from "./bombs.ts";
import { withPeakMemory } from "./peak-memory.ts";

// What a bomb may cost: its child has less time than that, and the process that started the child little memory.
const endedWithinMs = 10_000;
const grownBytesMax = 100 * 2 ** 20;
const timeoutMs = 8_000;
/** For those that go on as long as they may, so that the tests need not. */
const endlessMs = 1_000;

let folder: TemporaryDirectory;
let tabular: Tabular;
let sandbox: ModelSandbox;
let input: string;
let files = 0;
beforeAll(async () => {
  folder = await temporaryDirectory();
  tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs,
    temporaryDirectory: folder.path,
  });
  sandbox = openModelSandbox({ processes: 1, memoryLimitMiB: 700, timeoutMs });
  input = join(folder.path, "rows.parquet");
  await tabular.writeRows({
    rows: Array.from({ length: 20 }, () => ({ name: "x" })),
    columns: [{ name: "name", type: "string" }],
    output: input,
  });
});
afterAll(async () => {
  await tabular?.close();
  await sandbox?.close();
  await folder?.[Symbol.asyncDispose]();
});

const limits = { rows: 100_000_000, columns: 10_000, bytes: 1 << 30 };

async function prepare({ input: bomb, wanted }: HostileBomb): Promise<() => Promise<unknown>> {
  const call = wanted.refused.some((code) => code.endsWith("TIMEOUT")) ? { timeoutMs: endlessMs } : {};
  const path = join(folder.path, `bomb-${files++}`);
  const output = `${path}.parquet`;
  if (bomb.kind === "feature")
    return () => tabular.select({ inputs: [input], columns: [{ name: "f", sql: bomb.sql }], output }, call);
  if (bomb.kind === "model") {
    await writeFile(path, bomb.bytes);
    return () => sandbox.run({ modelPath: path, columns: { x: [1] }, rowCount: 1 }, call);
  }
  await writeFile(path, bomb.content);
  const inputs = [{ path, format: bomb.format }];
  return () => tabular.toParquet({ files: inputs, output, limits: { ...limits, ...bomb.limits } }, call);
}

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? error.code : Promise.reject(error);

test.each(bombs.map((entry) => [entry.name, entry] as const))("%s", async (_, entry) => {
  const { wanted } = entry;
  const light = await prepare(entry);
  const startedAt = performance.now();
  const { value, grownBytes } = await withPeakMemory(() => light().then(() => "taken", codeOf));
  const elapsedMs = performance.now() - startedAt;
  expect(value).toSatisfy((code) => wanted.refused.includes(String(code)), `one of ${wanted.refused.join()}`);
  expect(elapsedMs).toBeLessThan(endedWithinMs);
  expect(grownBytes).toBeLessThan(grownBytesMax);
});

test("the bomb of Parquet is as small as it is said to be", () => {
  const [first] = bombs;
  if (first?.input.kind !== "table") throw new TypeError("The first bomb is a table.");
  expect(first.input.content.length).toBeLessThan(30_000);
});

test("healthy inputs are taken after all of them", async () => {
  const modelPath = join(folder.path, "healthy.onnx");
  await writeFile(modelPath, doublingModel());
  expect((await sandbox.run({ modelPath, columns: { x: [1] }, rowCount: 1 })).outputs.y?.data).toEqual(
    Float32Array.of(2),
  );
  expect(await tabular.readRows({ path: input, limit: 1 })).toEqual([{ name: "x" }]);
});
