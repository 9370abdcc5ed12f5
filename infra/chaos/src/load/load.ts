import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  DataArrivedV2,
  LabelsArrivedV1,
  PipelineSubmittedV1,
  RetrainingRequestedV1,
} from "@cascade/contracts";
import type { HostedService } from "@cascade/stack";
import type { Random } from "@cascade/testing/random";
import { v7 as uuidv7 } from "uuid";
import type { Ending, Intent, Journal } from "../journal/journal.ts";
import type { RunSettings } from "../settings.ts";
import type { World } from "../world/world.ts";
import { makeRow, type PipelineChange, pipelineText, truthOf, writeBatch } from "./data.ts";
import type { Outside, OutsideEvent } from "./outside.ts";
import { askReplica } from "./predict.ts";
import { type Loop, startLoop } from "./start-loop.ts";

export interface Load {
  /** Starts to use the system. */
  begin(): void;
  /** When serving has answered last; 0 before the first answer. */
  answeredAt(): number;
  /** Ends all loops and waits for what is under way. */
  stop(): Promise<void>;
  /** Lands one new batch on a pipeline, and repeats the announcement until the broker has confirmed it. */
  arriveSurely(pipeline: string): Promise<string>;
  /** Submits the present pipeline files until each is confirmed. */
  submitAll(): Promise<void>;
  /** Asks one replica for a last answer; returns the version that gave it. */
  askOnce(serving: HostedService, pipeline: string): Promise<number | undefined>;
  /** Says again all that was confirmed since a moment, with the same ids, as a sender must whose broker has forgotten. */
  publishAgain(since: number): Promise<number>;
}

export interface LoadOptions {
  readonly world: Pick<World, "directory" | "replicas">;
  readonly outside: Outside;
  readonly journal: Journal;
  readonly random: Random;
  readonly settings: RunSettings;
}

interface Sent extends OutsideEvent {
  readonly intent: Intent;
  readonly confirmedAt: number;
}

const repeatShare = 0.35;
const sameBytesShare = 0.15;
const repeatedAtOnceMs = 200;

