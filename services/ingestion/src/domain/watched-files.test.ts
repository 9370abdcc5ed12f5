import { expect, test } from "vitest";
import { type SeenFile, watchFiles } from "./watched-files.ts";

const at = (second: number) => new Date(1_000_000 + second * 1000);
const seen = (name: string, state: string, second: number, taken = false): SeenFile => ({
  name,
  state,
  seenAt: at(second),
  taken,
});
const nothing = { take: [], seen: [], gone: [] };

test("a new file is seen, and taken when it has stayed as it was for the quiet time", () => {
  const listed = [{ name: "a.csv", state: "1" }];
  expect(watchFiles(listed, [], at(0), 5000)).toEqual({ ...nothing, seen: [seen("a.csv", "1", 0)] });
  const known = [seen("a.csv", "1", 0)];
  expect(watchFiles(listed, known, at(4), 5000)).toEqual(nothing);
  expect(watchFiles(listed, known, at(5), 5000)).toEqual({
    ...nothing,
    take: [seen("a.csv", "1", 0, true)],
  });
});

test("a file that grows is not taken, however long it takes", () => {
  const known = [seen("a.csv", "1", 0)];
  expect(watchFiles([{ name: "a.csv", state: "2" }], known, at(60), 5000)).toEqual({
    ...nothing,
    seen: [seen("a.csv", "2", 60)],
  });
});

test("a file that was taken is left alone until it changes", () => {
  const known = [seen("a.csv", "1", 0, true)];
  expect(watchFiles([{ name: "a.csv", state: "1" }], known, at(60), 0)).toEqual(nothing);
  expect(watchFiles([{ name: "a.csv", state: "2" }], known, at(60), 0).seen).toHaveLength(1);
});

test("a file that is gone is forgotten, and not taken", () => {
  expect(watchFiles([], [seen("a.csv", "1", 0)], at(60), 0)).toEqual({ ...nothing, gone: ["a.csv"] });
});

test("many files are taken in the order of their names, some at each look", () => {
  const known = Array.from({ length: 250 }, (_, index) => seen(`f${String(index).padStart(3, "0")}`, "1", 0));
  const { take } = watchFiles(known.toReversed(), known, at(60), 0);
  expect(take.map(({ name }) => name)).toEqual(known.slice(0, 100).map(({ name }) => name));
});
