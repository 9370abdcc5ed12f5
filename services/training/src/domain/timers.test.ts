import { expect, test } from "vitest";
import { noon, pipeline } from "../testing/fixtures.ts";
import { nextFire, nextLook, timersFor } from "./timers.ts";

const daily = { cron: "0 3 * * *", timeZone: "Europe/Berlin", minNewRows: 0 };
const given = { now: noon, eventId: "event-1" };
const jobs = (timers: ReturnType<typeof timersFor>) => timers.map(({ job, notBefore }) => [job, notBefore]);

const withProgram = (codeChange: { everySeconds?: number } | null | undefined, version = 1) => {
  const own = pipeline({ ...(codeChange === undefined ? {} : { codeChange }) }, version);
  return { ...own, training: { ...own.training, trainer: { command: ["python3", "train.py"] } } };
};

test("a schedule gets one timer, and none more from a version that leaves it as it is", () => {
  const first = pipeline({ schedule: daily });
  const expected = [["fire-schedule", new Date("2026-03-02T02:00:00.000Z")]];
  expect(jobs(timersFor("flights", first, undefined, given))).toEqual(expected);
  expect(timersFor("flights", pipeline({ schedule: daily }, 2), first, given)).toEqual([]);
  const later = pipeline({ schedule: { ...daily, cron: "0 4 * * *" } }, 2);
  expect(jobs(timersFor("flights", later, first, given))).toEqual([
    ["fire-schedule", new Date("2026-03-02T03:00:00.000Z")],
  ]);
});

test("the timers of a schedule that was taken away and given back are the same one", () => {
  const [one] = nextFire("flights", daily, noon);
  const [other] = nextFire("flights", daily, new Date(noon.getTime() + 1000));
  expect(other?.key).toBe(one?.key);
});

test("a program is looked at whenever its pipeline is applied, unless code changes are off", () => {
  const looks = (codeChange: { everySeconds?: number } | null | undefined) =>
    timersFor("flights", withProgram(codeChange), undefined, given).map(({ payload }) => payload);
  expect(looks(undefined)).toMatchObject([{ isAsked: true }]);
  expect(looks({ everySeconds: 30 })).toMatchObject([{ chain: { version: 1, everySeconds: 30 } }]);
  expect(looks(null)).toEqual([]);
  expect(timersFor("flights", pipeline(), undefined, given)).toEqual([]);
});

test("a version that is applied once more is looked at once, and its chain of looks goes on", () => {
  const applied = withProgram({ everySeconds: 30 });
  const [look] = timersFor("flights", applied, applied, given);
  expect(look?.payload).toEqual({ trainer: applied.training.trainer, isAsked: true });
});

test("looks follow one another until the pipeline has another version", () => {
  const trainer = { command: ["python3", "train.py"] };
  const look = { trainer, isAsked: true, chain: { version: 1, everySeconds: 30, number: 4 } };
  const [next] = nextLook("flights", look, 1, noon);
  expect(next).toMatchObject({
    payload: { isAsked: false, chain: { number: 5 } },
    notBefore: new Date("2026-03-01T12:00:30.000Z"),
  });
  expect(nextLook("flights", look, 2, noon)).toEqual([]);
  expect(nextLook("flights", { trainer, isAsked: true }, 1, noon)).toEqual([]);
});
