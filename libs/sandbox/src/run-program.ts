import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { ControlGroup } from "./control-group.ts";
import { sandboxErrors } from "./errors.ts";
import { findProgram } from "./find-program.ts";
import { folderMiB } from "./folder-size.ts";
import { DEFAULT_PATH, guardedSpawn } from "./guarded-spawn.ts";
import { FAMILY_VARIABLE, ProcessFamily } from "./process-family.ts";
import { type OutputName, ProgramLog } from "./program-log.ts";

const FIRST_LOOKS_MS = [10, 40, 100];
const LOOK_MS = 200;
const DISK_LOOK_MS = 500;
const PIPE_GRACE_MS = 1_000;

/** A program from outside and what it may use. */
export type ProgramOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the program. Nothing of ours is added but a PATH when it has none, and a mark. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Time between asking (SIGTERM) and killing (SIGKILL). */
  readonly killGraceMs: number;
  /** Memory of the program and all its descendants together. */
  readonly memoryLimitMiB: number;
  /** How many processes it may have at once, itself among them. */
  readonly processesMax: number;
  /** What it may add to its working folder, and how large any file that it writes may become. */
  readonly diskLimitMiB: number;
  readonly logFile: string;
  readonly logLimitBytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string, output: OutputName) => void) | undefined;
};

/** Why the program ended. Only "exited" is its own doing; "not-started" explains itself in the log tail. */
export type ProgramOutcome =
  | "exited"
  | "timed-out"
  | "out-of-memory"
  | "out-of-disk"
  | "too-many-processes"
  | "cancelled"
  | "log-limit"
  | "not-started";

/** How a run went. */
export type ProgramResult = {
  readonly outcome: ProgramOutcome;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
  /** The largest sum seen; memory is looked at five times a second. */
  readonly peakMemoryMiB: number;
  /** The last 4 KiB of the log. */
  readonly logTail: string;
};

