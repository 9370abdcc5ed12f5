import { createHash } from "node:crypto";
import type { PipelineSpec } from "@cascade/contracts";
import { canonicalJson } from "./canonical-json.ts";

/** The version of a pipeline that is in force. */
export interface PipelineInForce {
  readonly version: number;
  readonly digest: string;
  readonly spec: PipelineSpec;
}

export interface AppliedPipeline extends PipelineInForce {
  readonly modelChanged: boolean;
  /** False where the file says what is in force already: no version is added. */
  readonly isNew: boolean;
}

/** Gives a specification its version: the next one, or the present one where nothing has changed. */
export function applyPipeline(spec: PipelineSpec, inForce: PipelineInForce | undefined): AppliedPipeline {
  const digest = digestOf(spec);
  if (inForce?.digest === digest) {
    return { version: inForce.version, digest, spec, modelChanged: false, isNew: false };
  }
  return {
    version: (inForce?.version ?? 0) + 1,
    digest,
    spec,
    modelChanged: inForce === undefined || modelPart(inForce.spec) !== modelPart(spec),
    isNew: true,
  };
}

function digestOf(spec: PipelineSpec): string {
  return `sha256:${createHash("sha256").update(canonicalJson(spec)).digest("hex")}`;
}

/** What decides how a model turns out: not when it is trained, nor what the run may cost. */
function modelPart({ data, features, training }: PipelineSpec): string {
  const { triggers: _, timeoutSeconds: __, memoryMiB: ___, ...model } = training;
  const { freshness: ____, ...seen } = features;
  return canonicalJson({ data, features: seen, model });
}
