const sampleSize = 1024;

/** Requests, errors and latencies of one version over a span of time. */
export interface ServingWindow {
  requests: number;
  errors: number;
  /** A random sample of the latencies. */
  readonly latenciesMs: number[];
}

export function emptyWindow(): ServingWindow {
  return { requests: 0, errors: 0, latenciesMs: [] };
}

/** Counts a request; `random` is in [0, 1). The sample stays fair and bounded however many requests come. */
export function countRequest(
  window: ServingWindow,
  { latencyMs, failed }: { latencyMs: number; failed: boolean },
  random: number,
): void {
  window.requests += 1;
  if (failed) window.errors += 1;
  if (window.latenciesMs.length < sampleSize) {
    window.latenciesMs.push(latencyMs);
    return;
  }
  const place = Math.floor(random * window.requests);
  if (place < sampleSize) window.latenciesMs[place] = latencyMs;
}

/** The value that this share of the values does not pass (nearest rank); 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
