import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./run-program.ts";

/** Where downloaded servers are kept for all stacks of this user. */
export function defaultCacheDirectory(environment: Environment): string {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), ".cache");
  return join(base, "cascade");
}
