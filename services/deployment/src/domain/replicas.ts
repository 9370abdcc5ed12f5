/** A replica as its last words describe it. */
export interface Replica {
  readonly name: string;
  readonly lastSeen: Date;
  /** The newest revision it serves by; 0 before the first. */
  readonly readyRevision: number;
}

/** Which replicas count for an assignment. */
export interface Crew {
  /** Those that said so of this very assignment, also if they have been silent since: an idle one is. */
  readonly ready: readonly string[];
  /** Those that were heard of lately and are not ready. */
  readonly waitedFor: readonly string[];
  /** When the first replica that is waited for no longer counts, unless it is heard of again. */
  readonly nextLapse: Date | undefined;
}

export function crewAt(replicas: readonly Replica[], revision: number, now: Date, liveMs: number): Crew {
  const lapseOf = ({ lastSeen }: Replica) => lastSeen.getTime() + liveMs;
  const isReady = ({ readyRevision }: Replica) => readyRevision >= revision;
  const waitedFor = replicas.filter((replica) => !isReady(replica) && lapseOf(replica) > now.getTime());
  const names = (list: readonly Replica[]) => list.map(({ name }) => name).sort();
  return {
    ready: names(replicas.filter(isReady)),
    waitedFor: names(waitedFor),
    nextLapse: waitedFor.length === 0 ? undefined : new Date(Math.min(...waitedFor.map(lapseOf))),
  };
}

/** The replicas with one more word of one of them. */
export function withSighting(
  replicas: readonly Replica[],
  sighting: { readonly replica: string; readonly at: Date; readonly readyRevision?: number },
): Replica[] {
  const before = replicas.find(({ name }) => name === sighting.replica);
  const after: Replica = {
    name: sighting.replica,
    lastSeen: sighting.at,
    readyRevision: Math.max(before?.readyRevision ?? 0, sighting.readyRevision ?? 0),
  };
  return [...replicas.filter((replica) => replica !== before), after];
}
