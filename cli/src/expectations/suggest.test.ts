import { PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { declaredOf, undeclared } from "./declared.ts";
import type { ProfiledColumn } from "./report-profile.ts";
import { suggestExpectations } from "./suggest.ts";
import { toYaml } from "./to-yaml.ts";

const spec = PipelineSpec.parse({
  ...PipelineAppliedV1.example.spec,
  data: {
    columns: { id: "integer", flight: "string", origin: "string", distance: "number", late: "boolean" },
    label: "late",
    key: ["id"],
  },
  features: { view: "v", columns: { origin: "origin" } },
  monitoring: {},
});
const column = (name: string, changes: Partial<ProfiledColumn>): ProfiledColumn => ({
  name,
  type: "string",
  nulls: 0,
  nonFinite: 0,
  distinct: 2,
  distinctExact: true,
  min: null,
  max: null,
  topValues: [],
  ...changes,
});
const values = (...all: [string | boolean, number][]) => all.map(([value, count]) => ({ value, count }));
const columns = (rows: number) => [
  column("id", { type: "integer", distinct: rows, min: 1, max: rows }),
  column("flight", { distinct: rows / 2, topValues: values(["SK 12", 3], ["DY 345", 2]) }),
  column("origin", { topValues: values(['OSL: "x" # y', rows - 3], ["BGO", 3]) }),
  column("distance", { type: "number", nulls: rows / 10, distinct: 50, min: 12.5, max: 800 }),
  column("late", { type: "boolean", topValues: values([false, rows * 0.8], [true, rows * 0.2]) }),
  column("undeclared", { topValues: values(["x", rows]) }),
];
const suggested = (rows: number) => suggestExpectations({ rowCount: rows, columns: columns(rows) }, spec);

test("what is proposed is a validation section that a pipeline takes, with reasons and doubts", () => {
  const lines = toYaml(suggested(2000));
  const { validation } = parse(lines.join("\n"));
  expect(PipelineSpec.parse({ ...spec, validation }).validation).toMatchObject(validation);
  expect(lines).toMatchInlineSnapshot(`
    [
      "validation:",
      "  expectations:",
      "    - column: "id"",
      "      required: true # no value is missing",
      "    - column: "flight"",
      "      required: true # no value is missing",
      "      pattern: "[A-Z]{2} [0-9]{2,3}" # UNSURE, 1000 values are more than were looked at: 2 values that were looked at are built like this",
      "    - column: "origin"",
      "      required: true # no value is missing",
      "      allowed: ["OSL: \\"x\\" # y","BGO"] # UNSURE, "BGO" is rare, so others may be missing: there are 2 values",
      "    - column: "distance"",
      "      maxNullShare: 0.16 # UNSURE, other batches may lack more: 200 of 2000 values are missing",
      "      finite: true # there is neither NaN nor infinity",
      "      min: 0 # no value is negative",
      "      max: 1193.75 # UNSURE, the largest of one batch is not the largest there is: the largest is 800",
      "    - column: "late"",
      "      required: true # no value is missing",
      "  unique: ["id"] # no value is there twice, and it is the key",
      "  labelBalance: {"minShare":0.1} # UNSURE, one batch does not show how much the classes vary: half of the share of true, the rarest class",
      "  rowCount: {"min":1000} # UNSURE, one batch does not show how much their sizes vary: half of the 2000 rows of this batch",
    ]
  `);
});

test("few rows make everything unsure", () => {
  expect(suggested(100).filter(({ doubt }) => doubt === undefined)).toEqual([]);
  expect(suggested(2000).filter(({ doubt }) => doubt === undefined).length).toBeGreaterThan(4);
});

test("no rows, no suggestions; and of a column without values none", () => {
  expect(suggestExpectations({ rowCount: 0, columns: columns(0) }, spec)).toEqual([]);
  const empty = { rowCount: 50, columns: [column("origin", { nulls: 50, distinct: 0 })] };
  expect(suggestExpectations(empty, spec).map(({ settings }) => settings)).toEqual([
    { rowCount: { min: 25 } },
  ]);
});

test("what is declared stays as it is, and only the rest is suggested", () => {
  const validation = PipelineSpec.shape.validation.parse({
    expectations: [
      { column: "distance", min: -5, severity: "warning" },
      { column: "origin", maxNullShare: 0.5, allowed: ["OSL"] },
    ],
    conditions: [{ sql: "distance > id" }],
    references: [{ column: "origin", pipeline: "airports", of: "code" }],
    distributions: [{ column: "distance" }],
    unique: ["id", "flight"],
    rowCount: { max: 9999 },
    onViolation: "quarantine",
  });
  const declared = declaredOf(validation);
  const lines = toYaml(undeclared(suggested(2000), declared), declared);
  const merged = PipelineSpec.parse({ ...spec, ...parse(lines.join("\n")) }).validation;
  const { expectations, labelBalance, ...settings } = merged;
  expect({ ...settings, expectations: expectations.slice(0, 2) }).toEqual(validation);
  expect(labelBalance).toEqual({ minShare: 0.1 });
  expect(expectations.slice(2).map(({ column, ...own }) => [column, Object.keys(own).join(", ")])).toEqual([
    ["id", "required"],
    ["flight", "required, pattern"],
    ["distance", "maxNullShare, max, finite"],
    ["late", "required"],
  ]);
});
