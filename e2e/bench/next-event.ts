import { type AnyEventDefinition, subjectOf } from "@cascade/contracts";
import type { NatsConnection } from "@nats-io/transport-node";

/** The next event of a type about a pipeline, and when it passed by. Rejects where none comes for so long. */
export async function nextEvent(
  connection: NatsConnection,
  definition: AnyEventDefinition,
  pipeline: string,
  timeoutMs: number,
): Promise<{ data: unknown; at: number }> {
  const subscription = connection.subscribe(subjectOf(definition, pipeline), { max: 1, timeout: timeoutMs });
  for await (const message of subscription) return { data: message.json(), at: performance.now() };
  throw new Error(`No ${definition.type} came.`);
}
