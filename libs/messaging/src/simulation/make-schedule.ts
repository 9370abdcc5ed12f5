import { type Random, randomFrom } from "@cascade/testing/random";
import { type Behaviour, behaviours, type Schedule, type Step } from "./schedule.ts";

const loadMs = 8000;
const pipelines = ["flights", "birds"];

/** Draws a schedule: a few events of every sort, and a few of every kind of fault while they are handled. */
export function makeSchedule(seed: number): Schedule {
  const random = randomFrom(seed);
  const replicas = random.pick([1, 2, 2]);
  const steps = [...arrivals(random.fork("load")), ...faults(random.fork("faults"), replicas)];
  return { seed, replicas, steps };
}

function arrivals(random: Random): Step[] {
  const count = random.between(4, 12);
  const usual: readonly Behaviour[] = ["effect", "effect", "job", "slow-job"];
  return Array.from({ length: count }, (_, n) => ({
    kind: "arrive",
    at: random.next() * loadMs,
    event: n + 1,
    pipeline: random.pick(pipelines),
    behaviour: random.pick(random.next() < 0.5 ? usual : behaviours),
  }));
}

const faultMakers: readonly ((random: Random, replica: number) => Step)[] = [
  kill,
  kill,
  (random, replica) => ({
    kind: "freeze",
    at: time(random),
    replica,
    forMs: random.between(500, 7000),
  }),
  (random, replica) => ({
    kind: "stop",
    at: time(random),
    replica,
    backAfter: random.between(0, 3000),
  }),
  (random) => ({ kind: "duplicate-delivery", delivery: random.between(1, 25) }),
  (random) => ({ kind: "delay-delivery", delivery: random.between(1, 25), byMs: random.between(10, 6000) }),
  (random) => ({ kind: "lose-ack", ack: random.between(1, 25) }),
  (random) => ({ kind: "lose-publish", publish: random.between(1, 20), stored: random.next() < 0.5 }),
  (random) => ({ kind: "broker-outage", at: time(random), forMs: random.between(100, 6000) }),
  (random) => ({
    kind: "amnesia",
    at: time(random) + 1000,
    age: random.between(50, 6000),
    extent: random.pick(["whole", "whole", "messages"] as const),
    forMs: random.between(50, 3000),
  }),
  (random) => ({ kind: "delete-durable", at: time(random) }),
  (random) => ({
    kind: "delete-stream",
    at: time(random),
    stream: random.pick(["consumed", "own"] as const),
  }),
  (random) => ({ kind: "database-outage", at: time(random), forMs: random.between(100, 4000) }),
  (random) => ({ kind: "lose-commit-answer", commit: random.between(1, 30) }),
  (random) => ({ kind: "fail-statement", statement: random.between(1, 300) }),
];

function faults(random: Random, replicas: number): Step[] {
  return Array.from({ length: random.between(0, 6) }, () =>
    random.pick(faultMakers)(random, random.between(0, replicas - 1)),
  );
}

function kill(random: Random, replica: number): Step {
  return {
    kind: "kill",
    replica,
    call: random.between(1, 400),
    moment: random.pick(["dies-before", "dies-after"] as const),
    backAfter: random.between(100, 3000),
  };
}

function time(random: Random): number {
  return random.next() * loadMs * 1.2;
}
