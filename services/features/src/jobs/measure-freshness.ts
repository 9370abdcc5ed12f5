import { FeatureViewFreshnessMeasuredV1, FeatureViewOutdatedV1 } from "@cascade/contracts";
import { job } from "@cascade/messaging";
import { findFreshness, saveFreshness } from "../adapters/freshness.ts";
import { type Freshness, judgeFreshness, Measurement } from "../domain/freshness.ts";

/** Tells how old the newest row of a pipeline is, and plans the next look at it. */
export const measureFreshness = job({
  name: "measure-freshness",
  payload: Measurement,
  emits: [FeatureViewFreshnessMeasuredV1, FeatureViewOutdatedV1],
  settings: { timeoutMs: 60_000, attempts: 10 },

  run: async () => ({}),

  load: async ({ pipeline }, tx) => ({ known: await findFreshness(tx, pipeline) }),

  finish: ({ pipeline, payload }, { known, now }) => {
    const judged = judgeFreshness(payload, known, now);
    if (judged === undefined) return { events: [], jobs: [], freshness: undefined };
    const { view, viewDigest, newestTime, limitMs } = payload;
    const { tell, ageSeconds, next, freshness } = judged;
    const data = { view, viewDigest, newestTime, ageSeconds, limitSeconds: limitMs / 1000 };
    const told = {
      age: () => [FeatureViewFreshnessMeasuredV1.create(pipeline, data)],
      stale: () => [FeatureViewOutdatedV1.create(pipeline, data)],
      nothing: () => [],
    };
    const again = { job: "measure-freshness", payload: { ...payload, isFirst: false }, notBefore: next };
    return {
      events: told[tell](),
      jobs: [{ ...again, key: `${payload.chain}/${next.toISOString()}` }],
      freshness: freshness as Freshness | undefined,
    };
  },

  fail: () => ({ events: [], jobs: [], freshness: undefined }),

  record: ({ freshness }, tx, { pipeline }) => {
    if (freshness !== undefined) saveFreshness(tx, pipeline, freshness);
  },
});
