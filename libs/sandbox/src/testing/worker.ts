import { serveWorker } from "../serve-worker.ts";

// The worker of the pool's tests: every operation misbehaves in its own way, but for the first few.
serveWorker({
  echo: (args: unknown) => args,
  pid: () => process.pid,
  environment: () => Object.keys(process.env),
  countTo: (args: { last: number }, { progress }) => {
    for (let n = 1; n <= args.last; n++) progress(n);
    return "counted";
  },
  fail: () => {
    throw Object.assign(new RangeError("The file has no rows."), { code: "FILE_EMPTY", details: { row: 3 } });
  },
  failWithUnsendableDetails: () => {
    throw Object.assign(new Error("Still told."), { details: () => 1 });
  },
  unsendableResult: () => () => 1,
  forever: () => {
    for (;;);
  },
  never: () => new Promise(() => setInterval(() => {}, 1_000)),
  fillHeap: () => {
    const kept: string[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, n) => `row ${n} ${kept.length}`));
  },
  fillBuffers: async () => {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(16 << 20, 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  crash: () => process.kill(process.pid, "SIGSEGV"),
  exit: () => process.exit(7),
});
