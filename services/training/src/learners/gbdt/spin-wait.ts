/** Looks made before a thread sleeps: a step takes microseconds, waking up takes tens of them. */
const looksBeforeSleep = 3000;

/** Returns the word's value as soon as it is no longer `old`. */
export function waitForChange(words: Int32Array, index: number, old: number): number {
  for (let look = 1; ; look++) {
    const value = Atomics.load(words, index);
    if (value !== old) return value;
    if (look % looksBeforeSleep === 0) Atomics.wait(words, index, old);
  }
}
