import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ProgramOptions, runProgram } from "./run-program.ts";
import { isRunning } from "./testing/is-running.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cascade-run-program-"));
});
afterEach(() => rm(folder, { recursive: true }));

function options(script: string, more: Partial<ProgramOptions> = {}): ProgramOptions {
  return {
    command: "/bin/sh",
    args: ["-c", script],
    cwd: folder,
    env: {},
    timeoutMs: 30_000,
    killGraceMs: 200,
    memoryLimitMiB: 512,
    processesMax: 100,
    diskLimitMiB: 64,
    logFile: join(folder, "log.txt"),
    logLimitBytes: 1 << 20,
    ...more,
  };
}
const node = (script: string, more: Partial<ProgramOptions> = {}) =>
  options("", { command: process.execPath, args: ["-e", script], ...more });

function livingWith(mark: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      if (!isRunning(pid)) return false;
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(mark);
    } catch {
      return false;
    }
  });
}

describe("a program that ends by itself", () => {
  test("has its exit code, its output as lines, and a peak of memory", async () => {
    const lines: string[] = [];
    const script =
      "const b = Buffer.alloc(64 << 20, 1); console.log('one'); console.error('two'); setTimeout(() => process.exit(b[0] + 2), 400)";
    const result = await runProgram(
      node(script, { onLine: (line, output) => lines.push(`${output} ${line}`) }),
    );
    expect(result).toMatchObject({ outcome: "exited", exitCode: 3, signal: null });
    expect(lines.toSorted()).toEqual(["stderr two", "stdout one"]);
    expect(result.peakMemoryMiB).toBeGreaterThan(64);
    expect(readFileSync(join(folder, "log.txt"), "utf8").split("\n").toSorted()).toEqual(["", "one", "two"]);
  });

  test("keeps the signal that ended it", async () => {
    expect(await runProgram(options("kill -SEGV $$"))).toMatchObject({
      outcome: "exited",
      exitCode: null,
      signal: "SIGSEGV",
    });
  });

  test("sees only the environment that was allowed", async () => {
    const { logTail } = await runProgram(
      node("console.log(Object.keys(process.env).sort().join())", { env: { SEED: "7" } }),
    );
    expect(logTail).toBe("CASCADE_SANDBOX_ID,PATH,SEED\n");
  });

  test("does not get the descriptor that ties it to us", async () => {
    expect((await runProgram(options("test -e /proc/$$/fd/3 || echo none"))).logTail).toBe("none\n");
  });

  test("never has to wait for a child that it did not start", async () => {
    const result = await runProgram(options("wait; echo done", { timeoutMs: 5_000 }));
    expect(result).toMatchObject({ outcome: "exited", logTail: "done\n" });
  });
});

describe("the log", () => {
  test("has no terminal escapes or control characters, and progress bars become lines", async () => {
    const script = String.raw`printf '\033[31mred\033[0m\a\n10%%\r20%%\r\n\033]0;title\007x\0y\tz\n'`;
    await runProgram(options(script));
    expect(readFileSync(join(folder, "log.txt"), "utf8")).toBe("red\n10%\n20%\nxy\tz\n");
  });

  test("that is flooded ends the program and stays within its limit", async () => {
    const result = await runProgram(options("yes flood", { logLimitBytes: 100_000 }));
    expect(result.outcome).toBe("log-limit");
    expect(result.logTail).toContain("Raise logLimitBytes");
    expect((await stat(join(folder, "log.txt"))).size).toBeLessThan(101_000);
  });

  test("cuts one endless line into pieces without holding it in memory", async () => {
    const lines: number[] = [];
    const script = "process.stdout.write('a'.repeat(100_000) + '\\u00e9')";
    await runProgram(node(script, { onLine: (line) => lines.push(line.length) }));
    expect(Math.max(...lines)).toBe(16_384);
    expect(lines.reduce((sum, length) => sum + length)).toBe(100_001);
  });

  test("that cannot be written ends the program with an error that says so", async () => {
    await expect(
      runProgram(options("sleep 30", { logFile: join(folder, "none", "log.txt") })),
    ).rejects.toMatchObject({
      code: "SANDBOX_LOG_UNWRITABLE",
    });
  });

  test("ends the program when its reader throws", async () => {
    const onLine = () => {
      throw new Error("unreadable progress");
    };
    await expect(runProgram(options("echo 1; sleep 30", { onLine }))).rejects.toThrow("unreadable progress");
  });
});

