import { expect, test } from "vitest";
import { TestingError } from "./errors.ts";
import { eventually } from "./eventually.ts";

test("the first truthy answer is returned", async () => {
  const answers = [undefined, 0, "", "here"];
  expect(await eventually(() => answers.shift(), { describe: "an answer", intervalMs: 1 })).toBe("here");
});

test("an error counts as not yet", async () => {
  let calls = 0;
  const check = () => {
    calls += 1;
    if (calls < 3) throw new Error("not there");
    return calls;
  };
  expect(await eventually(check, { describe: "the third call", intervalMs: 1 })).toBe(3);
});

test("the failure says what was waited for and the last answer", async () => {
  const failure = eventually(async () => [1, 2].length === 3, { describe: "a third row", timeoutMs: 20 });
  await expect(failure).rejects.toThrow("Waited 20 ms in vain for a third row. The last answer was: false");
});

test("the failure keeps the last error as its cause", async () => {
  const cause = new Error("table is missing");
  const error: unknown = await eventually(() => Promise.reject(cause), {
    describe: "a row",
    timeoutMs: 20,
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TestingError);
  expect(error).toMatchObject({ cause, code: "CONDITION_NOT_MET" });
  expect(String(error)).toContain('the error "table is missing"');
});

test("a check that never answers ends with the limit", async () => {
  const never = () => new Promise<boolean>(() => {});
  await expect(eventually(never, { describe: "an answer", timeoutMs: 20 })).rejects.toThrow("was: none");
});
