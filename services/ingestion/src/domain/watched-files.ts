/** A file as it stands in a folder; `state` is another one whenever its content may be another. */
export interface ListedFile {
  readonly name: string;
  readonly state: string;
}

export interface SeenFile extends ListedFile {
  /** Since when it has stood like this. */
  readonly seenAt: Date;
  readonly taken: boolean;
}

export interface Watched {
  readonly take: readonly SeenFile[];
  /** Those that are new or have changed; they are taken when they stay like that. */
  readonly seen: readonly SeenFile[];
  readonly gone: readonly string[];
}

/** How many files are taken at one look: the next look takes the others. */
const takenPerLook = 100;

/**
 * What to do about the files of a folder. One that has stayed as it was for the quiet time is taken; before, it may
 * still be written. Once taken it is left alone until it changes.
 */
export function watchFiles(
  listed: readonly ListedFile[],
  known: readonly SeenFile[],
  now: Date,
  quietMs: number,
): Watched {
  const before = new Map(known.map((file) => [file.name, file]));
  const names = new Set(listed.map(({ name }) => name));
  const isSame = (file: ListedFile) => before.get(file.name)?.state === file.state;
  const take = known.filter(
    (file) =>
      !file.taken &&
      now.getTime() - file.seenAt.getTime() >= quietMs &&
      listed.some(({ name, state }) => name === file.name && state === file.state),
  );
  return {
    take: take
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, takenPerLook)
      .map((file) => ({ ...file, taken: true })),
    seen: listed
      .filter((file) => !isSame(file))
      .map(({ name, state }) => ({ name, state, seenAt: now, taken: false })),
    gone: known.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}
