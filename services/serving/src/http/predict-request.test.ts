import { expect, test } from "vitest";
import { missingColumns } from "./predict-request.ts";

const servable = {
  inputColumns: ["Miles", "rider", "id"].map((name) => ({ name, type: "integer" as const })),
  features: [{ name: "far", sql: "miles > 9", kind: "number" as const }],
  lookups: [
    {
      ...{ pipeline: "riders", view: "profiles", viewDigest: "d", time: "at", columns: [] },
      on: [{ name: "rider", type: "integer" as const }],
    },
  ],
};

test("every column that a row lacks is told, and of one that no feature reads what it is wanted for", () => {
  const told = missingColumns([{ Miles: null }, { rider: 1, id: 2 }], servable);
  expect(
    told.map(({ row, column, message }) => [row, column, message.includes("No feature reads it")]),
  ).toEqual([
    [0, "rider", false],
    [0, "id", true],
    [1, "Miles", false],
  ]);
});
