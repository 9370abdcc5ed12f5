import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A control group of its own for a program and all it starts: the kernel counts in every descendant, however it
 * hides. Only where a version 2 hierarchy is mounted in which this process may make groups (as root, or where
 * one is delegated to us).
 */
export class ControlGroup {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static open(name: string): ControlGroup | undefined {
    const parent = process.platform === "linux" ? ownGroup() : undefined;
    if (parent === undefined) return undefined;
    const path = join(parent, `cascade-${name}`);
    try {
      mkdirSync(path);
    } catch {
      return undefined; // Read-only, as in most containers: families are found in the other ways.
    }
    return new ControlGroup(path);
  }

  /** Where a process that writes 0 becomes a member. */
  get joinFile(): string {
    return join(this.#path, "cgroup.procs");
  }

  members(): number[] {
    try {
      return readFileSync(this.joinFile, "latin1").split("\n").filter(Boolean).map(Number);
    } catch {
      return []; // Gone, or a member has made it a group of threads.
    }
  }

  /** Kills all members, and those of groups that they have made below. */
  kill(): void {
    try {
      writeFileSync(join(this.#path, "cgroup.kill"), "1");
    } catch {
      // Linux before 5.14: the members are killed one by one.
    }
  }

  /** False while the kernel still counts in a process that is on its way out. */
  remove(): boolean {
    try {
      removeGroups(this.#path);
    } catch {
      return !existsSync(this.#path);
    }
    return true;
  }
}

/** A group goes after those below it; its files are the kernel's and go with it. */
function removeGroups(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(join(path, entry.name));
  }
  rmdirSync(path);
}

/** The folder of our own group; undefined where there is no such hierarchy. */
function ownGroup(): string | undefined {
  try {
    const mount = readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .find((line) => line.includes(" - cgroup2 "));
    const [, , , root = "/", point] = mount?.split(" ") ?? [];
    const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
    if (point === undefined || own === undefined) return undefined;
    const below = own.startsWith(root) ? own.slice(root === "/" ? 0 : root.length) : own;
    return join(point, below);
  } catch {
    return undefined;
  }
}
