import type { AnyEventDefinition, ServiceName } from "@cascade/contracts";
import type { AnyJob, AnyReaction, Logger, Publisher } from "@cascade/messaging";
import type { Database } from "@cascade/postgres";
import type { NatsConnection } from "@nats-io/transport-node";
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import type { ConfigOf, Settings } from "./config.ts";

/** What the kit opens for a service before the service opens its own things. */
export interface Kit {
  readonly database: Database;
  readonly connection: NatsConnection;
  readonly log: Logger;
  /** Names this process among the replicas of its service. */
  readonly replica: string;
  readonly registry: Registry;
  /** For events that no reaction causes. */
  readonly publisher: Publisher;
}

/** What a service is: its settings, its table of reactions, its jobs, its own resources and routes. */
export interface Service<Declared extends Settings, Deps> {
  readonly name: ServiceName;
  readonly settings: Declared;
  /** The directory of the service's migrations. */
  readonly migrations: URL;
  readonly reactions: readonly AnyReaction<Deps>[];
  readonly jobs?: readonly AnyJob<Deps>[];
  /** Events read with `watchLatest` instead of a reaction. */
  readonly watches?: readonly AnyEventDefinition[];
  open(config: ConfigOf<Declared>, kit: Kit): Promise<Deps>;
  close?(deps: Deps): Promise<void>;
  /** Adds the routes of the read side. */
  http?(app: FastifyInstance, deps: Deps, kit: Kit): Promise<void> | void;
  /**
   * Which bodies are read as JSON: those that say so, or `any` where clients do not say it. Plain text never is: that
   * is what pages of other sites may send without being asked for permission.
   */
  readonly jsonBodies?: "declared" | "any";
  /** Further reasons not to be ready. */
  problems?(deps: Deps): string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a host starts services of all kinds alike.
export type AnyService = Service<any, any>;

/** Declares a service; `main.ts` runs it in a process of its own, a host may run several in one. */
export function defineService<Declared extends Settings, Deps>(
  service: Service<Declared, Deps>,
): Service<Declared, Deps> {
  return service;
}
