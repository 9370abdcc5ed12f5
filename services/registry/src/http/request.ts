import { isPipelineName, PipelineName } from "@cascade/contracts";
import { z } from "zod";
import { invalidRequest, noSuchPipeline } from "../errors.ts";

const postgresIntegerMax = 2_147_483_647;
const versionNumber = z.coerce.number().int().min(1).max(postgresIntegerMax);

/** Reads the pipeline's name from the address. What is no name cannot be there. */
export function pipelineOf(params: unknown): string {
  const { pipeline } = z.object({ pipeline: z.string() }).parse(params);
  if (!isPipelineName(pipeline)) throw noSuchPipeline(pipeline);
  return pipeline;
}

export function versionOf(params: unknown): number {
  return parse(z.object({ version: versionNumber }), params).version;
}

export interface Page {
  readonly limit: number;
  readonly before: number;
}

/** `?limit=…&before=…`: newest first, continued with the last version of the page before. */
export function pageOf(query: unknown, pageSizeMax: number): Page {
  const limit = z.coerce.number().int().min(1).max(pageSizeMax).default(Math.min(50, pageSizeMax));
  return parse(z.object({ limit, before: versionNumber.default(postgresIntegerMax) }), query);
}

/** What is no name can end no page; a zero character would be an error of the database. */
const pipelineOrStart = PipelineName.or(z.literal("")).default("");

export interface NamePage {
  readonly limit: number;
  readonly after: string;
}

/** `?limit=…&after=…`: by name, continued with the last name of the page before. */
export function namePageOf(query: unknown, pageSizeMax: number): NamePage {
  const limit = z.coerce.number().int().min(1).max(pageSizeMax).default(Math.min(50, pageSizeMax));
  return parse(z.object({ limit, after: pipelineOrStart }), query);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
}
