import { deflateSync, gzipSync } from "node:zlib";
import { doublingModel } from "@cascade/onnx/testing";
import type { HostileModel, ModelAnswer } from "./model-input.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const json = JSON.stringify({ __metadata__: { format: "pt" } });
const size = Buffer.alloc(8);
size.writeUInt32LE(json.length);

/** Files of other tools, by their first bytes. */
const foreign: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ...[0, 1, 2, 3, 4, 5].map((protocol): [string, Uint8Array] => [
    `a Python pickle of protocol ${protocol}`,
    protocol < 2
      ? latin1("cos\nsystem\n(S'touch /tmp/owned'\ntR.")
      : Buffer.concat([Buffer.of(0x80, protocol), latin1("cos\nsystem\n(S'touch /tmp/owned'\ntR.")]),
  ]),
  ["joblib with zlib", deflateSync("a joblib dump")],
  ["joblib with gzip", gzipSync("a joblib dump")],
  ["joblib with xz", latin1("\xfd7zXZ\0\0\x04")],
  ["Keras, in HDF5", latin1("\x89HDF\r\n\x1a\n")],
  ["Keras or TorchScript, in zip", latin1("PK\x03\x04\x14\0\0\0\b\0archive/data.pkl")],
  ["an empty zip archive", latin1(`PK\x05\x06${"\0".repeat(18)}`)],
  ["TensorFlow Lite", latin1("\x1c\0\0\0TFL3\x14\0\x20\0")],
  ["safetensors", Buffer.concat([size, latin1(json)])],
  ["GGUF", latin1("GGUF\x03\0\0\0")],
  ["XGBoost in JSON", latin1('{"learner":{}}')],
  ["XGBoost in UBJSON", latin1("{L\0\0\0\0\0\0\0\x07learner{")],
  ["LightGBM's text", latin1("tree\nversion=v4\nnum_class=1\n")],
  ["PMML", latin1('<?xml version="1.0"?><PMML version="4.4"/>')],
  ["numpy", latin1("\x93NUMPY\x01\0v\0{'descr': '<f4'}")],
  ["a program for Linux", latin1("\x7fELF\x02\x01\x01")],
  ["a program for Windows", latin1("MZ\x90\0\x03")],
  ["a script", latin1("#!/bin/sh\ntouch /tmp/owned\n")],
  ["Parquet", latin1("PAR1\x15\x04")],
  ["a page of HTML", latin1("<!doctype html><script>alert(1)</script>")],
  ["a picture", latin1("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")],
  ["PDF", latin1("%PDF-1.7\n")],
  ["a model within gzip", gzipSync(doublingModel())],
  ["a model behind a byte order mark", Buffer.concat([latin1("\xef\xbb\xbf"), doublingModel()])],
  ["a model in Base64", latin1(Buffer.from(doublingModel()).toString("base64"))],
  ["text", latin1("weights: 1, 2, 3")],
  ["a Git LFS pointer", latin1("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")],
  ["a thousand NUL", Buffer.alloc(1000)],
  ["a thousand bytes of 0xff", Buffer.alloc(1000, 0xff)],
];

const refused: ModelAnswer = { refused: "MODEL_NOT_ONNX" };

const model = doublingModel();
/** Without the metadata at its end, 30 bytes, what is left is a whole model. */
const lengths = [
  1,
  2,
  3,
  10,
  11,
  12,
  13,
  20,
  40,
  60,
  model.length - 60,
  model.length - 40,
  model.length - 2,
  model.length - 1,
];

export const foreignFiles: readonly HostileModel[] = [
  {
    name: "a file of no bytes",
    row: 37,
    input: { bytes: new Uint8Array() },
    wanted: { refused: "MODEL_EMPTY" },
  },
  ...foreign.map(([name, bytes]) => ({
    name: `${name}, renamed`,
    row: 41,
    input: { bytes },
    wanted: refused,
  })),
  ...lengths.map((length) => ({
    name: `a model that is cut after ${length} bytes`,
    row: 37,
    input: { bytes: model.subarray(0, length) },
    wanted: { refused: "MODEL_TRUNCATED" } as const,
  })),
  ...[2, 5, 17, 40].map((times) => ({
    name: `a model whose every ${times}th byte is another`,
    row: 37,
    input: { bytes: model.map((byte, index) => (index % times === times - 1 ? byte ^ 0x55 : byte)) },
    wanted: { refused: "MODEL_TRUNCATED" } as const,
  })),
  // Both begin as a model does, so that they look like one that was cut.
  {
    name: "TensorFlow's SavedModel, renamed",
    row: 41,
    input: { bytes: latin1("\x08\x01\x12\x96\x01\x0a\x20\x22\x05serve") },
    wanted: { refused: "MODEL_TRUNCATED" },
  },
  {
    name: "a model in UTF-16",
    row: 41,
    input: { bytes: Buffer.from(Buffer.from(model).toString("latin1"), "utf16le") },
    wanted: { refused: "MODEL_TRUNCATED" },
  },
];
