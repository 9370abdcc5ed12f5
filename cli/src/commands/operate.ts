import {
  ApprovalDeclinedV1,
  ApprovalGivenV1,
  type NewEvent,
  RetrainingRequestedV1,
  RollbackRequestedV1,
} from "@cascade/contracts";
import type { Command } from "commander";
import { type CommandContext, contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { checkedPipeline } from "../pipeline-argument.ts";

interface Reason {
  readonly reason: string;
}

/** The requests of operators: each is an event, and the service it concerns decides. */
export function addOperatorCommands(program: Command): void {
  program
    .command("retrain")
    .description("Ask for a training run now; cooldown and budget do not apply to people.")
    .argument("<pipeline>")
    .option("--reason <text>", "why", "asked for on the command line")
    .action((pipeline: string, { reason }: Reason, command: Command) =>
      send(contextOf(command), ({ by }) =>
        RetrainingRequestedV1.create(checkedPipeline(pipeline), { by, reason }),
      ),
    );
  program
    .command("approve")
    .description("Approve the promotion of a model version.")
    .argument("<pipeline>")
    .argument("<version>")
    .requiredOption("--reason <text>", "why")
    .action((pipeline: string, version: string, { reason }: Reason, command: Command) =>
      send(contextOf(command), ({ by }) =>
        ApprovalGivenV1.create(checkedPipeline(pipeline), { version: versionOf(version), by, reason }),
      ),
    );
  program
    .command("decline")
    .description("Decline the promotion of a model version.")
    .argument("<pipeline>")
    .argument("<version>")
    .requiredOption("--reason <text>", "why")
    .action((pipeline: string, version: string, { reason }: Reason, command: Command) =>
      send(contextOf(command), ({ by }) =>
        ApprovalDeclinedV1.create(checkedPipeline(pipeline), { version: versionOf(version), by, reason }),
      ),
    );
  program
    .command("rollback")
    .description("Return all traffic to the version that served before.")
    .argument("<pipeline>")
    .requiredOption("--reason <text>", "why")
    .action((pipeline: string, { reason }: Reason, command: Command) =>
      send(contextOf(command), ({ by }) =>
        RollbackRequestedV1.create(checkedPipeline(pipeline), { by, reason }),
      ),
    );
}

async function send(context: CommandContext, make: (context: CommandContext) => NewEvent): Promise<void> {
  const event = make(context);
  await using session = await context.connect();
  const correlationId = await session.publish(event);
  context.sayJson({ correlationId });
  context.say(`requested; see what follows: cascade follow ${correlationId}`);
}

function versionOf(text: string): number {
  const version = Number(text);
  if (Number.isInteger(version) && version > 0) return version;
  throw new CliError(exitCodes.usage, `"${text}" is no model version; versions are 1, 2, 3 …`);
}
