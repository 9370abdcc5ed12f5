import type { FastifyInstance } from "fastify";
import { requestErrors } from "../errors.ts";

/** Clients of the Open Inference Protocol send JSON under any content type, or under none at all. */
export function acceptAnyContentType(app: FastifyInstance): void {
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(
        requestErrors.invalid("The body is no JSON. Send one JSON document; binary tensors are not taken."),
      );
    }
  });
}
