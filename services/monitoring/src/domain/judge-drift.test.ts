import { expect, test } from "vitest";
import { predictions, seeded } from "../testing/predictions.ts";
import { references, watchedVersion } from "../testing/watched-version.ts";
import { fillWindows } from "./fill-windows.ts";
import { judgeDrift } from "./judge-drift.ts";

const drift = { test: "psi" as const, threshold: 0.2, minColumns: 1 };
const version = watchedVersion();

test.each([50, 200, 1000])("unchanged data never drift in 200 windows of %i predictions", (size) => {
  const plan = { from: 0, count: size * 200 };
  const { closed } = fillWindows(version, undefined, predictions(seeded(size), plan), size);
  expect(closed).toHaveLength(200);
  expect(closed.filter((window) => judgeDrift(window, version, drift).drifted)).toEqual([]);
});

test.each([200, 1000])("a shift of half the range is found in every window of %i predictions", (size) => {
  const plan = { from: 0, count: size * 20, shift: 0.5 };
  const { closed } = fillWindows(version, undefined, predictions(seeded(size), plan), size);
  const verdicts = closed.map((window) => judgeDrift(window, version, drift));
  expect(verdicts.every(({ drifted }) => drifted)).toBe(true);
  const columns = verdicts.flatMap((verdict) => verdict.columns.filter((score) => score.drifted));
  expect(new Set(columns.map(({ column }) => column))).toEqual(new Set(["hour"]));
});

test("fewer drifting columns than the pipeline demands are no drift", () => {
  const plan = { from: 0, count: 1000, shift: 0.5 };
  const { closed } = fillWindows(version, undefined, predictions(seeded(1), plan), 1000);
  const [window] = closed;
  if (window === undefined) throw new Error("no window was closed");
  expect(judgeDrift(window, version, { ...drift, minColumns: 2 }).drifted).toBe(false);
  expect(judgeDrift(window, version, { ...drift, columns: ["origin"] }).drifted).toBe(false);
  expect(judgeDrift(window, version, null)).toEqual({ columns: [], drifted: false });
});

test("answers that change while the features stay are shown, but are no drift of the data", () => {
  const answers = predictions(seeded(2), { from: 0, count: 1000 }).map((one) => ({
    ...one,
    output: [0.05, 0.95],
  }));
  const { closed } = fillWindows(version, undefined, answers, 1000);
  const [window] = closed;
  if (window === undefined) throw new Error("no window was closed");
  const verdict = judgeDrift(window, version, drift);
  expect(verdict.drifted).toBe(false);
  expect(verdict.columns.find(({ column }) => column === "prediction")?.drifted).toBe(true);
});

test("one large event closes several windows and leaves the rest open", () => {
  const { closed, open } = fillWindows(
    version,
    undefined,
    predictions(seeded(4), { from: 0, count: 250 }),
    100,
  );
  expect(closed.map((window) => window.predictions)).toEqual([100, 100]);
  expect(open?.predictions).toBe(50);
  expect(
    references.map(({ name }) => open?.counts.columns[name]?.reduce((sum, count) => sum + count)),
  ).toEqual([50, 50, 50]);
});

test("a window that is larger than a new, smaller size closes with the next prediction", () => {
  const all = predictions(seeded(5), { from: 0, count: 81 });
  const { open } = fillWindows(version, undefined, all.slice(0, 80), 100);
  const { closed } = fillWindows(version, open, all.slice(80), 20);
  expect(closed.map((window) => window.predictions)).toEqual([81]);
});
