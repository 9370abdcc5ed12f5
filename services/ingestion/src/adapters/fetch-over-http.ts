import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { isPublicAddress } from "../domain/public-address.ts";
import { IngestionError, ingestionErrors } from "../errors.ts";
import { type Taken, type TakeOptions, takeBytes } from "./take-bytes.ts";

interface Address {
  readonly address: string;
  readonly family: number;
}

export type Resolve = (host: string) => Promise<readonly Address[]>;

/** An answer that is not the file. */
export interface Refusal {
  readonly statusCode: number;
  /** The beginning of what the host says about it. */
  readonly body: string;
}

export interface FetchOptions extends TakeOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** What an answer means where the host speaks a protocol of its own. */
  readonly explain?: (refusal: Refusal) => IngestionError | undefined;
  readonly resolve: Resolve;
  readonly allowPrivateHosts: boolean;
  readonly fetchTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/**
 * Fetches a file from a host of the public internet. The address is resolved once and the connection goes to
 * exactly that address, so that a name cannot lead to one place when it is checked and to another when it is
 * used; redirects are not followed for the same reason.
 */
export async function fetchOverHttp(url: URL, options: FetchOptions): Promise<Taken> {
  const { uri, fetchTimeoutMs, idleTimeoutMs } = options;
  const timeout = AbortSignal.timeout(fetchTimeoutMs);
  // A signal and no error on the socket: once an answer has begun, that would only be seen as a lost connection.
  const idle = new AbortController();
  const signal = AbortSignal.any([options.signal, timeout, idle.signal]);
  try {
    const address = await addressOf(url, options);
    signal.throwIfAborted();
    const response = await answerOf(send(url, address, options.headers ?? {}, signal), idleTimeoutMs, idle);
    try {
      await checkAnswer(response, options);
      // Digits alone: what else a host may say is no size.
      const length = /^\d{1,15}$/.exec(response.headers["content-length"] ?? "")?.[0];
      const expectedBytes = length === undefined ? undefined : Number(length);
      return await takeBytes(response, { ...options, expectedBytes, signal });
    } finally {
      response.destroy();
    }
  } catch (error) {
    if (error instanceof IngestionError) throw error;
    // Our own signal is the runtime's business: the attempt is ended, not the batch.
    if (options.signal.aborted) throw error;
    if (idle.signal.aborted) throw ingestionErrors.fetchTimeout(uri, idleTimeoutMs, error);
    if (timeout.aborted) throw ingestionErrors.fetchTimeout(uri, fetchTimeoutMs, error);
    const why = error instanceof Error ? error.message : String(error);
    throw ingestionErrors.fetchFailed(uri, why, { again: true, cause: error });
  }
}

async function addressOf(url: URL, { uri, resolve, allowPrivateHosts }: FetchOptions): Promise<Address> {
  const host = url.hostname.replace(/^\[(.*)\]$/u, "$1");
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  const [first] = found;
  if (first === undefined) {
    throw ingestionErrors.fetchFailed(uri, `the host ${host} has no address.`, { again: true });
  }
  // One private address among public ones is enough: which of them would be used is not ours to decide.
  if (!allowPrivateHosts && !found.every(({ address }) => isPublicAddress(address))) {
    throw ingestionErrors.uriRefused(
      uri,
      `the host ${host} is not one of the public internet`,
      "Give an address of the public internet. Where hosts of your own network are meant, set CASCADE_INGEST_ALLOW_PRIVATE_HOSTS=true.",
    );
  }
  return first;
}

function send(
  url: URL,
  { address, family }: Address,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): ClientRequest {
  const options: RequestOptions = {
    method: "GET",
    // A connection of its own: one from a pool might lead to an address that was not checked.
    agent: false,
    headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "cascade-ingestion", ...headers },
    lookup: (_host, { all }, callback) => {
      if (all === true) callback(null, [{ address, family }]);
      else callback(null, address, family);
    },
    signal,
  };
  return url.protocol === "https:" ? httpsRequest(url, options) : httpRequest(url, options);
}

function answerOf(
  sent: ClientRequest,
  idleTimeoutMs: number,
  idle: AbortController,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", (response) => resolve(response));
    sent.on("error", reject);
    // A switch to another protocol ends the request with neither an answer nor an error.
    sent.once("close", () => reject(new Error("the host ended the connection without an answer.")));
    sent.setTimeout(idleTimeoutMs, () => idle.abort());
    sent.end();
  });
}

async function checkAnswer(
  response: IncomingMessage,
  { uri, bytesLeft, bytesMax, explain }: FetchOptions,
): Promise<void> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200 && explain !== undefined) {
    const explained = explain({ statusCode, body: await beginningOf(response) });
    if (explained !== undefined) throw explained;
  }
  if (statusCode >= 300 && statusCode < 400) {
    throw ingestionErrors.uriRefused(
      uri,
      `the host answered ${statusCode}, a redirect, which is not followed`,
      "Give the address that it leads to in the end.",
    );
  }
  if (statusCode !== 200) {
    const again = statusCode >= 500 || statusCode === 408 || statusCode === 425 || statusCode === 429;
    throw ingestionErrors.fetchFailed(uri, `the host answered ${statusCode}.`, { again });
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw ingestionErrors.fetchFailed(uri, `the host sent it as ${encoding}, which was not asked for.`, {
      again: false,
    });
  }
  if (Number(headers["content-length"] ?? 0) > bytesLeft) throw ingestionErrors.tooLarge(uri, bytesMax);
}

const bodyShownBytesMax = 4096;

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= bodyShownBytesMax) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, bodyShownBytesMax);
}
