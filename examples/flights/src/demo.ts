import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  follow,
  formatDuration,
  openSession,
  predict,
  type Screen,
  type Session,
  screenOf,
} from "@cascade/cli";
import {
  DataArrivedV2,
  DriftDetectedV1,
  EvaluationPassedV1,
  LabelsArrivedV1,
  PipelineAppliedV1,
  PipelineSubmittedV1,
  RolloutCompletedV1,
} from "@cascade/contracts";
import { freePorts, type Stack, startStack } from "@cascade/stack";
import { createColors } from "picocolors";
import { EventLog, StoryError } from "./event-log.ts";
import { type Flight, firstWeeks, laterWeeks, prepareWeeks, sampleFlights } from "./prepare-data.ts";
import { summarise } from "./summary.ts";

const usage = `npm run demo [-- OPTIONS]

Real flights of 2001 land, a model is trained and serves; the spring is another world than January was,
and the system notices, retrains and redeploys by itself.

  --processes   a process per service instead of one for all
  --keep        keep the data directory and say where it is
  --help        this text
`;

const pipeline = "flight-delays";
const liveFlights = 40_000;
const rowsPerRequest = 1000;
const labelsPerEvent = 2000;
const stepTimeoutMs = 45_000;

interface Scene {
  readonly stack: Stack;
  readonly session: Session;
  readonly log: EventLog;
  readonly screen: Screen;
  readonly directory: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      processes: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const startedAt = performance.now();
  const colors = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);
  const screen = screenOf(process.stdout, colors);
  const directory = await mkdtemp(join(tmpdir(), "cascade-demo-"));
  let broken: (error: Error) => void = () => {};
  const breakdown = new Promise<never>((_, reject) => {
    broken = reject;
  });
  try {
    await using cleanup = new AsyncDisposableStack();
    const stack = await startStack({
      directory,
      ports: freePorts,
      processes: values.processes,
      onProgress: (message) => screen.write(colors.dim(`… ${message}\n`)),
      onExit: (what, reason) => broken(new StoryError(`${what} ended by itself: ${reason}`)),
    });
    cleanup.defer(() => stack.stop());
    const session = cleanup.use(await openSession(stack.accessAs("operator")));
    const log = new EventLog();
    const follower = follow({
      connection: session.connection,
      screen,
      since: "beginning",
      onEvent: (event) => log.add(event),
    });
    cleanup.defer(() => follower.stop());
    screen.write(`everything runs after ${formatDuration(performance.now() - startedAt)}\n`);
    await Promise.race([play({ stack, session, log, screen, directory }), breakdown]);
    screen.write(summarise(log.events, performance.now() - startedAt));
  } finally {
    if (values.keep) screen.write(`data are kept in ${directory}\n`);
    else await rm(directory, { recursive: true, force: true });
  }
}

async function play(scene: Scene): Promise<void> {
  const { session, log, screen, directory } = scene;
  const heading = (text: string) => screen.write(`\n${screen.colors.bold(text)}\n`);

  heading("The pipeline is applied");
  const text = await readFile(fileURLToPath(new URL("../pipeline.yaml", import.meta.url)), "utf8");
  await session.publish(
    PipelineSubmittedV1.create(pipeline, { text, fileName: "pipeline.yaml", by: "demo" }),
  );
  await log.expect(PipelineAppliedV1, stepTimeoutMs);

  heading("Three weeks of January land");
  const files = await prepareWeeks(firstWeeks, join(directory, "incoming"));
  await session.publish(
    DataArrivedV2.create(pipeline, {
      files: files.map((path) => ({ uri: pathToFileURL(path).href })),
      batch: "2001-W01..W03",
    }),
  );
  const laterFiles = await prepareWeeks(laterWeeks, join(directory, "live"));
  const flights = await sampleFlights(laterFiles, liveFlights, 7);
  await log.expect(RolloutCompletedV1, stepTimeoutMs, ({ version }) => version === 1);

  heading("The model answers");
  await showPredictions(scene, flights.slice(0, 3));

  heading(
    `Spring: ${liveFlights.toLocaleString("en-US")} flights ask for a prediction, and their true delays arrive`,
  );
  await playTraffic(scene, flights);
  await log.expect(DriftDetectedV1, stepTimeoutMs);
  const promoted = await log.expect(
    EvaluationPassedV1,
    stepTimeoutMs,
    ({ champion }) => champion !== undefined,
  );
  const canary = keepAsking(scene, flights);
  await log
    .expect(RolloutCompletedV1, stepTimeoutMs, ({ version }) => version === 2)
    .finally(() => canary.stop());

  heading("The new version answers");
  const versions = await showPredictions(scene, flights.slice(0, 3));
  if (versions.some((version) => version !== 2))
    throw new StoryError(`serving answered with version ${versions.join(", ")}`);
  const before = promoted.champion?.metrics.auc ?? Number.NaN;
  if (!((promoted.metrics.auc ?? Number.NaN) > before)) throw new StoryError("the new version is not better");
}

async function showPredictions({ stack, screen }: Scene, some: readonly Flight[]): Promise<number[]> {
  const answer = await predict(
    stack.urlOf("serving"),
    pipeline,
    some.map(({ row }) => row),
  );
  for (const [index, { prediction, probability, version }] of answer.predictions.entries()) {
    const { row, delayed } = some[index] ?? { row: {}, delayed: false };
    const sure = probability === undefined ? "" : `, probability ${probability.toFixed(3)}`;
    screen.write(
      `  ${row.origin} → ${row.destination} ${row.date}: delayed ${prediction}${sure} (version ${version}; in truth ${delayed})\n`,
    );
  }
  return answer.predictions.map(({ version }) => version);
}

/** Asks for every flight, in the order of departures, and tells the truth about each batch afterwards. */
async function playTraffic({ stack, session }: Scene, all: readonly Flight[]): Promise<void> {
  const labels: { predictionId: string; label: boolean }[] = [];
  for (let start = 0; start < all.length; start += rowsPerRequest) {
    const batch = all.slice(start, start + rowsPerRequest);
    const { predictions } = await predict(
      stack.urlOf("serving"),
      pipeline,
      batch.map(({ row }) => row),
    );
    for (const [index, { id }] of predictions.entries()) {
      labels.push({ predictionId: id, label: batch[index]?.delayed === true });
    }
    if (labels.length >= labelsPerEvent || start + rowsPerRequest >= all.length) {
      await session.publish(LabelsArrivedV1.create(pipeline, { labels: labels.splice(0) }));
    }
  }
}

/** A canary is judged by its answers, so traffic goes on while it is rolled out. */
function keepAsking({ stack }: Scene, all: readonly Flight[]): { stop(): Promise<void> } {
  let stopped = false;
  const asking = (async () => {
    for (let index = 0; !stopped; index = (index + 1) % all.length) {
      await predict(stack.urlOf("serving"), pipeline, [all[index]?.row]);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await asking;
    },
  };
}

await main().catch((error: unknown) => {
  const reason =
    error instanceof StoryError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`\nThe demo has failed: ${reason}\n`);
  process.exitCode = 1;
});
