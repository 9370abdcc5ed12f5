import { stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlannedRun } from "../domain/plan-run.ts";

/** What is started, and the files whose contents make it what it is. */
export interface TrainerProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Folders and files that the code digest covers. */
  readonly sources: readonly string[];
  /** Given to the program as CASCADE_TRAINER_DIRECTORY. */
  readonly directory?: string;
  /** Has the program in it; it runs in the cluster. */
  readonly image?: string;
}

const builtinFolders = ["../trainers", "../learners"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
const builtinFiles = {
  "builtin/gbdt": fileURLToPath(new URL("../trainers/gbdt.ts", import.meta.url)),
  "builtin/linear": fileURLToPath(new URL("../trainers/linear.ts", import.meta.url)),
} as const;

/**
 * Finds the program of a trainer. A string is the reason why there is none. `baseDirectory` is where
 * relative directories of pipelines start.
 */
export async function findTrainer(
  trainer: PlannedRun["trainer"],
  baseDirectory: string,
): Promise<TrainerProgram | string> {
  if (typeof trainer === "string") {
    return { command: process.execPath, args: [builtinFiles[trainer]], sources: builtinFolders };
  }
  const [program = "", ...args] = trainer.command;
  if (trainer.image !== undefined) {
    if (trainer.directory === undefined) return { command: program, args, sources: [], image: trainer.image };
    return "training.trainer.directory is of this machine, and training.trainer.image of the cluster: leave one out.";
  }
  if (trainer.directory === undefined) {
    const files = await Promise.all(
      trainer.command.map(async (part) => (isAbsolute(part) && (await isFile(part)) ? [part] : [])),
    );
    return { command: program, args, sources: files.flat() };
  }
  const directory = resolve(baseDirectory, trainer.directory);
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) return `The trainer's directory ${directory} is not there.`;
  // A bare name is looked up in the PATH; anything with a slash is a file of the trainer.
  const command = program.includes("/") ? resolve(directory, program) : program;
  return {
    command,
    args: await Promise.all(args.map((arg) => inDirectory(directory, arg))),
    sources: [directory],
    directory,
  };
}

/** An argument that names a file of the trainer becomes absolute, because the program starts elsewhere. */
async function inDirectory(directory: string, arg: string): Promise<string> {
  if (arg === "" || arg.startsWith("-") || isAbsolute(arg)) return arg;
  const file = join(directory, arg);
  const found = await stat(file).catch(() => undefined);
  return found === undefined ? arg : file;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
