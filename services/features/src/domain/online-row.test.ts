import type { OnlineRow } from "@cascade/contracts";
import { expect, test } from "vitest";
import type { Definition } from "./definition.ts";
import { mayReplace, onlineRowOf } from "./online-row.ts";

const row = (time: string, position: number) =>
  ({ entity: "3:Ada", time: `2026-01-${time}T00:00:00.000Z`, position, values: {}, steps: [] }) as OnlineRow;

test("an older event time never replaces a newer one, and of equal ones the one that knew more counts", () => {
  expect(mayReplace(undefined, row("02", 1))).toBe(true);
  expect(mayReplace(row("02", 5), row("01", 9))).toBe(false);
  expect(mayReplace(row("02", 5), row("03", 6))).toBe(true);
  expect(mayReplace(row("02", 5), row("02", 4))).toBe(false);
  expect(mayReplace(row("02", 5), row("02", 5))).toBe(true);
});

test("a row that is too long loses steps in between, and keeps the first and the last", () => {
  const definition = { values: [{ name: "home" }], aggregates: [{ name: "rides" }] } as unknown as Definition;
  const steps = Array.from({ length: 3000 }, (_, index) => ({
    cascade_key: "3:Ada",
    cascade_time: "2026-01-01T00:00:00.000Z",
    cascade_after: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
    home: "Oslo",
    rides: 3000 - index,
  }));
  const made = onlineRowOf(steps, definition, 7);
  expect(made).toMatchObject({ entity: "3:Ada", position: 7, values: { home: "Oslo" } });
  expect(JSON.stringify(made).length).toBeLessThanOrEqual(64 * 1024);
  expect([made.steps[0]?.values.rides, made.steps.at(-1)?.values.rides]).toEqual([3000, 1]);
});
