/** Everything that is done to the system. */
export const faultKinds = [
  "kill-replica",
  "crash-point",
  "pause-replica",
  "restart-storm",
  "kill-broker",
  "pause-broker",
  "kill-postgres",
  "cut-connection",
  "artifact-store-full",
  "broker-store-full",
  "damage-artifact",
  "broker-amnesia",
] as const;
export type FaultKind = (typeof faultKinds)[number];
