/** A bug that is planted for a test: one place of a source file, with other words. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly right: string;
  readonly wrong: string;
}

/** Throws where no bug has that name. */
export function findBug<Bug extends PlantedBug>(bugs: readonly Bug[], name: string | undefined): Bug {
  const bug = bugs.find((one) => one.name === name);
  if (bug === undefined) throw new RangeError(`there is no planted bug "${name}"`);
  return bug;
}

/** The source with the bug. Throws where its place is not there, or not the only one. */
export function plantBug(source: string, { file, right, wrong }: PlantedBug): string {
  const places = source.split(right).length - 1;
  if (places !== 1) {
    throw new Error(`"${right}" stands ${places} times in ${file}; the bug has no place of its own`);
  }
  return source.replace(right, () => wrong);
}
