import { expect, test } from "vitest";
import { Job, judgeJob, Pod } from "./judge-job.ts";

const job = (type?: string, message?: string) =>
  Job.parse({
    metadata: { name: "job", uid: "1" },
    ...(type && { status: { conditions: [{ type, status: "True", message }] } }),
  });
const pod = (state: object, status: object = {}) =>
  Pod.parse({ metadata: { name: "pod" }, status: { containerStatuses: [{ state }], ...status } });
const terminated = (exitCode: number, reason: string) => ({
  terminated: { exitCode, reason, message: "told" },
});

test.for([
  ["without a pod yet", job(), undefined, { state: "waiting" }],
  [
    "with a first pull that failed",
    job(),
    pod({ waiting: { reason: "ErrImagePull" } }),
    { state: "waiting" },
  ],
  ["that runs", job(), pod({ running: {} }), { state: "running" }],
  [
    "whose program has ended but is not counted yet",
    job(),
    pod(terminated(1, "Error")),
    { state: "waiting" },
  ],
  ["that is complete", job("Complete"), undefined, { state: "exited", exitCode: 0 }],
  ["whose program failed", job("Failed"), pod(terminated(3, "Error")), { state: "exited", exitCode: 3 }],
  ["that used too much memory", job("Failed"), pod(terminated(137, "OOMKilled")), { state: "out-of-memory" }],
  [
    "that took too long",
    job("Failed"),
    pod(terminated(137, "Error"), { reason: "DeadlineExceeded" }),
    { state: "timed-out" },
  ],
  [
    "whose time went by before it began",
    job("Failed", "deadline"),
    pod({ waiting: { reason: "ContainerCreating" } }, { reason: "DeadlineExceeded" }),
    { state: "interrupted", why: "deadline" },
  ],
  [
    "whose image is not there",
    job(),
    pod({ waiting: { reason: "ImagePullBackOff", message: "not found" } }),
    { state: "not-started", why: "ImagePullBackOff: not found" },
  ],
  [
    "whose command is not there",
    job("Failed"),
    pod(terminated(128, "StartError")),
    { state: "not-started", why: "StartError: told" },
  ],
  [
    "whose node went away",
    job("Failed"),
    pod(terminated(137, "Error"), {
      conditions: [{ type: "DisruptionTarget", status: "True", message: "drained" }],
    }),
    { state: "interrupted", why: "drained" },
  ],
  ["whose pod somebody removed", job("Failed", "no pod"), undefined, { state: "interrupted", why: "no pod" }],
] as const)("a Job %s", ([, found, itsPod, verdict]) => {
  expect(judgeJob(found, itsPod)).toEqual(verdict);
});
