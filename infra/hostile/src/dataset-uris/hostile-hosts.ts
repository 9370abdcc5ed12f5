import { gzipSync } from "node:zlib";
import type { HostileInput } from "../hostile-input.ts";
import { internalAddresses } from "./internal-addresses.ts";

/** Where a name leads, one answer for each time it is asked for. */
export type HostileName = HostileInput<readonly string[], string>;

/** Names that look like any other until they are resolved. */
export const hostileNames: readonly HostileName[] = [
  ...internalAddresses.map(
    (address): HostileName => ({
      name: `a name that leads to ${address}`,
      row: 21,
      wanted: "URI_REFUSED",
      input: [address],
    }),
  ),
  ...["127.0.0.1", "169.254.169.254", "::1"].map(
    (address): HostileName => ({
      name: `a name that leads to a public host and to ${address}`,
      row: 21,
      wanted: "URI_REFUSED",
      input: ["93.184.216.34", address],
    }),
  ),
  { name: "a name that leads to what is no address", row: 21, wanted: "URI_REFUSED", input: ["localhost"] },
  {
    name: "a name that leads to an address with a scope",
    row: 21,
    wanted: "URI_REFUSED",
    input: ["fe80::1%lo"],
  },
  { name: "a name that leads to octal numbers", row: 21, wanted: "URI_REFUSED", input: ["0177.0.0.1"] },
  { name: "a name that leads nowhere", row: 21, wanted: "FETCH_FAILED", input: [] },
];

/** What a host sends, and what it goes on to send without end. */
export interface HostAnswer {
  readonly begin: string | Uint8Array;
  readonly again?: string;
  /** Whether it closes the connection after the beginning. */
  readonly ends?: boolean;
}

export type HostileHost = HostileInput<HostAnswer, string>;

const ok = "HTTP/1.1 200 OK\r\n";
const redirects = [301, 302, 303, 307, 308].map(
  (status): HostileHost => ({
    name: `a redirect by ${status} to this machine`,
    row: 21,
    wanted: "URI_REFUSED",
    input: {
      begin: `HTTP/1.1 ${status} Moved\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n`,
      ends: true,
    },
  }),
);
const statuses = [204, 206, 401, 404, 407, 416, 500, 503].map(
  (status): HostileHost => ({
    name: `the status ${status}`,
    row: 22,
    wanted: "FETCH_FAILED",
    input: { begin: `HTTP/1.1 ${status} Odd\r\ncontent-length: 0\r\n\r\n`, ends: true },
  }),
);

const answers: readonly [row: number, name: string, wanted: string, input: HostAnswer][] = [
  [22, "rows without an end", "TOO_LARGE", { begin: `${ok}\r\n`, again: "1,2\n".repeat(1000) }],
  [
    22,
    "chunks without an end",
    "TOO_LARGE",
    { begin: `${ok}transfer-encoding: chunked\r\n\r\n`, again: `1000\r\n${"x".repeat(4096)}\r\n` },
  ],
  [22, "a length beyond the limit", "TOO_LARGE", { begin: `${ok}content-length: 5000\r\n\r\n` }],
  [22, "a length of exabytes", "TOO_LARGE", { begin: `${ok}content-length: 9000000000000000000\r\n\r\n` }],
  [22, "nothing at all", "FETCH_TIMEOUT", { begin: "" }],
  [22, "half of its headers", "FETCH_TIMEOUT", { begin: ok }],
  [
    22,
    "headers of 20,000 bytes",
    "FETCH_FAILED",
    {
      begin: `${ok}x-a: ${"b".repeat(20_000)}

`,
      ends: true,
    },
  ],
  [22, "headers without an end", "FETCH_TIMEOUT", { begin: ok, again: `x-a: ${"b".repeat(100)}\r\n` }],
  [22, "a body that stalls", "FETCH_TIMEOUT", { begin: `${ok}content-length: 100\r\n\r\na,b\n` }],
  [22, "a byte at a time", "FETCH_TIMEOUT", { begin: `${ok}content-length: 900\r\n\r\n`, again: "1" }],
  [
    22,
    "promises to go on, without an end",
    "FETCH_TIMEOUT",
    { begin: "", again: "HTTP/1.1 100 Continue\r\n\r\n" },
  ],
  [
    22,
    "an end before its length",
    "FETCH_FAILED",
    { begin: `${ok}content-length: 100\r\n\r\na,b\n`, ends: true },
  ],
  [22, "an end before its headers", "FETCH_FAILED", { begin: ok, ends: true }],
  [22, "an end before anything", "FETCH_FAILED", { begin: "", ends: true }],
  [22, "a length below nothing", "FETCH_FAILED", { begin: `${ok}content-length: -1\r\n\r\n`, ends: true }],
  [
    22,
    "two lengths",
    "FETCH_FAILED",
    { begin: `${ok}content-length: 4\r\ncontent-length: 8\r\n\r\na,b\n`, ends: true },
  ],
  [
    22,
    "a size of chunk that is none",
    "FETCH_FAILED",
    { begin: `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n`, ends: true },
  ],
  [22, "no HTTP", "FETCH_FAILED", { begin: "SSH-2.0-OpenSSH_9.6\r\n", ends: true }],
  [22, "rows without a header of HTTP", "FETCH_FAILED", { begin: "a,b\n1,2\n", ends: true }],
  [
    22,
    "a switch to another protocol",
    "FETCH_FAILED",
    { begin: "HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n" },
  ],
  [22, "a header with a zero", "FETCH_FAILED", { begin: `${ok}x-a: b\u0000c\r\n\r\n`, ends: true }],
  [
    19,
    "what is compressed",
    "FETCH_FAILED",
    {
      begin: Buffer.concat([Buffer.from(`${ok}content-encoding: gzip\r\n\r\n`), gzipSync("a,b\n")]),
      ends: true,
    },
  ],
  [
    19,
    "what is compressed in a coding of no known name",
    "FETCH_FAILED",
    { begin: `${ok}content-encoding: x-none\r\n\r\na`, ends: true },
  ],
];

/** Hosts that were meant to be asked, and answer as none should. */
export const hostileHosts: readonly HostileHost[] = [
  ...redirects,
  ...statuses,
  ...answers.map(
    ([row, name, wanted, input]): HostileHost => ({ name: `a host that sends ${name}`, row, wanted, input }),
  ),
];
