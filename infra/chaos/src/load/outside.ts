import { type AnyEventDefinition, type NewEvent, schemaUriOf, streamOf, subjectOf } from "@cascade/contracts";
import { connectBroker, encodeBinary, noLog } from "@cascade/messaging";
import type { Stack } from "@cascade/stack";
import { jetstream } from "@nats-io/jetstream";
import { headers as createHeaders, type NatsConnection } from "@nats-io/transport-node";

export interface OutsideEvent {
  readonly id: string;
  readonly event: NewEvent;
}

/** An outside system's own client: it chooses the ids, so that it can say again what nobody has confirmed. */
export interface Outside extends AsyncDisposable {
  readonly connection: NatsConnection;
  /** Of one who sees how far every consumer is. */
  readonly overseer: NatsConnection;
  /** Resolves when the broker has stored the event. `unknown` to the broker: without the id it would know it by. */
  publish(message: OutsideEvent, options?: { readonly unknown?: boolean }): Promise<void>;
}

const publishTimeoutMs = 2000;

export async function openOutside(stack: Pick<Stack, "accessAs">): Promise<Outside> {
  await using opened = new AsyncDisposableStack();
  const open = async (user: string): Promise<NatsConnection> => {
    const access = { ...stack.accessAs(user), name: `chaos-${user}`, user };
    const connection = await connectBroker({ ...access, log: noLog });
    opened.defer(() => connection.close());
    return connection;
  };
  const connection = await open("operator");
  const overseer = await open("provisioner");
  const client = jetstream(connection);
  const owned = opened.move();
  return {
    connection,
    overseer,
    publish: async ({ id, event }, { unknown = false } = {}) => {
      const { definition, pipeline, data } = event;
      const { headers, payload } = encodeBinary({ envelope: envelopeOf(definition, pipeline, id), data });
      const written = createHeaders();
      for (const [name, value] of headers) {
        if (!(unknown && name === "Nats-Msg-Id")) written.set(name, value);
      }
      await client.publish(subjectOf(definition, pipeline), payload, {
        headers: written,
        timeout: publishTimeoutMs,
        expect: { streamName: streamOf(definition) },
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function envelopeOf(definition: AnyEventDefinition, pipeline: string, id: string) {
  return {
    specversion: "1.0" as const,
    id,
    type: definition.type,
    source: "urn:cascade:chaos",
    subject: pipeline,
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    dataschema: schemaUriOf(definition.type),
  };
}
