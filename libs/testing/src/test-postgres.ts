import { startPostgres } from "@cascade/local";
import { temporaryDirectory } from "./temporary-directory.ts";

export interface TestPostgres extends AsyncDisposable {
  /** Connects as the administrator to the database `postgres`. */
  readonly adminUrl: string;
  stop(): Promise<void>;
  /** Ends the server and all its processes at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts the server again on the same address and data, also after `stop` and `kill`. */
  restart(): Promise<void>;
}

/**
 * A Postgres server of a test's own, for tests that stop or kill it; all others take `testDatabase`, which starts
 * much faster. It is always the embedded one, whatever the test run shares.
 */
export async function testPostgres(): Promise<TestPostgres> {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const postgres = await startPostgres({ directory: directory.path, port: 0, durable: false });
  stack.defer(() => postgres.kill());
  const owned = stack.move();
  return {
    adminUrl: postgres.adminUrl,
    stop: postgres.stop,
    kill: postgres.kill,
    restart: postgres.restart,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
