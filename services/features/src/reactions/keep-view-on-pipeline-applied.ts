import { FeatureViewChangedV1, PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { listBatches } from "../adapters/batches.ts";
import { listHistories } from "../adapters/histories.ts";
import { type Joiner, listJoiners } from "../adapters/joiners.ts";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";
import { type ChangedView, changedViews, declaredViews } from "../domain/touched.ts";
import { sameTrainingSet, viewDigest, viewOf } from "../domain/view.ts";
import { buildTrainingSet } from "../jobs/build-training-set.ts";

/**
 * Keeps the view; where it has changed, the training set is built anew from all batches, and so are those of the
 * pipelines that join it.
 */
export const keepViewOnPipelineApplied = reaction({
  name: "keep-view-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [FeatureViewChangedV1],

  load: async ({ pipeline, data }, tx) => {
    const known = await findPipeline(tx, pipeline);
    const view = viewOf(data);
    const before =
      known && declaredViews(pipeline, known.view, await listHistories(tx, pipeline, known.view));
    return {
      known,
      before: before ?? [],
      joiners: await listJoiners(tx, pipeline, view),
      batches: await listBatches(tx, pipeline, viewDigest(view)),
      histories: await listHistories(tx, pipeline, view),
    };
  },

  decide({ id, pipeline, data }, { known, before, joiners, batches, histories }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    const view = viewOf(data);
    const applied = { version: data.version, view, viewDigest: viewDigest(view) };
    const changes = changedViews(before, declaredViews(pipeline, view, histories));
    const events = changes.flatMap((change) => tellTouched(pipeline, change, joiners));
    const jobs = joiners
      .filter(
        ({ views, build }) => build.batches.length > 0 && changes.some((one) => views.includes(one.view)),
      )
      // As work of the joiner: it must not end at the same time as the build of a batch of its own.
      .map(({ pipeline: of, build }) => buildTrainingSet.plan(build, { key: `${id}/${of}`, pipeline: of }));
    // Compared with what is known here and not only by `modelChanged`, which speaks of the version before:
    // that one may have been overtaken.
    const changed = data.modelChanged || known === undefined || !sameTrainingSet(known.view, view);
    if (!changed || batches.length === 0) return { events, jobs, applied };
    const build = {
      pipelineVersion: data.version,
      view,
      viewDigest: applied.viewDigest,
      newVersion: null,
      newRows: 0,
      batches,
      histories,
    };
    return { events, jobs: [buildTrainingSet.plan(build, { key: id }), ...jobs], applied };
  },

  record: ({ applied }, tx, { pipeline }) => savePipeline(tx, pipeline, applied),
});

/** Every pipeline that a change touches is told under its own name, this one first. */
function tellTouched(owner: string, change: ChangedView, joiners: readonly Joiner[]) {
  const others = joiners.filter(({ views }) => views.includes(change.view)).map(({ pipeline }) => pipeline);
  const pipelines = [owner, ...others].slice(0, touchedMax);
  return pipelines.map((pipeline) => FeatureViewChangedV1.create(pipeline, { owner, ...change, pipelines }));
}

// As many as an event has room for.
const touchedMax = 1000;
