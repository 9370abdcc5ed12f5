import { AlertRaisedV1, AlertResolvedV1, DriftDetectedV1, WindowClosedV1 } from "@cascade/contracts";
import { expect, test } from "vitest";
import { predictions, seeded } from "./testing/predictions.ts";
import { startMonitoring } from "./testing/start-monitoring.ts";

test("drift is detected, linked to the promotion, alerted once, and resolved by a quiet window", async () => {
  await using t = await startMonitoring();
  const random = seeded(1);
  await t.apply({ window: { predictions: 200 } });
  const promotion = await t.promote(1);
  await t.log(predictions(random, { from: 0, count: 200 }));
  const quiet = await t.monitoring.nextEvent(WindowClosedV1);
  expect(quiet.data).toMatchObject({ version: 1, predictions: 200, drifted: false });
  expect(quiet.data.columns.map(({ column }) => column).sort()).toEqual(["hour", "origin", "prediction"]);

  await t.log(predictions(random, { from: 200, count: 400, shift: 0.5 }));
  const drift = await t.monitoring.nextEvent(DriftDetectedV1);
  expect(drift.data).toMatchObject({
    version: 1,
    predictions: 200,
    columns: [{ column: "hour", drifted: true }],
  });
  expect(drift.correlationId).toBe(drift.id);
  const stored = t.monitoring.seen().find(({ envelope }) => envelope.id === drift.id);
  expect(stored?.envelope.linkedcascade).toBe(promotion);
  const raised = await t.monitoring.nextEvent(AlertRaisedV1);

  await t.log(predictions(random, { from: 600, count: 200 }));
  const resolved = await t.monitoring.nextEvent(AlertResolvedV1);
  expect(resolved.data.alertId).toBe(raised.data.alertId);
  const types = t.monitoring.seen().map(({ envelope }) => envelope.type);
  expect(types.filter((type) => type === DriftDetectedV1.type)).toHaveLength(2);
  expect(types.filter((type) => type === AlertRaisedV1.type)).toHaveLength(1);
});
