/**
 * A stream of numbers in [0, 1) that the seed of the run and the number of the trial alone decide (splitmix32
 * to mix both, then sfc32): what one trial draws changes nothing for another.
 */
export function trialRandom(seed: number, number: number): () => number {
  let mixed = (seed ^ Math.floor(seed / 4_294_967_296) ^ Math.imul(number + 1, 0x9e3779b1)) | 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) | 0;
  };
  let [a, b, c, counter] = [mix(), mix(), mix(), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}
