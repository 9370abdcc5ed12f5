/** What is known of a version that a person answers for. */
export interface Candidate {
  readonly version: number;
  readonly promotedBefore: boolean;
  readonly declined: boolean;
  /** The highest version that has ever been champion. */
  readonly newestPromoted: number | undefined;
}

/** Why an answer comes to nothing, or undefined where it counts. */
export function reasonToIgnoreAnswer(candidate: Candidate | undefined): string | undefined {
  if (candidate === undefined) return "VERSION_UNKNOWN";
  if (candidate.promotedBefore) return "VERSION_PROMOTED_BEFORE";
  if (candidate.declined) return "VERSION_DECLINED_BEFORE";
  // Versions rise with the data they learned from: an older one never follows a newer one by approval.
  if ((candidate.newestPromoted ?? 0) > candidate.version) return "VERSION_SUPERSEDED";
  return undefined;
}
