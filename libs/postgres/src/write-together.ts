import type pg from "pg";

const held = new WeakSet<object>();

/**
 * Holds back what is written to a connection until the code that runs now has come to a stop, so that statements
 * sent one after another leave in one write: the system call costs more than the rest of sending.
 */
export function writeTogether(client: pg.ClientBase & { readonly connection?: pg.Connection }): void {
  const stream = client.connection?.stream;
  if (stream === undefined) return;
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}
