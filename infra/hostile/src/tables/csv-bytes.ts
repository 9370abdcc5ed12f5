import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { HostileTable, TableAnswer } from "./table-input.ts";

const text = "a,b\nä€,2\n";
const latin1 = (content: string) => Buffer.from(content, "latin1");
const utf16le = Buffer.from(text, "utf16le");
const utf16be = Buffer.from(utf16le).swap16();
const read: TableAnswer = { rows: [{ a: "ä€", b: 2 }] };
const unreadable: TableAnswer = { refused: "CSV_UNREADABLE" };

/** Byte sequences that are no UTF-8, each for another reason. */
const badSequences = {
  "a Latin-1 letter": "\xe4x",
  "a lone continuation byte": "\x80",
  "an overlong slash": "\xc0\xaf",
  "an overlong NUL": "\xc0\x80",
  "half of a surrogate pair": "\xed\xa0\x80",
  "a character beyond Unicode": "\xf5\x80\x80\x80",
  "the byte that is never UTF-8": "\xff",
  "a character that is cut off": "\xe2\x82",
} as const;

const inCells: readonly HostileTable[] = Object.entries(badSequences).flatMap(([what, bytes]) => [
  { name: `${what} in a cell`, row: 27, input: { content: latin1(`a,b\n1,${bytes}\n`) }, wanted: unreadable },
  { name: `${what} in a name`, row: 28, input: { content: latin1(`a,${bytes}\n1,2\n`) }, wanted: unreadable },
  {
    name: `${what} in quotes at the end of the file`,
    row: 27,
    input: { content: latin1(`a,b\n1,2\n3,"${bytes}"`) },
    wanted: unreadable,
  },
]);

const wholeFiles: readonly HostileTable[] = [
  ["UTF-16, little end first", utf16le, unreadable],
  ["UTF-16, little end first, with its mark", Buffer.concat([latin1("\xff\xfe"), utf16le]), read],
  ["UTF-16, big end first", utf16be, unreadable],
  ["UTF-16, big end first, with its mark", Buffer.concat([latin1("\xfe\xff"), utf16be]), read],
  [
    "UTF-16 that ends in the middle of a character",
    Buffer.from("\xff\xfea\0,\0b\0\n\0\x3d\xd8", "latin1"),
    unreadable,
  ],
  [
    "UTF-32",
    Buffer.from([...text].flatMap((character) => [character.codePointAt(0) ?? 0, 0, 0, 0])),
    unreadable,
  ],
  ["gzip", gzipSync(text), unreadable],
  ["zlib", deflateSync(text), unreadable],
  ["Zstandard", zstdCompressSync(text), unreadable],
  ["a zip archive", latin1(`PK\x03\x04\x14\0\0\0\b\0${"\0".repeat(16)}`), unreadable],
  ["Parquet", latin1(`PAR1${"\0".repeat(40)}PAR1`), unreadable],
  ["a thousand bytes of 0xff", Buffer.alloc(1000, 0xff), unreadable],
  ["a thousand NUL", Buffer.alloc(1000), unreadable],
].map(([what, content, wanted]) => ({
  name: `a file of ${what}`,
  row: 27,
  input: { content },
  wanted,
})) as HostileTable[];

const marks: readonly HostileTable[] = [
  ["a byte order mark", "\uFEFFa,b\n1,2\n", { rows: [{ a: 1, b: 2 }] }],
  ["two byte order marks", "\uFEFF\uFEFFa,b\n1,2\n", unreadable],
  ["a byte order mark before a quoted name", '\uFEFF"a",b\n1,2\n', { rows: [{ a: 1, b: 2 }] }],
  ["a byte order mark in a cell", "a,b\nx\uFEFF1,2\n", { rows: [{ a: "x\uFEFF1", b: 2 }] }],
  ["nothing but a byte order mark", "\uFEFF", { rows: [] }],
  ["NUL in a cell", "a,b\nx\0y,2\n", { rows: [{ a: "x\0y", b: 2 }] }],
  ["NUL in a quoted cell", 'a,b\n"x\0,y",2\n', { rows: [{ a: "x\0,y", b: 2 }] }],
  ["NUL in a name", "a\0,b\n1,2\n", unreadable],
  ["NUL after the last record", "a,b\n1,2\n\0", unreadable],
  ["NUL in place of a line end", "a,b\u00001,2\n", unreadable],
].map(([what, content, wanted]) => ({ name: what, row: 27, input: { content }, wanted })) as HostileTable[];

export const csvBytes: readonly HostileTable[] = [...inCells, ...wholeFiles, ...marks];
