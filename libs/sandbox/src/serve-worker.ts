import type { CallMessage, ReplyMessage, ThrownMessage } from "./protocol.ts";

/** One operation of a worker. `progress` sends a value to the caller's `onProgress` while the work goes on. */
export type Operation = (
  // biome-ignore lint/suspicious/noExplicitAny: each operation names its own argument type; the pool sends what its caller typed.
  args: any,
  context: { readonly progress: (value: unknown) => void },
) => unknown;

/** Serves calls of the pool that started this process. Call it once, at the end of the worker's module. */
export function serveWorker(operations: Readonly<Record<string, Operation>>): void {
  const table = new Map(Object.entries(operations));
  // Without its parent a worker has no purpose; SIGKILL because native threads may still be busy.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.on("message", (message: CallMessage) => {
    void answer(table, message);
  });
}

async function answer(table: ReadonlyMap<string, Operation>, { id, operation, args }: CallMessage) {
  try {
    const run = table.get(operation);
    if (!run)
      throw new TypeError(
        `This worker has no operation "${operation}". It has: ${[...table.keys()].join(", ")}.`,
      );
    const value = await run(args, { progress: (value) => reply({ id, kind: "progress", value }) });
    reply({ id, kind: "result", value });
  } catch (error) {
    replyError(id, asMessage(error));
  }
}

function replyError(id: number, error: ThrownMessage): void {
  try {
    reply({ id, kind: "error", error });
  } catch {
    // The details could not be serialised; the error itself must still arrive.
    const { details: _, ...withoutDetails } = error;
    reply({ id, kind: "error", error: withoutDetails });
  }
}

function reply(message: ReplyMessage): void {
  process.send?.(message);
}

function asMessage(error: unknown): ThrownMessage {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    ...("details" in error ? { details: error.details } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
