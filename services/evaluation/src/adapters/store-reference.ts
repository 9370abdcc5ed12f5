import { join } from "node:path";
import type { ArtifactRef, ServableModel, TrainingSet } from "@cascade/contracts";
import type { Column, ReferenceColumn } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import type { Answers } from "../domain/read-answers.ts";

/** More predictions than this do not make the shares of ten bins any better. */
const predictionsMax = 200_000;

/**
 * Stores what live data are compared with: the features of the rows the model has learned from, because that is
 * the world it knows and they span more time than the holdout, and its answers for the holdout, because on rows
 * it has learned from they are surer than they will ever be again.
 */
export async function storeReference(
  model: ServableModel,
  answers: Answers,
  trainingSet: TrainingSet,
  folder: string,
  { tabular, store, config }: Deps,
  signal: AbortSignal,
): Promise<ArtifactRef> {
  const bins = config.referenceBins;
  const columns = model.features.map(
    ({ name, kind }): ReferenceColumn => ({ name, kind: kind === "number" ? "numeric" : "categorical" }),
  );
  const train = await store.fetchToFile(trainingSet.train, folder, { signal });
  const features = await tabular.reference({ path: train, columns, bins }, { signal });
  const output = join(folder, "predictions.parquet");
  const { rows, column } = predictionRows(model, answers);
  await tabular.writeRows({ rows, columns: [column], output }, { signal });
  const kind = column.type === "number" ? "numeric" : "categorical";
  const predicted = await tabular.reference(
    { path: output, columns: [{ name: "prediction", kind }], bins },
    { signal },
  );
  const all = [...features.columns, ...predicted.columns];
  return store.putJson({
    version: 1,
    rowCount: features.rowCount,
    columns: Object.fromEntries(all.map((described) => [described.name, described])),
  });
}

/** What is watched of an answer: the share of class 1 of two, the name of one of many, or the number. */
function predictionRows(
  model: ServableModel,
  answers: Answers,
): { rows: { prediction: number | string | null }[]; column: Column } {
  if (answers.kind === "classes" && answers.width > 2) {
    const rows = thinned(answers.labels.length, (row) => model.classes?.[answers.labels[row] ?? -1] ?? null);
    return { rows, column: { name: "prediction", type: "string", nullable: true } };
  }
  const rows =
    answers.kind === "numbers"
      ? thinned(answers.predictions.length, (row) => answers.predictions[row] ?? null)
      : thinned(answers.labels.length, (row) => answers.shares[row * answers.width + 1] ?? null);
  return { rows, column: { name: "prediction", type: "number", nullable: true } };
}

function thinned<T>(rowCount: number, read: (row: number) => T): { prediction: T }[] {
  const step = Math.ceil(rowCount / predictionsMax);
  return Array.from({ length: Math.floor(rowCount / step) }, (_, index) => ({
    prediction: read(index * step),
  }));
}
