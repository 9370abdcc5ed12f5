import { expect, test } from "vitest";
import { missingProgram } from "./missing-program.ts";

const folder = "/work/training-1/a";

test("a script that was looked for in the working folder is not among the trainer's files", () => {
  const python =
    "python3: can't open file '/work/training-1/a/trian.py': [Errno 2] No such file or directory";
  expect(missingProgram(["-u", "trian.py"], folder, python)).toBe("trian.py");
  const node = "Error: Cannot find module '/work/training-1/a/src/train.mjs'\n  code: 'MODULE_NOT_FOUND'";
  expect(missingProgram(["src/train.mjs"], folder, node)).toBe("src/train.mjs");
});

test("a program that was found and fails over a file of its own is another matter", () => {
  const log = "cannot write /work/training-1/a/out.bin";
  expect(missingProgram(["/trainers/train.py", "out.bin"], folder, log)).toBeUndefined();
  expect(missingProgram(["-c"], folder, log)).toBeUndefined();
  expect(missingProgram(["-c", ""], folder, log)).toBeUndefined();
});