/**
 * Runs a program in a process group of its own until it ends or passes a limit. When the promise settles,
 * the program and everything it started are gone. Rejects only when the log cannot be written or `onLine` throws.
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const startedAt = performance.now();
  const notRun = (outcome: ProgramOutcome, logTail: string): ProgramResult => {
    const durationMs = Math.round(performance.now() - startedAt);
    return { outcome, exitCode: null, signal: null, durationMs, peakMemoryMiB: 0, logTail };
  };
  if (options.signal?.aborted) return notRun("cancelled", "");

  const path = options.env.PATH ?? DEFAULT_PATH;
  const refusal = await reasonNotToStart(options, path);
  if (typeof refusal !== "object") return notRun("not-started", refusal);

  // Before the program can put a pipe or a link in its place.
  const logFile = await openLog(options.logFile);
  const mark = randomUUID();
  const group = ControlGroup.open(mark);
  const folder = await realpath(options.cwd);
  const diskAtStartMiB = await folderMiB(folder);
  // Who has changed his mind meanwhile has said it before anybody listened.
  if (options.signal?.aborted) {
    await logFile.close();
    group?.remove();
    return notRun("cancelled", "");
  }
  const child = guardedSpawn(refusal.program, options.args, {
    cwd: options.cwd,
    env: { ...options.env, PATH: path, [FAMILY_VARIABLE]: mark },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    joinFile: group?.joinFile,
    fileMiBMax: options.diskLimitMiB,
  });
  if (child.pid === undefined) {
    const [error] = await once(child, "error");
    await logFile.close();
    group?.remove();
    return notRun("not-started", `${options.command} could not be started: ${error}\n`);
  }
  const family = new ProcessFamily(child.pid, mark, folder, group);
  const diskMiBMax = diskAtStartMiB + options.diskLimitMiB;
  return supervise(child, family, options, { logFile, startedAt, folder, diskMiBMax });
}

const writeAnew = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

async function openLog(path: string): Promise<FileHandle> {
  try {
    return await open(path, writeAnew, 0o600);
  } catch (error) {
    throw sandboxErrors.logUnwritable(path, error);
  }
}

interface Started {
  readonly logFile: FileHandle;
  readonly startedAt: number;
  readonly folder: string;
  readonly diskMiBMax: number;
}

async function supervise(
  child: ChildProcess,
  family: ProcessFamily,
  options: ProgramOptions,
  { logFile, startedAt, folder, diskMiBMax }: Started,
): Promise<ProgramResult> {
  let outcome: ProgramOutcome = "exited";
  let peakMemoryMiB = 0;
  let failure: unknown;
  let ended = false;
  const timers = new Set<NodeJS.Timeout>();
  const later = (delayMs: number, action: () => void) => timers.add(setTimeout(action, delayMs));

  // The first reason wins; asking nicely is for those who can still tidy up.
  const stop = (reason: ProgramOutcome, graceMs: number) => {
    if (outcome !== "exited" || ended) return;
    outcome = reason;
    if (graceMs > 0) family.signal("SIGTERM");
    later(graceMs, () => family.signal("SIGKILL"));
  };
  const fail = (error: unknown) => {
    failure ??= error;
    stop("cancelled", 0);
  };
  const look = (number: number) => {
    if (family.count() > options.processesMax) stop("too-many-processes", 0);
    const usedMiB = family.memoryMiB(options.memoryLimitMiB);
    peakMemoryMiB = Math.max(peakMemoryMiB, usedMiB);
    if (usedMiB > options.memoryLimitMiB) stop("out-of-memory", 0);
    later(FIRST_LOOKS_MS[number] ?? LOOK_MS, () => look(number + 1));
  };
  // Looked at less often than memory, and again only once the look is over: a folder may hold many files.
  const isDiskFull = async (limitMiB = diskMiBMax) => (await folderMiB(folder, limitMiB)) > limitMiB;
  const lookAtDisk = async () => {
    if (await isDiskFull()) stop("out-of-disk", 0);
    if (!ended) later(DISK_LOOK_MS, lookAtDisk);
  };
  const onAbort = () => stop("cancelled", options.killGraceMs);
  const log = new ProgramLog({
    file: logFile,
    limitBytes: options.logLimitBytes,
    onLine: options.onLine,
    onLimit: () => stop("log-limit", 0),
    onError: fail,
  });

  if (child.stdout) log.follow("stdout", child.stdout);
  if (child.stderr) log.follow("stderr", child.stderr);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  later(options.timeoutMs, () => stop("timed-out", options.killGraceMs));
  look(0);
  later(DISK_LOOK_MS, lookAtDisk);

  const closed = once(child, "close");
  const [exitCode, signal] = await once(child, "exit");
  ended = true;
  for (const timer of timers) clearTimeout(timer);
  options.signal?.removeEventListener("abort", onAbort);
  // Whoever is left would keep the pipes, the memory and the working folder.
  await family.killAll();
  // One that hid from every way of finding it must at least not hold us through its end of the pipes.
  const release = setTimeout(
    () => [child.stdout, child.stderr].map((pipe) => pipe?.destroy()),
    PIPE_GRACE_MS,
  );
  await closed;
  clearTimeout(release);
  await log.close();
  // It was faster than we look, or failed at the size that the kernel allows one file.
  const failed = outcome === "exited" && exitCode !== 0;
  if (failed && (signal === "SIGXFSZ" || (await isDiskFull(diskMiBMax - 1)))) outcome = "out-of-disk";
  if (failure !== undefined) throw asLogError(failure, options.logFile);
  const durationMs = Math.round(performance.now() - startedAt);
  return { outcome, exitCode, signal, durationMs, peakMemoryMiB, logTail: log.tail };
}

function asLogError(failure: unknown, logFile: string): unknown {
  const fromFileSystem = failure instanceof Error && "syscall" in failure;
  return fromFileSystem ? sandboxErrors.logUnwritable(logFile, failure) : failure;
}

async function reasonNotToStart(
  options: ProgramOptions,
  path: string,
): Promise<string | { program: string }> {
  const folder = await stat(options.cwd).catch(() => undefined);
  if (!folder?.isDirectory()) return `The working folder ${options.cwd} does not exist. Create it first.\n`;
  const program = await findProgram(options.command, options.cwd, path);
  if (program !== undefined) return { program };
  return `There is no executable program "${options.command}" in ${options.command.includes("/") ? options.cwd : path}. Install it, or name its full path.\n`;
}
