import { expect, test } from "vitest";
import { checkedAddress } from "./address-argument.ts";

test("a path is that of a file here, an address stays as it is", () => {
  expect(checkedAddress("/data/a b.csv")).toBe("file:///data/a%20b.csv");
  for (const uri of ["s3://lake/trips/a@b.csv", "https://example.org/a.csv?by=a@b"]) {
    expect(checkedAddress(uri)).toBe(uri);
  }
});

test.each(["https://user:secret@example.org/a.csv", "https:/\\user@example.org/a.csv"])(
  "%s is refused, and not repeated",
  (uri) => {
    expect(() => checkedAddress(uri)).toThrow(
      /^An address with a user or a password in it is not published/u,
    );
  },
);
