import {
  FeatureViewChangedV1,
  FeatureViewFreshnessMeasuredV1,
  FeatureViewMaterializedV1,
  FeatureViewOutdatedV1,
  type NewEvent,
  PipelineAppliedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { expect, test } from "vitest";
import { foldView } from "./fold-view.ts";

const stored = (events: readonly NewEvent[]) =>
  events.map(
    ({ type, pipeline, data }, index) =>
      ({ envelope: { type, subject: pipeline }, data, storedAt: new Date(index * 1000) }) as StoredEvent,
  );
const { spec, ...applied } = PipelineAppliedV1.example;
const apply = (pipeline: string, features: object) =>
  PipelineAppliedV1.create(pipeline, {
    ...applied,
    spec: { ...spec, features: { ...spec.features, ...features } },
  });
const join = { view: "departures", pipeline: "flights", on: ["origin"], columns: { hours: "hour" } };

test("a view is shown with who would be touched by a change, its version and its age", () => {
  const { example } = FeatureViewMaterializedV1;
  const changed = { ...FeatureViewChangedV1.example, owner: "flights" };
  const events = stored([
    apply("flights", { entity: ["origin"], shared: true }),
    apply("crews", { view: "crews", joins: [join] }),
    apply("meals", { view: "meals" }),
    FeatureViewMaterializedV1.create("flights", example),
    FeatureViewChangedV1.create("flights", changed),
    FeatureViewOutdatedV1.create("flights", FeatureViewOutdatedV1.example),
    FeatureViewFreshnessMeasuredV1.create("flights", FeatureViewFreshnessMeasuredV1.example),
  ]);
  expect(foldView(events, "departures")).toEqual([
    {
      pipeline: "flights",
      view: "departures",
      entity: ["origin"],
      shared: true,
      pipelines: ["flights", "crews"],
      viewDigest: example.trainingSet.viewDigest,
      rows: example.totalRows,
      changed: { at: "1970-01-01T00:00:04.000Z", from: changed.previousDigest, to: changed.viewDigest },
      newestTime: FeatureViewFreshnessMeasuredV1.example.newestTime,
      ageSeconds: 930,
      outdated: false,
    },
  ]);
  expect(foldView(events, "nothing")).toEqual([]);
});
