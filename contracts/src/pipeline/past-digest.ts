import { createHash } from "node:crypto";
import type { FeaturesSection } from "./feature-view.ts";

/**
 * Names what a pipeline declares of its entities' past, which is everything but the expressions over a row.
 * Undefined where it declares nothing of that kind.
 */
export function pastDigest({
  view: _,
  columns: __,
  shared: ___,
  freshness: ____,
  ...past
}: FeaturesSection): string | undefined {
  const declared = Object.values(past).some((part) => part !== undefined);
  return declared ? `sha256:${createHash("sha256").update(sorted(past)).digest("hex")}` : undefined;
}

/** JSON that is the same whatever order the keys of objects are in: a database does not keep it. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
