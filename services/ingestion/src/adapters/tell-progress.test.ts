import { expect, test } from "vitest";
import { tellBytes } from "./tell-progress.ts";

test("bytes are told at most twice a second, with what has arrived by then", () => {
  let at = 0;
  const told: string[] = [];
  const tell = tellBytes(
    ({ message }) => told.push(message),
    "fetching file 1 of 2",
    0,
    () => at,
  );
  for (let chunk = 1; chunk <= 1000; chunk++) {
    at += 2;
    tell(chunk * 1024 ** 2);
  }
  expect(told).toEqual([250, 500, 750, 1000].map((size) => `fetching file 1 of 2: ${size} MiB`));
});
