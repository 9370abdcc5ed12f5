import { rename, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * The streams of a broker without accounts become those of the account of the services. A store that has been
 * adopted, or is new, stays as it is. Only while the broker is down.
 */
export async function adoptOpenStore(storeDirectory: string): Promise<void> {
  const open = join(storeDirectory, "jetstream", "$G");
  const core = join(storeDirectory, "jetstream", "CORE");
  if ((await exists(open)) && !(await exists(core))) await rename(open, core);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
