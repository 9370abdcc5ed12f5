import { join } from "node:path";
import { DeadLetterRedriveRequestedV1, LabelsArrivedV1, PipelineSubmittedV1 } from "@cascade/contracts";
import { freePorts, type Stack, startStack } from "@cascade/stack";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { randomFrom } from "@cascade/testing/random";
import { v7 as uuidv7 } from "uuid";
import type { Evidence } from "../evidence/evidence.ts";
import { readArtifacts } from "../evidence/read-artifacts.ts";
import { readLeftovers } from "../evidence/read-leftovers.ts";
import { readServing } from "../evidence/read-serving.ts";
import { readDurables, readStreams } from "../evidence/read-streams.ts";
import { readTables, withClient } from "../evidence/read-tables.ts";
import { openJournal } from "../journal/journal.ts";
import { readJournal } from "../journal/read-journal.ts";
import { pipelineText } from "../load/data.ts";
import { startLoad } from "../load/load.ts";
import { type Outside, openOutside } from "../load/outside.ts";
import { openDeadLetters, untilPipelinesAreKnown, untilQuiet } from "../run/quiet.ts";
import { shortRun } from "../settings.ts";

/** What is left of a system that was used, quiet and stopped; servers still run, so that it can be tampered with. */
export interface PreparedWorld extends AsyncDisposable {
  readonly stack: Stack;
  readonly outside: Outside;
  /** What the live system said before it was stopped. */
  readonly served: Evidence["serving"];
  /** Reads it all; from other places where those are given. */
  evidence(from?: { readonly adminUrl?: string; readonly artifacts?: string }): Promise<Evidence>;
  /** A copy of the whole database under a name. */
  copyDatabase(name: string): Promise<string>;
}

const pipelines = ["north"];
const quietLimitMs = 60_000;

/** Runs the whole system in this process for a while, as the chaos runs use it but without any fault. */
export async function prepareWorld(): Promise<PreparedWorld> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(await temporaryDirectory());
  const stack = await startStack({
    directory: join(directory.path, "stack"),
    ports: freePorts,
    durable: false,
    environment: { CASCADE_RETRY_BASE_MS: "20", CASCADE_SERVING_IDLE_WINDOW_MS: "3600000" },
  });
  opened.defer(() => stack.stop());
  const outside = opened.use(await openOutside(stack));
  const journalPath = join(directory.path, "journal.jsonl");
  const journal = await openJournal(journalPath);
  const settings = {
    ...shortRun,
    pipelines,
    pace: { pulseMs: 500, arrivalMs: 1500, predictionMs: 50, labelMs: 300, requestMs: 2000 },
  };
  const world = { directory: directory.path, replicas: () => stack.services() };
  const load = await startLoad({ world, outside, journal, random: randomFrom(1), settings });
  const quiet = () =>
    untilQuiet({
      adminUrl: stack.postgresAdminUrl,
      connection: outside.overseer,
      limitMs: quietLimitMs,
    });

  await load.submitAll();
  await untilPipelinesAreKnown(stack.postgresAdminUrl, pipelines.length);
  await load.arriveSurely("north");
  await quiet();
  load.begin();
  await eventually(
    async () => (await readJournal(journalPath)).filter(({ kind }) => kind === "label").length >= 3,
    { describe: "some labels" },
  );
  await load.stop();
  await load.arriveSurely("north");
  await quiet();
  await setAsideAndRedrive(stack, outside);
  await quiet();
  const served = await readServing(
    stack.services().filter(({ name }) => name === "serving"),
    load.askOnce,
  );
  await quiet();
  await journal[Symbol.asyncDispose]();
  for (const service of stack.services()) await service.stop();

  const processes = { left: async () => [] };
  const owned = opened.move();
  return {
    stack,
    outside,
    served,
    evidence: async ({ adminUrl = stack.postgresAdminUrl, artifacts } = {}) => ({
      journal: await readJournal(journalPath),
      faults: [],
      tables: await readTables(adminUrl),
      messages: await readStreams(outside.connection),
      durables: await readDurables(outside.overseer),
      artifacts: await readArtifacts(artifacts ?? join(stack.directory, "artifacts")),
      serving: served,
      leftovers: await readLeftovers(stack.directory, adminUrl, processes),
    }),
    copyDatabase: async (name) => {
      await withClient(stack.postgresAdminUrl.replace(/\/postgres$/, "/template1"), (client) =>
        client.query(`create database ${name} template postgres`),
      );
      return stack.postgresAdminUrl.replace(/\/postgres$/, `/${name}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A dead letter that came to its effect: labels of a pipeline that was applied only after all attempts had failed. */
async function setAsideAndRedrive(stack: Stack, outside: Outside): Promise<void> {
  const event = LabelsArrivedV1.create("later", { labels: [{ predictionId: "unknown", label: true }] });
  await outside.publish({ id: uuidv7(), event });
  const letters = await eventually(
    async () => {
      const open = await openDeadLetters(stack.postgresAdminUrl);
      return open.length > 0 && open;
    },
    { describe: "a dead letter" },
  );
  await applyLater(outside);
  await untilPipelinesAreKnown(stack.postgresAdminUrl, pipelines.length + 1);
  for (const { service, deadLetterId, pipeline } of letters) {
    const request = DeadLetterRedriveRequestedV1.create(pipeline, { service, deadLetterId, by: "test" });
    await outside.publish({ id: uuidv7(), event: request });
  }
  await eventually(async () => (await openDeadLetters(stack.postgresAdminUrl)).length === 0, {
    describe: "the dead letter to be redriven",
  });
}

async function applyLater(outside: Outside): Promise<void> {
  const text = pipelineText("later", { seed: 1, minAuc: 0.6 });
  await outside.publish({ id: uuidv7(), event: PipelineSubmittedV1.create("later", { text, by: "test" }) });
}
