import { z } from "zod";

/** What an event of the load does to the service that handles it. */
export const behaviours = [
  "effect",
  "gathered-effect",
  "ignored",
  "fails-twice",
  "poison",
  "rejected",
  "undecodable",
  "of-the-future",
  "job",
  "slow-job",
  "job-fails-twice",
  "job-always-fails",
] as const;
export type Behaviour = (typeof behaviours)[number];

const ms = z.number().nonnegative();
const nth = z.number().int().positive();
const replica = z.number().int().nonnegative();

/** One step of a schedule: at a time, or at the nth time that something happens. All times in milliseconds. */
export const Step = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("arrive"),
    at: ms,
    event: nth,
    pipeline: z.string(),
    behaviour: z.enum(behaviours),
  }),
  z.object({
    kind: z.literal("kill"),
    replica,
    call: nth,
    moment: z.enum(["dies-before", "dies-after"]),
    backAfter: ms,
  }),
  z.object({ kind: z.literal("freeze"), at: ms, replica, forMs: ms }),
  z.object({ kind: z.literal("stop"), at: ms, replica, backAfter: ms }),
  z.object({ kind: z.literal("duplicate-delivery"), delivery: nth }),
  z.object({ kind: z.literal("delay-delivery"), delivery: nth, byMs: ms }),
  z.object({ kind: z.literal("lose-ack"), ack: nth }),
  z.object({ kind: z.literal("lose-publish"), publish: nth, stored: z.boolean() }),
  z.object({ kind: z.literal("broker-outage"), at: ms, forMs: ms }),
  z.object({
    kind: z.literal("amnesia"),
    at: ms,
    /** How old the copy is that the broker comes back with. */
    age: ms,
    extent: z.enum(["whole", "messages"]),
    forMs: ms,
  }),
  z.object({ kind: z.literal("delete-durable"), at: ms }),
  z.object({ kind: z.literal("delete-stream"), at: ms, stream: z.enum(["consumed", "own"]) }),
  z.object({ kind: z.literal("database-outage"), at: ms, forMs: ms }),
  z.object({ kind: z.literal("lose-commit-answer"), commit: nth }),
  z.object({ kind: z.literal("fail-statement"), statement: nth }),
]);
export type Step = z.infer<typeof Step>;

/** Everything that decides how a simulated world goes; the same schedule always goes the same way. */
export const Schedule = z.object({
  seed: z.number().int().nonnegative(),
  replicas: z.number().int().positive(),
  steps: z.array(Step),
});
export type Schedule = z.infer<typeof Schedule>;
