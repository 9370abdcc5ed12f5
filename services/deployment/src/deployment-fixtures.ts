import {
  examplePipeline,
  ModelVersionPromotedV1,
  PipelineAppliedV1,
  type PipelineSpec,
  QualityWindowClosedV1,
  ReplicaFailedV1,
  ReplicaReadyV1,
  RollbackRequestedV1,
  ServingWindowReportedV1,
  TrafficAssignedV1,
} from "@cascade/contracts";
import type { ServiceUnderTest } from "@cascade/service-kit/testing";

/** Plays the registry, the replicas and the monitoring for one pipeline. */
export function play(deployment: ServiceUnderTest, pipeline: string) {
  const publish = deployment.publish;
  return {
    pipeline,

    apply: (settings: Partial<PipelineSpec["deployment"]> = {}, version = 1) => {
      const quality = { metric: "auc" as const, maxDrop: 0.05, minLabels: 100 };
      const spec: PipelineSpec = {
        ...examplePipeline,
        pipeline,
        deployment: { ...examplePipeline.deployment, ...settings },
        monitoring: { ...examplePipeline.monitoring, quality },
      };
      return publish(PipelineAppliedV1.create(pipeline, { ...PipelineAppliedV1.example, version, spec }));
    },

    promote: (version: number, decidedBy = "policy") => {
      const { previousVersion: _, ...example } = ModelVersionPromotedV1.example;
      return publish(ModelVersionPromotedV1.create(pipeline, { ...example, version, decidedBy }));
    },

    assigned: (revision: number) =>
      deployment.nextEvent(
        TrafficAssignedV1,
        (event) => event.pipeline === pipeline && event.data.revision === revision,
      ),

    ready: (revision: number, replica = "serving-1") =>
      publish(ReplicaReadyV1.create(pipeline, { replica, revision, versions: [] })),

    fail: (revision: number, version: number, replica = "serving-1") =>
      publish(ReplicaFailedV1.create(pipeline, { ...ReplicaFailedV1.example, replica, revision, version })),

    report: (
      revision: number,
      version: number,
      window: { requests?: number; errors?: number; latencyP99Ms?: number; replica?: string } = {},
    ) =>
      publish(
        ServingWindowReportedV1.create(pipeline, {
          ...ServingWindowReportedV1.example,
          replica: "serving-1",
          requests: 10,
          errors: 0,
          ...window,
          revision,
          version,
        }),
      ),

    measure: (version: number, auc: number) =>
      publish(
        QualityWindowClosedV1.create(pipeline, {
          windowId: `window-${pipeline}-${version}-${auc}`,
          version,
          labels: 100,
          metrics: { auc },
          expected: { auc: 0.7 },
        }),
      ),

    rollBack: (reason = "complaints") => publish(RollbackRequestedV1.create(pipeline, { by: "ada", reason })),

    /** The types of what the deployment has said of the pipeline so far. */
    told: () =>
      deployment
        .seen()
        .filter(({ envelope }) => envelope.subject === pipeline && envelope.source === "/services/deployment")
        .map(({ envelope }) => envelope.type.replace(/^cascade\.(.*)\.v1$/, "$1")),
  };
}

/** What the read side answers. */
export async function get(
  deployment: ServiceUnderTest,
  path: string,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL(path, deployment.running.url));
  return { status: response.status, body: await response.json() };
}
