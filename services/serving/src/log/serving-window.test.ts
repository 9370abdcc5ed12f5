import { expect, test } from "vitest";
import { countRequest, emptyWindow, quantile } from "./serving-window.ts";

test("requests and errors are counted, and quantiles are those of the nearest rank", () => {
  const window = emptyWindow();
  for (let latencyMs = 1; latencyMs <= 100; latencyMs++) {
    countRequest(window, { latencyMs, failed: latencyMs % 10 === 0 }, 0.5);
  }
  expect(window).toMatchObject({ requests: 100, errors: 10 });
  expect(quantile(window.latenciesMs, 0.5)).toBe(50);
  expect(quantile(window.latenciesMs, 0.99)).toBe(99);
  expect(quantile([], 0.99)).toBe(0);
});

test("however many requests come, the sample stays small and does not forget the late ones", () => {
  const window = emptyWindow();
  for (let request = 0; request < 100_000; request++) {
    countRequest(window, { latencyMs: request < 50_000 ? 1 : 2, failed: false }, (request * 0.618_034) % 1);
  }
  expect(window.requests).toBe(100_000);
  expect(window.latenciesMs).toHaveLength(1024);
  const late = window.latenciesMs.filter((latency) => latency === 2).length / 1024;
  expect(late).toBeGreaterThan(0.4);
  expect(late).toBeLessThan(0.6);
});
