import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  answered,
  goodRow,
  type HostileRequest,
  type HttpAnswer,
  predict,
  predictPath,
  problem,
  requestTo,
} from "./http-case.ts";

const body = JSON.stringify([goodRow]);
const malformed = problem(400, "REQUEST_MALFORMED");
const head = `POST ${predictPath} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n`;
const bytes = (text: string) => Buffer.from(text, "latin1");
const chunked = (chunks: string) => bytes(`${head}transfer-encoding: chunked\r\n\r\n${chunks}`);
const sized = (length: string) => bytes(`${head}content-length: ${length}\r\n\r\n${body}`);
const sixByteChunks = (text: string) =>
  `${text.replaceAll(/.{1,6}/gs, (part) => `${part.length.toString(16)}\r\n${part}\r\n`)}0\r\n\r\n`;
const large = JSON.stringify([{ ...goodRow, origin: "x".repeat(1_200_000) }]);

const framings: readonly [row: number, name: string, wanted: HttpAnswer, request: Uint8Array][] = [
  [
    18,
    "200,000 bytes in chunks of six",
    answered,
    chunked(sixByteChunks(JSON.stringify([{ ...goodRow, origin: "x".repeat(200_000) }]))),
  ],
  [
    18,
    "a body in chunks that grows beyond the limit",
    problem(413, "FST_ERR_CTP_BODY_TOO_LARGE"),
    chunked(`${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`),
  ],
  [18, "a size of chunk that is no number", malformed, chunked(`zz\r\n${body}\r\n0\r\n\r\n`)],
  [18, "a size of chunk below nothing", malformed, chunked(`-1\r\n${body}\r\n0\r\n\r\n`)],
  [18, "a size of chunk beyond 64 bits", malformed, chunked(`${"f".repeat(17)}\r\n${body}\r\n0\r\n\r\n`)],
  [18, "a chunk longer than its size", malformed, chunked(`2\r\n${body}\r\n0\r\n\r\n`)],
  [18, "a chunk without line ends", malformed, chunked(`${body.length.toString(16)}${body}0`)],
  [
    18,
    "extensions of chunks without end",
    problem(413, "CHUNK_EXTENSIONS_TOO_LARGE"),
    chunked(`2;${"x".repeat(20_000)}\r\n[]\r\n0\r\n\r\n`),
  ],
  [18, "a length that is no number", malformed, sized("ten")],
  [18, "a length below nothing", malformed, sized("-1")],
  [18, "a length with a sign", malformed, sized("+10")],
  [18, "a length in hexadecimal", malformed, sized("0x10")],
  [18, "a length beyond 64 bits", malformed, sized("9".repeat(30))],
  [18, "a length of 4 TB", problem(413, "FST_ERR_CTP_BODY_TOO_LARGE"), sized("4398046511104")],
  [
    18,
    "two lengths",
    malformed,
    bytes(`${head}content-length: ${body.length}\r\ncontent-length: 1\r\n\r\n${body}`),
  ],
  [
    18,
    "a length and chunks",
    malformed,
    bytes(`${head}content-length: ${body.length}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
  ],
  [
    18,
    "chunks that are not the last coding",
    malformed,
    bytes(`${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`),
  ],
  [18, "a coding of no known name", malformed, bytes(`${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`)],
  [18, "a blank before a colon", malformed, bytes(`${head}transfer-encoding : chunked\r\n\r\n0\r\n\r\n`)],
  [18, "a header without a colon", malformed, bytes(`${head}nonsense\r\n\r\n`)],
  [18, "a header of no name", malformed, bytes(`${head}: x\r\n\r\n`)],
  [18, "a header with a zero byte", malformed, bytes(`${head}x-a: b\0c\r\n\r\n`)],
  [18, "a header with a bare return", malformed, bytes(`${head}x-a: b\rc\r\n\r\n`)],
  [
    18,
    "a header of 20,000 bytes",
    problem(431, "HEADERS_TOO_LARGE"),
    bytes(`${head}x-a: ${"b".repeat(20_000)}\r\n\r\n`),
  ],
  [
    18,
    "3,000 headers",
    problem(431, "HEADERS_TOO_LARGE"),
    bytes(`${head}${Array.from({ length: 3000 }, (_, i) => `x-${i}: b\r\n`).join("")}\r\n`),
  ],
  [18, "a path of 20,000 bytes", problem(431, "HEADERS_TOO_LARGE"), requestTo(`/${"a".repeat(20_000)}`)],
  [
    18,
    "no host",
    problem(400, "HOST_INVALID"),
    bytes(`GET /v1/pipelines HTTP/1.1\r\nconnection: close\r\n\r\n`),
  ],
  [
    18,
    "two hosts",
    problem(400, "HOST_INVALID"),
    bytes(`GET /v1/pipelines HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n`),
  ],
  [18, "a version of HTTP that is none", malformed, bytes("GET /v1/pipelines HTTP/9.9\r\nhost: a\r\n\r\n")],
  [18, "no version of HTTP, as it once was", answered, bytes("GET /v1/pipelines\r\n\r\n")],
  [18, "the beginning of HTTP/2", malformed, bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")],
  [
    18,
    "the beginning of TLS",
    malformed,
    new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc]),
  ],
  [
    18,
    "a command of NATS",
    malformed,
    bytes("CONNECT {}\r\nPUB cascade.data.arrived.v1.flights 2\r\n{}\r\n"),
  ],
  [18, "zeros", malformed, new Uint8Array(4096)],
  [18, "a method of no known name", malformed, requestTo(predictPath, { method: "PREDICT" })],
  [18, "a method in small letters", malformed, requestTo(predictPath, { method: "post" })],
  [
    18,
    "an expectation of no known name",
    problem(417, "EXPECTATION_FAILED"),
    requestTo(predictPath, { method: "POST", body, headers: { expect: "miracles" } }),
  ],
];

const zeros = Buffer.alloc(10_000_000);
const compressed: readonly [string, string, Uint8Array][] = [
  ["gzip", "gzip", gzipSync(zeros)],
  ["brotli", "br", brotliCompressSync(zeros)],
  ["deflate", "deflate", deflateSync(zeros)],
  ["gzip twice", "gzip, gzip", gzipSync(gzipSync(zeros))],
  ["gzip in capitals", "GZIP", gzipSync(body)],
  ["a coding of no known name", "x-none", Buffer.from(body)],
];

const contentTypes: readonly [string, string, HttpAnswer][] = [
  ["text, as pages of other sites send it", "text/plain", problem(400, "REQUEST_INVALID")],
  ["text with a charset", "text/plain;charset=UTF-8", problem(400, "REQUEST_INVALID")],
  ["a form", "application/x-www-form-urlencoded", answered],
  ["garbage", ";;;", problem(415, "FST_ERR_CTP_INVALID_MEDIA_TYPE")],
  ["10,000 characters", `application/json;a=${"b".repeat(10_000)}`, answered],
  ["JSON in UTF-16", "application/json; charset=utf-16", answered],
];

const parts = Array.from(
  { length: 10_000 },
  (_, i) => `--x\r\ncontent-disposition: form-data; name="f${i}"; filename="../../x"\r\n\r\n1\r\n`,
).join("");

/** What is wrong before anybody has read a body, or with how it is packed. */
export const framingCases: readonly HostileRequest[] = [
  ...framings.map(
    ([row, name, wanted, request]): HostileRequest => ({
      name: `framing: ${name}`,
      row,
      wanted,
      input: { service: "serving", request },
    }),
  ),
  ...compressed.map(
    ([name, encoding, bomb]): HostileRequest => ({
      name: `a compressed body: ${name}`,
      row: 19,
      wanted: problem(415, "CONTENT_ENCODING_UNSUPPORTED"),
      input: predict(bomb, { "content-type": "application/json", "content-encoding": encoding }),
    }),
  ),
  {
    name: "a compressed body that does not say so",
    row: 19,
    wanted: problem(400, "BODY_ENCODING_UNSUPPORTED"),
    input: predict(gzipSync(body)),
  },
  ...contentTypes.map(
    ([name, type, wanted]): HostileRequest => ({
      name: `a content type of ${name}`,
      row: 50,
      wanted,
      input: predict(body, { "content-type": type }),
    }),
  ),
  {
    name: "a form of 10,000 files",
    row: 20,
    wanted: problem(400, "BODY_NOT_JSON"),
    input: predict(`${parts}--x--\r\n`, { "content-type": "multipart/form-data; boundary=x" }),
  },
];
