import { expect, test } from "vitest";
import { readParties } from "./parties.ts";

test("nothing said is one partner, and none is nobody", () => {
  expect(readParties(undefined)).toEqual([{ name: "partner" }]);
  expect(readParties(" ")).toEqual([{ name: "partner" }]);
  expect(readParties("none")).toEqual([]);
});

test("parties are named with the pipelines that they may use", () => {
  expect(readParties("acme, globex:flight-delays+taxi-tips")).toEqual([
    { name: "acme" },
    { name: "globex", pipelines: ["flight-delays", "taxi-tips"] },
  ]);
});

test.each(["Acme", "acme.*", "acme:", "acme:>", "acme:*", "../acme", "acme acme"])(
  "%s is refused with the name of the setting",
  (text) => {
    expect(() => readParties(text)).toThrow("CASCADE_OUTSIDE_PARTIES");
  },
);
