import fc from "fast-check";

/** One way of damaging bytes. */
type Mutation =
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "set"; readonly at: number; readonly byte: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "remove" | "repeat"; readonly at: number; readonly length: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array };

// A place as a share of the bytes, so that it stays one when the input shrinks.
const place = fc.double({ min: 0, max: 1, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant("set" as const),
    at: place,
    byte: fc.constantFrom(0, 1, 0x22, 0x2c, 0x0a, 0x7f, 0x80, 0xff),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({
    kind: fc.constantFrom("remove" as const, "repeat" as const),
    at: place,
    length: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  }),
);

/** Damages healthy bytes in one to four places. */
export function damaged(healthy: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.array(mutation, { minLength: 1, maxLength: 4 }).map((list) => list.reduce(apply, healthy));
}

function apply(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.at * bytes.length);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case "flip":
      return Buffer.concat([
        head,
        tail.map((byte, index) => (index === 0 ? byte ^ (1 << change.bit) : byte)),
      ]);
    case "set":
      return Buffer.concat([head, tail.map((byte, index) => (index === 0 ? change.byte : byte))]);
    case "cut":
      return head;
    case "remove":
      return Buffer.concat([head, tail.subarray(change.length)]);
    case "repeat":
      return Buffer.concat([head, tail.subarray(0, change.length), tail]);
    case "insert":
      return Buffer.concat([head, change.bytes, tail]);
    default:
      return change satisfies never;
  }
}
