import type { FastifyInstance } from "fastify";

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
  app.setErrorHandler((error, request, reply) => {
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
  });
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

function describe(error: unknown): { statusCode: number; code: string; message: string } {
  if (!(error instanceof Error)) return { statusCode: 500, code: "INTERNAL", message: "" };
  const statusCode = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  const code = "code" in error && typeof error.code === "string" ? error.code : "INTERNAL";
  return { statusCode, code: statusCode >= 500 ? "INTERNAL" : code, message: error.message };
}
