/** The one source of time and order in a simulated world: what is due runs one after the other, and nothing else runs. */
export interface Scheduler {
  /** Milliseconds since the world began. */
  now(): number;
  /** Acts after a time; what is returned takes that back. */
  after(delayMs: number, act: () => void): () => void;
  /** Runs what becomes due until a time, and everything that follows from it at that time. */
  runUntil(untilMs: number): Promise<void>;
}

interface Task {
  readonly at: number;
  readonly order: number;
  act: (() => void) | undefined;
}

export function createScheduler(): Scheduler {
  const heap: Task[] = [];
  let now = 0;
  let order = 0;

  return {
    now: () => now,
    after: (delayMs, act) => {
      const task: Task = { at: now + Math.max(0, delayMs), order: order++, act };
      push(heap, task);
      return () => {
        task.act = undefined;
      };
    },
    runUntil: async (untilMs) => {
      for (let next = heap[0]; next !== undefined && next.at <= untilMs; next = heap[0]) {
        pop(heap);
        if (next.act === undefined) continue;
        now = next.at;
        next.act();
        await settled();
      }
      now = Math.max(now, untilMs);
    },
  };
}

/** Resolves when every promise that can go on has gone on: what follows from one task belongs to its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Task[], task: Task): void {
  let at = heap.push(task) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Task;
    if (!isBefore(task, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = task;
}

function pop(heap: Task[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1] as Task, heap[below] as Task)) below += 1;
    if (!isBefore(heap[below] as Task, last)) break;
    heap[at] = heap[below] as Task;
    at = below;
  }
  heap[at] = last;
}
