import { nearestName } from "@cascade/service-kit/nearest-name";
import type { z } from "zod";
import { TrainerError } from "./errors.ts";

/** Checks a trainer's own parameters against its schema; every problem is named at once. */
export function parseParameters<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  parameters: Record<string, unknown>,
): z.infer<z.ZodObject<Shape>> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownName(key, known))
      : [`${issue.path.join(".")}: ${issue.message}`],
  );
  // The last one may end with a question mark of its own.
  throw new TrainerError("PARAMETERS_INVALID", problems.join("; ").replace(/[^?]$/, "$&."));
}

function unknownName(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined
    ? `${name} is unknown; there are ${known.join(", ")}`
    : `${name} is unknown; did you mean ${near}?`;
}
