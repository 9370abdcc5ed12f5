/** Numbers in [0, 1) that the seed alone decides: xoshiro128** (Blackman, Vigna 2018), its state from splitmix32. */
export function seededRandom(seed: number): () => number {
  let mixed = (seed ^ Math.floor(seed / 4_294_967_296)) | 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return (result >>> 0) / 4_294_967_296;
  };
}
