import { type DataOf, EvaluationFailedV1, EvaluationPassedV1 } from "@cascade/contracts";
import type { ServiceUnderTest } from "@cascade/service-kit/testing";

/** Building blocks of the component tests. */

export interface FileChanges {
  readonly approval?: "automatic" | "manual";
  readonly seed?: number;
  readonly gates?: string;
}

export function pipelineFile(pipeline: string, changes: FileChanges = {}): string {
  return `pipeline: ${pipeline}
data:
  columns: {date: timestamp, origin: string, delayed: boolean}
  eventTime: date
  label: delayed
features:
  view: departures
  columns: {hour: hour(date), origin: origin}
training: {task: binary, seed: ${changes.seed ?? 1}}
evaluation:
  gates: ${changes.gates ?? "[{metric: auc, min: 0.6}, {metric: auc, beatsChampionBy: 0}]"}
promotion: {approval: ${changes.approval ?? "automatic"}}
`;
}

export interface Candidate {
  readonly auc?: number;
  readonly comparedWith?: number;
  /** A hexadecimal digit that stands for the rows it was measured on. */
  readonly rows?: string;
}

export function passed(runId: string, candidate: Candidate = {}): DataOf<typeof EvaluationPassedV1> {
  const { example } = EvaluationPassedV1;
  const { trainingSet } = example;
  const holdout = { ...trainingSet.holdout, digest: `sha256:${(candidate.rows ?? "a").repeat(64)}` };
  return {
    ...example,
    runId,
    evaluationId: `evaluation-of-${runId}`,
    metrics: { auc: candidate.auc ?? 0.7 },
    trainingSet: { ...trainingSet, holdout },
    ...(candidate.comparedWith === undefined
      ? {}
      : { champion: { version: candidate.comparedWith, metrics: { auc: 0.6 } } }),
  };
}

export function failed(runId: string): DataOf<typeof EvaluationFailedV1> {
  return { ...EvaluationFailedV1.example, runId, evaluationId: `failed-evaluation-of-${runId}` };
}

/** What the read side answers. */
export async function get(
  registry: ServiceUnderTest,
  path: string,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL(path, registry.running.url));
  return { status: response.status, body: await response.json() };
}
