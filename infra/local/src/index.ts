export { LocalError, type LocalErrorCode, localErrorCodes } from "./errors.ts";
export { type FindNatsServerOptions, findNatsServer } from "./nats/find-nats-server.ts";
export type { NatsServerBinary } from "./nats/nats-binary.ts";
export { type NatsOptions, type RunningNats, startNats } from "./nats/start-nats.ts";
export { type PostgresOptions, type RunningPostgres, startPostgres } from "./postgres/start-postgres.ts";
export { chooseFreePort } from "./process/ports.ts";
