import { expect, test } from "vitest";
import { judgeCode } from "./code-look.ts";

const trainer = { command: ["python3", "train.py"], directory: "trainer" };
const known = { trainer, base: "a", seen: "a" };

test("the first look only learns what is there", () => {
  expect(judgeCode(undefined, { trainer, isAsked: true }, "a")).toEqual({ known });
});

test("a change counts once it is there twice, because files are saved one by one", () => {
  const first = judgeCode(known, { trainer, isAsked: false }, "half");
  expect(first.changedFrom).toBeUndefined();
  const second = judgeCode(first.known, { trainer, isAsked: false }, "b");
  expect(second.changedFrom).toBeUndefined();
  const third = judgeCode(second.known, { trainer, isAsked: false }, "b");
  expect(third).toEqual({ known: { trainer, base: "b", seen: "b" }, changedFrom: "a" });
});

test("what a person applies is meant as it is", () => {
  expect(judgeCode(known, { trainer, isAsked: true }, "b").changedFrom).toBe("a");
});

test("a change that is taken back was none", () => {
  const { known: between } = judgeCode(known, { trainer, isAsked: false }, "b");
  expect(judgeCode(between, { trainer, isAsked: false }, "a")).toEqual({ known });
});

test("another command is a change of the pipeline and not of the code, whatever order its keys are in", () => {
  const other = { command: ["python3", "other.py"], directory: "trainer" };
  expect(judgeCode(known, { trainer: other, isAsked: true }, "b").changedFrom).toBeUndefined();
  const same = { directory: "trainer", command: ["python3", "train.py"] };
  expect(judgeCode(known, { trainer: same, isAsked: true }, "b").changedFrom).toBe("a");
});
