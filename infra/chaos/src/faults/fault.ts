import type { ServiceName } from "@cascade/contracts";
import type { Load } from "../load/load.ts";
import type { World } from "../world/world.ts";
import type { FaultKind } from "./kinds.ts";
import type { PlannedFault } from "./plan-faults.ts";

/** What a fault has done, for the report and for the measuring of recoveries. */
interface Inflicted {
  /** In words: what was hit and how. */
  readonly what: string;
  /** Whose recovery is measured; every service where it is left out. */
  readonly affected?: readonly ServiceName[];
  /** From when recovery is counted: the end of the fault, or the moment of a kill. */
  readonly countedFrom: number;
  /** Why it was not inflicted after all. */
  readonly skipped?: string;
}

export interface FaultRecord extends Inflicted {
  readonly number: number;
  readonly kind: FaultKind;
  readonly startedAt: number;
  readonly healedAt: number;
}

interface FaultContext {
  readonly world: World;
  readonly load: Load;
  readonly planned: PlannedFault;
}

/** Inflicts a fault and heals it. Two faults with a key in common come one after the other. */
export interface Fault {
  keys(planned: PlannedFault): readonly string[];
  inflict(context: FaultContext): Promise<Inflicted>;
}

export const hold = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const replicaKeys = ({ replica }: PlannedFault) => [`replica ${replica}`];
