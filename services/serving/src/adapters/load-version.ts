import type { ArtifactStore } from "@cascade/artifacts";
import type { ServableModel } from "@cascade/contracts";
import { loadModel, type OnnxModel } from "@cascade/onnx";
import { TabularError, type Transformer } from "@cascade/tabular";
import { checkAnswers, readAnswers } from "../domain/answers.ts";
import { type FeatureTable, featureTable } from "../domain/feature-table.ts";
import { contractMismatch } from "../domain/model-contract.ts";
import { batchRequests } from "../endpoint/batch-requests.ts";
import { keepLoaded, type LoadedModel } from "../endpoint/loaded-model.ts";
import { servingErrors } from "../errors.ts";
import type { EntityLookup } from "./look-up-entities.ts";
import type { SharedTransformer } from "./share-transformers.ts";

export interface LoadOptions {
  readonly store: ArtifactStore;
  readonly modelBytesMax: number;
  readonly threads: number;
  readonly batchRowsMax: number;
  readonly lookUp: EntityLookup;
  openFeatures(servable: ServableModel): Promise<SharedTransformer>;
}

/** Fetches a model, checks and loads it and answers one row, so that the first request finds it warm. */
export async function loadVersion(
  version: number,
  servable: ServableModel,
  options: LoadOptions,
): Promise<LoadedModel> {
  const { store, modelBytesMax, threads } = options;
  const bytes = await store.readBytes(servable.model, { maxBytes: modelBytesMax });
  const model = await loadModel(bytes, { intraOpThreads: threads, limits: { sizeBytesMax: modelBytesMax } });
  try {
    const mismatch = contractMismatch(model.description, servable);
    if (mismatch !== undefined) throw servingErrors.contractBroken(mismatch);
    const shared = await openFeatures(servable, options);
    try {
      const loaded = assemble(version, servable, model, shared, options);
      await warm(loaded);
      return loaded;
    } catch (error) {
      await shared.release();
      throw error;
    }
  } catch (error) {
    await model.release();
    throw error;
  }
}

function assemble(
  version: number,
  servable: ServableModel,
  model: OnnxModel,
  { transformer, release }: SharedTransformer,
  { batchRowsMax, lookUp }: LoadOptions,
): LoadedModel {
  const { features, lookups = [] } = servable;
  const types = new Map(transformer.output.map(({ name, type }) => [name, type]));
  return keepLoaded({
    version,
    servable,
    transform: async (rows) => {
      const complete = lookups.length === 0 ? rows : await lookUp(lookups, rows);
      const { columns, errors } = await transformer.transform(complete);
      return { table: featureTable(features, columns, types, rows.length), errors };
    },
    infer: batchRequests({
      features,
      rowsMax: batchRowsMax,
      run: async (columns, rowCount) => readAnswers(servable, await model.run(columns, rowCount), rowCount),
    }),
    close: async () => {
      await Promise.all([model.release(), release()]);
    },
  });
}

async function openFeatures(servable: ServableModel, options: LoadOptions): Promise<SharedTransformer> {
  try {
    const shared = await options.openFeatures(servable);
    const text = textWhereNumber(servable, shared.transformer);
    if (text === undefined) return shared;
    await shared.release();
    throw servingErrors.contractBroken(`its feature "${text}" is a number, but its SQL gives text`);
  } catch (error) {
    if (error instanceof TabularError) throw servingErrors.featuresNotComputable(error.message, error);
    throw error;
  }
}

function textWhereNumber({ features }: ServableModel, { output }: Transformer): string | undefined {
  const text = new Set(output.filter(({ type }) => type === "string").map(({ name }) => name));
  return features.find(({ name, kind }) => kind === "number" && text.has(name))?.name;
}

async function warm({ servable, infer, transform }: LoadedModel): Promise<void> {
  const { features, inputColumns } = servable;
  const table: FeatureTable = {
    rowCount: 1,
    columns: features.map(({ kind }) => [kind === "number" ? 0 : ""]),
  };
  checkAnswers(await infer(table));
  // Only to have it done once: what the SQL says of a row without values is the row's affair.
  await transform([Object.fromEntries(inputColumns.map(({ name }) => [name, null]))]);
}
