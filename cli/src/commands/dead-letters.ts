import {
  type DataOf,
  DeadLetterRecordedV1,
  DeadLetterRedrivenV1,
  DeadLetterRedriveRequestedV1,
} from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Command } from "commander";
import { askAndAwait } from "../await-answer.ts";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { shorten } from "../follow/format.ts";
import { timeoutOption } from "../timeout-option.ts";

type Recorded = DataOf<typeof DeadLetterRecordedV1>;

interface DeadLetter extends Recorded {
  readonly pipeline: string;
  readonly recordedAt: string;
  readonly correlationId: string | undefined;
  readonly status: "open" | "redriven";
}

export function addDeadLetters(program: Command): void {
  const deadLetters = program.command("dead-letters").description("Events that could not be handled.");

  deadLetters
    .command("list")
    .description("List open dead letters.")
    .option("--all", "also those that were redriven")
    .action(async (options: { all?: boolean }, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const letters = (await readDeadLetters(session.connection)).filter(
        ({ status }) => options.all === true || status === "open",
      );
      context.sayJson(letters);
      if (letters.length === 0) context.say("There are no dead letters.");
      for (const letter of letters) {
        context.say(
          `${letter.deadLetterId}  ${letter.status}  ${letter.service}/${letter.handler}  ${letter.reason}\n` +
            `    ${letter.event.type} [${letter.pipeline}]: ${shorten(letter.error.message, 160)}`,
        );
      }
    });

  deadLetters
    .command("show")
    .description("Show a dead letter whole: why, how often it was tried, the event itself.")
    .argument("<id>")
    .action(async (id: string, _: object, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const letter = await find(session.connection, id);
      context.sayJson(letter);
      context.say(
        [
          `dead letter  ${letter.deadLetterId} (${letter.status})`,
          `service      ${letter.service}, handler ${letter.handler}`,
          `reason       ${letter.reason} after ${letter.attempts} attempt(s), last at ${letter.recordedAt}`,
          `error        ${letter.error.code ?? letter.error.name}: ${letter.error.message}`,
          `event        ${letter.event.type} ${letter.event.id} on ${letter.event.subject}`,
          `cascade      ${letter.correlationId ?? "unknown"}`,
          `payload      ${letter.event.payload}${letter.event.payloadTruncated ? " … (cut here)" : ""}`,
          `\nWhen the cause is mended: cascade dead-letters redrive ${letter.deadLetterId}`,
        ].join("\n"),
      );
    });

  deadLetters
    .command("redrive")
    .description("Handle a dead letter once more; asking twice has one effect.")
    .argument("<id...>")
    .addOption(timeoutOption("how long to wait for each", 15))
    .action(async (ids: string[], options: { timeout: number }, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      for (const id of ids) {
        const letter = await find(session.connection, id);
        if (letter.status === "redriven") {
          context.sayJson({ deadLetterId: id, redriven: true });
          context.say(`${id} was redriven before.`);
          continue;
        }
        const { answer } = await askAndAwait({
          connection: session.connection,
          answers: [DeadLetterRedrivenV1, DeadLetterRecordedV1],
          timeoutMs: options.timeout,
          hint: `Is ${letter.service} running? cascade status`,
          ask: () =>
            session.publish(
              DeadLetterRedriveRequestedV1.create(letter.pipeline, {
                deadLetterId: id,
                service: letter.service,
                by: context.by,
              }),
            ),
        });
        const redriven = answer.envelope.type === DeadLetterRedrivenV1.type;
        context.sayJson({ deadLetterId: id, redriven });
        if (!redriven) {
          const { error } = DeadLetterRecordedV1.schema.parse(answer.data);
          throw new CliError(exitCodes.refused, `${id} failed again: ${error.message}`);
        }
        context.say(`${id} is redriven.`);
      }
    });
}

async function find(connection: NatsConnection, id: string): Promise<DeadLetter> {
  const letter = (await readDeadLetters(connection)).find(({ deadLetterId }) => deadLetterId === id);
  if (letter !== undefined) return letter;
  throw new CliError(exitCodes.refused, `There is no dead letter ${id}. cascade dead-letters list --all`);
}

/** Dead letters as their events tell it: recorded, perhaps again, and in the end redriven. */
async function readDeadLetters(connection: NatsConnection): Promise<DeadLetter[]> {
  const letters = new Map<string, DeadLetter>();
  for (const event of await collectEvents({ connection, which: "all", subject: "cascade.dead-letter.>" })) {
    if (event.envelope.type === DeadLetterRecordedV1.type) {
      const recorded = DeadLetterRecordedV1.schema.parse(event.data);
      letters.set(recorded.deadLetterId, {
        ...recorded,
        pipeline: event.envelope.subject,
        recordedAt: event.storedAt.toISOString(),
        correlationId: event.envelope.correlationid,
        status: "open",
      });
    }
    if (event.envelope.type === DeadLetterRedrivenV1.type) {
      const { deadLetterId } = DeadLetterRedrivenV1.schema.parse(event.data);
      const letter = letters.get(deadLetterId);
      if (letter !== undefined) letters.set(deadLetterId, { ...letter, status: "redriven" });
    }
  }
  return [...letters.values()];
}
