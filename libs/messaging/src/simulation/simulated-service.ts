import { DatasetIngestedV1, DatasetRejectedV1 } from "@cascade/contracts";
import type { Transaction } from "@cascade/postgres";
import { z } from "zod";
import { type Decision, type Ignored, ignore } from "../decision.ts";
import { Reject } from "../errors.ts";
import { job } from "../job.ts";
import { reaction } from "../reaction.ts";
import type { Behaviour } from "./schedule.ts";

/** What the simulated service asks its world. */
export interface ServiceWorld {
  behaviourOf(eventId: string): Behaviour;
  /** Counts the times that something was tried, in this world and beyond the life of a process. */
  countTry(what: string): number;
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

const workMs = 40;
// Longer than a lease.
const slowWorkMs = 5000;

interface EffectDecision extends Decision<typeof DatasetRejectedV1.type> {
  readonly effect?: { readonly eventId: string; readonly version: number };
}

const Payload = z.object({ eventId: z.string() });

async function readVersion(pipeline: string, tx: Transaction): Promise<number> {
  const { rows } = await tx.query<{ value: number }>("readVersion", [pipeline]);
  return rows[0]?.value ?? 0;
}

function recordEffect(tx: Transaction, eventId: string, pipeline: string, version: number): void {
  tx.send("recordEffect", [eventId, pipeline, version]);
}

function outcomeEvent(pipeline: string, eventId: string, outcome: string) {
  return DatasetRejectedV1.create(pipeline, {
    ...DatasetRejectedV1.example,
    violations: [{ expectation: outcome, message: `${outcome} of ${eventId}` }],
  });
}

/**
 * A service in miniature. Each event of the load has one effect: a row, decided upon the version of its pipeline, and
 * an event. Two effects that did not see one another would have the same version.
 */
export function simulatedService(world: ServiceWorld) {
  const effectJob = job({
    name: "work",
    payload: Payload,
    emits: [DatasetRejectedV1],
    settings: { timeoutMs: 60_000, attempts: 3, leaseMs: 3000 },
    begin: ({ pipeline, payload }) => ({ events: [outcomeEvent(pipeline, payload.eventId, "begun")] }),
    run: async ({ eventId }, _, { signal }) => {
      const behaviour = world.behaviourOf(eventId);
      await world.sleep(behaviour === "slow-job" ? slowWorkMs : workMs, signal);
      const tries = world.countTry(`job ${eventId}`);
      if (behaviour === "job-always-fails") throw new Error("fails for ever");
      if (behaviour === "job-fails-twice" && tries <= 2) throw new Error("fails twice");
      return {};
    },
    load: async ({ pipeline }, tx) => ({ version: await readVersion(pipeline, tx) }),
    finish: ({ pipeline, payload }, { version }) => ({
      effect: { eventId: payload.eventId, version: version + 1 },
      events: [outcomeEvent(pipeline, payload.eventId, "done")],
    }),
    fail: ({ pipeline, payload }, { version }) => ({
      effect: { eventId: payload.eventId, version: version + 1 },
      events: [outcomeEvent(pipeline, payload.eventId, "failed")],
    }),
    record: ({ effect }, tx, { pipeline }) => recordEffect(tx, effect.eventId, pipeline, effect.version),
  });

  const effectReaction = reaction({
    name: "handle-on-dataset-ingested",
    on: DatasetIngestedV1,
    emits: [DatasetRejectedV1],
    gather: async ({ id }, _, { signal }) => {
      if (world.behaviourOf(id) === "gathered-effect") await world.sleep(workMs, signal);
      return {};
    },
    load: async ({ pipeline }, tx) => ({ version: await readVersion(pipeline, tx) }),
    decide: ({ id, pipeline }, { version }): EffectDecision | Ignored => {
      const behaviour = world.behaviourOf(id);
      if (behaviour === "ignored") return ignore("NOT_OF_INTEREST");
      if (behaviour === "rejected") throw new Reject("NEVER", "can never be handled");
      if (behaviour === "poison") throw new Error("fails for ever");
      if (behaviour === "fails-twice" && world.countTry(id) <= 2) throw new Error("fails twice");
      if (behaviour.includes("job")) return { jobs: [effectJob.plan({ eventId: id }, { key: id })] };
      return {
        effect: { eventId: id, version: version + 1 },
        events: [outcomeEvent(pipeline, id, "done")],
      };
    },
    record: ({ effect }, tx, { pipeline }) => {
      if (effect !== undefined) recordEffect(tx, effect.eventId, pipeline, effect.version);
    },
  });

  return { reactions: [effectReaction], jobs: [effectJob] };
}