/** Uses the system as outside systems, people and callers do, all at once, and keeps a journal of it. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { world, outside, journal, settings } = options;
  const { pipelines, pace } = settings;
  const random = options.random.fork("load");
  const folder = join(world.directory, "data");
  await mkdir(folder, { recursive: true });
  const changes = new Map<string, PipelineChange>(
    pipelines.map((pipeline) => [pipeline, { seed: 1, minAuc: 0.6 }]),
  );
  const confirmed: Sent[] = [];
  const arrivals: { message: OutsideEvent; intent: Intent }[] = [];
  const unlabelled: { pipeline: string; id: string; label: boolean }[] = [];
  let batches = 0;
  let answeredAt = 0;
  let turn = 0;

  async function send(message: OutsideEvent, intent: Intent, unknown = false): Promise<boolean> {
    const end = await journal.intend({ ...intent, eventId: message.id });
    try {
      await outside.publish(message, { unknown });
    } catch (error) {
      await end({ outcome: "unknown", detail: error instanceof Error ? error.message : String(error) });
      return false;
    }
    confirmed.push({ ...message, intent, confirmedAt: Date.now() });
    await end({ outcome: "ok" });
    return true;
  }

  function submission(pipeline: string): OutsideEvent {
    const text = pipelineText(pipeline, changes.get(pipeline) ?? { seed: 1, minAuc: 0.6 });
    return { id: uuidv7(), event: PipelineSubmittedV1.create(pipeline, { text, by: "chaos" }) };
  }

  async function newArrival(pipeline: string): Promise<{ message: OutsideEvent; intent: Intent }> {
    batches += 1;
    const path = join(folder, `${pipeline}-${batches}.csv`);
    await writeBatch(path, batches, settings.rowsPerBatch, random);
    const event = DataArrivedV2.create(pipeline, { files: [{ uri: pathToFileURL(path).href }] });
    const arrival = {
      message: { id: uuidv7(), event },
      intent: { kind: "arrive" as const, pipeline, content: path },
    };
    arrivals.push(arrival);
    return arrival;
  }

  /** Mostly new data, sometimes the same event once more, sometimes the same bytes under another id. */
  async function arrive(): Promise<void> {
    const chance = random.next();
    const known = arrivals.length === 0 ? undefined : random.pick(arrivals);
    if (known !== undefined && chance < repeatShare) {
      await send(known.message, known.intent, random.next() < 0.5);
    } else if (known !== undefined && chance < repeatShare + sameBytesShare) {
      await send({ ...known.message, id: uuidv7() }, known.intent);
    } else {
      await sendArrival(await newArrival(random.pick(pipelines)));
    }
  }

  async function pulse(): Promise<void> {
    const pipeline = pipelines[turn++ % pipelines.length] ?? "north";
    await send(submission(pipeline), { kind: "submit", pipeline });
  }

  /** A person asks for a training run, or changes the pipeline so that one follows. */
  async function request(): Promise<void> {
    const pipeline = random.pick(pipelines);
    const change = changes.get(pipeline);
    if (random.next() < 0.5 && change !== undefined) {
      changes.set(pipeline, { seed: change.seed + 1, minAuc: random.pick([0.55, 0.6, 0.65]) });
      await send(submission(pipeline), { kind: "submit", pipeline });
      return;
    }
    const event = RetrainingRequestedV1.create(pipeline, { by: "chaos", reason: "to see it" });
    await send({ id: uuidv7(), event }, { kind: "retrain", pipeline });
  }

  async function ask(serving: HostedService, pipeline: string): Promise<Ending> {
    const rows = Array.from({ length: random.between(1, 4) }, () => makeRow(random, new Date()));
    const asked = rows.map((row) => ({ pipeline, id: uuidv7(), label: truthOf(row, random) }));
    const ids = asked.map(({ id }) => id);
    const end = await journal.intend({
      kind: "predict",
      pipeline,
      replica: serving.replica,
      predictionIds: ids,
    });
    const ending = await askReplica(serving.url, pipeline, rows, ids);
    if (ending.outcome === "ok") {
      unlabelled.push(...asked);
      answeredAt = Date.now();
    }
    await end(ending);
    return ending;
  }

  async function predict(): Promise<void> {
    const serving = world.replicas().filter(({ name }) => name === "serving");
    await ask(random.pick(serving), random.pick(pipelines));
  }

  async function label(): Promise<void> {
    const pipeline = random.pick(pipelines);
    const labels = unlabelled.filter((one) => one.pipeline === pipeline).slice(0, 100);
    if (labels.length === 0) return;
    const event = LabelsArrivedV1.create(pipeline, {
      labels: labels.map(({ id, label: truth }) => ({ predictionId: id, label: truth })),
    });
    const predictionIds = labels.map(({ id }) => id);
    const sent = await send({ id: uuidv7(), event }, { kind: "label", pipeline, predictionIds });
    // Not confirmed: told again in another event, which the first label of a prediction makes harmless.
    if (sent) for (const one of labels) unlabelled.splice(unlabelled.indexOf(one), 1);
  }

  let loops: readonly Loop[] = [];
  const firstArrivals: Promise<unknown>[] = [];
  const sendArrival = ({ message, intent }: { message: OutsideEvent; intent: Intent }) =>
    send(message, intent);

  async function surely(message: OutsideEvent, intent: Intent): Promise<void> {
    while (!(await send(message, intent))) {
      await new Promise((resolve) => setTimeout(resolve, repeatedAtOnceMs));
    }
  }

  return {
    begin: () => {
      loops = [
        startLoop(pace.pulseMs, pulse),
        startLoop(pace.arrivalMs, arrive),
        startLoop(pace.predictionMs, predict),
        startLoop(pace.labelMs, label),
        startLoop(pace.requestMs, request),
      ];
      // Each pipeline has something to serve as soon as can be.
      for (const pipeline of pipelines) firstArrivals.push(newArrival(pipeline).then(sendArrival));
    },
    answeredAt: () => answeredAt,
    stop: async () => {
      await Promise.all(firstArrivals);
      await Promise.all(loops.map((loop) => loop.stop()));
    },
    arriveSurely: async (pipeline) => {
      const { message, intent } = await newArrival(pipeline);
      await surely(message, intent);
      return message.id;
    },
    submitAll: async () => {
      for (const pipeline of pipelines) await surely(submission(pipeline), { kind: "submit", pipeline });
    },
    askOnce: async (serving, pipeline) => (await ask(serving, pipeline)).version,
    publishAgain: async (since) => {
      const again = confirmed.filter(({ confirmedAt }) => confirmedAt >= since);
      for (const { intent, ...message } of again) await surely(message, intent);
      return again.length;
    },
  };
}
