import { describe, expect, test } from "vitest";
import { reasonToIgnoreAnswer } from "./approval.ts";
import { moveChampion } from "./champion.ts";

describe("an answer of a person", () => {
  const waiting = { version: 3, promotedBefore: false, declined: false, newestPromoted: 2 };
  test.each([
    ["counts for a version that waits", waiting, undefined],
    ["counts where nothing was promoted yet", { ...waiting, newestPromoted: undefined }, undefined],
    ["to an unknown version", undefined, "VERSION_UNKNOWN"],
    ["to one that is or was champion", { ...waiting, promotedBefore: true }, "VERSION_PROMOTED_BEFORE"],
    ["to one that was declined", { ...waiting, declined: true }, "VERSION_DECLINED_BEFORE"],
    ["to one older than a champion", { ...waiting, newestPromoted: 4 }, "VERSION_SUPERSEDED"],
  ])("%s", (_, candidate, expected) => {
    expect(reasonToIgnoreAnswer(candidate)).toBe(expected);
  });
});

describe("a move of the champion alias", () => {
  const why = { decidedBy: "policy", reason: "it passed every gate" };
  test("begins the history where there is none", () => {
    expect(moveChampion(undefined, 1, why)).toEqual({
      sequence: 1,
      version: 1,
      previousVersion: undefined,
      ...why,
    });
  });
  test("names the entry before it, and may leave no champion", () => {
    expect(moveChampion({ sequence: 7, version: 4 }, undefined, why)).toMatchObject({
      sequence: 8,
      version: undefined,
      previousVersion: 4,
    });
  });
});
