import { expect, test, vi } from "vitest";
import { tellBytes, tellFailure } from "./tell-progress.ts";

const mebibyte = 1024 ** 2;

function arriving(expected?: number) {
  let at = 0;
  const told: { message: string; share?: number }[] = [];
  using teller = tellBytes(
    (progress) => told.push(progress),
    { index: 1, count: 2, attempt: 1 },
    () => at,
  );
  for (let chunk = 1; chunk <= 1000; chunk++) {
    at += 2;
    teller.arrived(chunk * mebibyte, expected);
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

test("a source that sends nothing is told, which attempt it is, and that another one follows", () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const tell = ({ message }: { message: string }) => void told.push(message);
  {
    using teller = tellBytes(tell, { index: 0, count: 1, attempt: 2 }, Date.now);
    vi.advanceTimersByTime(4000);
    teller.arrived(mebibyte);
    vi.advanceTimersByTime(1000);
  }
  vi.advanceTimersByTime(60_000);
  const problem = { code: "FETCH_TIMEOUT", message: "It was not there within 5 ms.", whatToDo: "Wait." };
  tellFailure(tell, 2, problem);
  tellFailure(tell, 5, problem);
  vi.useRealTimers();
  const what = "fetching file 1 of 1, attempt 2 of 5";
  expect(told).toEqual([
    what,
    `${what}: nothing has come for 2 s`,
    `${what}: nothing has come for 4 s`,
    `${what}: 1 MiB`,
    "FETCH_TIMEOUT: It was not there within 5 ms. Attempt 3 follows.",
  ]);
});
