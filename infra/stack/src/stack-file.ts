import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Where a running stack can be reached; the command line finds it here. */
export const StackFile = z.object({
  natsUrl: z.string(),
  /** The file with the operator's key for NATS. */
  operatorKeyFile: z.string(),
  services: z.record(z.string(), z.string()),
  /** Where the services keep artifacts; not there where an older build has started the stack. */
  artifactsUrl: z.string().optional(),
  pid: z.int(),
});
export type StackFile = z.infer<typeof StackFile>;

const fileName = "stack.json";

export async function writeStackFile(directory: string, content: StackFile): Promise<void> {
  const path = join(directory, fileName);
  await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

export async function removeStackFile(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}

export async function readStackFile(directory: string): Promise<StackFile> {
  return StackFile.parse(JSON.parse(await readFile(join(directory, fileName), "utf8")));
}
