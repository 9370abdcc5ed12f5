import { parseStrictJson, StrictJsonError } from "@cascade/messaging";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpProblem } from "./problem.ts";

export interface JsonBodies {
  readonly depthMax: number;
  readonly which: "declared" | "any";
}

/**
 * Reads bodies as strictly as events are read: a repeated key means something else to every reader, and depth is
 * paid for by whoever walks the value.
 */
export function readJsonBodies(app: FastifyInstance, { depthMax, which }: JsonBodies): void {
  const types = which === "any" ? ["application/json", "*"] : ["application/json"];
  app.removeContentTypeParser("application/json");
  for (const type of types) {
    app.addContentTypeParser(type, { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) => {
      try {
        return parseStrictJson(body, depthMax);
      } catch (error) {
        if (error instanceof StrictJsonError) throw new HttpProblem(400, `BODY_${error.code}`, error.message);
        throw error;
      }
    });
  }
}
