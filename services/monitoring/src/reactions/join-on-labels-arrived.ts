import { LabelsArrivedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { findEarlyLabels, joinLabels, keepEarlyLabels } from "../adapters/labels.ts";
import { loadLabelFacts } from "../adapters/load-labels.ts";
import { loadScene } from "../adapters/pipelines.ts";
import { findPredictions } from "../adapters/predictions.ts";
import { recordLabelOutcome } from "../adapters/record-labels.ts";
import { addTally } from "../adapters/tallies.ts";
import { findVersions } from "../adapters/versions.ts";
import type { Deps } from "../deps.ts";
import { followLabels } from "../domain/follow-labels.ts";
import { joinArrivedLabels } from "../domain/join-labels.ts";
import { watchEvents } from "../domain/watch-events.ts";
import { monitoringErrors } from "../errors.ts";
import { collectFeedback } from "../jobs/collect-feedback.ts";

const idsLogged = 10;

export const joinOnLabelsArrived = reaction({
  name: "join-on-labels-arrived",
  on: LabelsArrivedV1,
  emits: watchEvents,

  gather: async (_, { feedbackRowsMax, log }: Deps) => ({ feedbackRowsMax, log }),

  load: async ({ pipeline, data }, tx) => {
    const scene = await loadScene(tx, pipeline);
    const { policy } = scene;
    if (policy === undefined) throw monitoringErrors.pipelineUnknown(pipeline);
    const ids = data.labels.map(({ predictionId }) => predictionId);
    const candidates = await findPredictions(tx, pipeline, ids);
    const labels = joinArrivedLabels(data.labels, candidates, await findEarlyLabels(tx, pipeline, ids));
    const byVersion = Map.groupBy(labels.joined, ({ version }) => version);
    const coming = new Map([...byVersion].map(([version, members]) => [version, members.length]));
    return {
      ...scene,
      policy,
      labels,
      versions: await findVersions(tx, pipeline, [...coming.keys()]),
      labelFacts: await loadLabelFacts(tx, pipeline, policy, coming),
    };
  },

  decide({ pipeline }, facts) {
    const { policy, versions, serving, alerts, labels, labelFacts, newId, now } = facts;
    const followed = followLabels(labels.joined, {
      pipeline,
      policy,
      versions,
      serves: (version) => serving === undefined || serving.version === version,
      alert: alerts.quality,
      ...labelFacts,
      newId,
    });
    const { batch } = followed;
    return {
      events: followed.events,
      jobs: batch === undefined ? [] : [collectFeedback.plan(batch, { key: batch.batchId })],
      labels,
      followed,
      now,
      rowsMax: facts.feedbackRowsMax,
      log: facts.log,
    };
  },

  record: async ({ labels, followed, now, rowsMax, log }, tx, { id, pipeline }) => {
    const { joined, early, repeated, conflicting } = labels;
    await joinLabels(
      tx,
      pipeline,
      joined.map((member) => ({ predictionId: member.id, label: member.label })),
    );
    keepEarlyLabels(tx, pipeline, early);
    await recordLabelOutcome(tx, pipeline, followed, { now, rowsMax });
    addTally(tx, pipeline, {
      labelsJoined: joined.length,
      labelsEarly: early.length,
      labelsRepeated: repeated,
      labelsConflicting: conflicting.length,
    });
    if (conflicting.length > 0) {
      const some = conflicting.slice(0, idsLogged);
      log.warn(
        { pipeline, eventId: id, conflicting: conflicting.length, predictionIds: some },
        "labels differ from the first ones, which stay",
      );
    }
  },
});
