import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isRunning } from "./testing/is-running.ts";
import { openWorkerPool, type WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";

const module = new URL("./testing/worker.ts", import.meta.url);
const pools: WorkerPool[] = [];
function open(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
  const pool = openWorkerPool({ module, size: 1, memoryLimitMiB: 256, timeoutMs: 30_000, ...options });
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe("a call", () => {
  test("sends and returns plain data of every structured kind", async () => {
    const value = {
      at: new Date(0),
      rows: new Float64Array([1, Number.NaN]),
      big: 2n ** 60n,
      names: new Map([["a", 1]]),
    };
    expect(await open().call("echo", value)).toEqual(value);
  });

  test("reports its progress in order before it returns", async () => {
    const seen: unknown[] = [];
    const options = { onProgress: (value: unknown) => seen.push(value) };
    expect(await open().call("countTo", { last: 5 }, options)).toBe("counted");
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test("sees nothing of the parent's environment", async () => {
    expect(await open().call("environment", null)).toEqual(
      expect.not.arrayContaining(["HOME", "USER", "NODE_ENV", "VITEST"]),
    );
  });

  test("is answered by the same warm child while nothing goes wrong", async () => {
    const pool = open();
    expect(await pool.call("pid", null)).toBe(await pool.call("pid", null));
  });

  test("waits when all children are busy, and all calls are answered", async () => {
    const pool = open({ size: 2 });
    const pids = await Promise.all(Array.from({ length: 12 }, () => pool.call<number>("pid", null)));
    expect(new Set(pids).size).toBe(2);
  });
});

describe("an error thrown in the child", () => {
  test("comes back with its name, code, message and details, and the child lives on", async () => {
    const pool = open();
    const pid = await pool.call("pid", null);
    await expect(pool.call("fail", null)).rejects.toMatchObject({
      name: "RangeError",
      code: "FILE_EMPTY",
      message: "The file has no rows.",
      details: { row: 3 },
    });
    expect(await pool.call("pid", null)).toBe(pid);
  });

  test("comes back even when its details or the result cannot be sent", async () => {
    const pool = open();
    await expect(pool.call("failWithUnsendableDetails", null)).rejects.toThrow("Still told.");
    await expect(pool.call("unsendableResult", null)).rejects.toThrow(/could not be cloned/);
  });

  test("names the operations that exist when one is unknown", async () => {
    await expect(open().call("constructor", null)).rejects.toThrow(/no operation "constructor".*echo/);
  });

  test("is told at once when the arguments cannot be sent, and the child stays usable", async () => {
    const pool = open();
    await expect(pool.call("echo", () => 1)).rejects.toMatchObject({ code: "SANDBOX_ARGUMENTS_UNSENDABLE" });
    expect(await pool.call("echo", 1)).toBe(1);
  });
});

describe("a child past a limit is killed and replaced", () => {
  test.each(["forever", "never"])("time: %s", async (operation) => {
    const pool = open();
    await expect(pool.call(operation, null, { timeoutMs: 300 })).rejects.toMatchObject({
      code: "SANDBOX_TIMEOUT",
      message: expect.stringMatching(/300 ms.*raise timeoutMs/),
    });
    expect(await pool.call("echo", "next")).toBe("next");
  });

  test.each(["fillHeap", "fillBuffers"])("memory: %s", async (operation) => {
    const pool = open({ memoryLimitMiB: 150 });
    await expect(pool.call(operation, null)).rejects.toMatchObject({
      code: "SANDBOX_MEMORY",
      message: expect.stringMatching(/150 MiB.*memoryLimitMiB/),
    });
    expect(await pool.call("echo", "next")).toBe("next");
  });

  test.each([
    ["crash", /SIGSEGV/],
    ["exit", /exit code 7/],
  ])("its own end: %s", async (operation, how) => {
    const pool = open();
    await expect(pool.call(operation, null)).rejects.toMatchObject({
      code: "SANDBOX_CRASHED",
      message: expect.stringMatching(how),
    });
    expect(await pool.call("echo", "next")).toBe("next");
  });

  test("cancellation, running or waiting or too late to begin", async () => {
    const pool = open();
    const pid = await pool.call<number>("pid", null);
    const first = new AbortController();
    const second = new AbortController();
    const running = pool.call("forever", null, { signal: first.signal });
    const waiting = pool.call("echo", 1, { signal: second.signal });
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: "SANDBOX_CANCELLED" });
    first.abort(new Error("the run was superseded"));
    await expect(running).rejects.toMatchObject({
      code: "SANDBOX_CANCELLED",
      cause: { message: "the run was superseded" },
    });
    await expect(pool.call("echo", 1, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "SANDBOX_CANCELLED",
    });
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
  });
});

test("closing kills the children and rejects what runs, what waits and what comes later", async () => {
  const pool = open();
  const pid = await pool.call<number>("pid", null);
  const running = expect(pool.call("forever", null)).rejects.toMatchObject({ code: "SANDBOX_CLOSED" });
  const waiting = expect(pool.call("echo", 1)).rejects.toMatchObject({ code: "SANDBOX_CLOSED" });
  await pool.close();
  await Promise.all([running, waiting]);
  await expect(pool.call("echo", 1)).rejects.toMatchObject({ code: "SANDBOX_CLOSED" });
  expect(isRunning(pid)).toBe(false);
});

describe("the life of a child is tied to its parent", () => {
  const holder = fileURLToPath(new URL("./testing/hold-worker.ts", import.meta.url));
  async function startHolder(mode: string) {
    const parent = spawn(process.execPath, [holder, mode], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(parent, "exit");
    const [line] = await once(createInterface(parent.stdout), "line");
    return { parent, exited, workerPid: Number(line) };
  }

  test("an idle pool does not keep the parent alive, and the child goes with it", async () => {
    const { exited, workerPid } = await startHolder("idle");
    expect(await exited).toEqual([0, null]);
    await vi.waitFor(() => expect(isRunning(workerPid)).toBe(false), 5_000);
  });

  test("a child deep in synchronous work is gone after kill -9 of its parent", async () => {
    const { parent, exited, workerPid } = await startHolder("busy");
    expect(isRunning(workerPid)).toBe(true);
    parent.kill("SIGKILL");
    await exited;
    await vi.waitFor(() => expect(isRunning(workerPid)).toBe(false), 5_000);
  });
});
