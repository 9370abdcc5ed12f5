import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredArtifact } from "./evidence.ts";

/** Every stored artifact with the digest that its bytes really have. */
export async function readArtifacts(root: string): Promise<Map<string, StoredArtifact>> {
  const folder = join(root, "sha256");
  const artifacts = new Map<string, StoredArtifact>();
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const bytes = await readFile(join(folder, name));
    const actualDigest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    artifacts.set(`sha256:${name}`, {
      digest: `sha256:${name}`,
      actualDigest,
      sizeBytes: bytes.byteLength,
    });
  }
  return artifacts;
}
