import { encodeStruct, type Thrift, type ThriftStruct, varint } from "./thrift.ts";

/** What a forged file says of itself; everything that is not given is said as it is. */
export interface ParquetForgery {
  /** Rows of each row group; all of them are one value, said once and repeated by its run length. */
  readonly rowGroups?: readonly number[];
  readonly value?: string;
  /** Rows that the footer claims, for the file and for each row group. */
  readonly claimedRows?: number | bigint;
  readonly claimedGroupRows?: number | bigint;
  /** Values that the column chunk claims. */
  readonly claimedValues?: number | bigint;
  readonly codec?: number;
  /** What the codec does with the content of a page. */
  readonly pack?: (content: Buffer) => Buffer;
  readonly encoding?: number;
  readonly page?: Partial<{
    readonly type: number;
    readonly uncompressedBytes: number;
    readonly compressedBytes: number;
    readonly values: number;
    readonly dictionaryValues: number;
    readonly bitWidth: number;
  }>;
  readonly offset?: number;
  readonly schema?: readonly Thrift[];
  readonly footer?: ThriftStruct;
}

export const int32 = (value: number): Thrift => ({ int32: value });
export const int64 = (value: number | bigint): Thrift => ({ int64: value });

/** Fields: 1 physical type, 3 repetition, 4 name, 5 number of children, 6 converted type. */
export function schemaElement(name: string, fields: ThriftStruct = {}): Thrift {
  return { struct: { ...fields, 4: { text: name } } };
}

const byteArray = 6;
const required = 0;
const utf8 = 0;
const [plain, dictionaryIndexes] = [0, 8];
export const textColumn = (name: string) =>
  schemaElement(name, { 1: int32(byteArray), 3: int32(required), 6: int32(utf8) });

/** A Parquet file of one text column "a", written byte by byte, so that any of its statements can be a lie. */
export function forgeParquet(forgery: ParquetForgery = {}): Buffer {
  const {
    rowGroups = [3],
    value = "x",
    schema = [schemaElement("schema", { 5: int32(1) }), textColumn("a")],
  } = forgery;
  const parts: Buffer[] = [Buffer.from("PAR1")];
  let position = 4;
  const groups = rowGroups.map((rows): Thrift => {
    const dictionary = dictionaryPage(value, forgery);
    const indexes = indexPage(rows, forgery);
    const start = position;
    parts.push(dictionary, indexes);
    position += dictionary.length + indexes.length;
    return rowGroup(rows, start, dictionary.length, position - start, forgery);
  });
  const footer = encodeStruct({
    1: int32(1),
    2: { list: schema },
    3: int64(forgery.claimedRows ?? rowGroups.reduce((sum, rows) => sum + rows, 0)),
    4: { list: groups },
    ...forgery.footer,
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from("PAR1")]);
}

const asItIs = (content: Buffer) => content;

function dictionaryPage(value: string, { page = {}, pack = asItIs }: ParquetForgery): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  const content = Buffer.concat([length, Buffer.from(value)]);
  const header = { 1: int32(page.dictionaryValues ?? 1), 2: int32(plain) };
  const packed = pack(content);
  const sizes = { uncompressedBytes: content.length };
  return Buffer.concat([pageHeader(2, packed.length, { 7: { struct: header } }, sizes), packed]);
}

function indexPage(
  rows: number,
  { page = {}, encoding = dictionaryIndexes, pack = asItIs }: ParquetForgery,
): Buffer {
  const content = Buffer.from([page.bitWidth ?? 1, ...varint(BigInt(rows) << 1n), 0]);
  const header = { 1: int32(page.values ?? rows), 2: int32(encoding), 3: int32(3), 4: int32(3) };
  const packed = pack(content);
  const sizes = { uncompressedBytes: content.length, ...page };
  return Buffer.concat([pageHeader(page.type ?? 0, packed.length, { 5: { struct: header } }, sizes), packed]);
}

function pageHeader(
  type: number,
  bytes: number,
  header: ThriftStruct,
  { uncompressedBytes, compressedBytes }: ParquetForgery["page"] & object = {},
): Buffer {
  return encodeStruct({
    1: int32(type),
    2: int32(uncompressedBytes ?? bytes),
    3: int32(compressedBytes ?? bytes),
    ...header,
  });
}

function rowGroup(
  rows: number,
  start: number,
  dictionaryBytes: number,
  bytes: number,
  { claimedGroupRows, claimedValues, codec = 0, offset }: ParquetForgery,
): Thrift {
  const from = offset ?? start;
  const chunk = {
    1: int32(byteArray),
    2: { list: [int32(plain), int32(dictionaryIndexes)] },
    3: { list: [{ text: "a" }] },
    4: int32(codec),
    5: int64(claimedValues ?? rows),
    6: int64(bytes),
    7: int64(bytes),
    9: int64(from + dictionaryBytes),
    11: int64(from),
  };
  const column = { struct: { 2: int64(from), 3: { struct: chunk } } };
  return { struct: { 1: { list: [column] }, 2: int64(bytes), 3: int64(claimedGroupRows ?? rows) } };
}
