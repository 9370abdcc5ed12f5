import type { Kernel } from "./kernel.ts";

const PAIR_BYTES = 16;
const FIRST_BITS = 8;
const MAX_UINT32 = 0xffff_ffffn;

/** An open-addressed table in the kernel's memory: how often each key was there. */
export class KeyTable {
  used = 0;
  readonly #kernel: Kernel;
  readonly #keysMax: number;
  #place: number;
  #bits = FIRST_BITS;

  constructor(kernel: Kernel, keysMax: number) {
    this.#kernel = kernel;
    this.#keysMax = keysMax;
    this.#place = kernel.take(PAIR_BYTES << FIRST_BITS);
  }

  /**
   * Counts the keys that lie at the kernel's `values`; `onFresh` gets the positions of those that are new. False
   * when there are more different ones than the table may hold.
   */
  add(count: number, onFresh: (position: number) => void): boolean {
    const { run, values, fresh } = this.#kernel;
    for (let from = 0; from < count; ) {
      // Half full is full: probing gets long beyond it.
      const room = Math.min(this.#keysMax, 1 << (this.#bits - 1)) - this.used;
      if (room === 0) {
        if (this.used === this.#keysMax) return this.#knowsAll(from, count);
        this.#grow();
        continue;
      }
      const done = run.countKeys(values, from, count, this.#place, this.#bits, fresh, room);
      from = Number(done >> 32n);
      const found = Number(done & MAX_UINT32);
      this.used += found;
      if (found > 0) for (const position of this.#kernel.countsAt(fresh, found).slice()) onFresh(position);
    }
    return true;
  }

  #knowsAll(from: number, count: number): boolean {
    const { run, values, fresh } = this.#kernel;
    const done = run.countKeys(values, from, count, this.#place, this.#bits, fresh, 0);
    return Number(done >> 32n) === count;
  }

  /** Counts only keys that are there already. */
  addKnown(count: number): void {
    this.#kernel.run.countKnown(this.#kernel.values, count, this.#place, this.#bits);
  }

  /** Keys with their counts, in no order that means anything. */
  entries(): { key: bigint; count: number }[] {
    const words = this.#kernel.wordsAt(this.#place, 2 << this.#bits);
    const found: { key: bigint; count: number }[] = [];
    for (let at = 0; at < words.length; at += 2) {
      const count = words[at + 1] ?? 0n;
      if (count > 0n) found.push({ key: words[at] ?? 0n, count: Number(count) });
    }
    return found;
  }

  /** Rising values and how often each was there again, with keys as the numbers that `read` makes of the two halves of their bits, and without BigInts: those are slow. */
  numbers(read: (low: number, high: number) => number): {
    values: Float64Array;
    repeats: Map<number, number>;
  } {
    const halves = this.#kernel.countsAt(this.#place, 4 << this.#bits);
    const values = new Float64Array(this.used);
    const repeats = new Map<number, number>();
    let found = 0;
    for (let at = 0; at < halves.length; at += 4) {
      const count = (halves[at + 2] ?? 0) + (halves[at + 3] ?? 0) * 2 ** 32;
      if (count === 0) continue;
      const value = read(halves[at] ?? 0, halves[at + 1] ?? 0);
      values[found++] = value;
      // Whole numbers beyond 2^53 may be one as doubles.
      if (count > 1) repeats.set(value, count - 1 + (repeats.get(value) ?? 0));
    }
    return { values: values.sort(), repeats };
  }

  #grow(): void {
    const bits = this.#bits + 2;
    const place = this.#kernel.take(PAIR_BYTES << bits);
    this.#kernel.run.moveKeys(this.#place, this.#bits, place, bits);
    this.#place = place;
    this.#bits = bits;
  }
}
