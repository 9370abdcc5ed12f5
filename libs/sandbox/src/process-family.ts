import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { ControlGroup } from "./control-group.ts";
import { isNoSuchProcess, signalGroup } from "./guarded-spawn.ts";

/** The variable that marks every descendant, whatever group or session it moves to. */
export const FAMILY_VARIABLE = "CASCADE_SANDBOX_ID";

/**
 * A program and everything it started. Members are found by group, session, parent, and, for those that
 * left all three (a daemon), by the mark in their environment or by the folder they stand in; each foreign process
 * is looked at only once. A control group, where there is one, has also those that hide from all of that.
 */
export class ProcessFamily {
  readonly #leader: number;
  readonly #mark: string;
  readonly #folder: string;
  readonly #group: ControlGroup | undefined;
  readonly #members = new Set<number>();
  readonly #foreign = new Set<number>();

  constructor(leader: number, mark: string, folder: string, group: ControlGroup | undefined) {
    this.#leader = leader;
    this.#folder = folder;
    this.#group = group;
    this.#mark = `${FAMILY_VARIABLE}=${mark}`;
    this.#members.add(leader);
  }

  /** Looks who is there; 0 where nobody can tell. */
  count(): number {
    if (process.platform !== "linux") return 0;
    this.#findMembers();
    return this.#members.size;
  }

  /** Memory in MiB of all members that `count` has found. */
  memoryMiB(limitMiB: number): number {
    if (process.platform !== "linux") return this.#memoryByPs();
    const resident = this.#sumKib((pid) => fieldKib(pid, "status", "VmRSS"));
    if (resident <= limitMiB * 1024) return Math.round(resident / 1024);
    // Forked workers share pages, which the sum counts once for each. Proportional shares do not, but cost
    // a walk over the page tables, so they are asked for only when it matters.
    return Math.round(this.#sumKib((pid) => fieldKib(pid, "smaps_rollup", "Pss")) / 1024);
  }

  /** Signals every living member. */
  signal(signal: NodeJS.Signals): void {
    if (signal === "SIGKILL") this.#group?.kill();
    signalGroup(this.#leader, signal);
    if (process.platform !== "linux") return;
    this.#findMembers();
    for (const pid of this.#members) if (pid !== this.#leader) signalOne(pid, signal);
  }

  /** Kills until nobody is left; each round catches what the one before was just starting. */
  async killAll(): Promise<void> {
    for (let round = 0; round < 100; round++) {
      this.signal("SIGKILL");
      this.#foreign.clear();
      if (process.platform !== "linux") return;
      this.#findMembers();
      if (this.#members.size === 0 && this.#group?.remove() !== false) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #findMembers(): void {
    for (const pid of this.#members) if (readStat(pid) === undefined) this.#members.delete(pid);
    for (const pid of this.#group?.members() ?? []) if (readStat(pid) !== undefined) this.#members.add(pid);
    for (const name of readdirSync("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || this.#members.has(pid) || this.#foreign.has(pid)) continue;
      (this.#belongs(pid) ? this.#members : this.#foreign).add(pid);
    }
  }

  #belongs(pid: number): boolean {
    const stat = readStat(pid);
    if (!stat || pid === process.pid) return false;
    if (stat.group === this.#leader || stat.session === this.#leader || this.#members.has(stat.parent))
      return true;
    if (readText(pid, "environ").split("\0").includes(this.#mark)) return true;
    // With a control group nobody has to be guessed at, such as a person who looks at the folder.
    return this.#group === undefined && standsIn(pid, this.#folder);
  }

  #sumKib(memoryOf: (pid: number) => number): number {
    let sum = 0;
    for (const pid of this.#members) sum += memoryOf(pid);
    return sum;
  }

  #memoryByPs(): number {
    const table = execFileSync("ps", ["-A", "-o", "pgid=,rss="], { encoding: "utf8" });
    let kib = 0;
    for (const line of table.split("\n")) {
      const [group, resident] = line.trim().split(/\s+/);
      if (Number(group) === this.#leader) kib += Number(resident);
    }
    return Math.round(kib / 1024);
  }
}

function readText(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return ""; // Gone, or another user's.
  }
}

function standsIn(pid: number, folder: string): boolean {
  try {
    const place = readlinkSync(`/proc/${pid}/cwd`);
    return place === folder || place.startsWith(`${folder}/`);
  } catch {
    return false; // Gone, or another user's.
  }
}

function fieldKib(pid: number, file: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readText(pid, file))?.[1] ?? 0);
}

function readStat(pid: number): { parent: number; group: number; session: number } | undefined {
  const text = readText(pid, "stat");
  // The name in parentheses may hold spaces and parentheses itself.
  const [state, parent, group, session] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (text === "" || state === "Z" || state === "X") return undefined; // A zombie only waits to be collected.
  return { parent: Number(parent), group: Number(group), session: Number(session) };
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isNoSuchProcess(error)) throw error;
  }
}
