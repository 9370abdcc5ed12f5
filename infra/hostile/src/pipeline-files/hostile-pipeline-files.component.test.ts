import {
  DeadLetterRecordedV1,
  PipelineAppliedV1,
  PipelineRefusedV1,
  PipelineSubmittedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { startForTest } from "@cascade/service-kit/testing";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { importService } from "../import-service.ts";
import { fullFile } from "./full-file.ts";
import { hostilePipelineFiles } from "./hostile-pipeline-files.ts";
import type { PipelineFileAnswer } from "./pipeline-file-case.ts";

/** What became of each file, by its pipeline: the problems that were told, or what else there is to say. */
function outcomesOf(events: readonly StoredEvent[]): Map<string, unknown> {
  const outcomes = new Map<string, unknown>();
  for (const { envelope, data } of events) {
    const { type, subject } = envelope;
    if (type === PipelineAppliedV1.type) outcomes.set(subject, "applied");
    if (type === PipelineRefusedV1.type) outcomes.set(subject, PipelineRefusedV1.schema.parse(data).problems);
    if (type === DeadLetterRecordedV1.type)
      outcomes.set(subject, DeadLetterRecordedV1.schema.parse(data).error);
  }
  return outcomes;
}

function isAsWanted(outcome: unknown, wanted: PipelineFileAnswer): boolean {
  if (wanted === "applied") return outcome === wanted;
  const { data } = PipelineRefusedV1.schema.safeParse({ problems: outcome });
  const { line, column, path, says } = wanted;
  return (data?.problems ?? []).some(
    (problem) =>
      problem.line === line &&
      problem.column === column &&
      problem.path === path &&
      problem.message.includes(says),
  );
}

test("each hostile file is refused at the place that is wrong, and those between them are applied", async () => {
  const globals = Object.getOwnPropertyNames(Object.prototype);
  await using registry = await startForTest(await importService("registry"), { CASCADE_RETRY_BASE_MS: "10" });
  const submit = (pipeline: string, text: string) =>
    registry.publish(PipelineSubmittedV1.create(pipeline, { text, by: "ada" }));
  const neighbours = ["neighbour-first", "neighbour-last"];
  await submit("neighbour-first", fullFile("neighbour-first"));
  for (const { input } of hostilePipelineFiles) await submit(input.pipeline, input.text);
  await submit("neighbour-last", fullFile("neighbour-last"));
  const outcomes = await eventually(
    () => {
      const found = outcomesOf(registry.seen());
      const missing = hostilePipelineFiles.filter(({ input }) => !found.has(input.pipeline));
      if (missing.length > 0) {
        throw new Error(`nothing is known of: ${missing.map(({ name }) => name).join("; ")}`);
      }
      return neighbours.every((name) => found.has(name)) && found;
    },
    { describe: "an outcome of each file" },
  );
  const otherwise = hostilePipelineFiles.flatMap(({ name, input, wanted }) => {
    const outcome = outcomes.get(input.pipeline);
    return isAsWanted(outcome, wanted) ? [] : [{ name, wanted, outcome }];
  });
  expect(otherwise).toEqual([]);
  expect(neighbours.map((name) => outcomes.get(name))).toEqual(["applied", "applied"]);
  expect(await registry.running.problems()).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(globals);
});
