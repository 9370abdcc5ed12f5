export { type Database, type DatabaseOptions, openDatabase, type QueryResult, type Tx } from "./database.ts";
export { isConnectionError, PostgresError, type PostgresErrorCode } from "./errors.ts";
export { type MigrateOptions, type MigrationSource, migrate } from "./migrate.ts";
export { prepareSchema, type SchemaOptions } from "./prepare-schema.ts";
