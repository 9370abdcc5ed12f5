import { join } from "node:path";
import type { CsvOptions, InputFile } from "../types.ts";
import { asUtf8 } from "./csv-encoding.ts";
import type { Access } from "./database.ts";
import type { ReadableFile } from "./source-types.ts";

/** Writes again as UTF-8 what is not: before the engine is locked, as it may read nothing that it was not given. */
export async function makeReadable(
  files: readonly InputFile[],
  csv: CsvOptions,
  access: Access,
): Promise<{ readonly files: readonly ReadableFile[]; readonly access: Access }> {
  const readable: ReadableFile[] = [];
  for (const [index, file] of files.entries()) {
    const target = join(access.temporaryDirectory, `utf-8-${index}.csv`);
    const readFrom = file.format === "csv" ? await asUtf8(file.path, csv.encoding, target) : file.path;
    readable.push({ ...file, readFrom });
  }
  const copies = readable.map(({ readFrom }) => readFrom).filter((path) => !access.reads.includes(path));
  return { files: readable, access: { ...access, reads: [...access.reads, ...copies] } };
}
