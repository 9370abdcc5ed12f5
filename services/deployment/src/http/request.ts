import { isPipelineName, PipelineName } from "@cascade/contracts";
import { z } from "zod";
import { invalidRequest, noSuchEndpoint } from "../errors.ts";

const postgresIntegerMax = 2_147_483_647;

/** Reads the pipeline's name from the address. What is no name cannot be there. */
export function pipelineOf(params: unknown): string {
  const { pipeline } = z.object({ pipeline: z.string() }).parse(params);
  if (!isPipelineName(pipeline)) throw noSuchEndpoint(pipeline);
  return pipeline;
}

/** `?limit=…&before=…`: newest first, continued with the last revision of the page before. */
export function pageOf(query: unknown, pageSizeMax: number) {
  const before = z.coerce.number().int().min(1).max(postgresIntegerMax).default(postgresIntegerMax);
  return parse(z.object({ limit: limit(pageSizeMax), before }), query);
}

/** `?limit=…&after=…`: by name, continued with the last name of the page before. */
export function namePageOf(query: unknown, pageSizeMax: number) {
  return parse(z.object({ limit: limit(pageSizeMax), after: pipelineOrStart }), query);
}

/** What is no name can end no page; a zero character would be an error of the database. */
const pipelineOrStart = PipelineName.or(z.literal("")).default("");

const limit = (pageSizeMax: number) =>
  z.coerce.number().int().min(1).max(pageSizeMax).default(Math.min(50, pageSizeMax));

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
}
