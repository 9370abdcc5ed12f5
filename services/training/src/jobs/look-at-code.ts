import { TrainerCodeChangedV1 } from "@cascade/contracts";
import { type JobContext, job } from "@cascade/messaging";
import { codeDigest } from "../adapters/code-digest.ts";
import { findCode, forgetTimers, saveCode } from "../adapters/code-looks.ts";
import { findTrainer } from "../adapters/trainer-program.ts";
import { findPipeline } from "../adapters/trigger-states.ts";
import type { ServiceDeps } from "../deps.ts";
import { CodeLook, judgeCode, type KnownCode } from "../domain/code-look.ts";
import { jobNames } from "../domain/consequences.ts";
import { commandLineOf, trainerName } from "../domain/plan-run.ts";
import { codeReason } from "../domain/reasons.ts";
import { nextLook } from "../domain/timers.ts";
import { considerTrigger } from "./consider-trigger.ts";

/** Looks at the training program of a pipeline, and tells where it is another one than before. */
export const lookAtCode = job({
  name: jobNames.lookAtCode,
  payload: CodeLook,
  emits: [TrainerCodeChangedV1],
  // Looks must not end because a disk or a database was away: an attempt that fails is followed by another for ever.
  settings: { timeoutMs: 600_000, attempts: Number.MAX_SAFE_INTEGER },

  run: async ({ trainer }, { config, log }: ServiceDeps, { signal, pipeline }: JobContext) => {
    const program = await findTrainer(trainer, config.trainersDirectory);
    const limits = { files: config.codeFilesMax, bytes: config.codeBytesMax };
    const found =
      typeof program === "string"
        ? { refusal: program }
        : await codeDigest(commandLineOf(trainer), program.sources, limits, signal);
    if ("digest" in found) return found;
    // A run will say so as an event; until there is one, somebody may be just about to put the program there.
    log.info({ pipeline, reason: found.refusal }, "a training program could not be looked at");
    return { digest: undefined };
  },

  load: async ({ pipeline }, tx) => ({
    known: await findCode(tx, pipeline),
    inForce: await findPipeline(tx, pipeline),
  }),

  finish: ({ pipeline, payload, result: { digest } }, { known, inForce, now, newId }) => {
    const jobs = nextLook(pipeline, payload, inForce?.version, now);
    if (digest === undefined) return { events: [], jobs, code: undefined };
    const judged = judgeCode(known, payload, digest);
    const code: KnownCode | undefined = judged.known;
    if (judged.changedFrom === undefined) return { events: [], jobs, code };
    const trainer = trainerName(payload.trainer);
    const changed = { trainer, codeDigest: digest, previousDigest: judged.changedFrom };
    const event = TrainerCodeChangedV1.create(pipeline, changed);
    const trigger = { kind: "code-change", reason: codeReason(changed) } as const;
    const decision = considerTrigger.plan(trigger, { key: newId(), follows: event });
    return { events: [event], jobs: [decision, ...jobs], code };
  },

  fail: () => ({ events: [], jobs: [], code: undefined }),

  record: ({ code }, tx, { pipeline }) => {
    if (code !== undefined) saveCode(tx, pipeline, code);
    forgetTimers(tx, jobNames.lookAtCode, pipeline);
  },
});
