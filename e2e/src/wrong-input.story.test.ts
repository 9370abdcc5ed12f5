import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  DatasetIngestionFailedV1,
  DatasetRejectedV1,
  DeadLetterRecordedV1,
  PipelineRefusedV1,
  PipelineSubmittedV1,
  RolloutCompletedV1,
  TrainingRunFailedV1,
} from "@cascade/contracts";
import { jetstream } from "@nats-io/jetstream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCanaries, wrongSettings } from "./canaries.ts";
import { generateRows, writeCsv } from "./generated-data.ts";
import { openStory, type Story } from "./story.ts";

const canaries = openCanaries();
let story: Story;
beforeAll(async () => {
  story = await openStory(canaries.stackOptions);
  canaries.listen(story);
  await story.apply({ pipeline: "shots" });
});
afterAll(async () => {
  await story[Symbol.asyncDispose]();
});

const from = "2026-01-01T00:00:00.000Z";

async function fileUri(name: string, content: string): Promise<string> {
  const path = join(story.directory, name);
  await writeFile(path, content);
  return pathToFileURL(path).href;
}

test("a missing file ends in an event that says what to do", async () => {
  const cascade = await story.publishArrival("shots", ["file:///nowhere/at-all.csv"]);
  const { data } = await story.expect(
    DatasetIngestionFailedV1,
    ({ correlationId }) => correlationId === cascade,
  );
  expect(data.problem).toMatchObject({
    code: "FILE_MISSING",
    message: expect.stringContaining("/nowhere/at-all.csv"),
  });
  expect(data.problem.whatToDo.length).toBeGreaterThan(10);
});

test("an unreadable CSV ends in an event that names the place", async () => {
  const uri = await fileUri(
    "ragged.csv",
    "at,strength,noise,colour,hit\n2026-01-01,1,2,red,true\n2026-01-01,1\n",
  );
  const cascade = await story.publishArrival("shots", [uri]);
  const { data } = await story.expect(
    DatasetIngestionFailedV1,
    ({ correlationId }) => correlationId === cascade,
  );
  expect(data.problem.code).toBe("CSV_UNREADABLE");
  expect(data.problem.message).toMatch(/row|line/i);
});

test("a dataset without the label is rejected by name", async () => {
  const path = join(story.directory, "no-label.csv");
  const rows = generateRows({ rows: 200, seed: 3, from }).map(({ hit: _, ...row }) => row);
  await writeCsv(path, rows);
  const cascade = await story.publishArrival("shots", [pathToFileURL(path).href]);
  const { data } = await story.expect(DatasetRejectedV1, ({ correlationId }) => correlationId === cascade);
  expect(data.violations[0]).toMatchObject({ column: "hit" });
});

test("an arrival for a pipeline that nobody has applied says so", async () => {
  const cascade = await story.publishArrival("nobody-knows-it", ["file:///nowhere/at-all.csv"]);
  const { data } = await story.expect(
    DatasetIngestionFailedV1,
    ({ correlationId }) => correlationId === cascade,
  );
  expect(data.problem.code).toBe("PIPELINE_UNKNOWN");
});

test("bytes that are no CloudEvent become a dead letter", async () => {
  await jetstream(story.session.connection).publish("cascade.data.arrived.v2.shots", "not an event");
  const { data } = await story.expect(
    DeadLetterRecordedV1,
    ({ data: letter }) => letter.reason === "undecodable",
  );
  expect(data).toMatchObject({ service: "ingestion", event: { payload: "not an event" } });
});

test("a pipeline file with several mistakes gets all of them with line and column", async () => {
  const text = `pipeline: broken-one
data:
  format: xls
  columns: { a: number, b: text }
  label: missing
features:
  view: v
  columns: { a: a }
training:
  task: guessing
surprise: true
`;
  const cascade = await story.session.publish(
    PipelineSubmittedV1.create("broken-one", { text, by: "story" }),
  );
  const { data } = await story.expect(PipelineRefusedV1, ({ correlationId }) => correlationId === cascade);
  const places = data.problems.map(({ line, path }) => `${line} ${path}`);
  expect(places).toEqual(expect.arrayContaining(["3 data.format", "10 training.task"]));
  expect(data.problems.length).toBeGreaterThanOrEqual(4);
  for (const { line, column, message } of data.problems) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(message).not.toBe("");
  }
});

test("a training program that exits with 1 ends in an event with its last words", async () => {
  await story.apply({
    pipeline: "own-trainer",
    // Of all that it can see it tells everything, as a program does that somebody debugs.
    trainer: `{ command: ["node", "-e", "console.error(JSON.stringify(process.env)); require('fs').writeFileSync('progress.jsonl', JSON.stringify({ message: 'with ' + process.env.HUB_TOKEN }) + String.fromCharCode(10)); console.error('no such module: sklearn'); process.exit(1)"] }`,
  });
  const cascade = await story.arrive("own-trainer", { rows: 1000, seed: 4, from });
  const { data } = await story.expect(TrainingRunFailedV1, ({ correlationId }) => correlationId === cascade);
  expect(data.problem.code).toBe("TRAINER_FAILED");
  expect(data.logTail).toContain("no such module: sklearn");
  expect(data.logTail).toContain('"HUB_TOKEN":"[redacted]"');
});

test.each(wrongSettings)("a service with %s does not start, and says why", async (_, settings, reason) => {
  const { code, output } = await canaries.startWith(story, settings);
  expect(code).toBe(1);
  expect(output).toMatch(reason);
});

test("after all of that, good data still become a serving model", async () => {
  const cascade = await story.arrive("shots", { rows: 3000, seed: 1, from });
  const { data } = await story.expect(RolloutCompletedV1, ({ correlationId }) => correlationId === cascade);
  expect(data.version).toBe(1);
});

test("no secret is in any log, event, table or artifact", async () => {
  const { leaks, places } = await canaries.look(story);
  for (const place of [
    /logs\/training-1\.log$/,
    /artifacts\/sha256\//,
    /nats\/.*\.log$/,
    /^events$/,
    /^table training\.outbox$/,
    /^table ingestion\.dead_letters$/,
    /^progress$/,
    /^output 5 of a service$/,
  ]) {
    expect(places).toContainEqual(expect.stringMatching(place));
  }
  expect(leaks).toEqual([]);
});
