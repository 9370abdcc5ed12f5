import { readFileSync } from "node:fs";

/** Rows of one vector of the engine, at most. */
export const VECTOR_ROWS = 2048;

const PAGE_BYTES = 65_536;

/** The inner loops; kernel.as says what each one does. Places are byte addresses in the kernel's own memory. */
export type KernelFunctions = {
  keepValid(values: number, valid: number, count: number): number;
  listValid(rows: number, valid: number, count: number): void;
  keepFinite(values: number, count: number, odd: number): number;
  toDoubles(values: number, target: number, count: number, endless: boolean): void;
  addMoments(values: number, count: number, pivot: number, state: number): void;
  countCells(
    values: number,
    count: number,
    edges: number,
    counts: number,
    grid: number,
    squares: number,
    low: number,
    scale: number,
  ): void;
  addDistinct(keys: number, count: number, registers: number): void;
  countKeys(
    keys: number,
    from: number,
    count: number,
    table: number,
    bits: number,
    fresh: number,
    most: number,
  ): bigint;
  countKnown(keys: number, count: number, table: number, bits: number): void;
  addLengths(lengths: number, count: number, state: number): void;
  moveKeys(from: number, bits: number, to: number, toBits: number): void;
};

/** One kernel with its memory, which is given away piece by piece and taken back as a whole. */
export class Kernel {
  readonly run: KernelFunctions;
  /** Where the vector that is looked at lies: values, the same as doubles, valid bits, two lists of rows. */
  readonly values: number;
  readonly doubles: number;
  readonly valid: number;
  readonly rows: number;
  readonly fresh: number;
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array<ArrayBuffer>;
  #doubles: Float64Array<ArrayBuffer>;
  #words: BigUint64Array<ArrayBuffer>;
  #free = 1024;
  readonly #first: number;

  constructor() {
    const module = new WebAssembly.Module(readFileSync(new URL("./kernel.wasm", import.meta.url)));
    this.#memory = new WebAssembly.Memory({ initial: 2 });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.run = instance.exports as KernelFunctions;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#doubles = new Float64Array(this.#memory.buffer);
    this.#words = new BigUint64Array(this.#memory.buffer);
    // Loops that take two values at once may look at one behind the last.
    this.values = this.take(VECTOR_ROWS * 8 + 16);
    this.doubles = this.take(VECTOR_ROWS * 8 + 16);
    this.valid = this.take(VECTOR_ROWS / 8);
    this.rows = this.take(VECTOR_ROWS * 4 + 16);
    this.fresh = this.take(VECTOR_ROWS * 4 + 16);
    this.#first = this.#free;
  }

  /** Takes everything back. */
  clear(): void {
    this.bytes.fill(0, this.#first, this.#free);
    this.#free = this.#first;
  }

  /** Zeroed bytes that stay where they are. */
  take(byteLength: number): number {
    const place = this.#free;
    this.#free += Math.ceil(byteLength / 16) * 16;
    const missing = this.#free - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return place;
  }

  /** Views are made anew when the memory has grown, for then the old ones are empty. */
  #view(): void {
    if (this.#bytes.buffer === this.#memory.buffer) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#doubles = new Float64Array(this.#memory.buffer);
    this.#words = new BigUint64Array(this.#memory.buffer);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    this.#view();
    return this.#bytes;
  }

  doublesAt(place: number, count: number): Float64Array {
    this.#view();
    return this.#doubles.subarray(place / 8, place / 8 + count);
  }

  wordsAt(place: number, count: number): BigUint64Array {
    this.#view();
    return this.#words.subarray(place / 8, place / 8 + count);
  }

  countsAt(place: number, count: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, place, count);
  }
}

let only: Kernel | undefined;

/**
 * The kernel of this process, emptied. A process works on one call at a time, and the memory of one that is left
 * to the garbage collector stays for long: it counts as hardly anything there.
 */
export function emptyKernel(): Kernel {
  only ??= new Kernel();
  only.clear();
  return only;
}
