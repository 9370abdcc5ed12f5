import {
  forgeParquet,
  int32,
  int64,
  type ParquetForgery,
  schemaElement,
  textColumn,
} from "./forge-parquet.ts";
import type { HostileTable, TableAnswer } from "./table-input.ts";

const healthy = forgeParquet();
const refused: TableAnswer = { refused: "PARQUET_UNREADABLE" };
const threeRows: TableAnswer = { rows: [{ a: "x" }, { a: "x" }, { a: "x" }] };

const footerLength = healthy.readUInt32LE(healthy.length - 8);
const footerStart = healthy.length - 8 - footerLength;

const changed = (change: (file: Buffer) => void): Buffer => {
  const file = Buffer.from(healthy);
  change(file);
  return file;
};

type Case = readonly [name: string, content: Uint8Array, wanted: TableAnswer];

/** Every place at which a reader has just been promised more than there is. */
const cut: readonly Case[] = [
  ["before the footer", footerStart],
  ["within the footer's first field", footerStart + 1],
  ["in the middle of the footer", footerStart + (footerLength >> 1)],
  ["before the footer's last byte", footerStart + footerLength - 1],
  ["before the footer's length", healthy.length - 8],
  ["within the footer's length", healthy.length - 6],
  ["before the closing magic", healthy.length - 4],
  ["within the closing magic", healthy.length - 1],
  ["within the opening magic", 2],
  ["after the opening magic", 4],
  ["after the first page's header", 12],
].map(([place, length]) => [`a file that is cut ${place}`, healthy.subarray(0, Number(length)), refused]);

const frames: readonly Case[] = [
  ["no magic at the start", changed((file) => file.write("PAR2", 0)), threeRows],
  ["no magic at the end", changed((file) => file.write("PAR2", file.length - 4)), refused],
  ["the magic of an encrypted footer", changed((file) => file.write("PARE", file.length - 4)), refused],
  ["a footer of no bytes", changed((file) => file.writeUInt32LE(0, file.length - 8)), refused],
  [
    "a footer longer than the file",
    changed((file) => file.writeUInt32LE(file.length, file.length - 8)),
    refused,
  ],
  ["a footer of four gigabytes", changed((file) => file.writeUInt32LE(0xffffffff, file.length - 8)), refused],
  ["a footer of two gigabytes", changed((file) => file.writeUInt32LE(0x7fffffff, file.length - 8)), refused],
  [
    "a footer that begins one byte early",
    changed((file) => file.writeUInt32LE(footerLength + 1, file.length - 8)),
    refused,
  ],
  [
    "a footer that begins one byte late",
    changed((file) => file.writeUInt32LE(footerLength - 1, file.length - 8)),
    refused,
  ],
  ["a footer of zeros", changed((file) => file.fill(0, footerStart, footerStart + footerLength)), refused],
  ["a footer of 0xff", changed((file) => file.fill(0xff, footerStart, footerStart + footerLength)), refused],
  ["pages of zeros", changed((file) => file.fill(0, 4, footerStart)), refused],
  ["pages of 0xff", changed((file) => file.fill(0xff, 4, footerStart)), refused],
  ["a CSV file with the magics of Parquet", Buffer.from(`PAR1${"a,b\n1,2\n".repeat(20)}PAR1`), refused],
  ["two Parquet files in one", Buffer.concat([healthy, healthy]), threeRows],
];

