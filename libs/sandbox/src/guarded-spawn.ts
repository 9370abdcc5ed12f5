import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** What a child finds on its PATH when its caller does not say: never the parent's own environment. */
export const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

const SHELL = "/bin/sh";

// 1. No core dumps: they would hold the data. The kernel's out-of-memory killer takes this process first.
// 2. A watcher, started twice removed so that the program never has to wait for it, blocks on descriptor 3.
//    Only the parent holds the other end, so the read returns when the parent is gone, even by SIGKILL and
//    even while the program is deep in native code; then the control group and the process group go too.
// 3. Where there is a control group, the program is a member of it before it is the program.
// 4. No file grows beyond the limit, which a look at the folder would notice too late.
// 5. The shell becomes the program: no process in between, exit codes and signals are the program's own.
const GUARD = `
ulimit -c 0 2>/dev/null
{ echo 500 > /proc/self/oom_score_adj; } 2>/dev/null
( ( trap '' TERM INT HUP; read -r _ <&3
  if [ -n "$CASCADE_SANDBOX_GROUP" ]; then
    group="\${CASCADE_SANDBOX_GROUP%/*}"
    echo 1 > "$group/cgroup.kill"; rmdir "$group" || { sleep 1; rmdir "$group"; }
  fi
  kill -9 -$$ ) </dev/null >/dev/null 2>&1 & )
exec 3<&-
if [ -n "$CASCADE_SANDBOX_GROUP" ]; then { echo 0 > "$CASCADE_SANDBOX_GROUP"; } 2>/dev/null; fi
if [ -n "$CASCADE_SANDBOX_FILE_BLOCKS" ]; then ulimit -f "$CASCADE_SANDBOX_FILE_BLOCKS" 2>/dev/null; fi
unset PWD OLDPWD CASCADE_SANDBOX_GROUP CASCADE_SANDBOX_FILE_BLOCKS
exec "$@"
`;

type GuardOptions = SpawnOptions & {
  readonly stdio: NonNullable<Exclude<SpawnOptions["stdio"], string>>;
  /** Of a control group. */
  readonly joinFile?: string | undefined;
  readonly fileMiBMax?: number | undefined;
};

/**
 * Starts a program as the leader of its own process group, tied to the life of this process: descriptor 3
 * is the lifeline, and `stdio` may hold further descriptors from 4 on.
 */
export function guardedSpawn(
  command: string,
  args: readonly string[],
  { joinFile, fileMiBMax, ...options }: GuardOptions,
): ChildProcess {
  // Images without a shell still work; there a child of a killed parent only ends by its own limits.
  if (!existsSync(SHELL)) return spawn(command, [...args], { ...options, detached: true });
  const env = {
    ...options.env,
    ...(joinFile === undefined ? {} : { CASCADE_SANDBOX_GROUP: joinFile }),
    // Blocks of 512 bytes, as POSIX counts them.
    ...(fileMiBMax === undefined
      ? {}
      : { CASCADE_SANDBOX_FILE_BLOCKS: String(Math.ceil(fileMiBMax * 2048)) }),
  };
  return spawn(SHELL, ["-c", GUARD, "cascade-sandbox", command, ...args], {
    ...options,
    env,
    detached: true,
  });
}

/** Signals the whole process group of a child; a group that is gone already is what we wanted. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isNoSuchProcess(error)) throw error;
  }
}

export function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
