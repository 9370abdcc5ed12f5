import { DatasetIngestedV1, DatasetRejectedV1 } from "@cascade/contracts";
import { z } from "zod";
import { job } from "../job.ts";
import { reaction } from "../reaction.ts";
import { insertEffect, rejected } from "./world-for-test.ts";

/** Long work in miniature: its effect is a row, its outcome an event. */
export const effectJob = job({
  name: "record-effect",
  payload: z.object({ eventId: z.string(), datasetVersion: z.string() }),
  emits: [DatasetRejectedV1],
  settings: { timeoutMs: 10_000, attempts: 3 },
  run: async ({ datasetVersion }) => ({ datasetVersion }),
  finish: ({ pipeline, payload, result }) => ({
    eventId: payload.eventId,
    events: [rejected(pipeline, result.datasetVersion)],
  }),
  fail: ({ pipeline, payload }) => ({
    eventId: payload.eventId,
    events: [rejected(pipeline, `failed ${payload.datasetVersion}`)],
  }),
  record: ({ eventId }, tx) => insertEffect(tx, eventId),
});

export const jobReactions = [
  reaction({
    name: "plan-effect-on-dataset-ingested",
    on: DatasetIngestedV1,
    emits: [],
    decide: ({ id, data }) => ({
      jobs: [effectJob.plan({ eventId: id, datasetVersion: data.datasetVersion }, { key: id })],
    }),
  }),
];
