import { z } from "zod";

/** A pipeline's name is part of NATS subjects, so nothing but a slug is safe. */
export const pipelineNamePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const PipelineName = z
  .string()
  .regex(pipelineNamePattern, "must be a slug: lower-case letters, digits and dashes, at most 63 characters");

export function isPipelineName(value: string): boolean {
  return pipelineNamePattern.test(value);
}
