import { openArtifactStore } from "@cascade/artifacts";
import { type DataOf, DatasetValidatedV1, PipelineAppliedV1 } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { chosenVersion } from "../dataset-argument.ts";
import { CliError, exitCodes } from "../errors.ts";
import { chooseBatch } from "../expectations/choose-batch.ts";
import { declaredOf, undeclared } from "../expectations/declared.ts";
import { ReportProfile } from "../expectations/report-profile.ts";
import { suggestExpectations } from "../expectations/suggest.ts";
import { toYaml } from "../expectations/to-yaml.ts";
import { formatCount } from "../follow/format.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import type { Session } from "../session.ts";

const reportBytesMax = 64 * 1024 * 1024;

interface SuggestOptions {
  readonly sureOnly?: boolean;
  readonly dataset?: string;
}

export function addExpectations(program: Command): void {
  program
    .command("expectations")
    .description("What is demanded of data.")
    .command("suggest")
    .description(
      "Propose a validation section from an accepted batch, added to what is declared, and say what is unsure.",
    )
    .argument("<pipeline>")
    .option(
      "--dataset <version>",
      "from this dataset version, or the one that begins so; else the newest of 1,000 rows",
    )
    .option("--sure-only", "leave out what is unsure")
    .action(async (name: string, options: SuggestOptions, command: Command) => {
      const context = contextOf(command);
      const pipeline = checkedPipeline(name);
      const artifactsUrl = context.addresses.artifactsUrl();
      await using session = await context.connect();
      const { spec, accepted, acceptedAt, why } = await findBatch(session, pipeline, options.dataset);
      const report = await openArtifactStore(artifactsUrl).readJson(accepted.report, ReportProfile, {
        maxBytes: reportBytesMax,
      });
      const profile = report.acceptedProfile ?? report.profile;
      const declared = declaredOf(spec.validation);
      const suggestions = undeclared(suggestExpectations(profile, spec), declared).filter(
        ({ doubt }) => doubt === undefined || options.sureOnly !== true,
      );
      const { datasetVersion } = accepted;
      context.sayJson({ pipeline, datasetVersion, why, declared, suggestions });
      context.say(
        `# From the ${formatCount(profile.rowCount)} rows of ${datasetVersion}, accepted ${acceptedAt}: ${why}.`,
      );
      context.say("# What is declared stays as it is. What is marked UNSURE needs your judgement.");
      for (const line of toYaml(suggestions, declared)) context.say(line);
    });
}

async function findBatch({ connection }: Session, pipeline: string, dataset: string | undefined) {
  const [applied, validated] = await Promise.all([
    collectEvents({ connection, which: "last", subject: `${PipelineAppliedV1.type}.${pipeline}` }),
    collectEvents({ connection, which: "all", subject: `${DatasetValidatedV1.type}.${pipeline}` }),
  ]);
  const [newest] = applied;
  if (newest === undefined) {
    throw new CliError(
      exitCodes.refused,
      `There is no pipeline ${pipeline}. Run cascade apply with its file.`,
    );
  }
  // Corrected rows are few and were wrong: they say little about what is usual.
  const batches = validated
    .map(({ data, storedAt }): Batch => {
      const accepted = DatasetValidatedV1.schema.parse(data);
      return { accepted, acceptedAt: storedAt.toISOString(), rowCount: accepted.rowCount };
    })
    .filter(({ accepted }) => accepted.resubmits === undefined);
  const chosen = dataset === undefined ? chooseBatch(batches) : namedBatch(pipeline, batches, dataset);
  if (chosen === undefined) {
    throw new CliError(
      exitCodes.refused,
      `No batch of ${pipeline} has been accepted yet. Send one first: cascade publish data-arrived ${pipeline} --uri FILE`,
    );
  }
  const { batch, why } = chosen;
  return { spec: PipelineAppliedV1.schema.parse(newest.data).spec, ...batch, why };
}

interface Batch {
  readonly accepted: DataOf<typeof DatasetValidatedV1>;
  readonly acceptedAt: string;
  readonly rowCount: number;
}

function namedBatch(pipeline: string, batches: readonly Batch[], dataset: string) {
  const versions = batches.map(({ accepted }) => accepted.datasetVersion);
  const version = chosenVersion(pipeline, versions, dataset);
  const batch = batches.findLast(({ accepted }) => accepted.datasetVersion === version);
  return batch && { batch, why: "the one that was asked for" };
}
