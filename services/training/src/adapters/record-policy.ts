import type { Transaction } from "@cascade/postgres";
import type { PolicyConsequences } from "../domain/consequences.ts";
import { insertAnswer, insertRun } from "./decision-log.ts";
import { saveTriggerState } from "./trigger-states.ts";

/** Keeps the state, the answers and the runs of one decision. */
export function recordPolicy(
  { state, answers }: Pick<PolicyConsequences, "state" | "answers">,
  tx: Transaction,
  pipeline: string,
): void {
  saveTriggerState(tx, pipeline, state);
  for (const answer of answers) {
    insertAnswer(tx, pipeline, answer);
    if (answer.kind !== "started") continue;
    const status = answer.queue === undefined ? "running" : "queued";
    insertRun(tx, pipeline, answer.run, status, answer.decidedAt);
  }
}
