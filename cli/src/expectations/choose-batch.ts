/** A batch that suggestions may be taken from. */
interface AcceptedBatch {
  readonly rowCount: number;
}

/** As many rows show what is usual; a larger batch is no better for being larger. */
const rowsEnough = 1000;

/** The batch that shows best what is usual, of those in the order in which they were accepted, and why it does. */
export function chooseBatch<T extends AcceptedBatch>(
  batches: readonly T[],
): { readonly batch: T; readonly why: string } | undefined {
  const newest = batches.at(-1);
  const large = batches.findLast(({ rowCount }) => rowCount >= rowsEnough);
  if (newest === undefined) return undefined;
  if (large === newest) return { batch: newest, why: "the newest one" };
  if (large !== undefined) {
    return {
      batch: large,
      why: `the newest of ${rowsEnough} rows or more: the ${newest.rowCount} of the newest are few`,
    };
  }
  const most = Math.max(...batches.map(({ rowCount }) => rowCount));
  const largest = batches.findLast(({ rowCount }) => rowCount === most) ?? newest;
  const why = largest === newest ? "the newest one" : "the largest one";
  return {
    batch: largest,
    why: batches.length === 1 ? "the only one" : `${why}; none has ${rowsEnough} rows`,
  };
}
