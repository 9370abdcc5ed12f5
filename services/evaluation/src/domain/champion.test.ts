import { ModelVersionPromotedV1, TrainingRunCompletedV1 } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import { championFit } from "./champion-fits.ts";
import { promotionOrder } from "./champion-guard.ts";

const champion = ModelVersionPromotedV1.example.servable;
const { candidate, trainingSet } = TrainingRunCompletedV1.example;

describe("a champion", () => {
  test("can be scored where the holdout has all its features", () => {
    const features = [...trainingSet.features, { name: "more", sql: "more", kind: "number" as const }];
    expect(championFit(champion, candidate, { ...trainingSet, features })).toEqual({ kind: "fits" });
  });

  test("cannot where one is missing, or is computed in another way", () => {
    const [first, ...rest] = trainingSet.features;
    if (first === undefined) throw new Error("the sample has features");
    expect(championFit(champion, candidate, { ...trainingSet, features: rest })).toEqual({
      kind: "other-features",
      because: `the holdout has no ${first.name} as it knows them`,
    });
    const changed = [{ ...first, sql: `${first.sql} + 1` }, ...rest];
    expect(championFit(champion, candidate, { ...trainingSet, features: changed }).kind).toBe(
      "other-features",
    );
  });

  test("of another label or task is no measure", () => {
    expect(championFit({ ...champion, label: "tip" }, candidate, trainingSet).kind).toBe("other-task");
    expect(championFit({ ...champion, task: "regression" }, candidate, trainingSet).kind).toBe("other-task");
  });
});

describe("a promotion", () => {
  test("is the next where nothing is known, where it follows ours, or where it is newer", () => {
    expect(promotionOrder(undefined, { version: 4, previousVersion: 3 })).toBe("next");
    expect(promotionOrder(3, { version: 4, previousVersion: 3 })).toBe("next");
    expect(promotionOrder(1, { version: 4, previousVersion: 3 })).toBe("next");
  });

  test("of an older version is a rollback where it follows ours", () => {
    expect(promotionOrder(4, { version: 3, previousVersion: 4 })).toBe("next");
  });

  test("that was overtaken is outdated", () => {
    expect(promotionOrder(4, { version: 3, previousVersion: 2 })).toBe("outdated");
    expect(promotionOrder(4, { version: 1 })).toBe("outdated");
  });

  test("that rolls back a version we have not heard of has to wait", () => {
    expect(promotionOrder(3, { version: 3, previousVersion: 4 })).toBe("early");
  });
});
