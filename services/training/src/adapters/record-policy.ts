import type { Tx } from "@cascade/postgres";
import type { PolicyConsequences } from "../domain/consequences.ts";
import { insertAnswer, insertRun } from "./decision-log.ts";
import { saveTriggerState } from "./trigger-states.ts";

/** Keeps the state, the answers and the runs of one decision. */
export async function recordPolicy(
  { state, answers }: Pick<PolicyConsequences, "state" | "answers">,
  tx: Tx,
  pipeline: string,
): Promise<void> {
  await saveTriggerState(tx, pipeline, state);
  for (const answer of answers) {
    await insertAnswer(tx, pipeline, answer);
    if (answer.kind === "started") await insertRun(tx, pipeline, answer.run, answer.decidedAt);
  }
}
