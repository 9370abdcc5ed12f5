import { createHash } from "node:crypto";

/** What a Job is made from. */
export interface JobTask {
  readonly runId: string;
  /** Of a search; a run without one has none. */
  readonly trial?: number | undefined;
  readonly image: string;
  /** Without it the image's own entry point is started. */
  readonly command?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly killGraceMs: number;
  readonly memoryLimitMiB: number;
  readonly diskLimitMiB: number;
  /** Of the volume claim that the service has mounted as well. */
  readonly claim: string;
  /** The working folder, from the claim's root on. */
  readonly folder: string;
  /** Who the program is: the one whom the working folder belongs to. */
  readonly user: number;
  /** How long the cluster may take to find a place and to pull the image. */
  readonly startTimeoutMs: number;
  /** When a Job is removed by the cluster that nobody has come back for. */
  readonly keptSeconds: number;
}

const workingFolder = "/cascade/work";
const seconds = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

/** The same for each attempt, so that the one after a crash finds what the one before has created. */
export function jobName({ runId, trial }: Pick<JobTask, "runId" | "trial">): string {
  return `cascade-train-${digest(JSON.stringify([runId, trial ?? null]))}`;
}

/** Labels that say whose a Job is. They hold digests, because a label is shorter than an id may be. */
export function jobLabels({ runId, trial }: Pick<JobTask, "runId" | "trial">): Record<string, string> {
  return {
    "app.kubernetes.io/managed-by": "cascade",
    "app.kubernetes.io/component": "trainer",
    "cascade.run": digest(runId),
    ...(trial === undefined ? {} : { "cascade.trial": String(trial) }),
  };
}

export function jobManifest(task: JobTask) {
  const labels = jobLabels(task);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: jobName(task), labels, annotations: { "cascade/run-id": task.runId } },
    spec: {
      // A program's failure is a result; what else is to be tried again is decided by the service.
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      // Ends what never got to run. The program's own limit is the pod's, whose log stays readable after it.
      activeDeadlineSeconds: seconds(task.timeoutMs) + seconds(task.startTimeoutMs),
      ttlSecondsAfterFinished: task.keptSeconds,
      template: { metadata: { labels }, spec: podSpec(task) },
    },
  };
}

function podSpec(task: JobTask) {
  const { user } = task;
  return {
    restartPolicy: "Never",
    activeDeadlineSeconds: seconds(task.timeoutMs),
    terminationGracePeriodSeconds: seconds(task.killGraceMs),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "trainer",
        image: task.image,
        ...(task.command === undefined ? {} : { command: [...task.command] }),
        workingDir: workingFolder,
        env: Object.entries({ ...task.env, TMPDIR: "/tmp" }).map(([name, value]) => ({ name, value })),
        resources: {
          requests: { memory: `${task.memoryLimitMiB}Mi` },
          limits: {
            memory: `${task.memoryLimitMiB}Mi`,
            "ephemeral-storage": `${task.diskLimitMiB}Mi`,
          },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "work", mountPath: workingFolder, subPath: task.folder },
          { name: "temporary", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "work", persistentVolumeClaim: { claimName: task.claim } },
      { name: "temporary", emptyDir: { sizeLimit: `${task.diskLimitMiB}Mi` } },
    ],
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
