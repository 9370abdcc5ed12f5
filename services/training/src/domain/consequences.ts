import { TrainingRunRequestedV1, TrainingRunSuppressedV1 } from "@cascade/contracts";
import type { Given, PlannedJob } from "@cascade/messaging";
import type { Answer, Considered } from "./consider.ts";
import { trainerName } from "./plan-run.ts";
import type { TriggerState } from "./trigger-state.ts";

/** The names of the jobs, here because the end of one may plan another. */
export const jobNames = {
  runTraining: "run-training",
  reconsiderWish: "reconsider-wish",
  considerTrigger: "consider-trigger",
  fireSchedule: "fire-schedule",
  lookAtCode: "look-at-code",
} as const;

export const policyEvents = [TrainingRunRequestedV1, TrainingRunSuppressedV1] as const;

/** A queued run gets its turn from the end of another one; until then no worker is to find it due. */
const untilItsTurn = new Date("9999-12-31T00:00:00.000Z");

type RecordedAnswer = Answer & { readonly decisionId: string; readonly decidedAt: Date };

/** What follows from the policy's answers: events for people, jobs for us, rows to keep. */
export interface PolicyConsequences {
  readonly events: ReturnType<typeof eventOf>[];
  readonly jobs: readonly PlannedJob[];
  readonly state: TriggerState;
  readonly answers: readonly RecordedAnswer[];
}

export function consequencesOf(pipeline: string, considered: Considered, given: Given): PolicyConsequences {
  const { state, answers, timer } = considered;
  const jobs: PlannedJob[] = answers.flatMap((answer) =>
    answer.kind === "started"
      ? [
          {
            job: jobNames.runTraining,
            payload: answer.run,
            key: answer.run.runId,
            ...(answer.queue === undefined ? {} : { notBefore: untilItsTurn }),
          },
        ]
      : [],
  );
  if (timer !== undefined) {
    const { wishEventId, at } = timer;
    // A key of its own: the same wish may need a second timer for the same moment where clocks differ.
    jobs.push({ job: jobNames.reconsiderWish, payload: { wishEventId }, key: given.newId(), notBefore: at });
  }
  return {
    events: answers.map((answer) => eventOf(pipeline, answer)),
    jobs,
    state,
    answers: answers.map((answer) => ({ ...answer, decisionId: given.newId(), decidedAt: given.now })),
  };
}

function eventOf(pipeline: string, answer: Answer) {
  if (answer.kind === "suppressed") {
    const { trigger, reason, message, pending } = answer;
    return TrainingRunSuppressedV1.create(pipeline, { trigger, reason, message, pending });
  }
  const { runId, trigger, snapshotId, trainer, newRows } = answer.run;
  return TrainingRunRequestedV1.create(pipeline, {
    runId,
    trigger,
    snapshotId,
    trainer: trainerName(trainer),
    newRows,
    ...(answer.queue === undefined ? {} : { queue: answer.queue }),
  });
}
