import { DeadLetterRecordedV1, PipelineRefusedV1, PipelineSubmittedV1 } from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { startForTest } from "@cascade/service-kit/testing";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { importService } from "../import-service.ts";
import { hostileEvents } from "./hostile-events.ts";
import { publishRaw } from "./publish-raw.ts";

const hostilePerNeighbour = 10;
/** As much of a subject as the event about a dead letter repeats. */
const toldCharacters = 1024;

const toldSubject = (subject: string) => subject.slice(0, toldCharacters);

/** What became of each message, by its NATS subject. */
function outcomesOf(events: readonly StoredEvent[]): Map<string, string> {
  const outcomes = new Map<string, string>();
  for (const { envelope, data } of events) {
    if (envelope.type === PipelineRefusedV1.type) {
      outcomes.set(`${PipelineSubmittedV1.type}.${envelope.subject}`, "handled");
    }
    if (envelope.type === DeadLetterRecordedV1.type) {
      const { reason, error, event } = DeadLetterRecordedV1.schema.parse(data);
      const outcome = reason === "unsupported-version" ? "parked" : (error.code ?? error.message);
      outcomes.set(toldSubject(event.subject), outcome);
    }
  }
  return outcomes;
}

test("each hostile event ends as it should, and those between them are handled", async () => {
  const globals = Object.getOwnPropertyNames(Object.prototype);
  await using registry = await startForTest(await importService("registry"), {
    CASCADE_RETRY_BASE_MS: "10",
    CASCADE_RETRY_MAX_MS: "50",
  });
  const wanted = new Map<string, string>();
  const notStored = new Map<string, string>();
  const names = new Map<string, string>();
  for (const [index, { name, input, wanted: answer }] of hostileEvents.entries()) {
    const subject = toldSubject(input.subject);
    wanted.set(name, answer);
    names.set(subject, name);
    const refusal = await publishRaw(registry.natsUrl, input);
    if (refusal !== undefined) notStored.set(subject, "not stored");
    if (index % hostilePerNeighbour !== 0) continue;
    const neighbour = `neighbour-${index}`;
    wanted.set(neighbour, "handled");
    names.set(`${PipelineSubmittedV1.type}.${neighbour}`, neighbour);
    await registry.publish(PipelineSubmittedV1.create(neighbour, { text: "a: 1", by: "ada" }));
  }
  const actual = await eventually(
    () => {
      const outcomes = new Map([...notStored, ...outcomesOf(registry.seen())]);
      const missing = [...names].flatMap(([subject, name]) => (outcomes.has(subject) ? [] : [name]));
      if (missing.length > 0) throw new Error(`nothing is known of: ${missing.join("; ")}`);
      return new Map([...names].map(([subject, name]) => [name, outcomes.get(subject)]));
    },
    { describe: "an outcome of each event" },
  );
  expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(wanted));
  expect(await registry.running.problems()).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(globals);
});
