import { openWorkerPool } from "@cascade/sandbox";
import { checkOutputs, checkPath, withCallFolder } from "./call-folder.ts";
import { runInWorker } from "./run-in-worker.ts";
import type { Tabular } from "./tabular.ts";
import type { CallOptions } from "./types.ts";

/** Where the table engine runs and what it may use. */
export type TabularOptions = {
  /** Child processes at most: as many operations run at once, the others wait. */
  readonly processes: number;
  /** Threads of one child. The results do not depend on it. */
  readonly threads: number;
  /** Memory of one child; about a third of it is kept for what the engine does not count. */
  readonly memoryLimitMiB: number;
  readonly timeoutMs: number;
  /** An existing folder for intermediate results; each call has its own in it and removes it. */
  readonly temporaryDirectory: string;
};

const NODE_MIB = 100;
const ENGINE_SHARE = 0.7;

export function engineMemoryMiB(memoryLimitMiB: number): number {
  const engine = Math.floor((memoryLimitMiB - NODE_MIB) * ENGINE_SHARE);
  if (!(engine >= 64))
    throw new RangeError(
      `memoryLimitMiB must be at least 192, not ${memoryLimitMiB}: Node itself needs ${NODE_MIB} MiB.`,
    );
  return engine;
}

export const workerModule = new URL("./worker/worker.ts", import.meta.url);

/** Opens the table engine. No process is started before the first call. */
export function openTabular(options: TabularOptions): Tabular {
  const { processes, threads, memoryLimitMiB, timeoutMs, temporaryDirectory } = options;
  const engineMiB = engineMemoryMiB(memoryLimitMiB);
  const pool = openWorkerPool({ module: workerModule, size: processes, memoryLimitMiB, timeoutMs });

  async function run<T>(
    operation: string,
    args: object,
    reads: readonly string[],
    outputs: readonly (string | undefined)[],
    call?: CallOptions,
  ): Promise<T> {
    const writes = outputs.filter((path) => path !== undefined);
    for (const path of [...reads, ...writes]) checkPath(path);
    checkOutputs(reads, writes);
    return withCallFolder(temporaryDirectory, writes, (folder) => {
      const access = { reads, writes, threads, memoryLimitMiB: engineMiB, temporaryDirectory: folder };
      return runInWorker<T>(pool, operation, { ...args, access }, call);
    });
  }

  return {
    describe: ({ files, format, csv }, call) =>
      run("describe", { files: files.map((path) => ({ path, format })), csv }, files, [], call),
    toParquet: (args, call) =>
      run(
        "toParquet",
        args,
        args.files.map(({ path }) => path),
        [args.output],
        call,
      ),
    profile: (args, call) => run("profile", args, [args.path], [], call),
    drift: (args, call) => run("drift", args, [args.path], [], call),
    sketch: (args, call) => run("sketch", args, [args.path], [], call),
    check: (args, call) => {
      const reads = [args.path, ...Object.values(args.tables ?? {})];
      return run("check", args, reads, [args.accepted, args.quarantined], call);
    },
    select: (args, call) => run("select", args, args.inputs, [args.output], call),
    checkColumns: (args, call) => run("openTransform", { spec: args }, [], [], call),
    pointInTime: (args, call) =>
      run(
        "pointInTime",
        args,
        [...args.inputs, ...args.lookups.flatMap(({ history }) => history.files)],
        [args.output],
        call,
      ),
    entityRows: (args, call) => run("entityRows", args, args.history.files, [args.output], call),
    split: (args, call) => run("split", args, args.inputs, Object.values(args.outputs), call),
    sample: (args, call) => run("sample", args, [args.path], [args.output], call),
    readColumns: (args, call) => run("readColumns", args, [args.path], [], call),
    readRows: (args, call) => run("readRows", args, [args.path], [], call),
    exportRows: (args, call) => run("exportRows", args, [args.path], [args.output], call),
    writeRows: (args, call) => run("writeRows", args, [], [args.output], call),
    reference: (args, call) => run("reference", args, [args.path], [], call),
    close: () => pool.close(),
  };
}
