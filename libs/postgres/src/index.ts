export { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
export { isConnectionError, PostgresError, type PostgresErrorCode } from "./errors.ts";
export type { Listener } from "./listen.ts";
export { type MigrateOptions, type MigrationSource, migrate } from "./migrate.ts";
export { prepareSchema, type SchemaOptions } from "./prepare-schema.ts";
export { type QueryResult, queryOn, type Tx } from "./query.ts";
export { runTransaction, type Transaction } from "./transaction.ts";
