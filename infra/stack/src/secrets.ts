import { createHmac, randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Secrets = z.object({ postgresPassword: z.string().min(16), rolePassword: z.string().min(16) });
export type Secrets = z.infer<typeof Secrets>;

/** The password of one role: from none of them can that of another be told. */
export function passwordOf({ rolePassword }: Secrets, role: string): string {
  return createHmac("sha256", rolePassword).update(role).digest("base64url");
}

/** The passwords of a data directory: made once, readable by its owner alone. */
export async function openSecrets(directory: string): Promise<Secrets> {
  const path = join(directory, "secrets.json");
  try {
    return Secrets.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const secrets = { postgresPassword: newPassword(), rolePassword: newPassword() };
  await writeFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secrets;
}

function newPassword(): string {
  return randomBytes(24).toString("base64url");
}
