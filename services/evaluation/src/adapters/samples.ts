import type { ArtifactStore } from "@cascade/artifacts";
import type { ArtifactRef, ServableModel } from "@cascade/contracts";
import type { ColumnValues } from "@cascade/onnx";
import { z } from "zod";
import { type SamplePredictions, sampleRowsMax } from "../domain/parity.ts";
import type { Answers } from "../domain/read-answers.ts";
import { type ScoringContext, scoreRows } from "./score-model.ts";

const Samples = z.object({
  rows: z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))),
  predictions: z.array(z.array(z.number())),
});

/** Reads the first rows of what the trainer has written, if it has. */
export async function readSamples(
  ref: ArtifactRef | undefined,
  store: ArtifactStore,
  maxBytes: number,
): Promise<SamplePredictions | undefined> {
  if (ref === undefined) return undefined;
  const { rows, predictions } = await store.readJson(ref, Samples, { maxBytes });
  return { rows: rows.slice(0, sampleRowsMax), predictions: predictions.slice(0, sampleRowsMax) };
}

/** The model's own answers for the trainer's rows; a string says why there are none. */
export async function answerSamples(
  { rows }: SamplePredictions,
  model: ServableModel,
  modelPath: string,
  context: ScoringContext,
): Promise<Answers | string | undefined> {
  if (rows.length === 0) return undefined;
  const columns = model.features.map(({ name, kind }): [string, ColumnValues] => [
    name,
    rows.map((row) => cellOf(Object.hasOwn(row, name) ? row[name] : null, kind)),
  ]);
  const scoring = await scoreRows(model, modelPath, Object.fromEntries(columns), rows.length, context);
  return "refusal" in scoring ? scoring.refusal : scoring.answers;
}

function cellOf(cell: number | string | boolean | null | undefined, kind: "number" | "category") {
  if (cell === null || cell === undefined) return null;
  return kind === "category" ? String(cell) : cell;
}
