import { artifactReferences } from "./artifact-references.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "I8";

/** Whatever a table or an event refers to is stored, with the bytes that its name promises. */
export const checkArtifacts: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const references = artifactReferences(evidence);
  for (const reference of references.values()) {
    const { digest, sizeBytes, where } = reference;
    const stored = evidence.artifacts.get(digest);
    if (stored === undefined)
      find("ARTIFACT_MISSING", `${digest}, named by ${where}, is not stored`, reference);
    else if (stored.actualDigest === digest && stored.sizeBytes !== sizeBytes) {
      find("ARTIFACT_SIZE_DIFFERS", `${digest}, named by ${where}, has another size`, { reference, stored });
    }
  }
  for (const stored of evidence.artifacts.values()) {
    if (stored.actualDigest === stored.digest) continue;
    find("ARTIFACT_DAMAGED", `${stored.digest} holds other bytes than its name says`, stored);
  }
  // A worker that was killed between storing and committing leaves an artifact that nobody names.
  const unnamed = [...evidence.artifacts.keys()].filter((digest) => !references.has(digest)).length;
  const counted = { references: references.size, stored: evidence.artifacts.size, unnamed };
  return { invariant, title: "no reference dangles", counted, violations };
};
