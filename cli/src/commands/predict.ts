import type { Command } from "commander";
import { z } from "zod";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { readText } from "../files.ts";
import { checkedPipeline } from "../pipeline-argument.ts";

export const PredictAnswer = z.object({
  predictions: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      prediction: z.union([z.string(), z.number(), z.boolean()]),
      probability: z.number().optional(),
      probabilities: z.record(z.string(), z.number()).optional(),
    }),
  ),
});

export function addPredict(program: Command): void {
  program
    .command("predict")
    .description("Ask the model that serves a pipeline.")
    .argument("<pipeline>")
    .option(
      "--row <json...>",
      "a row of named columns, such as '{\"distance\": 900}'; may be given several times",
    )
    .option("--file <path>", "rows as JSON lines or as a JSON array")
    .action(async (pipeline: string, options: { row?: string[]; file?: string }, command: Command) => {
      const context = contextOf(command);
      const rows = [
        ...(options.row ?? []).flatMap((text) => parseRows("--row", text)),
        ...(options.file === undefined ? [] : parseRows(options.file, await readText(options.file))),
      ];
      if (rows.length === 0)
        throw new CliError(exitCodes.usage, "Give at least one row with --row or --file.");
      const answer = await predict(context.addresses.urlOf("serving"), checkedPipeline(pipeline), rows);
      context.sayJson(answer);
      for (const { version, prediction, probability, id } of answer.predictions) {
        const sure = probability === undefined ? "" : ` (probability ${probability.toFixed(4)})`;
        context.say(`${prediction}${sure}  version ${version}  ${id}`);
      }
    });
}

/** Asks serving for predictions on rows of named columns. Throws CliError with serving's own reason. */
export async function predict(
  servingUrl: string,
  pipeline: string,
  rows: readonly unknown[],
): Promise<z.infer<typeof PredictAnswer>> {
  const url = `${servingUrl}/v1/${pipeline}/predict`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rows }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    throw new CliError(exitCodes.unreachable, `serving does not answer at ${url}`, { cause: error });
  }
  const body: unknown = await response.json();
  if (response.ok) return PredictAnswer.parse(body);
  throw new CliError(exitCodes.refused, `serving answered ${response.status}: ${reasonIn(body)}`);
}

const refusalsShown = 20;
const Refused = z.object({
  detail: z.string(),
  errors: z.array(z.object({ row: z.int(), message: z.string() })).default([]),
});

/** What serving says, and of refused rows each value, so that all can be corrected at once. */
export function reasonIn(body: unknown): string {
  const { data } = Refused.safeParse(body);
  if (data === undefined) return JSON.stringify(body);
  if (data.errors.length < 2) return data.detail;
  const lines = data.errors.slice(0, refusalsShown).map(({ row, message }) => `  row ${row}: ${message}`);
  const more = data.errors.length - lines.length;
  return [data.detail, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

function parseRows(origin: string, text: string): unknown[] {
  const parse = (part: string): unknown => {
    try {
      return JSON.parse(part);
    } catch (error) {
      throw new CliError(
        exitCodes.usage,
        `${origin} is no JSON: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) return z.array(z.unknown()).parse(parse(trimmed));
  return trimmed
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parse);
}
