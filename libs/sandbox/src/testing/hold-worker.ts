import { openWorkerPool } from "../worker-pool.ts";

// Started by a test as a process of its own: prints the worker's pid, then is idle ("idle") or waits for a
// worker that is deep in synchronous work ("busy").
const pool = openWorkerPool({
  module: new URL("./worker.ts", import.meta.url),
  size: 1,
  memoryLimitMiB: 256,
  timeoutMs: 60_000,
});
console.log(await pool.call<number>("pid", null));
if (process.argv[2] === "busy") await pool.call("forever", null);
