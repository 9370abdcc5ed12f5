import type { HostileInput } from "../hostile-input.ts";

export type AttackedService = "serving" | "registry" | "deployment" | "monitoring";

export interface HttpInput {
  readonly service: AttackedService;
  /** What is written to the socket, byte for byte. */
  readonly request: Uint8Array;
}

/**
 * The status, with the code of its problem+json. The Open Inference Protocol has a form of its own for errors, in
 * which there is no code: `inference-error` stands for that form.
 */
export interface HttpAnswer {
  readonly status: number;
  readonly code?: string;
}

export type HostileRequest = HostileInput<HttpInput, HttpAnswer>;

interface RequestParts {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A request whose framing is right, whatever else may be wrong with it. */
export function requestTo(
  path: string,
  { method = "GET", headers = {}, body }: RequestParts = {},
): Uint8Array {
  const bytes = Buffer.from(body ?? "");
  const all = {
    host: "cascade.test",
    connection: "close",
    ...(body === undefined ? {} : { "content-length": String(bytes.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), bytes]);
}

const json = { "content-type": "application/json" };

export const predictPath = "/v1/flights/predict";
export const inferPath = "/v2/models/flights/infer";

export function predict(body: unknown, headers: Readonly<Record<string, string>> = json): HttpInput {
  return { service: "serving", request: post(predictPath, body, headers) };
}

export function infer(body: unknown, headers: Readonly<Record<string, string>> = json): HttpInput {
  return { service: "serving", request: post(inferPath, body, headers) };
}

function post(path: string, body: unknown, headers: Readonly<Record<string, string>>): Uint8Array {
  const bytes = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  return requestTo(path, { method: "POST", headers, body: bytes });
}

export const goodRow = { distance: 50, origin: "LAX" } as const;
export const goodX = { name: "x", datatype: "FP32", shape: [1, 1], data: [5] } as const;
export const goodOrigin = { name: "origin", datatype: "BYTES", shape: [1, 1], data: ["LAX"] } as const;

export const problem = (status: number, code: string): HttpAnswer => ({ status, code });
export const inferenceError = (status: number): HttpAnswer => ({ status, code: "inference-error" });
export const answered: HttpAnswer = { status: 200 };
