// The inner loops of the profile, in AssemblyScript: each looks at the values of one column in one vector of
// the engine. Every argument that names a place is a byte address. Compile with build-kernel.ts.

const GOLDEN: u64 = 0x9e3779b97f4a7c15;

// @ts-ignore: decorator
@inline
function mix(key: u64): u64 {
  let h = key * GOLDEN;
  h ^= h >> 32;
  return h * 0xbf58476d1ce4e5b9;
}

// Moves the values whose bit is set to the front and says how many they are. Writing always and advancing
// sometimes spares a branch that no processor can predict.
export function keepValid(values: usize, valid: usize, count: u32): u32 {
  let kept: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    store<u64>(values + (<usize>kept << 3), load<u64>(values + (<usize>row << 3)));
    kept += (load<u8>(valid + (row >>> 3)) >>> <u8>(row & 7)) & 1;
  }
  return kept;
}

// The rows whose bit is set, in the order in which keepValid keeps their values.
export function listValid(rows: usize, valid: usize, count: u32): void {
  let kept: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    store<u32>(rows + (<usize>kept << 2), row);
    kept += (load<u8>(valid + (row >>> 3)) >>> <u8>(row & 7)) & 1;
  }
}

// Moves finite numbers to the front, makes -0 the 0 that it equals, and counts NaN and the infinities at `odd`.
export function keepFinite(values: usize, count: u32, odd: usize): u32 {
  const end = values + (<usize>count << 3);
  // x - x is 0 for what is finite and NaN for all else.
  let sum = f64x2.splat(0);
  let at = values;
  for (; at + 16 <= end; at += 16) {
    const pair = f64x2.add(v128.load(at), f64x2.splat(0));
    v128.store(at, pair);
    sum = f64x2.add(sum, f64x2.sub(pair, pair));
  }
  let rest = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (at < end) {
    const last = load<f64>(at) + 0.0;
    store<f64>(at, last);
    rest += last - last;
  }
  if (rest == 0) return count;
  let kept: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const value = load<f64>(values + (<usize>row << 3));
    store<f64>(values + (<usize>kept << 3), value);
    if (value - value == 0) kept++;
    else {
      const place = odd + (value != value ? 0 : value > 0 ? 8 : 16);
      store<f64>(place, load<f64>(place) + 1);
    }
  }
  return kept;
}

// Whole numbers as doubles. With `endless`, the largest and the smallest stand for the infinities, as the
// engine has it for time.
export function toDoubles(values: usize, target: usize, count: u32, endless: bool): void {
  for (let row: u32 = 0; row < count; row++) {
    const value = load<i64>(values + (<usize>row << 3));
    let double = <f64>value;
    if (endless) {
      if (value == i64.MAX_VALUE) double = Infinity;
      else if (value == -i64.MAX_VALUE) double = -Infinity;
    }
    store<f64>(target + (<usize>row << 3), double);
  }
}

// Adds to sum, sum of squares (of x - pivot), minimum and maximum, at `state`: two lanes each, so that the
// additions do not wait for one another. The order of additions depends on nothing but the order of the values.
export function addMoments(values: usize, count: u32, pivot: f64, state: usize): void {
  let sum = v128.load(state);
  let squares = v128.load(state + 16);
  let least = v128.load(state + 32);
  let most = v128.load(state + 48);
  const middle = f64x2.splat(pivot);
  const end = values + (<usize>count << 3);
  let at = values;
  for (; at + 16 <= end; at += 16) {
    const pair = v128.load(at);
    const off = f64x2.sub(pair, middle);
    sum = f64x2.add(sum, off);
    squares = f64x2.add(squares, f64x2.mul(off, off));
    least = f64x2.pmin(least, pair);
    most = f64x2.pmax(most, pair);
  }
  if (at < end) {
    const last = load<f64>(at);
    const off = last - pivot;
    sum = f64x2.replace_lane(sum, 0, f64x2.extract_lane(sum, 0) + off);
    squares = f64x2.replace_lane(squares, 0, f64x2.extract_lane(squares, 0) + off * off);
    least = f64x2.pmin(least, f64x2.splat(last));
    most = f64x2.pmax(most, f64x2.splat(last));
  }
  v128.store(state, sum);
  v128.store(state + 16, squares);
  v128.store(state + 32, least);
  v128.store(state + 48, most);
}

// The cell of a value: almost always one of the first three that its square allows.
// @ts-ignore: decorator
@inline
function countCell(value: f64, square: u32, edges: usize, counts: usize, grid: usize): void {
  const allowed = load<u32>(grid + (<usize>square << 2));
  let cell = allowed & 0xffff;
  cell += u32(load<f64>(edges + (<usize>cell << 3)) < value);
  cell += u32(load<f64>(edges + (<usize>cell << 3)) < value);
  if (load<f64>(edges + (<usize>cell << 3)) < value) {
    let last = allowed >>> 16;
    cell++;
    while (cell < last) {
      const middle = (cell + last) >>> 1;
      if (load<f64>(edges + (<usize>middle << 3)) < value) cell = middle + 1;
      else last = middle;
    }
  }
  const place = counts + (<usize>cell << 2);
  store<u32>(place, load<u32>(place) + 1);
}

