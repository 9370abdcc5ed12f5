import { type ServiceName, services } from "@cascade/contracts";

/** The ports of a stack on one machine; 0 stands for any free port. */
export interface Ports {
  readonly nats: number;
  readonly postgres: number;
  readonly services: Readonly<Record<ServiceName, number>>;
}

export const defaultPortBase = 7400;

/**
 * Ports counted from a base: services from base + 1 in the order of a cascade (serving is base + 8), NATS at
 * base + 22, Postgres at base + 32.
 */
export function portsFrom(base: number): Ports {
  return {
    nats: base + 22,
    postgres: base + 32,
    services: record((index) => base + 1 + index),
  };
}

/** Any free ports, so that stacks run side by side. */
export const freePorts: Ports = { nats: 0, postgres: 0, services: record(() => 0) };

function record(portOf: (index: number) => number): Record<ServiceName, number> {
  return Object.fromEntries(services.map((name, index) => [name, portOf(index)])) as Record<
    ServiceName,
    number
  >;
}
