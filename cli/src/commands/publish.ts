import {
  DataArrivedV2,
  DataFormat,
  type DataOf,
  DatasetIngestedV1,
  LabelsArrivedV1,
} from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import { type Command, Option } from "commander";
import { z } from "zod";
import { checkedAddress } from "../address-argument.ts";
import { contextOf } from "../context.ts";
import { chosenVersion } from "../dataset-argument.ts";
import { CliError, exitCodes } from "../errors.ts";
import { readText } from "../files.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import type { Session } from "../session.ts";

const labelsPerEvent = 2000;

export function addPublish(program: Command): void {
  const publish = program.command("publish").description("Publish what an outside system would say.");

  publish
    .command("data-arrived")
    .description("Say that new data can be fetched; several --uri form one batch.")
    .argument("<pipeline>")
    .option("--uri <uri...>", "a URI or a path; may be given several times")
    .option(
      "--dataset <version>",
      "instead: the rows of a dataset version once more, or of the one that begins so, such as a rejected one",
    )
    .addOption(
      new Option(
        "--format <format>",
        "what data.format of the pipeline or else the file's name says, where left out",
      ).choices(DataFormat.options),
    )
    .option("--batch <name>", "your own name of the batch")
    .action(
      async (
        pipeline: string,
        options: { uri?: string[]; dataset?: string; format?: DataFormat; batch?: string },
        command: Command,
      ) => {
        const context = contextOf(command);
        const name = checkedPipeline(pipeline);
        const { uri: uris = [], dataset } = options;
        if ((uris.length === 0) === (dataset === undefined)) {
          throw new CliError(exitCodes.usage, "Give either --uri or --dataset.");
        }
        const files = uris.map((uri) => ({
          uri: checkedAddress(uri),
          ...(options.format === undefined ? {} : { format: options.format }),
        }));
        await using session = await context.connect();
        if (dataset !== undefined) files.push({ uri: await addressOfVersion(session, name, dataset) });
        const correlationId = await session.publish(
          DataArrivedV2.create(name, {
            files,
            ...(options.batch === undefined ? {} : { batch: options.batch }),
          }),
        );
        context.sayJson({ correlationId });
        context.say(`published; see what follows: cascade follow ${correlationId}`);
      },
    );

  publish
    .command("labels-arrived")
    .description('Tell the true outcomes of predictions: JSON lines {"predictionId": …, "label": …}.')
    .argument("<pipeline>")
    .requiredOption("--file <path>", "the JSON lines file")
    .action(async (pipeline: string, options: { file: string }, command: Command) => {
      const context = contextOf(command);
      const labels = parseLabels(options.file, await readText(options.file));
      await using session = await context.connect();
      const correlationIds: string[] = [];
      for (let start = 0; start < labels.length; start += labelsPerEvent) {
        const part = labels.slice(start, start + labelsPerEvent);
        correlationIds.push(
          await session.publish(LabelsArrivedV1.create(checkedPipeline(pipeline), { labels: part })),
        );
      }
      context.sayJson({ correlationIds, labels: labels.length });
      context.say(`${labels.length} labels published`);
    });
}

/** Ingestion keeps the rows of every version, so that they can be sent again wherever they came from. */
async function addressOfVersion({ connection }: Session, pipeline: string, dataset: string): Promise<string> {
  const subject = `${DatasetIngestedV1.type}.${pipeline}`;
  const ingested = await collectEvents({ connection, which: "all", subject });
  const versions = ingested.map(({ data }) => DatasetIngestedV1.schema.parse(data).datasetVersion);
  return `urn:cascade:dataset:${chosenVersion(pipeline, versions, dataset)}`;
}

type Label = DataOf<typeof LabelsArrivedV1>["labels"][number];

function parseLabels(file: string, text: string): Label[] {
  const line = z.object({
    predictionId: z.string().min(1),
    label: z.union([z.string(), z.number(), z.boolean()]),
  });
  return text
    .split("\n")
    .map((content, index) => ({ content: content.trim(), number: index + 1 }))
    .filter(({ content }) => content !== "")
    .map(({ content, number }) => {
      try {
        return line.parse(JSON.parse(content));
      } catch (error) {
        const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
        throw new CliError(exitCodes.usage, `${file}:${number} is no label: ${reason}`, { cause: error });
      }
    });
}
