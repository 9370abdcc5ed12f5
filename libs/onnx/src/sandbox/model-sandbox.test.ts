import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxError } from "@cascade/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OnnxError } from "../errors.ts";
import { doublingModel, endlessModel, memoryEatingModel } from "../testing/small-models.ts";
import { type ModelSandbox, openModelSandbox } from "./open-model-sandbox.ts";

let folder: string;
let sandbox: ModelSandbox;
const rows = { columns: { x: [1, null, 2.5] }, rowCount: 3 };

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cascade-onnx-"));
  sandbox = openModelSandbox({ processes: 2, memoryLimitMiB: 700, timeoutMs: 30_000 });
});

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

test("a good model is inspected and run, and the times are reported", async () => {
  const modelPath = await file("good.onnx", doublingModel());
  const { outputs, loadMs, runMs } = await sandbox.run({ modelPath, ...rows });
  expect(outputs.y).toEqual({ data: Float32Array.of(2, Number.NaN, 5), shape: [3, 1] });
  expect(loadMs).toBeGreaterThan(0);
  expect(runMs).toBeGreaterThan(0);
  expect((await sandbox.inspect({ modelPath })).operators).toEqual(["Add"]);
});

test("a model that never ends is killed at its deadline while another one runs undisturbed", async () => {
  const endless = await file("endless.onnx", endlessModel());
  const modelPath = await file("good.onnx", doublingModel());
  const hanging = sandbox.run({ modelPath: endless, ...rows }, { timeoutMs: 3000 });
  const verdict = expect(hanging).rejects.toMatchObject({ name: "SandboxError", code: "SANDBOX_TIMEOUT" });
  const { outputs } = await sandbox.run({ modelPath, ...rows });
  expect(outputs.y?.data).toEqual(Float32Array.of(2, Number.NaN, 5));
  await verdict;
  await expect(sandbox.run({ modelPath, ...rows })).resolves.toBeDefined();
});

test("a model that eats memory is killed at the limit, and the next call gets a new child", async () => {
  const eater = await file("eater.onnx", memoryEatingModel(28));
  const modelPath = await file("good.onnx", doublingModel());
  await expect(sandbox.run({ modelPath: eater, ...rows })).rejects.toMatchObject({
    name: "SandboxError",
    code: "SANDBOX_MEMORY",
  });
  await expect(sandbox.run({ modelPath, ...rows })).resolves.toBeDefined();
});

test("what is wrong with a model or its rows comes back as the same error as without a sandbox", async () => {
  const pickle = await file("pickle.onnx", Uint8Array.of(0x80, 0x04, 1, 2, 3));
  const modelPath = await file("good.onnx", doublingModel());
  const refused = await sandbox.inspect({ modelPath: pickle }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OnnxError);
  expect(refused).toMatchObject({ code: "MODEL_NOT_ONNX" });
  await expect(sandbox.run({ modelPath, columns: { x: [1, "two"] }, rowCount: 2 })).rejects.toMatchObject({
    code: "INPUT_WRONG_TYPE",
    details: { input: "x", row: 1 },
  });
  await expect(sandbox.inspect({ modelPath, limits: { sizeBytesMax: 10 } })).rejects.toMatchObject({
    code: "MODEL_TOO_LARGE",
  });
});

test("a caller that gives up has its run killed", async () => {
  const modelPath = await file("endless.onnx", endlessModel());
  const signal = AbortSignal.timeout(500);
  await expect(sandbox.run({ modelPath, ...rows }, { signal })).rejects.toBeInstanceOf(SandboxError);
});
