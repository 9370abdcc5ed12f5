import { type ServiceName, services } from "@cascade/contracts";
import { type Durable, rowsOf, text } from "../evidence/evidence.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "I4";

/** Hears requests of the operator; what it does is kept in the dead letters themselves, not in an inbox. */
const withoutInbox = "redrive-on-dead-letter-redrive-requested";

/** Per consumer: whatever was published was handled, ignored, parked or set aside, and nothing else was. */
export const checkInboxes: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const counted = { consumers: 0, published: 0, handled: 0, ignored: 0, dead: 0, parked: 0 };
  for (const durable of evidence.durables) {
    const { service, consumer } = split(durable);
    counted.consumers += 1;
    if (durable.pending > 0 || durable.unacknowledged > 0) {
      find("CONSUMER_BEHIND", `${durable.name} has events left to handle`, durable);
    }
    if (consumer === withoutInbox) continue;
    const matches = matcher(durable.filterSubject);
    const published = new Map(
      evidence.messages
        .filter(({ stream, subject, id }) => stream === durable.stream && id !== "" && matches(subject))
        .map((message) => [message.id, message]),
    );
    counted.published += published.size;
    const inbox = rowsOf(evidence, service, "inbox").filter((row) => row.consumer === consumer);
    const received = new Set(inbox.map((row) => text(row, "event_id")));
    for (const { id, type, stream, sequence } of published.values()) {
      if (received.has(id)) continue;
      const message = `${service} has never received ${type} ${id} for ${consumer}`;
      find("INBOX_MISSING", message, { id, stream, sequence, consumer });
    }
    for (const row of inbox) {
      counted[row.outcome as "handled" | "ignored" | "dead" | "parked"] += 1;
      const eventId = text(row, "event_id");
      const type = text(row, "event_type");
      // What serving says of itself has no outbox that could bring it back into a stream that has forgotten it.
      if (published.has(eventId) || eventId.startsWith("sha256:") || saidByServing.test(type)) continue;
      find("INBOX_GHOST", `${service} has handled ${type} ${eventId}, which is in no stream`, row);
    }
  }
  return { invariant, title: "published = handled + ignored + dead + parked", counted, violations };
};

const saidByServing = /^cascade\.(predictions|serving-window|replica)\./;

function split({ name }: Durable): { service: ServiceName; consumer: string } {
  const service = services.find((one) => name.startsWith(`${one}_`));
  if (service === undefined) throw new Error(`no service has a durable called ${name}`);
  return { service, consumer: name.slice(service.length + 1) };
}

function matcher(filter: string): (subject: string) => boolean {
  const wanted = filter.split(".");
  return (subject) => {
    const tokens = subject.split(".");
    return (
      tokens.length === wanted.length && wanted.every((one, index) => one === "*" || one === tokens[index])
    );
  };
}
