import { fileURLToPath } from "node:url";
import type { ArtifactStore } from "./artifact-store.ts";
import { artifactErrors } from "./errors.ts";
import { openFileStore } from "./file-store.ts";

/** Opens the store that a URL names. Nothing is touched before the first call. */
export function openArtifactStore(url: string): ArtifactStore {
  if (!url.startsWith("file:///")) throw artifactErrors.urlUnsupported(url);
  try {
    return openFileStore(fileURLToPath(url));
  } catch (cause) {
    throw artifactErrors.urlUnsupported(url, cause);
  }
}
