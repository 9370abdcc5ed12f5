import { expect, test } from "vitest";
import { tellBytes } from "./tell-progress.ts";

const mebibyte = 1024 ** 2;

function arriving(expected?: number) {
  let at = 0;
  const told: { message: string; share?: number }[] = [];
  const tell = tellBytes(
    (progress) => told.push(progress),
    { index: 1, count: 2 },
    () => at,
  );
  for (let chunk = 1; chunk <= 1000; chunk++) {
    at += 2;
    tell(chunk * mebibyte, expected);
  }
  return told;
}

test("bytes are told at most twice a second, with what has arrived by then", () => {
  const messages = arriving().map(({ message }) => message);
  const sizes = [250, 500, 750, 1000].map((size) => `fetching file 2 of 2: ${size} MiB`);
  expect(messages).toEqual(["fetching file 2 of 2", ...sizes]);
});

test("how much of the batch has arrived is told where the size of the file is known, and never more than all", () => {
  const shares = (expected?: number) => arriving(expected).map(({ share }) => share);
  expect(shares(1000 * mebibyte)).toEqual([undefined, 0.625, 0.75, 0.875, 1]);
  expect(shares(500 * mebibyte)).toEqual([undefined, 0.75, 1, 1, 1]);
  expect(shares()).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
