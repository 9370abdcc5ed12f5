/** The bytes are not what a protobuf message looks like. */
export class ProtobufSyntaxError extends Error {}

/** One field of a message: a number (varint or fixed) or the bytes of a string, list or nested message. */
export type Field =
  | { readonly number: number; readonly kind: "varint"; readonly value: bigint }
  | { readonly number: number; readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly number: number; readonly kind: "fixed" };

/**
 * Walks over the fields of one message without copying anything. Every length is checked against the
 * message's own end, so a forged length cannot make it read or reserve more than the file has.
 */
export function* scanFields(message: Uint8Array): Generator<Field> {
  let position = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[position++];
      if (byte === undefined) throw new ProtobufSyntaxError("a number is cut off");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new ProtobufSyntaxError("a number is longer than ten bytes");
  }

  function skip(byteCount: number): void {
    position += byteCount;
    if (position > message.length) throw new ProtobufSyntaxError("a field is cut off");
  }

  while (position < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    if (number < 1 || number > 536_870_911) throw new ProtobufSyntaxError(`field number ${number}`);
    const wireType = key % 8;
    if (wireType === 0) yield { number, kind: "varint", value: varint() };
    else if (wireType === 1) {
      skip(8);
      yield { number, kind: "fixed" };
    } else if (wireType === 5) {
      skip(4);
      yield { number, kind: "fixed" };
    } else if (wireType === 2) {
      const length = Number(varint());
      const start = position;
      skip(length);
      yield { number, kind: "bytes", value: message.subarray(start, position) };
    } else throw new ProtobufSyntaxError(`wire type ${wireType}`);
  }
}

/** A message that is there twice is both together for every protobuf reader: so must it be for ours. */
export function merged(first: Uint8Array | undefined, second: Uint8Array): Uint8Array {
  return first === undefined ? second : Buffer.concat([first, second]);
}

const decoder = new TextDecoder();

/** A field's bytes as text; empty for a field of another kind. */
export function textOf(field: Field): string {
  return field.kind === "bytes" ? decoder.decode(field.value) : "";
}

/** A repeated int64 field, packed or not. */
export function* integersOf(field: Field): Generator<bigint> {
  if (field.kind === "varint") yield BigInt.asIntN(64, field.value);
  if (field.kind !== "bytes") return;
  let value = 0n;
  let shift = 0n;
  for (const byte of field.value) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    yield BigInt.asIntN(64, value);
    value = 0n;
    shift = 0n;
  }
}
