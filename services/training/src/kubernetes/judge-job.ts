import { z } from "zod";

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** What we read of a Job. */
export const Job = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.object({ conditions: z.array(Condition).default([]) }).prefault({}),
});
export type Job = z.infer<typeof Job>;

const Reason = z.object({ reason: z.string().optional(), message: z.string().optional() });

/** What we read of its pod. */
export const Pod = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  status: z
    .object({
      reason: z.string().optional(),
      message: z.string().optional(),
      conditions: z.array(Condition).default([]),
      containerStatuses: z
        .array(
          z.object({
            state: z
              .object({
                waiting: Reason.optional(),
                running: z.object({}).optional(),
                terminated: Reason.extend({ exitCode: z.int() }).optional(),
              })
              .prefault({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type Pod = z.infer<typeof Pod>;

/** How a program has come to its end, in the words of a program on this machine. */
export type EndedProgram =
  | { readonly state: "exited"; readonly exitCode: number }
  | { readonly state: "timed-out" | "out-of-memory" }
  /** The program could not be started, and trying again would not change it. */
  | { readonly state: "not-started"; readonly why: string };

/** How far a Job is. */
export type Verdict =
  | { readonly state: "waiting" | "running" }
  | EndedProgram
  /** The cluster has ended it; the program is not to blame. */
  | { readonly state: "interrupted"; readonly why: string };

// A first failed pull (ErrImagePull) may be chance; these come after it, or are mistakes by their looks.
const imageMistakes = new Set(["ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
const startMistakes = new Set(["StartError", "ContainerCannotRun"]);

/** What has become of a Job, by its own status and that of its pod. */
export function judgeJob(job: Job, pod: Pod | undefined): Verdict {
  const holds = (type: string) =>
    job.status.conditions.find((each) => each.type === type && each.status === "True");
  const state = pod?.status.containerStatuses[0]?.state;
  const waiting = state?.waiting;
  if (waiting?.reason !== undefined && imageMistakes.has(waiting.reason)) {
    return { state: "not-started", why: `${waiting.reason}: ${waiting.message ?? "no reason given"}` };
  }
  if (holds("Complete") !== undefined) return { state: "exited", exitCode: 0 };
  const failed = holds("Failed");
  if (failed === undefined) return { state: state?.running === undefined ? "waiting" : "running" };

  if (pod?.status.reason === "DeadlineExceeded" && waiting === undefined) return { state: "timed-out" };
  const disrupted = pod?.status.conditions.find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  if (disrupted !== undefined) {
    return { state: "interrupted", why: disrupted.message ?? disrupted.reason ?? "its node was taken away" };
  }
  const ended = state?.terminated;
  if (ended?.reason === "OOMKilled") return { state: "out-of-memory" };
  if (ended?.reason !== undefined && startMistakes.has(ended.reason)) {
    return { state: "not-started", why: `${ended.reason}: ${ended.message ?? "no reason given"}` };
  }
  if (ended !== undefined && ended.exitCode !== 0) return { state: "exited", exitCode: ended.exitCode };
  return { state: "interrupted", why: failed.message ?? failed.reason ?? "its pod is gone" };
}
