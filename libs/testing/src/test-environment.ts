import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";
import { type TestDatabase, testDatabase } from "./test-database.ts";
import { type TestNats, type TestNatsOptions, testNats } from "./test-nats.ts";

/** All that a test of a whole service needs, for itself alone. */
export interface TestEnvironment extends AsyncDisposable {
  readonly nats: TestNats;
  readonly database: TestDatabase;
  readonly directory: TemporaryDirectory;
}

/** A broker, a database and a folder of a test's own; all gone at its end, also when one of them did not start. */
export async function testEnvironment(options: { nats?: TestNatsOptions } = {}): Promise<TestEnvironment> {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const database = stack.use(await testDatabase());
  const nats = stack.use(await testNats(options.nats));
  const owned = stack.move();
  return { nats, database, directory, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
