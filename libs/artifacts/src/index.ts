export type { ArtifactRef } from "./artifact-ref.ts";
export type { ArtifactStore } from "./artifact-store.ts";
export { ArtifactError, ArtifactErrorCode } from "./errors.ts";
export { openArtifactStore } from "./open-artifact-store.ts";
