import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { HttpProblem, problemJson } from "./problem.ts";

/** Refuses what HTTP forbids or what we do not do, before anybody reads a body. */
export function refuseOddRequests(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ raw, headers }) => {
    const hosts = raw.headersDistinct.host?.length ?? 0;
    if (hosts > 1 || (hosts === 0 && raw.httpVersion === "1.1")) {
      throw new HttpProblem(400, "HOST_INVALID", "Send exactly one Host header.");
    }
    // What a compressed body will be is not known before it is unpacked.
    const encoding = headers["content-encoding"];
    if (encoding === undefined || encoding.toLowerCase() === "identity") return;
    throw new HttpProblem(
      415,
      "CONTENT_ENCODING_UNSUPPORTED",
      `The body is encoded as ${JSON.stringify(encoding.slice(0, 100))}. Send it as it is, without compression.`,
    );
  });
  app.server.on("checkExpectation", (_request, response: ServerResponse) => {
    const body = problemJson(417, "EXPECTATION_FAILED", "Send the request without an Expect header.");
    const headers = {
      "content-type": "application/problem+json",
      "content-length": Buffer.byteLength(body),
      connection: "close",
    };
    response.writeHead(417, headers).end(body);
  });
}
