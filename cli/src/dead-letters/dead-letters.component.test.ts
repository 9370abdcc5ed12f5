import { DatasetIngestedV1, DatasetRejectedV1, DeadLetterRecordedV1 } from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { breakableService } from "../testing/breakable-service.ts";
import { runCli } from "../testing/run-cli.ts";

let stack: AsyncDisposableStack;
let service: ServiceUnderTest;
let broken: Set<string>;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  broken = new Set(["red", "blue"]);
  const { path } = stack.use(await temporaryDirectory());
  service = stack.use(await startForTest(breakableService(broken, path)));
});
afterEach(() => stack.disposeAsync());

const cascade = (...words: string[]) => runCli(service.natsUrl, "dead-letters", ...words);

/** Publishes events of a pipeline that is broken and returns the ids of the dead letters they become. */
async function breakOn(pipeline: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const eventId = await service.publish(DatasetIngestedV1.create(pipeline, DatasetIngestedV1.example));
    const { data } = await service.nextEvent(DeadLetterRecordedV1, ({ data }) => data.event.id === eventId);
    ids.push(data.deadLetterId);
  }
  return ids;
}

const effects = () =>
  service.seen().filter(({ envelope }) => envelope.type === DatasetRejectedV1.type).length;

/** An event behind all others: once its effect is there, whatever was to come of them has come. */
async function settle(): Promise<void> {
  const id = await service.publish(DatasetIngestedV1.create("marker", DatasetIngestedV1.example));
  await service.nextEvent(DatasetRejectedV1, ({ correlationId }) => correlationId === id);
}

test("all of a filter is redriven once, also when two people ask at once and a third asks again", async () => {
  await breakOn("red", 3);
  const [blue] = await breakOn("blue", 1);
  broken.clear();

  const dry = await cascade("redrive", "--pipeline", "red", "--dry-run");
  expect(dry).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("3 dead letter(s) would be redriven."),
  });
  await settle();
  expect(effects()).toBe(1);

  const both = await Promise.all([
    cascade("redrive", "--pipeline", "red"),
    cascade("redrive", "--pipeline", "red"),
  ]);
  expect(both.map(({ exitCode, errors }) => [exitCode, errors])).toEqual([
    [0, ""],
    [0, ""],
  ]);
  const again = await cascade("redrive", "--pipeline", "red");
  expect(again).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("0 redriven, 0 redriven before"),
  });
  await settle();
  expect(effects()).toBe(1 + 3 + 1);

  const left = await runCli(service.natsUrl, "--json", "dead-letters", "list");
  expect(left.json()).toMatchObject({ deadLetters: [{ deadLetterId: blue, status: "open" }], more: 0 });
});

test("of ids that were redriven in part, the rest is redriven, each with a line of its own", async () => {
  const [first = "", second = ""] = await breakOn("red", 2);
  broken.clear();
  expect(await cascade("redrive", first)).toMatchObject({ exitCode: 0 });
  const run = await runCli(service.natsUrl, "--json", "dead-letters", "redrive", first, second, first);
  expect(run.exitCode).toBe(0);
  expect(run.json()).toMatchObject({
    dryRun: false,
    deadLetters: [
      { deadLetterId: first, status: "redriven-before" },
      { deadLetterId: second, status: "redriven", service: "validation", eventType: DatasetIngestedV1.type },
    ],
    redriven: 1,
    redrivenBefore: 1,
    failed: 0,
  });
  await settle();
  expect(effects()).toBe(3);
});

test("what fails again is told, and the rest is done all the same", async () => {
  const [red = ""] = await breakOn("red", 1);
  const [blue = ""] = await breakOn("blue", 1);
  broken.delete("blue");
  const run = await cascade("redrive", "--all");
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain(`${red} failed again: the code is wrong for red`);
  expect(run.output).toContain(`${blue} is redriven.`);
  expect(run.errors).toContain("1 redriven, 0 redriven before, 1 failed again");
  const shown = await cascade("show", red);
  expect(shown.output).toMatch(/rejected after 2 attempt\(s\), first at .*, last at /);
});

test("a service that is away is asked once, and does it when it is back", async () => {
  await breakOn("red", 3);
  broken.clear();
  await service.running.stop();
  const run = await cascade("redrive", "--service", "validation", "--timeout", "0.5");
  expect(run.exitCode).toBe(4);
  expect(run.output).toContain("is asked for, but validation has not answered in time");
  expect(run.errors).toContain("0 redriven, 0 redriven before, 0 failed again, 3 without an answer");
  await service.restart();
  await eventually(async () => effects() === 1, { describe: "the one that was asked for" });
});

test("a list goes on where the one before has ended, and says how many more there are", async () => {
  const ids = await breakOn("red", 3);
  const first = await cascade("list", "--limit", "2");
  expect(first.output).toContain(ids[0]);
  expect(first.output).not.toContain(ids[2]);
  expect(first.output).toContain(`1 more: the same with --after ${ids[1]}`);
  const rest = await cascade("list", "--limit", "2", "--after", ids[1] ?? "");
  expect(rest.output).toContain(ids[2]);
  expect(rest.output).not.toContain("more:");
});

test("a dead letter is shown with its bytes, its headers and the cascade it stopped", async () => {
  const [id = ""] = await breakOn("red", 1);
  const { output, exitCode } = await cascade("show", id);
  expect(exitCode).toBe(0);
  for (const part of [
    "service      validation, handler validate-on-dataset-ingested",
    "reason       rejected after 1 attempt(s), at ",
    "error        BROKEN: the code is wrong for red",
    `ce-type: ${DatasetIngestedV1.type}`,
    `payload      ${Buffer.byteLength(JSON.stringify(DatasetIngestedV1.example))} byte(s)`,
    "dataset.ingested",
    "└ dead-letter.recorded",
    `cascade dead-letters redrive ${id}`,
  ]) {
    expect(output).toContain(part);
  }
});

test("a filter that fits nothing is no failure, and an id that does not exist is one", async () => {
  expect(await cascade("redrive", "--reason", "undecodable")).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("0 redriven"),
  });
  expect(await cascade("redrive", "no-such-id")).toMatchObject({
    exitCode: 1,
    errors: expect.stringContaining("There is no dead letter no-such-id"),
  });
});
