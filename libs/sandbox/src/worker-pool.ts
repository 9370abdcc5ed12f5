import { sandboxErrors } from "./errors.ts";
import { type CallOptions, WorkerProcess } from "./worker-process.ts";

/** How many children, what they run, and what each may use. */
export type WorkerPoolOptions = {
  /** The worker's module; it calls `serveWorker`. */
  readonly module: URL;
  /** Children at most; they are started on demand and kept. */
  readonly size: number;
  /** Resident memory of one child, Node's own 50 MiB included. */
  readonly memoryLimitMiB: number;
  /** Time of one call from the moment a child has it; a call can give its own. */
  readonly timeoutMs: number;
};

/** Warm child processes for work on bytes that nobody has checked yet. */
export type WorkerPool = {
  /** Runs one operation in a child of its own for that time; waits while all children are busy. */
  call<T>(operation: string, args: unknown, options?: CallOptions): Promise<T>;
  /** Kills all children; calls that run or wait are rejected with SANDBOX_CLOSED. */
  close(): Promise<void>;
};

type Waiting = { readonly take: (worker: WorkerProcess) => void; readonly refuse: (error: Error) => void };

/** Opens a pool. No child is started before the first call. */
export function openWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { module, size, memoryLimitMiB, timeoutMs } = options;
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`A worker pool needs a size of at least 1, not ${size}.`);
  const workers = new Set<WorkerProcess>();
  const idle: WorkerProcess[] = [];
  const queue: Waiting[] = [];
  let closed = false;

  function start(): WorkerProcess {
    const worker = new WorkerProcess(module, { memoryLimitMiB, timeoutMs });
    workers.add(worker);
    void worker.exited.then(() => workers.delete(worker));
    return worker;
  }

  function freeWorker(): WorkerProcess | undefined {
    for (let worker = idle.pop(); worker; worker = idle.pop()) if (worker.alive) return worker;
    const alive = [...workers].filter((worker) => worker.alive).length;
    return alive < size ? start() : undefined;
  }

  async function borrow(what: string, signal: AbortSignal | undefined): Promise<WorkerProcess> {
    const free = queue.length === 0 ? freeWorker() : undefined;
    if (free) return free;
    const { promise, resolve, reject } = Promise.withResolvers<WorkerProcess>();
    const waiting: Waiting = { take: resolve, refuse: reject };
    const onAbort = () => {
      const place = queue.indexOf(waiting);
      if (place >= 0) queue.splice(place, 1);
      reject(sandboxErrors.cancelled(what, signal?.reason));
    };
    queue.push(waiting);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  function giveBack(worker: WorkerProcess): void {
    if (worker.alive) idle.push(worker);
    while (queue.length > 0) {
      const next = freeWorker();
      if (!next) return;
      queue.shift()?.take(next);
    }
  }

  return {
    async call<T>(operation: string, args: unknown, callOptions: CallOptions = {}): Promise<T> {
      const what = `"${operation}"`;
      if (closed) throw sandboxErrors.closed(what);
      const { signal } = callOptions;
      if (signal?.aborted) throw sandboxErrors.cancelled(what, signal.reason);
      const worker = await borrow(what, signal);
      try {
        if (closed) throw sandboxErrors.closed(what);
        return (await worker.call(operation, args, callOptions)) as T;
      } finally {
        giveBack(worker);
      }
    },
    async close() {
      closed = true;
      for (const waiting of queue.splice(0)) waiting.refuse(sandboxErrors.closed("A waiting call"));
      await Promise.all([...workers].map((worker) => worker.stop(sandboxErrors.closed)));
    },
  };
}
