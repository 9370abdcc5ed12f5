import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CliError, exitCodes } from "../errors.ts";

/** An event that has not happened. */
export interface SupposedEvent {
  readonly event: string;
  readonly pipeline?: string;
  readonly data?: unknown;
  /** What is supposed on the way from an earlier event to the one that training decides on. */
  readonly supposing?: string;
}

const CloudEvent = z.object({ type: z.string(), subject: z.string(), data: z.unknown() });

/** Events that lead to new data where nothing is wrong with them. */
const beforeNewData = ["data.arrived", "data.discovered", "dataset.ingested", "dataset.validated"];

/** Reads what is meant by an event on the command line: its name, or a file with one in structured form. */
export async function supposedEvent(text: string): Promise<SupposedEvent> {
  if (!/[/\\]|\.json$/u.test(text)) {
    return beforeNewData.includes(text)
      ? {
          event: "feature-view.materialized",
          supposing: `supposing that all rows of the ${text} are accepted`,
        }
      : { event: text };
  }
  let content: unknown;
  try {
    content = JSON.parse(await readFile(text, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(exitCodes.usage, `${text} cannot be read: ${reason}`, { cause: error });
  }
  const { success, data: event } = CloudEvent.safeParse(content);
  if (!success) {
    throw new CliError(
      exitCodes.usage,
      `${text} is no CloudEvent in structured form: it needs type, subject (the pipeline) and data.`,
    );
  }
  return { event: event.type, pipeline: event.subject, data: event.data };
}
