import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { LearnerError } from "../learners/errors.ts";
import type { ColumnImportance } from "../learners/gbdt/column-importance.ts";
import { measure } from "../learners/metrics.ts";
import type { Predictions } from "../learners/predictions.ts";
import { TrainerError } from "./errors.ts";
import { parseParameters } from "./parse-parameters.ts";
import { readTrainingParts, type TrainingParts } from "./read-parquet.ts";
import { samplePredictions } from "./sample-predictions.ts";
import { readTrainingRequest } from "./training-request.ts";

/** What a learner needs beside its data. */
interface TrainingContext {
  readonly seed: number;
  /** Appends one line to progress.jsonl. */
  readonly report: (progress: {
    readonly step: number;
    readonly of: number;
    readonly metrics: Readonly<Record<string, number>>;
  }) => void;
  /** True once so much of the time limit is gone that the learner should finish. */
  readonly isTimeShort: () => boolean;
}

interface TrainedModel {
  readonly onnx: Uint8Array;
  /** The learner's own answers for the validation rows. */
  readonly predictions: Predictions;
  readonly bestIteration?: number;
  readonly stoppedBy?: string;
  /** The most important columns first. */
  readonly importance?: readonly ColumnImportance[];
}

/** One of our own learners behind the trainer contract. */
export interface Trainer<Shape extends z.ZodRawShape> {
  readonly parametersSchema: z.ZodObject<Shape>;
  readonly train: (
    parts: TrainingParts,
    parameters: z.infer<z.ZodObject<Shape>>,
    context: TrainingContext,
  ) => Promise<TrainedModel>;
}

/** The share of the time limit after which a learner should finish: exporting and measuring take the rest. */
const learningShare = 0.8;

/** Runs a trainer in a working folder; returns the exit code. */
export async function runTrainer<Shape extends z.ZodRawShape>(
  trainer: Trainer<Shape>,
  folder: string,
): Promise<number> {
  try {
    await train(trainer, folder);
    return 0;
  } catch (error) {
    const known = error instanceof LearnerError || error instanceof TrainerError;
    const code = known ? error.code : "TRAINER_FAILED";
    const message = error instanceof Error ? error.message : String(error);
    const trace = !known && error instanceof Error ? { stack: error.stack } : {};
    process.stderr.write(`${JSON.stringify({ code, message, ...trace })}\n`);
    return 1;
  }
}

async function train<Shape extends z.ZodRawShape>(trainer: Trainer<Shape>, folder: string): Promise<void> {
  const request = await readTrainingRequest(folder);
  const parameters = parseParameters(trainer.parametersSchema, request.parameters);
  const parts = await readTrainingParts(folder, request);
  if (parts.validation.features.rowCount === 0) throw new LearnerError("NO_VALIDATION_ROWS");
  const progressFile = join(folder, "progress.jsonl");
  writeFileSync(progressFile, "");
  const trained = await trainer.train(parts, parameters, {
    seed: request.seed,
    report: (progress) => appendFileSync(progressFile, `${JSON.stringify(progress)}\n`),
    // Both clocks start with the process, as the executor's does.
    isTimeShort: () => performance.now() > request.timeLimitMs * learningShare,
  });
  const { predictions, bestIteration, stoppedBy, importance } = trained;
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  write("sample_predictions.json", samplePredictions(parts.validation.features, predictions));
  writeFileSync(join(folder, "model.onnx"), trained.onnx);
  write("metrics.json", {
    metrics: measure(parts.validation.label, predictions),
    ...(bestIteration === undefined ? {} : { bestIteration }),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    ...(importance === undefined ? {} : { importance }),
    durationMs: Math.round(performance.now()),
  });
}
