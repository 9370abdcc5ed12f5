import {
  type DataOf,
  FeatureViewChangedV1,
  FeatureViewFailedV1,
  FeatureViewFreshnessMeasuredV1,
  FeatureViewMaterializedV1,
  FeatureViewOutdatedV1,
  PipelineAppliedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";

type Applied = DataOf<typeof PipelineAppliedV1>["spec"];

export interface ShownView {
  readonly pipeline: string;
  readonly view: string;
  readonly entity: readonly string[];
  readonly shared: boolean;
  /** Pipelines whose models see it: a change of the view touches them. */
  readonly pipelines: readonly string[];
  /** The version of the newest training set, where it is the view that the model sees. */
  readonly viewDigest?: string;
  readonly rows?: number;
  readonly changed?: { readonly at: string; readonly from: string; readonly to: string };
  readonly newestTime?: string;
  readonly ageSeconds?: number;
  readonly outdated?: boolean;
  readonly problem?: string;
}

/** What the stored events say of a view, for each pipeline that declares one of the name. */
export function foldView(events: readonly StoredEvent[], view: string): ShownView[] {
  const applied = newestOf(
    events,
    PipelineAppliedV1.type,
    (data) => PipelineAppliedV1.schema.parse(data).spec,
  );
  return [...applied]
    .flatMap(([pipeline, { value: spec }]) => {
      const declared = declaredView(spec, view);
      return declared === undefined
        ? []
        : [{ pipeline, view, ...declared, ...usersOf(pipeline, view, applied) }];
    })
    .map((shown) => ({ ...shown, ...toldOf(events, shown.pipeline, view) }))
    .sort((a, b) => (a.pipeline < b.pipeline ? -1 : 1));
}

function declaredView({ features }: Applied, view: string) {
  const found =
    features.view === view
      ? features
      : Object.hasOwn(features.views ?? {}, view)
        ? features.views?.[view]
        : undefined;
  return found && { entity: found.entity ?? [], shared: found.shared ?? false };
}

function usersOf(owner: string, view: string, applied: Newest<Applied>) {
  const joins = (pipeline: string, { features }: Applied) =>
    (pipeline === owner && features.view === view) ||
    (features.joins ?? []).some((join) => join.view === view && (join.pipeline ?? pipeline) === owner);
  return { pipelines: [...applied].flatMap(([name, { value }]) => (joins(name, value) ? [name] : [])) };
}

function toldOf(events: readonly StoredEvent[], pipeline: string, view: string): Partial<ShownView> {
  const own = events.filter(({ envelope }) => envelope.subject === pipeline);
  const last = <T>(
    definition: { type: string; schema: { parse(data: unknown): T } },
    where: (data: T) => boolean,
  ) => newestOf(own, definition.type, (data) => definition.schema.parse(data), where).get(pipeline);
  const built = last(FeatureViewMaterializedV1, ({ trainingSet }) => trainingSet.view === view)?.value;
  const changed = last(FeatureViewChangedV1, (data) => data.owner === pipeline && data.view === view);
  const measured = last(FeatureViewFreshnessMeasuredV1, (data) => data.view === view);
  const outdated = last(FeatureViewOutdatedV1, (data) => data.view === view);
  const age = measured !== undefined && measured.at > (outdated?.at ?? "") ? measured : outdated;
  const failed = last(FeatureViewFailedV1, () => true)?.value;
  return {
    ...(built && { viewDigest: built.trainingSet.viewDigest, rows: built.totalRows }),
    ...(changed && {
      changed: { at: changed.at, from: changed.value.previousDigest, to: changed.value.viewDigest },
    }),
    ...(age && {
      newestTime: age.value.newestTime,
      ageSeconds: age.value.ageSeconds,
      outdated: age.value.ageSeconds > age.value.limitSeconds,
    }),
    ...(failed && { problem: `${failed.problem.code}: ${failed.problem.message}` }),
  };
}

type Newest<T> = Map<string, { readonly value: T; readonly at: string }>;

/** The newest event of a type for each pipeline; events are in the order in which they were stored. */
function newestOf<T>(
  events: readonly StoredEvent[],
  type: string,
  read: (data: unknown) => T,
  where: (data: T) => boolean = () => true,
): Newest<T> {
  const newest: Newest<T> = new Map();
  for (const { envelope, data, storedAt } of events) {
    if (envelope.type !== type) continue;
    const value = read(data);
    if (where(value)) newest.set(envelope.subject, { value, at: storedAt.toISOString() });
  }
  return newest;
}
