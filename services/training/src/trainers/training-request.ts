import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrainerError } from "./errors.ts";

const columnSchema = z.strictObject({
  // Tensors inside an exported graph, and its outputs, have names of their own.
  name: z
    .string()
    .min(1)
    .max(200)
    .refine((name) => !name.startsWith("cascade/"), "must not begin with cascade/")
    .refine((name) => !["label", "probabilities", "prediction"].includes(name), "is the name of an output"),
  type: z.enum(["number", "category"]),
});

const trainingRequestSchema = z
  .strictObject({
    version: z.literal(1),
    task: z.enum(["binary", "multiclass", "regression"]),
    label: z.string().min(1).max(200),
    columns: z.array(columnSchema).min(1).max(10_000),
    parameters: z.record(z.string(), z.unknown()),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    timeLimitMs: z.int().min(1),
  })
  .refine(({ columns }) => new Set(columns.map(({ name }) => name)).size === columns.length, {
    message: "two columns have the same name",
    path: ["columns"],
  })
  .refine(({ columns, label }) => columns.every(({ name }) => name !== label), {
    message: "the label is also a feature column",
    path: ["columns"],
  });

export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/** Reads and checks request.json; every problem is named at once. */
export async function readTrainingRequest(folder: string): Promise<TrainingRequest> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(join(folder, "request.json"), "utf8"));
  } catch (cause) {
    throw new TrainerError("REQUEST_UNREADABLE", String(cause), { cause });
  }
  const parsed = trainingRequestSchema.safeParse(content);
  if (!parsed.success) throw new TrainerError("REQUEST_INVALID", z.prettifyError(parsed.error));
  return parsed.data;
}
