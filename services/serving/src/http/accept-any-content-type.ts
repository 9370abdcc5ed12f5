import type { FastifyInstance } from "fastify";
import { requestErrors } from "../errors.ts";

/**
 * Clients of the Open Inference Protocol send JSON under other content types, or under none at all. Only plain
 * text stays text: that is what pages of other sites may send without being asked for permission.
 */
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
