import { join } from "node:path";

/**
 * The file that the program was to run, where it is neither among the trainer's files nor in the working folder.
 * Arguments that name no file of the trainer are passed on as they are, because they may be options or files to
 * write, so an interpreter looks for a misspelt script in the working folder and complains of a path that nobody
 * knows. Only the first argument that is no option is meant: the others are the program's own affair.
 */
export function missingProgram(args: readonly string[], folder: string, log: string): string | undefined {
  const script = args.find((arg) => !arg.startsWith("-"));
  if (script === undefined || script === "") return undefined;
  return log.includes(join(folder, script)) ? script : undefined;
}
