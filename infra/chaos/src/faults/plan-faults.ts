import { type CrashPoint, crashPoints } from "@cascade/messaging";
import type { Random } from "@cascade/testing/random";
import type { ServerName } from "../world/world.ts";
import type { FaultKind } from "./kinds.ts";

/** A fault with everything that chance decides about it, so that the same seed gives the same faults. */
export interface PlannedFault {
  readonly number: number;
  readonly kind: FaultKind;
  /** After the start of the storm. */
  readonly atMs: number;
  /** How long it lasts before it is healed. */
  readonly holdMs: number;
  readonly replica: string;
  readonly server: ServerName;
  /** Which of two ways, where there are two: gentle or not, silent or reset, shortened or deleted. */
  readonly variant: 0 | 1;
  readonly crashPoint: CrashPoint;
  readonly nth: number;
}

export interface PlanOptions {
  readonly random: Random;
  readonly faults: number;
  readonly stormMs: number;
  readonly kinds: readonly FaultKind[];
  readonly replicas: readonly string[];
}

/** How long each kind may last, in milliseconds. */
const holds: Readonly<Record<FaultKind, readonly [number, number]>> = {
  "kill-replica": [0, 1500],
  "crash-point": [6000, 6000],
  "pause-replica": [1500, 5000],
  "restart-storm": [4000, 6000],
  "kill-broker": [100, 2000],
  "pause-broker": [1000, 6000],
  "kill-postgres": [100, 2500],
  "cut-connection": [2000, 6000],
  "artifact-store-full": [1500, 4000],
  "broker-store-full": [1500, 4000],
  "damage-artifact": [3000, 5000],
  "broker-amnesia": [1000, 6000],
};

/** Serving consumes nothing, so that none of the crash points lies on its way. */
const canCrashAtPoints = (replica: string) => !replica.startsWith("serving-");

/** So that there is something to break: the first cascades have begun by then. */
const firstMs = 3000;

/** Faults spread over the storm. The kinds are dealt like cards, so that none is missing for long. */
export function planFaults({ random, faults, stormMs, kinds, replicas }: PlanOptions): PlannedFault[] {
  const slotMs = (stormMs - firstMs) / faults;
  let deck: FaultKind[] = [];
  return Array.from({ length: faults }, (_, number) => {
    if (deck.length === 0) deck = random.shuffle(kinds);
    const kind = deck.pop() ?? "kill-replica";
    const [low, high] = holds[kind];
    return {
      number: number + 1,
      kind,
      atMs: Math.round(firstMs + (number + random.next()) * slotMs),
      holdMs: random.between(low, high),
      replica: random.pick(kind === "crash-point" ? replicas.filter(canCrashAtPoints) : replicas),
      server: random.pick(["nats", "postgres"] as const),
      variant: random.pick([0, 1] as const),
      crashPoint: random.pick(crashPoints),
      nth: random.between(1, 3),
    };
  });
}
