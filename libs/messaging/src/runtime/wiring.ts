import { type AnyEventDefinition, eventDefinitions, type ServiceName } from "@cascade/contracts";
import { MessagingError } from "../errors.ts";
import type { AnyJob } from "../job.ts";
import type { AnyReaction } from "../reaction.ts";

export interface Wiring {
  readonly service: ServiceName;
  readonly reactions: readonly AnyReaction[];
  readonly jobs: readonly AnyJob[];
  /** Events that the service reads in another way than by a reaction, such as desired state. */
  readonly watches: readonly AnyEventDefinition[];
}

/**
 * Compares what a service does with what the contracts say of it, in both directions, and throws with every
 * difference: the choreography page, the permissions and the streams are made from the contracts alone.
 */
export function verifyWiring({ service, reactions, jobs, watches }: Wiring): void {
  const problems: string[] = [];
  const consumed = new Set<string>();
  for (const definition of [...reactions.map(({ on }) => on), ...watches]) {
    for (
      let at: AnyEventDefinition | undefined = definition;
      at !== undefined;
      at = at.previous?.definition
    ) {
      consumed.add(at.type);
    }
    if (!isConsumedBy(definition, service)) {
      problems.push(`${definition.type} does not name ${service} among its consumers`);
    }
  }
  for (const definition of eventDefinitions) {
    if (
      definition.consumers !== "all" &&
      isConsumedBy(definition, service) &&
      !consumed.has(definition.type)
    ) {
      problems.push(`${definition.type} names ${service} as a consumer, but no reaction handles it`);
    }
  }
  for (const { name, emits } of [...reactions, ...jobs]) {
    for (const definition of emits) {
      if (definition.owner !== service)
        problems.push(`${name} emits ${definition.type}, which ${definition.owner} owns`);
    }
  }
  for (const names of [reactions.map(({ name }) => name), jobs.map(({ name }) => name)]) {
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    for (const name of twice) problems.push(`the name ${name} is used twice`);
  }
  if (problems.length > 0) {
    throw new MessagingError(
      "WIRING_INVALID",
      `${service} does not fit the contracts:\n- ${problems.join("\n- ")}`,
    );
  }
}

function isConsumedBy(definition: AnyEventDefinition, service: ServiceName): boolean {
  return definition.consumers === "all" || definition.consumers.includes(service);
}
