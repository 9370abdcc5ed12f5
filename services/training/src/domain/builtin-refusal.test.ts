import { expect, test } from "vitest";
import { builtinRefusal } from "./builtin-refusal.ts";

test("a parameter that is no parameter is told as such, and where to correct it", () => {
  const line = JSON.stringify({
    code: "PARAMETERS_INVALID",
    message: "leaves is unknown; did you mean leavesMax?",
  });
  expect(builtinRefusal(line)).toEqual({
    code: "PARAMETERS_INVALID",
    message: "leaves is unknown; did you mean leavesMax?",
    whatToDo: expect.stringContaining("training.parameters"),
  });
});

test.each([
  "",
  "FATAL ERROR: heap out of memory",
  '{"code":"PARAMETERS_INVALID","message":"cut o',
  '{"code":"TRAINER_FAILED","message":"a fault of ours","stack":"…"}',
  '{"code":"toString","message":"no code"}',
])("what is no refusal stays a failed program: %s", (line) => {
  expect(builtinRefusal(line)).toBeUndefined();
});
