/** One entry of the champion alias's history. `version` is undefined where no version is champion. */
export interface ChampionEntry {
  readonly sequence: number;
  readonly version: number | undefined;
}

/** An entry to be added: it names the one before it, so that the history is one linear chain. */
export interface ChampionMove {
  readonly sequence: number;
  readonly version: number | undefined;
  readonly previousVersion: number | undefined;
  readonly decidedBy: string;
  readonly reason: string;
}

/** Moves the alias on from where it is. */
export function moveChampion(
  present: ChampionEntry | undefined,
  version: number | undefined,
  why: { readonly decidedBy: string; readonly reason: string },
): ChampionMove {
  return {
    sequence: (present?.sequence ?? 0) + 1,
    version,
    previousVersion: present?.version,
    ...why,
  };
}
