import { PredictionsLoggedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { deleteEarlyLabels, findEarlyLabels } from "../adapters/labels.ts";
import { loadLabelFacts } from "../adapters/load-labels.ts";
import { loadScene, saveAlert } from "../adapters/pipelines.ts";
import { findKnownIds, insertPredictions } from "../adapters/predictions.ts";
import { recordLabelOutcome } from "../adapters/record-labels.ts";
import { addTally } from "../adapters/tallies.ts";
import { findVersions } from "../adapters/versions.ts";
import { findOpenWindows, insertClosedWindows, saveOpenWindow } from "../adapters/windows.ts";
import type { Deps } from "../deps.ts";
import { countPredictions } from "../domain/count-predictions.ts";
import { followLabels } from "../domain/follow-labels.ts";
import { watchEvents } from "../domain/watch-events.ts";
import { monitoringErrors } from "../errors.ts";
import { collectFeedback } from "../jobs/collect-feedback.ts";

export const watchOnPredictionsLogged = reaction({
  name: "watch-on-predictions-logged",
  on: PredictionsLoggedV1,
  emits: watchEvents,

  gather: async (_, { feedbackRowsMax }: Deps) => ({ feedbackRowsMax }),

  load: async ({ pipeline, data }, tx) => {
    const scene = await loadScene(tx, pipeline);
    // Without its window size nothing can be counted; the event that applies the pipeline may be on its way.
    const { policy } = scene;
    if (policy === undefined) throw monitoringErrors.pipelineUnknown(pipeline);
    const ids = data.predictions.map(({ id }) => id);
    const versions = data.predictions.map(({ version }) => version);
    const known = await findKnownIds(tx, pipeline, ids);
    const early = await findEarlyLabels(tx, pipeline, ids);
    const coming = Map.groupBy(
      data.predictions.filter(({ id }) => early.has(id) && !known.has(id)),
      ({ version }) => version,
    );
    const counts = new Map([...coming].map(([version, members]) => [version, members.length]));
    return {
      ...scene,
      policy,
      known,
      early,
      versions: await findVersions(tx, pipeline, versions),
      windows: await findOpenWindows(tx, pipeline, versions),
      labelFacts: await loadLabelFacts(tx, pipeline, policy, counts),
    };
  },

  decide({ pipeline, data }, facts) {
    const { policy, known, early, versions, windows, serving, alerts, labelFacts, newId, now } = facts;
    const counted = countPredictions(data.predictions, {
      pipeline,
      policy,
      known,
      versions,
      windows,
      serving,
      alert: alerts.drift,
      newId,
    });
    if (counted.fresh.length === 0 && data.dropped === 0) return ignore("ALREADY_COUNTED");
    const labelled = counted.fresh.flatMap((prediction) => {
      const { id, version, output, input } = prediction;
      const label = early.get(id);
      return label === undefined ? [] : [{ id, version, output, label, hasInput: input !== undefined }];
    });
    const followed = followLabels(labelled, {
      pipeline,
      policy,
      versions,
      serves: (version) => serving === undefined || serving.version === version,
      alert: alerts.quality,
      ...labelFacts,
      newId,
    });
    return {
      events: [...counted.events, ...followed.events],
      jobs:
        followed.batch === undefined
          ? []
          : [collectFeedback.plan(followed.batch, { key: followed.batch.batchId })],
      counted,
      followed,
      joined: labelled.map(({ id }) => id),
      predictions: counted.fresh.map((prediction) => {
        const label = early.get(prediction.id);
        return label === undefined ? prediction : { ...prediction, label };
      }),
      now,
      rowsMax: facts.feedbackRowsMax,
    };
  },

  record: async ({ counted, followed, joined, predictions, now, rowsMax }, tx, { pipeline, data }) => {
    if (predictions.length > 0) insertPredictions(tx, pipeline, predictions);
    deleteEarlyLabels(tx, pipeline, joined);
    for (const [version, open] of counted.open) saveOpenWindow(tx, pipeline, version, open);
    if (counted.closed.length > 0) {
      insertClosedWindows(tx, pipeline, "drift", counted.closed, now);
      saveAlert(tx, pipeline, "drift", counted.alert, now);
    }
    await recordLabelOutcome(tx, pipeline, followed, { now, rowsMax });
    addTally(tx, pipeline, {
      predictions: predictions.length,
      dropped: data.dropped,
      labelsJoined: joined.length,
    });
  },
});
