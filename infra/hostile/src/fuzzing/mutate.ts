import fc from "fast-check";

/** One change to a text: what is cut from a place, and what comes there. Places are shares of the length. */
interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly paste: string;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A few changes, with pieces that mean something to the reader and some that mean nothing to anybody. */
export function edits(pieces: readonly string[]): fc.Arbitrary<readonly Edit[]> {
  const paste = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("", ...pieces) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  );
  const cut = fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat({ max: 2000 }));
  return fc.array(fc.record({ at: share, cut, paste }), { minLength: 1, maxLength: 4 });
}

export function applyEdits(text: string, list: readonly Edit[]): string {
  return list.reduce((result, { at, cut, paste }) => {
    const place = Math.floor(at * result.length);
    return result.slice(0, place) + paste + result.slice(place + cut);
  }, text);
}
