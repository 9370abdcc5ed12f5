import type { Column } from "@cascade/contracts";
import { expect, test } from "vitest";
import { refusedChanges } from "./schema-changes.ts";

const column = (name: string, type: Column["type"] = "integer"): Column => ({ name, type });
const declared = [column("label", "number")];
const before = [column("label", "number"), column("a"), column("b", "timestamp")];
const refuseAll = { addedColumn: "refuse", widenedType: "refuse", removedColumn: "refuse" } as const;
const acceptAll = { addedColumn: "accept", widenedType: "accept", removedColumn: "accept" } as const;

test("the same columns are no change, in whatever order", () => {
  expect(refusedChanges(refuseAll, declared, before, before.toReversed())).toEqual([]);
});

test("every change is named with what it is", () => {
  const now = [column("label", "number"), column("a", "number"), column("c")];
  expect(refusedChanges(refuseAll, declared, before, now)).toEqual([
    { change: "removedColumn", column: "b" },
    { change: "widenedType", column: "a", from: "integer", to: "number" },
    { change: "addedColumn", column: "c" },
  ]);
  expect(refusedChanges(acceptAll, declared, before, now)).toEqual([]);
  expect(refusedChanges({ ...acceptAll, addedColumn: "refuse" }, declared, before, now)).toHaveLength(1);
});

test("any type may widen to a text", () => {
  const now = [column("a", "string"), column("b", "string")];
  expect(refusedChanges(refuseAll, declared, before, now).map(({ change }) => change)).toEqual([
    "widenedType",
    "widenedType",
  ]);
});

test("a type that does not hold what was there is never accepted", () => {
  const now = [column("a", "boolean"), column("b", "number")];
  expect(refusedChanges(acceptAll, declared, before, now)).toEqual([
    { change: "otherType", column: "a", from: "integer", to: "boolean" },
    { change: "otherType", column: "b", from: "timestamp", to: "number" },
  ]);
  expect(refusedChanges(acceptAll, [], [column("n", "number")], [column("n")])).toHaveLength(1);
});

test("declared columns are not judged here, nor is anything without a policy or a batch before", () => {
  expect(refusedChanges(refuseAll, declared, before, before.slice(1))).toEqual([]);
  expect(refusedChanges(undefined, declared, before, [])).toEqual([]);
  expect(refusedChanges(refuseAll, declared, [], before)).toEqual([]);
});
