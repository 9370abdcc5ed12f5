import type { Load } from "../load/load.ts";
import type { World } from "../world/world.ts";
import { damageArtifact } from "./damage-artifact.ts";
import { type Fault, type FaultRecord, hold } from "./fault.ts";
import type { FaultKind } from "./kinds.ts";
import type { PlannedFault } from "./plan-faults.ts";
import { crashAtPoint, cutConnection, killReplica, pauseReplica, restartStorm } from "./replica-faults.ts";
import {
  fillArtifactStore,
  fillBrokerStore,
  forgetInBroker,
  killBroker,
  killPostgres,
  pauseBroker,
} from "./server-faults.ts";

const faults: Readonly<Record<FaultKind, Fault>> = {
  "kill-replica": killReplica,
  "crash-point": crashAtPoint,
  "pause-replica": pauseReplica,
  "restart-storm": restartStorm,
  "kill-broker": killBroker,
  "pause-broker": pauseBroker,
  "kill-postgres": killPostgres,
  "cut-connection": cutConnection,
  "artifact-store-full": fillArtifactStore,
  "broker-store-full": fillBrokerStore,
  "damage-artifact": damageArtifact,
  "broker-amnesia": forgetInBroker,
};

/** Inflicts all faults at their times, several at once where they hit different parts, until all are healed. */
export async function inflictFaults(
  world: World,
  load: Load,
  plan: readonly PlannedFault[],
): Promise<FaultRecord[]> {
  const turns = new Map<string, Promise<unknown>>();
  const results = await Promise.allSettled(
    plan.map(async (planned): Promise<FaultRecord> => {
      await hold(planned.atMs);
      const fault = faults[planned.kind];
      const keys = fault.keys(planned);
      const before = Promise.allSettled(keys.map((key) => turns.get(key)));
      const inflicted = before.then(async () => {
        const startedAt = Date.now();
        world.say(`fault ${planned.number} begins: ${planned.kind}`);
        const done = await fault.inflict({ world, load, planned });
        const healedAt = Date.now();
        world.say(`fault ${planned.number} is healed: ${done.skipped ?? done.what}`);
        return { ...done, number: planned.number, kind: planned.kind, startedAt, healedAt };
      });
      for (const key of keys) turns.set(key, inflicted);
      return inflicted;
    }),
  );
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
