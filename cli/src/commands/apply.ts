import { basename } from "node:path";
import { PipelineAppliedV1, PipelineRefusedV1, PipelineSubmittedV1 } from "@cascade/contracts";
import type { Command } from "commander";
import { askAndAwait } from "../await-answer.ts";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { readText } from "../files.ts";
import { timeoutOption } from "../timeout-option.ts";

export function addApply(program: Command): void {
  program
    .command("apply")
    .description("Submit a pipeline file; prints every mistake with line and column.")
    .argument("<file>", "the pipeline's YAML file")
    .addOption(timeoutOption("how long to wait for the registry", 15))
    .action(async (file: string, options: { timeout: number }, command: Command) => {
      const context = contextOf(command);
      const text = await readText(file);
      await using session = await context.connect();
      const { answer, correlationId } = await askAndAwait({
        connection: session.connection,
        answers: [PipelineAppliedV1, PipelineRefusedV1],
        timeoutMs: options.timeout,
        hint: "Is the registry running? cascade status",
        ask: () =>
          session.publish(
            PipelineSubmittedV1.create(pipelineNamedIn(text), {
              text,
              fileName: basename(file),
              by: context.by,
            }),
          ),
      });
      if (answer.envelope.type === PipelineRefusedV1.type) {
        const { problems } = PipelineRefusedV1.schema.parse(answer.data);
        context.sayJson({ applied: false, problems });
        const lines = problems.map(
          ({ line, column, path, message }) => `${file}:${line}:${column}  ${path} ${message}`,
        );
        throw new CliError(
          exitCodes.refused,
          `${file} has ${problems.length} mistake(s):\n${lines.join("\n")}`,
        );
      }
      const { version, modelChanged, spec } = PipelineAppliedV1.schema.parse(answer.data);
      context.sayJson({ applied: true, pipeline: spec.pipeline, version, modelChanged, correlationId });
      context.say(`${spec.pipeline} is applied in version ${version}.`);
    });
}

/** Only the address of the event; whether the name is right is for the registry to say. */
function pipelineNamedIn(text: string): string {
  return /^pipeline:[ \t]*["']?([a-z0-9][a-z0-9-]{0,62})["']?[ \t]*(?:#.*)?$/m.exec(text)?.[1] ?? "unnamed";
}
