import { DatasetIngestedV1, streamOf } from "@cascade/contracts";
import { randomFrom } from "@cascade/testing/random";
import { noLog, noMetrics } from "../observer.ts";
import { type Runtime, startRuntime } from "../runtime/start-runtime.ts";
import { MessagingSettings } from "../settings.ts";
import { loadEvent } from "./load-event.ts";
import type { Behaviour, Schedule, Step } from "./schedule.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { createBroker, type SimBroker } from "./sim-broker.ts";
import { createDatabase, type SimDatabase } from "./sim-database.ts";
import { createProcess, type SimProcess } from "./sim-process.ts";
import { simulatedService } from "./simulated-service.ts";

export const simSettings = MessagingSettings.parse({
  ackWaitMs: 3000,
  attemptsMax: 10,
  retryMaxMs: 3000,
  publishTimeoutMs: 2000,
  sweepIntervalMs: 1000,
  jobPollIntervalMs: 1000,
  consumerCheckIntervalMs: 3000,
  streamCheckIntervalMs: 3000,
});

/** After this time nothing goes wrong any more. */
export const healedAtMs = 20_000;

const epochMs = Date.UTC(2026, 0, 1);
const restartMs = 1000;

interface Replica {
  readonly number: number;
  calls: number;
  process: SimProcess | undefined;
  runtime: Runtime | undefined;
}

/** What is seen of a simulated world from outside. */
export interface SimWorld {
  readonly scheduler: Scheduler;
  readonly broker: SimBroker;
  readonly database: SimDatabase;
  /** Every event of the load that has been sent, with the time of the database at which it was. */
  readonly sent: ReadonlyMap<
    string,
    { readonly behaviour: Behaviour; readonly pipeline: string; readonly at: number }
  >;
  /** Everybody is up and has started. */
  isUp(): boolean;
  /** From now on, what was poison is handled. */
  mend(): void;
  /** What happened, in words; for people who look at a failure. */
  readonly story: readonly string[];
  /** How often each kind of step has come to pass. */
  readonly happened: ReadonlyMap<Step["kind"], number>;
}

type Of<Kind extends Step["kind"]> = Extract<Step, { kind: Kind }>;

