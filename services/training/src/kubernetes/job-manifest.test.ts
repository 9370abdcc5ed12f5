import { expect, test } from "vitest";
import { type JobTask, jobLabels, jobManifest, jobName } from "./job-manifest.ts";

const task: JobTask = {
  runId: "run-1",
  image: "registry.example/trainer:1",
  env: { LANG: "C.UTF-8" },
  timeoutMs: 90_500,
  killGraceMs: 5000,
  memoryLimitMiB: 512,
  diskLimitMiB: 1024,
  claim: "work",
  folder: "job-1",
  user: 1000,
  startTimeoutMs: 600_000,
  keptSeconds: 3600,
};

test("a run, and each of its trials, has one name that a Job can have", () => {
  const names = [task, { ...task, trial: 0 }, { ...task, trial: 1 }, { ...task, runId: "run-2" }].map(
    jobName,
  );
  expect(new Set(names).size).toBe(4);
  const another: JobTask = { ...task, image: "another" };
  expect(jobName(another)).toBe(jobName(task));
  for (const name of [...names, jobName({ runId: "Ü/".repeat(200) })]) {
    expect(name).toMatch(/^[a-z0-9-]{1,63}$/u);
  }
});

test("labels have the form that Kubernetes asks for, whatever a run is called", () => {
  for (const value of Object.values(jobLabels({ runId: "Ü/".repeat(200), trial: 7 }))) {
    expect(value).toMatch(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/u);
  }
});

test("the program's time begins when its pod has a place, and what has none ends as well", () => {
  const { spec } = jobManifest(task);
  expect(spec.template.spec.activeDeadlineSeconds).toBe(91);
  expect(spec.activeDeadlineSeconds).toBe(91 + 600);
  expect(spec.backoffLimit).toBe(0);
});

test("the program has no rights, no token, and nothing to write to but its folder and /tmp", () => {
  const { spec } = jobManifest(task).spec.template;
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
  const [container] = spec.containers;
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(container?.volumeMounts).toEqual([
    { name: "work", mountPath: "/cascade/work", subPath: "job-1" },
    { name: "temporary", mountPath: "/tmp" },
  ]);
  expect(container?.resources.limits.memory).toBe("512Mi");
});

test("without a command the image's own entry point is started", () => {
  const containerOf = (changes: Partial<JobTask>) =>
    jobManifest({ ...task, ...changes }).spec.template.spec.containers[0];
  expect(containerOf({})).not.toHaveProperty("command");
  expect(containerOf({ command: ["python3", "train.py"] })?.command).toEqual(["python3", "train.py"]);
});
