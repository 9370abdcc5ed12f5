/**
 * Takes items out of a list that fails for as long as it still fails: first halves, then less, in the end single ones
 * (delta debugging, after Zeller). Without any one item of what is left, it does not fail.
 */
export async function shrink<Item>(
  failing: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let items = failing;
  let size = Math.ceil(items.length / 2);
  while (size >= 1) {
    const smaller = await withoutSome(items, size, fails);
    if (smaller !== undefined) items = smaller;
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.min(size, Math.max(1, items.length));
  }
  return items;
}

async function withoutSome<Item>(
  items: readonly Item[],
  size: number,
  fails: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  for (let from = 0; from < items.length; from += size) {
    const rest = [...items.slice(0, from), ...items.slice(from + size)];
    if (await fails(rest)) return rest;
  }
  return undefined;
}
