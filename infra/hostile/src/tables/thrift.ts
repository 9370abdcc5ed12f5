/** A value of Thrift's compact protocol; Parquet's footers and page headers are written in it. */
export type Thrift =
  | { readonly int32: number }
  | { readonly int64: number | bigint }
  | { readonly text: string }
  | { readonly list: readonly Thrift[] }
  | { readonly struct: ThriftStruct };

/** Fields by their numbers. */
export type ThriftStruct = Readonly<Record<number, Thrift | undefined>>;

const typeCodes = { int32: 5, int64: 6, text: 8, list: 9, struct: 12 } as const;

export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** Encodes a struct, the fields in ascending order. */
export function encodeStruct(struct: ThriftStruct): Buffer {
  const parts: Buffer[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(struct)) {
    if (value === undefined) continue;
    const number = Number(key);
    parts.push(Buffer.from([((number - last) << 4) | typeCodeOf(value)]), encode(value));
    last = number;
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function typeCodeOf(value: Thrift): number {
  if ("int32" in value) return typeCodes.int32;
  if ("int64" in value) return typeCodes.int64;
  if ("text" in value) return typeCodes.text;
  return "list" in value ? typeCodes.list : typeCodes.struct;
}

function encode(value: Thrift): Buffer {
  if ("int32" in value) return zigzag(value.int32);
  if ("int64" in value) return zigzag(value.int64);
  if ("text" in value)
    return Buffer.concat([Buffer.from(varint(Buffer.byteLength(value.text))), Buffer.from(value.text)]);
  if ("struct" in value) return encodeStruct(value.struct);
  const [first] = value.list;
  const head = [
    0xf0 | (first === undefined ? typeCodes.int32 : typeCodeOf(first)),
    ...varint(value.list.length),
  ];
  return Buffer.concat([Buffer.from(head), ...value.list.map(encode)]);
}

function zigzag(value: number | bigint): Buffer {
  const wide = BigInt(value);
  return Buffer.from(varint((wide << 1n) ^ (wide >> 63n)));
}
