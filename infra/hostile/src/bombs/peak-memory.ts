const lookMs = 10;

/** Runs work and tells by how much the resident memory of this process was larger meanwhile, at most. */
export async function withPeakMemory<T>(work: () => Promise<T>): Promise<{ value: T; grownBytes: number }> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, lookMs);
  try {
    const value = await work();
    return { value, grownBytes: Math.max(peak, process.memoryUsage.rss()) - before };
  } finally {
    clearInterval(timer);
  }
}
