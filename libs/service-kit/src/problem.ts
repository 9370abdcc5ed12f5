import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** An answer that a caller can act on: status, stable code, and what to do. */
export class HttpProblem extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.name = "HttpProblem";
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** Answers every error as problem+json (RFC 9457). What is not the caller's fault stays opaque. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) =>
    reply
      .status(404)
      .type("application/problem+json")
      .send({
        type: "about:blank",
        status: 404,
        code: "NOT_FOUND",
        title: "The request cannot be answered",
        detail: `There is nothing at ${request.method} ${request.url.slice(0, 200)}.`,
      }),
  );
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode, code, message } = describe(error);
  if (statusCode >= 500) request.log.error({ err: error }, "a request failed");
  return reply
    .status(statusCode)
    .type("application/problem+json")
    .send({
      type: "about:blank",
      status: statusCode,
      code,
      title: statusCode >= 500 ? "The service could not answer" : "The request cannot be answered",
      detail: statusCode >= 500 ? `See the service's log for request ${request.id}.` : message,
    });
}

/** Answers what is no HTTP request, or none that came in time, and closes its connection. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  // There is nobody left to answer.
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const { status, code, detail } = brokenRequest(error.code);
  if (socket.writable) {
    const body = problemJson(status, code, detail);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}

/** The text of a problem where there is no reply to send it with. */
export function problemJson(status: number, code: string, detail: string): string {
  const title = "The request cannot be answered";
  return JSON.stringify({ type: "about:blank", status, code, title, detail });
}

function brokenRequest(code: string | undefined): { status: number; code: string; detail: string } {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return {
        status: 408,
        code: "REQUEST_TIMEOUT",
        detail: "The request did not arrive in time. Send it again.",
      };
    case "HPE_HEADER_OVERFLOW":
      return {
        status: 431,
        code: "HEADERS_TOO_LARGE",
        detail: "The headers are too large. Send only what is needed.",
      };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return {
        status: 413,
        code: "CHUNK_EXTENSIONS_TOO_LARGE",
        detail: "Send the body without chunk extensions.",
      };
    default:
      return {
        status: 400,
        code: "REQUEST_MALFORMED",
        detail: "This is no valid HTTP/1.1 request. Correct the client.",
      };
  }
}

function describe(error: unknown): { statusCode: number; code: string; message: string } {
  if (!(error instanceof Error)) return { statusCode: 500, code: "INTERNAL", message: "" };
  const statusCode = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  const code = "code" in error && typeof error.code === "string" ? error.code : "INTERNAL";
  return { statusCode, code: statusCode >= 500 ? "INTERNAL" : code, message: error.message };
}
