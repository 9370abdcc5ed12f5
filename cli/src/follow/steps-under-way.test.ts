import type { Progress } from "@cascade/messaging";
import { expect, test } from "vitest";
import { StepsUnderWay } from "./steps-under-way.ts";

const progress = (correlationId: string, message: string, share?: number): Progress => ({
  service: "features",
  job: "keep-online-rows",
  pipeline: "rides",
  eventId: correlationId,
  correlationId,
  message,
  ...(share === undefined ? {} : { share }),
});

test("the step that was told last is shown, since its beginning", () => {
  const steps = new StepsUnderWay();
  steps.tell(progress("a", "reading"), 0);
  steps.tell(progress("b", "joining"), 100);
  steps.tell(progress("a", "writing"), 200);
  expect(steps.newest(300)).toMatchObject({ update: { message: "writing" }, sinceMs: 0 });
  steps.end("features", "a");
  expect(steps.newest(300)?.update.message).toBe("joining");
});

test("a step that is done ends by itself, one that is silent only after long", () => {
  const steps = new StepsUnderWay();
  steps.tell(progress("a", "training", 0.5), 0);
  steps.tell(progress("b", "online rows", 1), 0);
  expect(steps.newest(1000)?.update.message).toBe("online rows");
  expect(steps.newest(3000)?.update.message).toBe("training");
  expect(steps.newest(700_000)).toBeUndefined();
});