const forgeries: readonly (readonly [string, ParquetForgery, TableAnswer])[] = [
  ["more rows in the footer than there are", { claimedRows: 1_000_000 }, refused],
  ["all rows there can be in the footer", { claimedRows: 2n ** 63n - 1n }, refused],
  ["a negative number of rows in the footer", { claimedRows: -1 }, refused],
  ["no rows in the footer, three in the row group", { claimedRows: 0 }, refused],
  ["more rows in the row group than in its pages", { claimedGroupRows: 5 }, refused],
  ["fewer rows in the row group than in its pages", { claimedGroupRows: 1 }, refused],
  ["a negative number of rows in the row group", { claimedGroupRows: -3 }, refused],
  ["all rows there can be in the row group", { claimedGroupRows: 2n ** 62n }, refused],
  ["a billion values in the column of three rows", { claimedValues: 1_000_000_000 }, threeRows],
  ["a negative number of values in the column", { claimedValues: -1 }, threeRows],
  ["a billion values in the page of three rows", { page: { values: 1_000_000_000 } }, threeRows],
  ["a negative number of values in the page", { page: { values: -1 } }, threeRows],
  ["a negative number of rows everywhere", { claimedRows: -3, claimedGroupRows: -3 }, refused],
  ["more rows than the limit", { rowGroups: [10_001] }, { refused: "TOO_MANY_ROWS" }],
  [
    "more rows than the limit, in many row groups",
    { rowGroups: Array(101).fill(100) },
    { refused: "TOO_MANY_ROWS" },
  ],
  ["a dictionary that claims a billion values", { page: { dictionaryValues: 1_000_000_000 } }, refused],
  ["a dictionary that claims no values", { page: { dictionaryValues: 0 } }, refused],
  ["a dictionary that claims a negative number of values", { page: { dictionaryValues: -1 } }, refused],
  ["a page that claims two gigabytes", { page: { uncompressedBytes: 2 ** 31 - 1 } }, refused],
  ["a page that claims two compressed gigabytes", { page: { compressedBytes: 2 ** 31 - 1 } }, refused],
  ["a page of a negative size", { page: { uncompressedBytes: -1 } }, refused],
  ["a page of a negative compressed size", { page: { compressedBytes: -1 } }, refused],
  ["an unknown kind of page", { page: { type: 77 } }, refused],
  ["indexes of 255 bits", { page: { bitWidth: 255 } }, refused],
  ["indexes of 33 bits", { page: { bitWidth: 33 } }, refused],
  ["an unknown codec", { codec: 99 }, refused],
  ["the codec LZO, which nobody reads", { codec: 3 }, refused],
  ["a codec that the pages do not have", { codec: 1 }, refused],
  ["the codec gzip over pages that are not", { codec: 2 }, refused],
  ["the codec Zstandard over pages that are not", { codec: 6 }, refused],
  ["an unknown encoding", { encoding: 77 }, refused],
  ["a delta encoding over pages that have none", { encoding: 5 }, refused],
  ["a column chunk behind the end of the file", { offset: 1_000_000 }, refused],
  ["a column chunk at a negative place", { offset: -100 }, refused],
  ["a column chunk inside the footer", { offset: footerStart }, refused],
  [
    "a value of NUL and line ends",
    { value: "\0\r\n" },
    { rows: Array.from({ length: 3 }, () => ({ a: "\0\r\n" })) },
  ],
  ["encryption that is named in the footer", { footer: { 8: { struct: { 1: { struct: {} } } } } }, threeRows],
  ["no schema", { schema: [] }, refused],
  ["a schema of a root alone", { schema: [schemaElement("schema", { 5: int32(0) })] }, refused],
  [
    "a root that claims more columns than there are",
    { schema: [schemaElement("schema", { 5: int32(9) }), textColumn("a")] },
    refused,
  ],
  [
    "a root that claims a negative number of columns",
    { schema: [schemaElement("schema", { 5: int32(-1) }), textColumn("a")] },
    refused,
  ],
  [
    "a root that claims all columns there can be",
    { schema: [schemaElement("schema", { 5: int32(2 ** 31 - 1) }), textColumn("a")] },
    refused,
  ],
  [
    "two columns of one name",
    { schema: [schemaElement("schema", { 5: int32(2) }), textColumn("a"), textColumn("A")] },
    refused,
  ],
  [
    "a hundred thousand columns",
    {
      rowGroups: [],
      schema: [
        schemaElement("schema", { 5: int32(100_000) }),
        ...Array.from({ length: 100_000 }, (_, n) => textColumn(`c${n}`)),
      ],
    },
    { refused: "TOO_MANY_COLUMNS" },
  ],
  [
    "a hundred thousand groups within each other",
    {
      schema: [
        ...Array.from({ length: 100_000 }, (_, n) => schemaElement(`g${n}`, { 5: int32(1) })),
        textColumn("a"),
      ],
    },
    { refused: "CRASHED" },
  ],
  [
    "a column in a group",
    {
      schema: [
        schemaElement("schema", { 5: int32(1) }),
        schemaElement("g", { 3: int32(0), 5: int32(1) }),
        textColumn("a"),
      ],
    },
    { refused: "COLUMN_UNSUPPORTED" },
  ],
  [
    "a column of an unknown type",
    { schema: [schemaElement("schema", { 5: int32(1) }), schemaElement("a", { 1: int32(77), 3: int32(0) })] },
    refused,
  ],
  [
    "a column of another type than its pages",
    { schema: [schemaElement("schema", { 5: int32(1) }), schemaElement("a", { 1: int32(2), 3: int32(0) })] },
    refused,
  ],
  [
    "a name of SQL",
    { schema: [schemaElement("schema", { 5: int32(1) }), textColumn('"; DROP TABLE x; --')] },
    { rows: Array.from({ length: 3 }, () => ({ '"; DROP TABLE x; --': "x" })) },
  ],
  ["a name with NUL", { schema: [schemaElement("schema", { 5: int32(1) }), textColumn("a\0b")] }, refused],
  [
    "a name that begins with a byte order mark",
    { schema: [schemaElement("schema", { 5: int32(1) }), textColumn("\uFEFFa")] },
    refused,
  ],
  [
    "an empty name",
    { schema: [schemaElement("schema", { 5: int32(1) }), textColumn("")] },
    { rows: Array.from({ length: 3 }, () => ({ C0: "x" })) },
  ],
  ["row groups that are not there", { rowGroups: [], claimedRows: 3 }, refused],
  ["no row groups and no rows", { rowGroups: [] }, { rows: [] }],
  [
    "a row group without columns",
    { footer: { 4: { list: [{ struct: { 1: { list: [] }, 2: int64(0), 3: int64(3) } }] } } },
    refused,
  ],
];

const rowOf = (name: string) => (/name/.test(name) ? 28 : /group$|type/.test(name) ? 34 : 33);

export const parquetFiles: readonly HostileTable[] = [
  ...cut,
  ...frames,
  ...forgeries.map(([name, forgery, wanted]): Case => [name, forgeParquet(forgery), wanted]),
].map(([name, content, wanted]) => ({ name, row: rowOf(name), input: { content }, wanted }));
