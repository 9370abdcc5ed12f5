import { type DataOf, RebuildCompletedV1, RebuildRequestedV1, services } from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import type { Command } from "commander";
import { askAndAwait } from "../await-answer.ts";
import { contextOf } from "../context.ts";
import { timeoutOption } from "../timeout-option.ts";

// The request concerns no pipeline; a subject needs a name all the same.
const everyPipeline = "all";

interface Options {
  readonly reason: string;
  readonly timeout: number;
}

export function addRebuild(program: Command): void {
  program
    .command("rebuild")
    .description(
      "Restore streams from the outboxes of all services, and have every consumer begin again. Nothing is done twice.",
    )
    .option("--reason <text>", "why", "asked for on the command line")
    .addOption(timeoutOption("how long to wait for the services", 60))
    .action(async ({ reason, timeout }: Options, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const { answers } = await askAndAwait({
        connection: session.connection,
        answers: [RebuildCompletedV1],
        timeoutMs: timeout,
        isComplete: (answers) => silent(answers).length === 0,
        hint: (answers) => `Not heard of: ${silent(answers).join(", ")}. Are they running? cascade status`,
        ask: () => session.publish(RebuildRequestedV1.create(everyPipeline, { by: context.by, reason })),
      });
      const done = answers.map(read).sort((a, b) => a.service.localeCompare(b.service));
      context.sayJson(done);
      for (const { service, streams, consumers } of done) {
        const verified = streams.reduce((sum, stream) => sum + stream.verified, 0);
        const lost = streams.reduce((sum, stream) => sum + stream.lost, 0);
        context.say(
          `${service.padEnd(11)} ${verified} event(s) looked for, ${lost} lost and published again; ` +
            `${consumers.length} consumer(s) begin again`,
        );
      }
    });
}

function read({ data }: StoredEvent): DataOf<typeof RebuildCompletedV1> {
  return RebuildCompletedV1.schema.parse(data);
}

function silent(answers: readonly StoredEvent[]): string[] {
  const heard = new Set(answers.map((answer) => read(answer).service));
  return services.filter((service) => !heard.has(service));
}
