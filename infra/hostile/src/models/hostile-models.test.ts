import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ModelSandbox, OnnxError, openModelSandbox } from "@cascade/onnx";
import { doublingModel } from "@cascade/onnx/testing";
import { SandboxError } from "@cascade/sandbox";
import { type TemporaryDirectory, temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foreignFiles } from "./foreign-files.ts";
import { giants } from "./giants.ts";
import { hostileGraphs } from "./hostile-graphs.ts";
import { type ModelAnswer, type ModelInput, twoRows } from "./model-input.ts";

const timeoutMs = 30_000;

let folder: TemporaryDirectory;
let sandbox: ModelSandbox;
let files = 0;
beforeAll(async () => {
  folder = await temporaryDirectory();
  sandbox = openModelSandbox({ processes: 2, memoryLimitMiB: 700, timeoutMs });
});
afterAll(async () => {
  await sandbox?.close();
  await folder?.[Symbol.asyncDispose]();
});

/** Throws for every error that has no code of ours. */
async function answerTo({ bytes, columns = twoRows, timeoutMs }: ModelInput): Promise<ModelAnswer> {
  const modelPath = join(folder.path, `${files++}.onnx`);
  await writeFile(modelPath, bytes);
  try {
    const { outputs } = await sandbox.run(
      { modelPath, columns, rowCount: 2 },
      timeoutMs === undefined ? {} : { timeoutMs },
    );
    return { y: outputs.y?.data ?? [] };
  } catch (error) {
    if (error instanceof OnnxError || error instanceof SandboxError) return { refused: error.code };
    throw error;
  }
}

describe.each([
  ["files that are no models", foreignFiles],
  ["graphs that are not what they say", hostileGraphs],
  ["models that would be giants or never end", giants],
])("%s", (_, list) => {
  test.each(list.map((entry) => [entry.name, entry] as const))("%s", async (_name, { input, wanted }) => {
    const answer = await answerTo(input);
    if ("y" in wanted) expect(answer).toEqual(wanted);
    else
      expect(answer).toEqual({ refused: expect.toSatisfy((code) => [wanted.refused].flat().includes(code)) });
  });

  test("a healthy model answers after all of them", async () => {
    expect(await answerTo({ bytes: doublingModel() })).toEqual({ y: Float32Array.of(2, 4) });
  });
});
