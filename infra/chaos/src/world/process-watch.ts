import { commandOf, descendantsOf, listProcesses, type ProcessEntry } from "./process-table.ts";

export interface ProcessWatch {
  /** Notes what the services have started up to now. */
  look(): Promise<void>;
  /** Of all that was ever noted, what still runs. */
  left(): Promise<{ pid: number; command: string }[]>;
  stop(): void;
}

const intervalMs = 500;

/**
 * Notes again and again which processes the services have started, so that those of a service that was killed can
 * be looked for afterwards: by then nothing says any more whose they were.
 */
export function watchProcesses(servicePids: () => readonly number[]): ProcessWatch {
  const noted = new Map<string, ProcessEntry>();
  const look = async () => {
    const entries = await listProcesses();
    const roots = new Set(servicePids());
    const own = entries.filter(({ pid }) => roots.has(pid));
    for (const entry of [...own, ...descendantsOf([...roots], entries)]) noted.set(keyOf(entry), entry);
  };
  const timer = setInterval(() => void look(), intervalMs).unref();
  return {
    look,
    left: async () => {
      const running = new Set((await listProcesses()).map(keyOf));
      const left = [...noted.values()].filter((entry) => running.has(keyOf(entry)));
      return Promise.all(left.map(async ({ pid }) => ({ pid, command: await commandOf(pid) })));
    },
    stop: () => clearInterval(timer),
  };
}

function keyOf({ pid, startedAt }: ProcessEntry): string {
  return `${pid}/${startedAt}`;
}
