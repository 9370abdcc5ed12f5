import { type Evidence, type Row, rowsOf, text } from "../evidence/evidence.ts";
import { emittedIn, nameOf } from "./emitted.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "I6";

interface Evidenced {
  readonly runId: string;
  readonly candidate: { readonly model: { readonly digest: string } };
  readonly trainingSet: { readonly datasetVersions: readonly string[] };
  readonly metrics: Readonly<Record<string, number>>;
  readonly lineage: { readonly codeDigest: string };
}

/** From each promoted model a way leads back to the verdict, the run, the code and the data. */
export const checkLineage: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const promoted = emittedIn(evidence).filter(({ type }) => nameOf(type) === "model-version.promoted");
  let datasets = 0;
  for (const { pipeline, data, eventId } of promoted) {
    const { model } = data.servable as Evidenced["candidate"];
    const stored = evidence.artifacts.get(model.digest);
    if (stored?.actualDigest !== model.digest) {
      const message = `the model of ${pipeline} version ${data.version} is not stored as it was promoted`;
      findings.find("PROMOTED_MODEL_DAMAGED", message, { eventId, model, stored });
    }
    datasets += checkOne(evidence, findings, {
      pipeline,
      version: Number(data.version),
      digest: model.digest,
    });
  }
  const counted = { promoted: promoted.length, datasets };
  return { invariant, title: "promoted models have their lineage", counted, violations: findings.violations };
};

interface Promoted {
  readonly pipeline: string;
  readonly version: number;
  readonly digest: string;
}

function checkOne(evidence: Evidence, { find }: Findings, { pipeline, version, digest }: Promoted): number {
  const broken = (what: string, shown: unknown) =>
    find("LINEAGE_BROKEN", `${pipeline} version ${version}: ${what}`, shown);
  const isOwn = (row: Row) => row.pipeline === pipeline;
  const registered = rowsOf(evidence, "registry", "model_versions").find(
    (row) => isOwn(row) && row.version === version,
  );
  if (registered === undefined) {
    broken("it was promoted and never registered", { pipeline, version });
    return 0;
  }
  const evaluation = rowsOf(evidence, "registry", "evaluations").find(
    (row) => isOwn(row) && row.evaluation_id === registered.evaluation_id,
  );
  const evidenced = evaluation?.evidence as Evidenced | undefined;
  if (evidenced === undefined) {
    broken("its verdict is missing", registered);
    return 0;
  }
  const { runId, candidate, trainingSet, metrics, lineage } = evidenced;
  if (candidate.model.digest !== digest) broken("another model was judged", { digest, candidate });
  if (Object.keys(metrics).length === 0) broken("it was never measured", evidenced);
  if (lineage.codeDigest === "") broken("its code is unknown", lineage);
  const run = rowsOf(evidence, "training", "runs").find((row) => row.run_id === runId);
  if (run?.status !== "completed") broken(`its run ${runId} is not there or not completed`, run);
  const known = new Set(
    rowsOf(evidence, "ingestion", "dataset_versions").map((row) => text(row, "dataset_version")),
  );
  for (const dataset of trainingSet.datasetVersions) {
    if (!known.has(dataset)) broken(`its data ${dataset} were never ingested`, { dataset, runId });
  }
  return trainingSet.datasetVersions.length;
}
