/** Time and chance as the runtime sees them, behind a port: a simulation has its own. */
export interface Clock {
  /** Acts once after a time; what is returned takes that back. */
  after(delayMs: number, act: () => void): () => void;
  /** Acts again and again; what is returned ends that. */
  every(intervalMs: number, act: () => void): () => void;
  /** 0 up to, but not including, 1: to spread in time what would otherwise happen in step. */
  random(): number;
}

export const systemClock: Clock = {
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
  every: (intervalMs, act) => {
    const timer = setInterval(act, intervalMs);
    return () => clearInterval(timer);
  },
  random: Math.random,
};
