/** The message of any thrown value. */
export function describeCause(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeCause).join("; ");
  return error instanceof Error ? error.message : String(error);
}
