/** Every service that owns events. The order is the order of a cascade. */
export const services = [
  "ingestion",
  "validation",
  "features",
  "training",
  "evaluation",
  "registry",
  "deployment",
  "serving",
  "monitoring",
] as const;

export type ServiceName = (typeof services)[number];

/**
 * Who may publish an event type: a service; `outside` (other systems); `operator` (people, through the
 * command line or the console); `runtime` (the messaging runtime inside any service).
 */
export type Owner = ServiceName | "outside" | "operator" | "runtime";
