import { examplePipeline } from "@cascade/contracts";
import type { Endpoint } from "./endpoint.ts";
import { newEndpoint } from "./endpoint.ts";
import { proceed, type View } from "./proceed.ts";
import { promote } from "./promote.ts";
import type { Replica } from "./replicas.ts";
import type { DeploymentSettings } from "./rollout.ts";

/** Building blocks of the tests of the state machine. */

export const start = new Date("2026-03-01T06:00:00Z");
export const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

export const direct: DeploymentSettings = examplePipeline.deployment;
export const canary: DeploymentSettings = {
  ...direct,
  strategy: "canary",
  steps: [
    { weightPercent: 20, minRequests: 50, minSeconds: 0 },
    { weightPercent: 50, minRequests: 100, minSeconds: 60 },
  ],
};

export const replica = (name: string, readyRevision: number, lastSeen = start): Replica => ({
  name,
  lastSeen,
  readyRevision,
});

export const view = (changes: Partial<View> = {}): View => ({
  replicas: [],
  replicaLiveMs: 30_000,
  answers: { requests: 0, errors: 0 },
  quality: undefined,
  now: start,
  ...changes,
});

/** An endpoint as it is after the promotion of a version. */
export function promoted(endpoint: Endpoint, version: number, settings = direct, now = start): Endpoint {
  const change = promote(endpoint, { version, settings, rolloutId: `rollout-${version}`, now });
  if ("ignored" in change) throw new Error(change.ignored);
  return change.endpoint;
}

/** An endpoint whose only replica serves what is assigned. */
export function ready(endpoint: Endpoint, now = start): Endpoint {
  return proceed(endpoint, view({ replicas: [replica("a", endpoint.revision, now)], now })).endpoint;
}

/** An endpoint on which a version has all traffic. */
export const serving = (version: number) => ready(promoted(newEndpoint("flights"), version));
