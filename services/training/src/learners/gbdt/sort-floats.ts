/** Below this many values the engine's own sort is as fast. */
const ownSortMin = 500;
const digitBits = 11;
const digitCount = 1 << digitBits;
const digits = 3;

/**
 * The values in rising order, -0 before 0; none may be NaN. By digits instead of comparisons: ten times as fast as
 * the engine's sort, which took a quarter of a whole training.
 */
export function sortFloats(values: Float32Array): Float32Array {
  if (values.length < ownSortMin) return values.slice().sort();
  let from = new Uint32Array(new Float32Array(values).buffer);
  let to = new Uint32Array(values.length);
  const counts = new Uint32Array(digits * digitCount);
  for (let index = 0; index < from.length; index++) {
    const bits = from[index] ?? 0;
    // Negative numbers are greater as bits the smaller they are: all their bits turn; else only the sign.
    const key = bits >>> 31 === 1 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
    from[index] = key;
    for (let digit = 0; digit < digits; digit++) {
      const at = digit * digitCount + ((key >>> (digit * digitBits)) & (digitCount - 1));
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  for (let digit = 0; digit < digits; digit++) {
    const places = counts.subarray(digit * digitCount, (digit + 1) * digitCount);
    let place = 0;
    for (let value = 0; value < digitCount; value++) {
      const count = places[value] ?? 0;
      places[value] = place;
      place += count;
    }
    const shift = digit * digitBits;
    for (let index = 0; index < from.length; index++) {
      const key = from[index] ?? 0;
      const value = (key >>> shift) & (digitCount - 1);
      const own = places[value] ?? 0;
      places[value] = own + 1;
      to[own] = key;
    }
    [from, to] = [to, from];
  }
  for (let index = 0; index < from.length; index++) {
    const key = from[index] ?? 0;
    from[index] = key >>> 31 === 1 ? key & 0x7fffffff : ~key;
  }
  return new Float32Array(from.buffer);
}
