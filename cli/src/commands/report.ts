import { ArtifactError, openArtifactStore } from "@cascade/artifacts";
import { ArtifactRef, DatasetRejectedV1, DatasetValidatedV1 } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { Command } from "commander";
import { z } from "zod";
import { contextOf } from "../context.ts";
import { beginsAs } from "../dataset-argument.ts";
import { CliError, exitCodes } from "../errors.ts";
import { writeBytes } from "../files.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import type { Session } from "../session.ts";

const bytesMax = 64 * 1024 * 1024;

/** What is needed of a validation report; a newer build may write more. */
const ReportPage = z.object({ page: ArtifactRef });

const Judged = z.object({
  datasetVersion: z.string(),
  report: ArtifactRef.optional(),
});

interface ReportOptions {
  readonly to?: string;
  readonly dataset?: string;
}

export function addReport(program: Command): void {
  program
    .command("report")
    .description(
      "Write the data report of the newest batch, accepted or rejected: a page to read in a browser.",
    )
    .argument("<pipeline>")
    .option("--to <file>", "where to (default: <pipeline>-data-report.html)")
    .option("--dataset <version>", "the report of this dataset version, or of the one that begins so")
    .action(async (name: string, options: ReportOptions, command: Command) => {
      const context = contextOf(command);
      const pipeline = checkedPipeline(name);
      const artifactsUrl = context.addresses.artifactsUrl();
      await using session = await context.connect();
      const { datasetVersion, report, outcome, at } = await findJudged(session, pipeline, options.dataset);
      const page = await readPage(artifactsUrl, report);
      const file = options.to ?? `${pipeline}-data-report.html`;
      await writeBytes(file, page);
      context.sayJson({ pipeline, datasetVersion, outcome, at, file });
      context.say(`The report on ${datasetVersion}, ${outcome} ${at}, is in ${file}`);
    });
}

async function findJudged({ connection }: Session, pipeline: string, dataset = "") {
  const found = await Promise.all(
    [DatasetValidatedV1, DatasetRejectedV1].map(({ type }) =>
      collectEvents({ connection, which: "all", subject: `${type}.${pipeline}` }),
    ),
  );
  const judged = found
    .flat()
    .map(({ data, envelope, storedAt }) => ({
      ...Judged.parse(data),
      outcome: envelope.type === DatasetRejectedV1.type ? "rejected" : "accepted",
      at: storedAt.toISOString(),
    }))
    .filter(({ datasetVersion }) => beginsAs(datasetVersion, dataset))
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
  if (judged === undefined) {
    throw new CliError(
      exitCodes.refused,
      `No such batch of ${pipeline} has been judged. cascade status shows what each pipeline is at.`,
    );
  }
  const { report, ...rest } = judged;
  if (report !== undefined) return { ...rest, report };
  throw new CliError(
    exitCodes.refused,
    `There is no report on ${judged.datasetVersion}: its rows could not be checked. cascade follow tells why.`,
  );
}

async function readPage(artifactsUrl: string, report: ArtifactRef): Promise<Uint8Array> {
  const store = openArtifactStore(artifactsUrl);
  try {
    const { page } = await store.readJson(report, ReportPage, { maxBytes: bytesMax });
    return await store.readBytes(page, { maxBytes: bytesMax });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new CliError(exitCodes.refused, error.message, { cause: error });
  }
}