describe("a program past a limit", () => {
  test("that ignores SIGTERM is killed after the grace time", async () => {
    const result = await runProgram(
      options("trap '' TERM; echo deaf; while :; do sleep 0.05; done", { timeoutMs: 300 }),
    );
    expect(result).toMatchObject({
      outcome: "timed-out",
      exitCode: null,
      signal: "SIGKILL",
      logTail: "deaf\n",
    });
    expect(result.durationMs).toBeGreaterThanOrEqual(500);
  });

  test("may tidy up on SIGTERM", async () => {
    const script = "trap 'echo tidied; exit 9' TERM; while :; do sleep 0.02; done";
    const result = await runProgram(options(script, { timeoutMs: 300, killGraceMs: 10_000 }));
    expect(result).toMatchObject({
      outcome: "timed-out",
      exitCode: 9,
      logTail: expect.stringContaining("tidied\n"),
    });
  });

  test("of memory is killed with what it used", async () => {
    const eat = "const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 5)";
    const result = await runProgram(node(eat, { memoryLimitMiB: 150 }));
    expect(result).toMatchObject({ outcome: "out-of-memory", signal: "SIGKILL" });
    expect(result.peakMemoryMiB).toBeGreaterThan(150);
  });

  test("of memory is killed even when a grandchild is the one that eats", async () => {
    const eat = "const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 5)";
    const result = await runProgram(
      options(`"${process.execPath}" -e '${eat}' & wait`, { memoryLimitMiB: 200 }),
    );
    expect(result.outcome).toBe("out-of-memory");
  });

  test.each([
    ["one large file", "head -c 100m /dev/zero > large; sleep 30"],
    ["one large file, and goes on all the same", "trap '' XFSZ; head -c 100m /dev/zero > large; exit 1"],
    ["many files", "for i in $(seq 100); do head -c 2m /dev/zero > f$i; done; sleep 30"],
  ])("of disk is killed when it writes %s", async (_, script) => {
    const result = await runProgram(
      options(
        script.replaceAll(/(\d+)m/g, (_all, n) => String(n * 1_048_576)),
        { diskLimitMiB: 20 },
      ),
    );
    expect(result.outcome).toBe("out-of-disk");
  });

  test("of disk is not charged for what was there, nor for holes", async () => {
    await writeFile(join(folder, "data"), Buffer.alloc(3 << 20, 1));
    const script = "head -c 1048576 /dev/zero > own; truncate -s 1M hole; ln own again";
    expect((await runProgram(options(script, { diskLimitMiB: 2 }))).outcome).toBe("exited");
  });

  test("of processes is killed with all of them", async () => {
    const mark = `700.${process.pid}`;
    const result = await runProgram(options(`while :; do sleep ${mark} & done`, { processesMax: 40 }));
    expect(result.outcome).toBe("too-many-processes");
    expect(livingWith(mark)).toEqual([]);
  });

  test("is not started where its caller cancels it while it is made ready", async () => {
    const abort = new AbortController();
    const result = runProgram(options("echo ran > ran; sleep 30", { signal: abort.signal }));
    abort.abort();
    expect(await result).toMatchObject({ outcome: "cancelled" });
    await expect(stat(join(folder, "ran"))).rejects.toThrow("ENOENT");
  });

  test("is cancelled by its caller", async () => {
    const abort = new AbortController();
    const result = runProgram(
      options("echo up; sleep 30", { signal: abort.signal, onLine: () => abort.abort() }),
    );
    expect(await result).toMatchObject({ outcome: "cancelled" });
    expect(await runProgram(options("echo never", { signal: AbortSignal.abort() }))).toMatchObject({
      outcome: "cancelled",
      logTail: "",
    });
  });
});

describe("nothing is left behind", () => {
  test("of grandchildren in the background, in a session of their own, or daemons", async () => {
    const mark = `600.${process.pid}`;
    const script = `sleep ${mark} & setsid sleep ${mark} & (setsid sh -c "trap '' TERM; sleep ${mark}" &) ; sleep 0.1; echo started`;
    expect(await runProgram(options(script))).toMatchObject({
      outcome: "exited",
      exitCode: 0,
      logTail: "started\n",
    });
    expect(livingWith(mark)).toEqual([]);
  });

  // What a control group finds, or else the folder that it stands in.
  test("of a process with a session of its own, no parent and no environment", async () => {
    const pidFile = join(folder, "pid");
    const script = `(env -i /usr/bin/setsid sh -c 'echo $$ > ${pidFile}; exec sleep 30' &); while [ ! -s ${pidFile} ]; do :; done`;
    expect((await runProgram(options(script))).outcome).toBe("exited");
    expect(isRunning(readFileSync(pidFile, "utf8").trim())).toBe(false);
  });
});

describe("a program that cannot be started", () => {
  test.each([
    [{ command: "no-such-program" }, /no executable program "no-such-program" in/],
    [{ command: "./missing" }, /no executable program ".\/missing"/],
    [{ cwd: "/no/such/folder" }, /working folder \/no\/such\/folder does not exist/],
  ])("is reported as a result that says why: %o", async (more, why) => {
    const result = await runProgram(options("echo", more));
    expect(result).toMatchObject({
      outcome: "not-started",
      exitCode: null,
      logTail: expect.stringMatching(why),
    });
  });
});
