import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, rename, rm, stat } from "node:fs/promises";
import { LocalError } from "../errors.ts";
import { writePidFile } from "./pid-file.ts";
import { childrenOf, sendSignal, waitUntilEnded } from "./process-table.ts";

export interface ServerCommand {
  readonly binary: string;
  readonly arguments: readonly string[];
  /** Another user to run as; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface ServerSettings {
  readonly logPath: string;
  readonly pidPath: string;
  /** Asks the server to end in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** After this long it is ended by force. */
  readonly stopLimitMs: number;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves with the reason when the server has ended. */
  readonly ended: Promise<string>;
  endReason(): string | undefined;
  /** The end of what this run has logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
  /** Ends the server and all its processes at once, as a crash would. */
  kill(): Promise<void>;
}

const logSizeMaxBytes = 16 * 1024 * 1024;
const logEndBytes = 4096;

// Reads until the pipe to the owner breaks, which it does however the owner ends, then ends the server.
const watch = `
read -r _
kill -s CONT "$1"; kill -s "$2" "$1"
n=0; while kill -s 0 "$1" && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
kill -s KILL "$1"
rm -f "$3"`;

/** Starts a server that logs to a file and never outlives this process, not even where this one is killed. */
export async function spawnServer(command: ServerCommand, settings: ServerSettings): Promise<ServerProcess> {
  const { logPath, pidPath, stopSignal, stopLimitMs } = settings;
  await rotateLog(logPath);
  await using log = await open(logPath, "a");
  const { size: logStart } = await log.stat();
  const child = spawn(command.binary, [...command.arguments], {
    // Ctrl-C in a terminal reaches a whole group of processes. Servers must outlive the services, so they get
    // a group of their own and are stopped by their owner.
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    ...command.user,
  });
  let reason: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      reason = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      resolve(reason);
    });
  });
  await hasSpawned(child, command.binary);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.binary} has no process id`);
  const watcher = startWatcher(pid, settings);
  void ended.then(() => watcher.kill("SIGKILL"));
  await writePidFile(pidPath, pid);

  return {
    pid,
    ended,
    endReason: () => reason,
    log: () => readEnd(logPath, logStart),
    stop: async () => {
      if (reason === undefined) {
        sendSignal(pid, "SIGCONT");
        sendSignal(pid, stopSignal);
        const timer = setTimeout(() => sendSignal(pid, "SIGKILL"), stopLimitMs);
        await ended;
        clearTimeout(timer);
      }
      await rm(pidPath, { force: true });
    },
    kill: async () => {
      const children = reason === undefined ? await childrenOf(pid) : [];
      if (reason === undefined) sendSignal(pid, "SIGKILL");
      for (const child of children) sendSignal(child, "SIGKILL");
      await ended;
      await waitUntilEnded(children, stopLimitMs);
      await rm(pidPath, { force: true });
    },
  };
}

function startWatcher(pid: number, { stopSignal, pidPath }: ServerSettings): ChildProcess {
  const watcher = spawn("/bin/sh", ["-c", watch, "sh", String(pid), stopSignal.replace("SIG", ""), pidPath], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
  });
  // Without a watcher the pid file still has the orphan ended at the next start.
  watcher.on("error", () => {});
  watcher.stdin?.on("error", () => {});
  return watcher;
}

async function hasSpawned(child: ChildProcess, binary: string): Promise<void> {
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new LocalError("SERVER_DID_NOT_START", `${binary} cannot be run. Check that it may be executed.`, {
      cause: error,
    });
  }
}

async function rotateLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  if (size > logSizeMaxBytes) await rename(path, `${path}.1`);
}

async function readEnd(path: string, start: number): Promise<string> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size - start, logEndBytes));
  await file.read(buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString("utf8").trim();
}
