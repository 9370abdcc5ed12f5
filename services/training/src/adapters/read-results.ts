import { join } from "node:path";
import type { Problem, Task, TrainingSet } from "@cascade/contracts";
import { type ModelDescription, type ModelSandbox, OnnxError } from "@cascade/onnx";
import { z } from "zod";
import { checkModelContract } from "../domain/model-contract.ts";
import { readable } from "../domain/readable.ts";
import { trainerProblems } from "../errors.ts";
import { openResult } from "./open-result.ts";

/** What a trainer has left in its working folder, checked but not yet stored. */
export interface TrainerResults {
  readonly modelPath: string;
  readonly classes?: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly samplesPath?: string;
}

interface ResultLimits {
  readonly modelBytes: number;
  readonly metricsBytes: number;
  readonly samplesBytes: number;
}

export interface ResultContext {
  readonly folder: string;
  readonly task: Task;
  readonly features: TrainingSet["features"];
  readonly sandbox: Pick<ModelSandbox, "inspect">;
  readonly limits: ResultLimits;
  readonly signal: AbortSignal;
}

/** All metrics of a run travel in one event, which has at most 256 KiB, with all that is known of the run. */
const metricsTextMax = 64 * 1024;

const MetricName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => name === readable(name) && name !== "__proto__", "this is no name for a metric");
const MetricsFile = z.object({
  // Entries, because a record leaves out what objects have by nature instead of refusing it.
  metrics: z
    .custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
    .transform((metrics) => Object.entries(metrics))
    .pipe(z.array(z.tuple([MetricName, z.number()])))
    .transform((entries) => Object.fromEntries(entries))
    .refine(
      (metrics) => Buffer.byteLength(JSON.stringify(metrics)) <= metricsTextMax,
      `the metrics take more than ${metricsTextMax} bytes: keep the ones that decide`,
    ),
});

const SamplesFile = z
  .object({
    rows: z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))).max(10_000),
    predictions: z.array(z.array(z.number()).min(1)).max(10_000),
  })
  .refine(
    ({ rows, predictions }) => rows.length === predictions.length,
    "there is not one answer for each row",
  );

/** Reads and checks everything the contract promises; the first problem is what the run fails with. */
export async function readResults(context: ResultContext): Promise<TrainerResults | { problem: Problem }> {
  const { folder, limits } = context;
  const model = await readModel(context);
  if ("problem" in model) return model;
  const metrics = await readJsonFile(join(folder, "metrics.json"), MetricsFile, limits.metricsBytes);
  if (metrics === undefined) return { problem: trainerProblems.metricsInvalid("it is missing") };
  if ("refusal" in metrics) return { problem: trainerProblems.metricsInvalid(metrics.refusal) };
  const samplesPath = join(folder, "sample_predictions.json");
  const samples = await readJsonFile(samplesPath, SamplesFile, limits.samplesBytes);
  if (samples !== undefined && "refusal" in samples) {
    return { problem: trainerProblems.samplesInvalid(samples.refusal) };
  }
  return { ...model, metrics: metrics.value.metrics, ...(samples === undefined ? {} : { samplesPath }) };
}

type ModelResult = Pick<TrainerResults, "modelPath" | "classes">;

async function readModel(context: ResultContext): Promise<ModelResult | { problem: Problem }> {
  const { folder, limits, sandbox, signal, features, task } = context;
  const modelPath = join(folder, "model.onnx");
  const handle = await openResult(modelPath);
  if (handle === undefined) return { problem: trainerProblems.modelMissing("there is no model.onnx") };
  if (typeof handle === "string")
    return { problem: trainerProblems.modelMissing(`model.onnx cannot be taken: ${handle}`) };
  await handle.close();
  let description: ModelDescription;
  try {
    description = await sandbox.inspect(
      { modelPath, limits: { sizeBytesMax: limits.modelBytes } },
      { signal },
    );
  } catch (error) {
    if (error instanceof OnnxError) return { problem: trainerProblems.modelUnreadable(error.message) };
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const isOfTheModel = code === "SANDBOX_TIMEOUT" || code === "SANDBOX_MEMORY";
    if (isOfTheModel && error instanceof Error)
      return { problem: trainerProblems.modelUnreadable(error.message) };
    throw error;
  }
  const { mismatches, classes } = checkModelContract(description, features, task);
  if (mismatches.length > 0) return { problem: trainerProblems.modelContract(mismatches) };
  return { modelPath, ...(classes === undefined ? {} : { classes }) };
}

/** Undefined where there is no file. A file above the limit is refused before it is read. */
async function readJsonFile<T>(
  path: string,
  schema: z.ZodType<T>,
  bytesMax: number,
): Promise<{ value: T } | { refusal: string } | undefined> {
  const handle = await openResult(path);
  if (handle === undefined) return undefined;
  if (typeof handle === "string") return { refusal: handle };
  try {
    const { size } = await handle.stat();
    if (size > bytesMax) return { refusal: `it has ${size} bytes, more than ${bytesMax}` };
    const parsed = schema.safeParse(JSON.parse(await handle.readFile("utf8")));
    return parsed.success ? { value: parsed.data } : { refusal: z.prettifyError(parsed.error) };
  } catch (error) {
    if (error instanceof SyntaxError) return { refusal: `it is no JSON (${error.message})` };
    throw error;
  } finally {
    await handle.close();
  }
}
