export { TestingError, type TestingErrorCode, testingErrorCodes } from "./errors.ts";
export { type EventuallyOptions, eventually } from "./eventually.ts";
export { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";
export { type TestDatabase, type TestDatabaseOptions, testDatabase } from "./test-database.ts";
export { type TestEnvironment, testEnvironment } from "./test-environment.ts";
export { type TestNats, type TestNatsOptions, testNats } from "./test-nats.ts";
export { type TestPostgres, testPostgres } from "./test-postgres.ts";
export { type TestProxy, testProxy } from "./test-proxy.ts";
export {
  type NatsSource,
  type SharedServers,
  startTestServers,
  type TestServers,
  type TestServersOptions,
} from "./test-servers.ts";
