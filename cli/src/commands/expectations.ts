import { openArtifactStore } from "@cascade/artifacts";
import { DatasetValidatedV1, PipelineAppliedV1 } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { ReportProfile } from "../expectations/report-profile.ts";
import { suggestExpectations } from "../expectations/suggest.ts";
import { toYaml } from "../expectations/to-yaml.ts";
import { formatCount } from "../follow/format.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import type { Session } from "../session.ts";

const reportBytesMax = 64 * 1024 * 1024;

interface SuggestOptions {
  readonly sureOnly?: boolean;
}

export function addExpectations(program: Command): void {
  program
    .command("expectations")
    .description("What is demanded of data.")
    .command("suggest")
    .description("Propose a validation section from the newest accepted batch, and say what is unsure.")
    .argument("<pipeline>")
    .option("--sure-only", "leave out what is unsure")
    .action(async (name: string, options: SuggestOptions, command: Command) => {
      const context = contextOf(command);
      const pipeline = checkedPipeline(name);
      const artifactsUrl = context.addresses.artifactsUrl();
      await using session = await context.connect();
      const { spec, accepted, acceptedAt } = await findNewest(session, pipeline);
      const report = await openArtifactStore(artifactsUrl).readJson(accepted.report, ReportProfile, {
        maxBytes: reportBytesMax,
      });
      const profile = report.acceptedProfile ?? report.profile;
      const suggestions = suggestExpectations(profile, spec).filter(
        ({ doubt }) => doubt === undefined || options.sureOnly !== true,
      );
      context.sayJson({ pipeline, datasetVersion: accepted.datasetVersion, suggestions });
      context.say(
        `# From ${formatCount(profile.rowCount)} rows that were accepted ${acceptedAt}. What is marked UNSURE needs your judgement.`,
      );
      for (const line of toYaml(suggestions)) context.say(line);
    });
}

async function findNewest({ connection }: Session, pipeline: string) {
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
    .map(({ data, storedAt }) => ({
      accepted: DatasetValidatedV1.schema.parse(data),
      acceptedAt: storedAt.toISOString(),
    }))
    .filter(({ accepted }) => accepted.resubmits === undefined);
  const batch = batches.at(-1);
  if (batch === undefined) {
    throw new CliError(
      exitCodes.refused,
      `No batch of ${pipeline} has been accepted yet. Send one first: cascade publish data-arrived ${pipeline} --uri FILE`,
    );
  }
  return { spec: PipelineAppliedV1.schema.parse(newest.data).spec, ...batch };
}
