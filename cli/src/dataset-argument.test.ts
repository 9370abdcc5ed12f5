import { expect, test } from "vitest";
import { chosenVersion } from "./dataset-argument.ts";

const versions = ["sha256:aa11", "sha256:aa22", "sha256:bb33", "sha256:bb33"];

test("a dataset version is chosen by its beginning, with or without the name of the digest", () => {
  expect(chosenVersion("trips", versions, "sha256:bb")).toBe("sha256:bb33");
  expect(chosenVersion("trips", versions, "aa2")).toBe("sha256:aa22");
});

test.each([
  ["cc", "no dataset version that begins with cc"],
  ["aa", "several versions, such as sha256:aa11 and sha256:aa22"],
])("%s is refused with the reason", (wanted, why) => {
  expect(() => chosenVersion("trips", versions, wanted)).toThrow(why);
});
