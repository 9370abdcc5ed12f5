import type { HostileInput } from "../hostile-input.ts";
import { type HttpAnswer, predictPath, problem } from "./http-case.ts";

export interface SlowClient {
  /** Written at once. */
  readonly begin: string;
  /** Written again and again for as long as the service lets it. */
  readonly drip: string;
}

const head = `POST ${predictPath} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n`;
export const late = problem(408, "REQUEST_TIMEOUT");

/**
 * Clients that hold a connection by never coming to an end. Where one is silent, the connection is `closed`: the limit
 * on idle connections and that on requests pass at the same time, and only the second one is told.
 */
export const slowClients: readonly HostileInput<SlowClient, HttpAnswer | "closed">[] = [
  { name: "says nothing", row: 18, wanted: "closed", input: { begin: "", drip: "" } },
  {
    name: "begins a request and says no more",
    row: 18,
    wanted: "closed",
    input: { begin: "GET /v1", drip: "" },
  },
  { name: "sends one header after another", row: 18, wanted: late, input: { begin: head, drip: "x: y\r\n" } },
  {
    name: "sends a header that does not end",
    row: 18,
    wanted: late,
    input: { begin: `${head}x: `, drip: "y" },
  },
  {
    name: "announces a body and sends none",
    row: 18,
    wanted: "closed",
    input: { begin: `${head}content-length: 1000\r\n\r\n`, drip: "" },
  },
  {
    name: "sends a body byte by byte",
    row: 18,
    wanted: late,
    input: { begin: `${head}content-length: 100000\r\n\r\n`, drip: "[" },
  },
  {
    name: "sends chunks of six bytes without an end",
    row: 18,
    wanted: late,
    input: { begin: `${head}transfer-encoding: chunked\r\n\r\n`, drip: "6\r\n[1,2,3\r\n" },
  },
  {
    name: "sends empty lines",
    row: 18,
    wanted: late,
    input: { begin: "\r\n", drip: "\r\n" },
  },
];
