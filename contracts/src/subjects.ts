import type { AnyEventDefinition } from "./event-definition.ts";
import { isPipelineName } from "./pipeline-name.ts";
import type { Owner } from "./services.ts";

/** The NATS subject of one event: `<type>.<pipeline>`. Throws where the pipeline's name is no slug. */
export function subjectOf(definition: AnyEventDefinition, pipeline: string): string {
  if (!isPipelineName(pipeline)) {
    throw new RangeError(
      `"${pipeline.slice(0, 80)}" is no pipeline name; use lower-case letters, digits and dashes, at most 63 characters`,
    );
  }
  return `${definition.type}.${pipeline}`;
}

/**
 * What a consumer of an event subscribes to: every version, known or not, so that an event of a newer
 * version is parked instead of passing by unseen.
 */
export function filterSubjectOf(definition: AnyEventDefinition): string {
  return `cascade.${definition.entity}.${definition.predicate}.*.*`;
}

/** The stream that holds the events of an owner; volatile events have a stream of their own. */
export function streamOf(definition: Pick<AnyEventDefinition, "owner" | "volatile" | "entity">): string {
  return definition.volatile
    ? `CASCADE_${definition.entity.toUpperCase().replaceAll("-", "_")}`
    : streamOfOwner(definition.owner);
}

export function streamOfOwner(owner: Owner): string {
  return `CASCADE_${owner.toUpperCase()}`;
}

/** The URI of the JSON Schema of one version, used as `dataschema`. */
export function schemaUriOf(type: string): string {
  return `urn:cascade:schema:${type}`;
}
