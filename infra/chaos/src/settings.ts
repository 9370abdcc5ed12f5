import type { ServiceName } from "@cascade/contracts";

/** How large a run is. */
export interface RunSettings {
  /** How long faults and load go on before everything is healed. */
  readonly stormMs: number;
  readonly faults: number;
  readonly pipelines: readonly string[];
  readonly replicas: Partial<Record<ServiceName, number>>;
  readonly rowsPerBatch: number;
  /** Pauses between two operations of a kind. */
  readonly pace: {
    readonly pulseMs: number;
    readonly arrivalMs: number;
    readonly predictionMs: number;
    readonly labelMs: number;
    readonly requestMs: number;
  };
  /** How long the healed system may take until nothing is left to do. */
  readonly quietLimitMs: number;
}

/** Replicas where two of them compete for events, jobs, traffic and the champion; one where a restart is the test. */
const replicas: RunSettings["replicas"] = { training: 2, registry: 2, serving: 2 };

export const shortRun: RunSettings = {
  stormMs: 18_000,
  faults: 8,
  pipelines: ["north", "south"],
  replicas,
  rowsPerBatch: 240,
  pace: { pulseMs: 900, arrivalMs: 5000, predictionMs: 250, labelMs: 2500, requestMs: 9000 },
  quietLimitMs: 120_000,
};

export const longRun: RunSettings = {
  ...shortRun,
  stormMs: 60_000,
  pipelines: ["north", "south", "west"],
  replicas: { ...replicas, validation: 2, features: 2, deployment: 2, monitoring: 2 },
  pace: { ...shortRun.pace, arrivalMs: 4000 },
};
