import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CliError, exitCodes } from "./errors.ts";

/** Reads a file that somebody named; says what is wrong where there is none. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(exitCodes.usage, `${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Writes a file that somebody named. No folder is made: a misspelt one would stay. */
export async function writeBytes(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    const reason =
      codeOf(error) === "ENOENT"
        ? `there is no folder ${dirname(resolve(file))}; make it, or choose another place`
        : reasonOf(error);
    throw new CliError(exitCodes.usage, `${file} cannot be written: ${reason}.`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EACCES: "you have no right to it",
  EPERM: "you have no right to it",
  EROFS: "nothing can be written there",
  ENOSPC: "the disk is full",
};

function reasonOf(error: unknown): string {
  return reasons[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