// Counts each value in its cell: cell i holds what is above edge i - 1 up to edge i, and the last edges are
// infinite. A grid of equal widths says for a value in which cells it can be: the first in the lower half of
// a word, the last in the upper.
export function countCells(
  values: usize, count: u32, edges: usize, counts: usize, grid: usize, squares: u32, low: f64, scale: f64,
): void {
  const top = f64x2.splat(<f64>(squares - 1));
  const zero = f64x2.splat(0);
  const lows = f64x2.splat(low);
  const scales = f64x2.splat(scale);
  for (let row: u32 = 0; row < count; row += 2) {
    const pair = v128.load(values + (<usize>row << 3));
    const place = f64x2.mul(f64x2.sub(pair, lows), scales);
    const square = i32x4.trunc_sat_f64x2_s_zero(f64x2.pmax(f64x2.pmin(place, top), zero));
    countCell(f64x2.extract_lane(pair, 0), i32x4.extract_lane(square, 0), edges, counts, grid);
    if (row + 1 < count) countCell(f64x2.extract_lane(pair, 1), i32x4.extract_lane(square, 1), edges, counts, grid);
  }
}

// HyperLogLog (Flajolet and others, 2007) with 4096 registers of one byte.
export function addDistinct(keys: usize, count: u32, registers: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const h = mix(load<u64>(keys + (<usize>row << 3)));
    const place = registers + <usize>(h >> 52);
    const rank = <u32>clz(h << 12 | 2048) + 1;
    if (<u32>load<u8>(place) < rank) store<u8>(place, <u8>rank);
  }
}

// Counts each key in an open-addressed table of pairs (key, count); `bits` is the logarithm of its size. For a
// new key its position goes to `fresh`. Stops after `most` new keys and says how far it got in the upper half,
// how many were new in the lower.
export function countKeys(keys: usize, from: u32, count: u32, table: usize, bits: u32, fresh: usize, most: u32): u64 {
  const shift: u64 = 64 - bits;
  const mask: usize = (<usize>1 << bits) - 1;
  let found: u32 = 0;
  for (let row = from; row < count; row++) {
    const key = load<u64>(keys + (<usize>row << 3));
    let slot = <usize>(mix(key) >> shift);
    while (true) {
      const place = table + (slot << 4);
      const seen = load<u64>(place + 8);
      if (seen == 0) {
        if (found == most) return ((<u64>row) << 32) | found;
        store<u64>(place, key);
        store<u64>(place + 8, 1);
        store<u32>(fresh + (<usize>found << 2), row);
        found++;
        break;
      }
      if (load<u64>(place) == key) {
        store<u64>(place + 8, seen + 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return ((<u64>count) << 32) | found;
}

// Counts only the keys that the table has already.
export function countKnown(keys: usize, count: u32, table: usize, bits: u32): void {
  const shift: u64 = 64 - bits;
  const mask: usize = (<usize>1 << bits) - 1;
  for (let row: u32 = 0; row < count; row++) {
    const key = load<u64>(keys + (<usize>row << 3));
    let slot = <usize>(mix(key) >> shift);
    while (true) {
      const place = table + (slot << 4);
      const seen = load<u64>(place + 8);
      if (seen == 0) break;
      if (load<u64>(place) == key) {
        store<u64>(place + 8, seen + 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
}

// Adds the lengths of texts to their sum, the shortest and the longest, three doubles at `state`.
export function addLengths(lengths: usize, count: u32, state: usize): void {
  let sum: u64 = 0;
  let least = load<f64>(state + 8);
  let most = load<f64>(state + 16);
  for (let row: u32 = 0; row < count; row++) {
    const length = <f64>load<i64>(lengths + (<usize>row << 3));
    sum += <u64>length;
    if (length < least) least = length;
    if (length > most) most = length;
  }
  store<f64>(state, load<f64>(state) + <f64>sum);
  store<f64>(state + 8, least);
  store<f64>(state + 16, most);
}

// Puts every pair of one table into a larger, empty one.
export function moveKeys(from: usize, bits: u32, to: usize, toBits: u32): void {
  const shift: u64 = 64 - toBits;
  const mask: usize = (<usize>1 << toBits) - 1;
  const end = from + (<usize>1 << (bits + 4));
  for (let at = from; at < end; at += 16) {
    const seen = load<u64>(at + 8);
    if (seen == 0) continue;
    const key = load<u64>(at);
    let slot = <usize>(mix(key) >> shift);
    while (load<u64>(to + (slot << 4) + 8) != 0) slot = (slot + 1) & mask;
    store<u64>(to + (slot << 4), key);
    store<u64>(to + (slot << 4) + 8, seen);
  }
}
