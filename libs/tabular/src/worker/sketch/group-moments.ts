import type { Kernel } from "./kernel.ts";

const LANES = 8;

/** Sum and squares around the pivot, and the bounds. */
type Moments = { sum: number; squares: number; min: number; max: number };

/**
 * Moments of one column, added up row group by row group in their order: sums of doubles depend on the order,
 * and the engine's threads take turns as they like.
 */
export function openGroupMoments(kernel: Kernel, pivot: number) {
  const open = new Map<number, number>();
  const spare: number[] = [];
  const total: Moments = {
    sum: 0,
    squares: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  };

  const placeOf = (group: number): number => {
    const known = open.get(group);
    if (known !== undefined) return known;
    const place = spare.pop() ?? kernel.take(LANES * 8);
    open.set(group, place);
    const [infinity, negative] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    kernel.doublesAt(place, LANES).set([0, 0, 0, 0, infinity, infinity, negative, negative]);
    return place;
  };

  return {
    total,
    add(values: number, count: number, group: number): void {
      kernel.run.addMoments(values, count, pivot, placeOf(group));
    },
    endGroup(group: number): void {
      const place = open.get(group);
      if (place === undefined) return;
      const [a = 0, b = 0, c = 0, d = 0, ...bounds] = kernel.doublesAt(place, LANES);
      total.sum += a + b;
      total.squares += c + d;
      total.min = Math.min(total.min, ...bounds.slice(0, 2));
      total.max = Math.max(total.max, ...bounds.slice(2));
      open.delete(group);
      spare.push(place);
    },
  };
}
