export interface Weighted {
  readonly weightPercent: number;
}

/**
 * Chooses by weight, always the same for the same key. The weights need not add up to 100; undefined where
 * none is above 0.
 */
export function chooseByWeight<T extends Weighted>(versions: readonly T[], key: string): T | undefined {
  const total = versions.reduce((sum, { weightPercent }) => sum + weightPercent, 0);
  if (total === 0) return undefined;
  let place = (hash(key) / 2 ** 32) * total;
  for (const version of versions) {
    place -= version.weightPercent;
    if (place < 0) return version;
  }
  return versions.findLast(({ weightPercent }) => weightPercent > 0);
}

/**
 * FNV-1a with the finalizer of MurmurHash3: FNV alone leaves neighbouring keys, such as ids of one moment,
 * close together in the upper bits that decide here.
 */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
