import { gzipSync } from "node:zlib";
import { binary, bytesOf, type EventCase, goodData, structured } from "./event-input.ts";

type SpoiledAnswer = "EVENT_NOT_JSON" | "EVENT_ENCODING_UNSUPPORTED";
type Spoil = (json: string) => string | Uint8Array;

const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const swapped = (bytes: Uint8Array) => new Uint8Array(Buffer.from(bytes).swap16());
const joined = (...parts: (string | readonly number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

/** Ways to make bytes that are no JSON, or no UTF-8, out of good JSON. */
export const spoiledJson: readonly [name: string, wanted: SpoiledAnswer, spoil: Spoil][] = [
  ["plain words", "EVENT_NOT_JSON", () => "not json"],
  ["nothing but blanks", "EVENT_NOT_JSON", () => " \n\t "],
  ["half of the text", "EVENT_NOT_JSON", (json) => json.slice(0, json.length / 2)],
  ["an end within an escape", "EVENT_NOT_JSON", (json) => `${json.slice(0, -3)}\\`],
  ["no last brace", "EVENT_NOT_JSON", (json) => json.slice(0, -1)],
  ["two values", "EVENT_NOT_JSON", (json) => json + json],
  ["a trailing comma", "EVENT_NOT_JSON", (json) => `${json.slice(0, -1)},}`],
  ["a comment", "EVENT_NOT_JSON", (json) => json.replace("{", "{/* x */")],
  ["single quotes", "EVENT_NOT_JSON", (json) => json.replaceAll('"', "'")],
  ["a key without quotes", "EVENT_NOT_JSON", (json) => json.replace("{", "{a:1,")],
  ["NaN", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":NaN,')],
  ["Infinity", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":-Infinity,')],
  ["undefined", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":undefined,')],
  ["a leading zero", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":007,')],
  ["a hexadecimal number", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":0x10,')],
  ["a bare line break in a text", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":"b\nc",')],
  ["a bare zero byte in a text", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":"b\u0000c",')],
  ["an escape that is none", "EVENT_NOT_JSON", (json) => json.replace("{", '{"a":"\\x41",')],
  ["YAML", "EVENT_NOT_JSON", () => "text: a\nby: ada\n"],
  [
    "XML",
    "EVENT_NOT_JSON",
    () => '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  ],
  ["a form", "EVENT_NOT_JSON", () => "text=a&by=ada"],
  ["a byte order mark", "EVENT_ENCODING_UNSUPPORTED", (json) => joined([0xef, 0xbb, 0xbf], json)],
  ["UTF-16 with a mark", "EVENT_ENCODING_UNSUPPORTED", (json) => joined([0xff, 0xfe], [...utf16(json)])],
  ["UTF-16", "EVENT_ENCODING_UNSUPPORTED", utf16],
  ["UTF-16, big end first", "EVENT_ENCODING_UNSUPPORTED", (json) => swapped(utf16(json))],
  [
    "UTF-32",
    "EVENT_ENCODING_UNSUPPORTED",
    (json) => joined([...json].flatMap((one) => [one.charCodeAt(0), 0, 0, 0])),
  ],
  ["Latin-1", "EVENT_ENCODING_UNSUPPORTED", (json) => joined(json.slice(0, -2), [0xe9], '"}')],
  ["overlong UTF-8", "EVENT_ENCODING_UNSUPPORTED", (json) => joined(json.slice(0, -2), [0xc0, 0xaf], '"}')],
  [
    "an encoded surrogate",
    "EVENT_ENCODING_UNSUPPORTED",
    (json) => joined(json.slice(0, -2), [0xed, 0xa0, 0x80], '"}'),
  ],
  [
    "a character cut in two",
    "EVENT_ENCODING_UNSUPPORTED",
    (json) => joined(json.slice(0, -2), [0xe2, 0x82], '"}'),
  ],
  [
    "a character beyond Unicode",
    "EVENT_ENCODING_UNSUPPORTED",
    (json) => joined(json.slice(0, -2), [0xf4, 0x90, 0x80, 0x80], '"}'),
  ],
  ["gzip", "EVENT_ENCODING_UNSUPPORTED", (json) => new Uint8Array(gzipSync(bytesOf(json)))],
];

/** The same bytes where the data are expected, and where the whole event is: each has a reader of its own. */
export const encodingCases: readonly EventCase[] = spoiledJson.flatMap(
  ([name, wanted, spoil]): EventCase[] => [
    {
      name: `data that are ${name}`,
      row: 1,
      wanted,
      message: binary({}, { payload: spoil(JSON.stringify(goodData)) }),
    },
    {
      name: `a structured event that is ${name}`,
      row: 1,
      wanted,
      message: structured({}, { encode: spoil }),
    },
  ],
);