/** Builds the world of a schedule, with everything that is going to happen to it. */
export function openSimWorld(schedule: Schedule): SimWorld {
  const random = randomFrom(schedule.seed).fork("world");
  const scheduler = createScheduler();
  const story: string[] = [];
  const tell = (what: string) => story.push(`${scheduler.now().toFixed(1).padStart(9)} ms  ${what}`);
  const happened = new Map<Step["kind"], number>();
  const play = (step: Step) => {
    happened.set(step.kind, (happened.get(step.kind) ?? 0) + 1);
    tell(JSON.stringify(step));
  };
  const isHealed = () => scheduler.now() >= healedAtMs;
  const stepsOf = <Kind extends Step["kind"]>(kind: Kind) =>
    schedule.steps.filter((step): step is Of<Kind> => step.kind === kind);

  /** Finds the step that is meant for this time that something happens. */
  const counted = <Kind extends Step["kind"]>(kind: Kind, numberOf: (step: Of<Kind>) => number) => {
    const byNumber = new Map(stepsOf(kind).map((step) => [numberOf(step), step]));
    let count = 0;
    return (): Of<Kind> | undefined => {
      count += 1;
      const step = isHealed() ? undefined : byNumber.get(count);
      if (step !== undefined) play(step);
      return step;
    };
  };
  const duplicate = counted("duplicate-delivery", ({ delivery }) => delivery);
  const delay = counted("delay-delivery", ({ delivery }) => delivery);
  const loseAck = counted("lose-ack", ({ ack }) => ack);
  const losePublish = counted("lose-publish", ({ publish }) => publish);
  const loseCommitAnswer = counted("lose-commit-answer", ({ commit }) => commit);
  const failStatement = counted("fail-statement", ({ statement }) => statement);

  const broker = createBroker(scheduler, epochMs, {
    ofPublish: () => {
      const step = losePublish();
      return step === undefined ? "none" : step.stored ? "answer-lost" : "not-stored";
    },
    ofDelivery: () => ({ duplicated: duplicate() !== undefined, delayMs: delay()?.byMs ?? 0 }),
    losesAck: () => loseAck() !== undefined,
  });
  const database = createDatabase(scheduler, epochMs, {
    failsStatement: () => failStatement() !== undefined,
    losesCommitAnswer: () => loseCommitAnswer() !== undefined,
  });

  const sent = new Map<string, { behaviour: Behaviour; pipeline: string; at: number }>();
  const tries = new Map<string, number>();
  let isMended = false;
  const behaviourOf = (eventId: string): Behaviour => {
    const behaviour = sent.get(eventId)?.behaviour ?? "effect";
    return isMended && behaviour === "poison" ? "effect" : behaviour;
  };

  const replicas = Array.from(
    { length: schedule.replicas },
    (_, number): Replica => ({
      number,
      calls: 0,
      process: undefined,
      runtime: undefined,
    }),
  );
  const kills = stepsOf("kill");
  let identifiers = 0;

  const start = (replica: Replica): void => {
    const name = `replica ${replica.number}`;
    tell(`${name} starts`);
    const process = createProcess({
      name,
      scheduler,
      random: random.fork(`${name} ${replica.calls}`),
      fate: () => {
        replica.calls += 1;
        const step = kills.find(({ replica: at, call }) => at === replica.number && call === replica.calls);
        if (step === undefined || isHealed()) return "lives";
        play(step);
        scheduler.after(step.backAfter, () => start(replica));
        return step.moment;
      },
    });
    replica.process = process;
    replica.runtime = undefined;
    run(process).then(
      (runtime) => {
        if (replica.process === process) replica.runtime = runtime;
      },
      (error: unknown) => {
        // As a real process ends when it cannot start, and is started again.
        tell(`${name} could not start: ${error}`);
        process.kill();
        scheduler.after(restartMs, () => start(replica));
      },
    );
  };

  const run = (process: SimProcess): Promise<Runtime> => {
    const { reactions, jobs } = simulatedService({
      behaviourOf,
      countTry: (what) => {
        const count = (tries.get(what) ?? 0) + 1;
        tries.set(what, count);
        return count;
      },
      sleep: (delayMs, signal) =>
        new Promise((resolve, reject) => {
          const cancel = process.clock.after(delayMs, resolve);
          signal.addEventListener("abort", () => {
            cancel();
            reject(signal.reason);
          });
        }),
    });
    return startRuntime({
      service: "validation",
      reactions,
      jobs,
      deps: {},
      ...database.connect(process),
      broker: broker.connect(process),
      clock: process.clock,
      settings: simSettings,
      log: noLog,
      metrics: noMetrics,
      crash: () => {},
      now: () => new Date(epochMs + Math.floor(scheduler.now())),
      newId: () => `id-${process.name.at(-1)}-${++identifiers}`,
    });
  };

  const stop = (replica: Replica, backAfter: number): void => {
    const { process, runtime } = replica;
    if (process === undefined || runtime === undefined || !process.isAlive()) return;
    runtime.stop().then(() => {
      tell(`replica ${replica.number} has stopped`);
      if (!process.isAlive()) return;
      process.kill();
      scheduler.after(backAfter, () => start(replica));
    });
  };

  // The sender has an outbox of its own, and publishes again what its stream has lost.
  const rows = new Map<string, ReturnType<typeof loadEvent>>();
  const sendAgain = () => {
    for (const row of rows.values()) broker.put(row);
  };

  const act: { readonly [Kind in Step["kind"]]?: (step: Of<Kind>) => void } = {
    arrive: ({ event, pipeline, behaviour }) => {
      const row = loadEvent(event, pipeline, behaviour);
      sent.set(row.eventId, { behaviour, pipeline, at: epochMs + scheduler.now() });
      rows.set(row.eventId, row);
      broker.put(row);
    },
    freeze: ({ replica, forMs }) => replicas[replica]?.process?.freeze(forMs),
    stop: ({ replica, backAfter }) => {
      const stopped = replicas[replica];
      if (stopped !== undefined) stop(stopped, backAfter);
    },
    "broker-outage": ({ forMs }) => broker.failFor(forMs),
    "database-outage": ({ forMs }) => database.failFor(forMs),
    "delete-durable": () => broker.deleteDurable(consumedStream, consumedDurable),
    "delete-stream": ({ stream }) => {
      broker.deleteStream(stream === "own" ? ownStream : consumedStream);
      scheduler.after(restartMs, sendAgain);
    },
    amnesia: ({ age, extent, forMs, at }) => {
      const copy = copies.get(`${at - age}`);
      if (copy === undefined) return;
      broker.restoreAfter(copy, forMs, extent);
      scheduler.after(forMs + restartMs, sendAgain);
    },
  };
  const copies = new Map<string, ReturnType<SimBroker["copy"]>>();
  for (const { at, age } of stepsOf("amnesia")) {
    scheduler.after(at - age, () => copies.set(`${at - age}`, broker.copy()));
  }
  for (const step of schedule.steps) {
    if (!("at" in step)) continue;
    scheduler.after(step.at, () => {
      play(step);
      (act[step.kind] as ((step: Step) => void) | undefined)?.(step);
    });
  }
  for (const replica of replicas) start(replica);

  return {
    scheduler,
    broker,
    database,
    sent,
    story,
    happened,
    isUp: () =>
      replicas.every(({ process, runtime }) => process?.isAlive() === true && runtime !== undefined),
    mend: () => {
      isMended = true;
    },
  };
}

export const consumedStream = streamOf(DatasetIngestedV1);
const consumedDurable = "validation_handle-on-dataset-ingested";
export const ownStream = "CASCADE_VALIDATION";
