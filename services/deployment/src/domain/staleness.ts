import type { Endpoint } from "./endpoint.ts";

/** Why a replica's word on a revision says nothing of what is assigned now; undefined where it does. */
export function staleness(endpoint: Endpoint, revision: number): string | undefined {
  if (endpoint.revision === 0) return "NOTHING_ASSIGNED_YET";
  if (revision < endpoint.revision) return "REVISION_IS_OLD";
  if (revision > endpoint.revision) return "REVISION_UNKNOWN";
  return undefined;
}
