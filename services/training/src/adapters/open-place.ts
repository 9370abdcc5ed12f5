import { type ProgramOptions, type ProgramResult, runProgram } from "@cascade/sandbox";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import { jobName } from "../kubernetes/job-manifest.ts";
import { runInCluster } from "./run-in-cluster.ts";
import { openSharedFolder } from "./shared-folder.ts";
import type { TrainingTask } from "./train-once.ts";

type Options = ProgramOptions & { readonly signal: AbortSignal };

/** Where a program runs: on this machine, or in the cluster. */
export interface Place extends AsyncDisposable {
  /** Has been prepared. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly run: (options: Options) => Promise<ProgramResult>;
}

export async function openPlace(
  { run: { runId }, trial, program: { image } }: TrainingTask,
  { cluster, environment, workDirectory }: Deps,
  prepare: (path: string) => Promise<void>,
): Promise<Place> {
  if (image === undefined) {
    const folder = await openWorkingFolder(workDirectory);
    const dispose = () => folder[Symbol.asyncDispose]();
    try {
      await prepare(folder.path);
    } catch (error) {
      await dispose();
      throw error;
    }
    return {
      folder: folder.path,
      environment: { TMPDIR: folder.path, ...environment },
      run: runProgram,
      [Symbol.asyncDispose]: dispose,
    };
  }
  if (cluster === undefined) throw new Error("A program of an image needs a cluster.");
  const folderName = jobName({ runId, trial });
  const folder = await openSharedFolder(cluster.directory, folderName, cluster.settings.user, prepare);
  return {
    folder: folder.path,
    environment: cluster.environment,
    run: (options) => runInCluster({ runId, trial, image, folderName, options }, cluster, folder),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
