import type { Evidence } from "../evidence/evidence.ts";
import { checkArrivals } from "./check-arrivals.ts";
import { checkArtifacts } from "./check-artifacts.ts";
import { checkDeadLetters } from "./check-dead-letters.ts";
import { checkEffects } from "./check-effects.ts";
import { checkFailures } from "./check-failures.ts";
import { checkInboxes } from "./check-inboxes.ts";
import { checkLeftovers } from "./check-leftovers.ts";
import { checkLineage } from "./check-lineage.ts";
import { checkOutboxes } from "./check-outboxes.ts";
import { checkPredictions } from "./check-predictions.ts";
import { checkProjections } from "./check-projections.ts";
import { checkPromotions } from "./check-promotions.ts";
import { checkServing } from "./check-serving.ts";
import type { Check, Verdict } from "./verdict.ts";

const checks: readonly Check[] = [
  checkArrivals,
  checkOutboxes,
  checkEffects,
  checkInboxes,
  checkPromotions,
  checkLineage,
  checkServing,
  checkArtifacts,
  checkProjections,
  checkLeftovers,
  checkDeadLetters,
  checkFailures,
  checkPredictions,
];

export function checkAll(evidence: Evidence): Verdict[] {
  return checks.map((check) => check(evidence));
}
