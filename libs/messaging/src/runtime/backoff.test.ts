import { expect, test } from "vitest";
import { MessagingSettings } from "../settings.ts";
import { backoffMs } from "./backoff.ts";

const settings = MessagingSettings.parse({});

test("each wait is twice as long as the one before, and never longer than the limit", () => {
  const limits = { retryBaseMs: 200, retryMaxMs: 1000 };
  expect([1, 2, 3, 4, 5].map((attempts) => backoffMs(limits, attempts, 1))).toEqual([
    200, 400, 800, 1000, 1000,
  ]);
});

test("at least half of a wait is left whatever chance says", () => {
  expect(backoffMs(settings, 3, 0)).toBe(backoffMs(settings, 3, 1) / 2);
});

test("with the settings of the product an event that always fails is a dead letter within 30 s", () => {
  const waits = Array.from({ length: settings.attemptsMax - 1 }, (_, index) =>
    backoffMs(settings, index + 1, 1),
  );
  expect(waits.length).toBeGreaterThan(0);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(30_000);
});
