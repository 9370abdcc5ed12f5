import type { Deps } from "../deps.ts";
import { chooseByWeight } from "../domain/traffic-split.ts";
import type { LoadedModel } from "../endpoint/loaded-model.ts";
import { requestErrors } from "../errors.ts";

export interface ChosenModel {
  readonly pipeline: string;
  readonly revision: number;
  readonly model: LoadedModel;
}

/** The model that answers a request: the version that was asked for, or one by the weights of the traffic. */
export function chooseModel(
  { endpoints }: Deps,
  pipeline: string,
  version: string | undefined,
  key: string,
): ChosenModel {
  const endpoint = endpoints.get(pipeline);
  if (endpoint === undefined) {
    const known = endpoints.all().map((one) => one.pipeline);
    throw requestErrors.pipelineUnknown(pipeline, known);
  }
  const traffic = endpoint.active();
  if (traffic === undefined || traffic.versions.length === 0) throw requestErrors.notLoaded(pipeline);
  const { revision, versions } = traffic;
  const chosen =
    version === undefined
      ? chooseByWeight(versions, key)
      : versions.find((one) => String(one.version) === version);
  if (chosen !== undefined) return { pipeline, revision, model: chosen.model };
  if (version === undefined) throw requestErrors.notLoaded(pipeline);
  const served = versions.map((one) => one.version);
  throw requestErrors.versionUnknown(pipeline, version, served);
}
