export { OperationError, SandboxError, SandboxErrorCode } from "./errors.ts";
export { type ProgramOptions, type ProgramOutcome, type ProgramResult, runProgram } from "./run-program.ts";
export { type Operation, serveWorker } from "./serve-worker.ts";
export { openWorkerPool, type WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";
export type { CallOptions } from "./worker-process.ts";
