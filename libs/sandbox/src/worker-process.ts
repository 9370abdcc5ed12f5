import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { OperationError, type SandboxError, sandboxErrors } from "./errors.ts";
import { DEFAULT_PATH, guardedSpawn, signalGroup } from "./guarded-spawn.ts";
import type { CallMessage, ReplyMessage } from "./protocol.ts";
import { residentMemoryMiB } from "./resident-memory.ts";

const MEMORY_LOOK_MS = 50;
// By itself it grows to 16 MiB three times over, in each worker; what is not kept is collected soon enough in less.
const YOUNG_SPACE_MIB = 4;
const STDERR_KEPT = 2_000;

export type WorkerLimits = { readonly memoryLimitMiB: number; readonly timeoutMs: number };
export type CallOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onProgress?: ((value: unknown) => void) | undefined;
};

type Running = {
  readonly id: number;
  readonly what: string;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
};

/** One warm child. It takes one call at a time; after any kill it is spent and `alive` is false for good. */
export class WorkerProcess {
  alive = true;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #limits: WorkerLimits;
  #running: Running | undefined;
  #lastId = 0;
  #stderr = "";

  constructor(module: URL, limits: WorkerLimits) {
    this.#limits = limits;
    this.#child = guardedSpawn(
      process.execPath,
      [
        `--max-old-space-size=${limits.memoryLimitMiB}`,
        `--max-semi-space-size=${YOUNG_SPACE_MIB}`,
        fileURLToPath(module),
      ],
      {
        env: { PATH: DEFAULT_PATH },
        stdio: ["ignore", "ignore", "pipe", "pipe", "ipc"],
        serialization: "advanced",
      },
    );
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    this.#child.on("message", (message) => this.#receive(message as ReplyMessage));
    this.exited = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(this.#ended(`it could not be started: ${error.message}`)));
      // "close" comes after the last of standard error, which is what explains a crash.
      this.#child.once(
        "exit",
        () => this.#child.pid !== undefined && signalGroup(this.#child.pid, "SIGKILL"),
      );
      this.#child.once("close", (code, signal) => resolve(this.#ended(signal ?? `exit code ${code}`)));
    });
    this.#holdProcessOpen(false);
  }

  async call(operation: string, args: unknown, options: CallOptions): Promise<unknown> {
    if (options.signal?.aborted) throw sandboxErrors.cancelled(`"${operation}"`, options.signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timeoutMs = options.timeoutMs ?? this.#limits.timeoutMs;
    const what = `"${operation}"`;
    const message: CallMessage = { id: ++this.#lastId, operation, args };
    this.#running = { id: message.id, what, onProgress: options.onProgress, resolve, reject };

    const deadline = setTimeout(() => this.#kill(sandboxErrors.timeout(what, timeoutMs)), timeoutMs);
    const memory = setInterval(() => void this.#checkMemory(what), MEMORY_LOOK_MS);
    const onAbort = () => this.#kill(sandboxErrors.cancelled(what, options.signal?.reason));
    options.signal?.addEventListener("abort", onAbort, { once: true });
    this.#holdProcessOpen(true);
    try {
      this.#send(message);
      return await promise;
    } finally {
      clearTimeout(deadline);
      clearInterval(memory);
      options.signal?.removeEventListener("abort", onAbort);
      this.#running = undefined;
      this.#holdProcessOpen(false);
    }
  }

  /** Ends the child at once; a running call is rejected with the reason. */
  async stop(reason: (what: string) => SandboxError): Promise<void> {
    this.#kill(reason(this.#running?.what ?? "the call"));
    this.#holdProcessOpen(true);
    await this.exited;
  }

  #send(message: CallMessage): void {
    try {
      this.#child.send(message, (error) => {
        if (error) this.#kill(sandboxErrors.crashed(`"${message.operation}"`, error.message, this.#stderr));
      });
    } catch (error) {
      this.#running?.reject(sandboxErrors.argumentsUnsendable(`"${message.operation}"`, error));
    }
  }

  #receive(message: ReplyMessage): void {
    const running = this.#running;
    if (running?.id !== message.id) return;
    if (message.kind === "progress") running.onProgress?.(message.value);
    else if (message.kind === "result") running.resolve(message.value);
    else running.reject(new OperationError(message.error));
  }

  async #checkMemory(what: string): Promise<void> {
    const { pid } = this.#child;
    const usedMiB = pid === undefined ? undefined : await residentMemoryMiB(pid);
    const { memoryLimitMiB } = this.#limits;
    if (usedMiB !== undefined && usedMiB > memoryLimitMiB) {
      this.#kill(sandboxErrors.memory(what, memoryLimitMiB, usedMiB));
    }
  }

  #kill(reason: SandboxError): void {
    this.alive = false;
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, "SIGKILL");
    this.#running?.reject(reason);
  }

  #ended(how: string): void {
    this.alive = false;
    const running = this.#running;
    if (!running) return;
    // V8 ends the process itself when its heap is full, before the resident memory shows it.
    const heapFull = this.#stderr.includes("heap out of memory");
    running.reject(
      heapFull
        ? sandboxErrors.memory(running.what, this.#limits.memoryLimitMiB, undefined)
        : sandboxErrors.crashed(running.what, how, this.#stderr.trim()),
    );
  }

  /** An idle child must not keep its parent's process alive; a busy one must. */
  #holdProcessOpen(hold: boolean): void {
    const child = this.#child;
    for (const handle of [child, child.channel, child.stderr, child.stdio[3]]) {
      if (!handle) continue;
      if (hold && "ref" in handle && typeof handle.ref === "function") handle.ref();
      if (!hold && "unref" in handle && typeof handle.unref === "function") handle.unref();
    }
  }
}
