import { z } from "zod";

/** A measurement that is due. */
export const Measurement = z.object({
  /** Names the timers that follow each other; those of a newer build end them. */
  chain: z.string(),
  isFirst: z.boolean(),
  view: z.string(),
  viewDigest: z.string(),
  newestTime: z.iso.datetime(),
  limitMs: z.int().positive(),
});
export type Measurement = z.infer<typeof Measurement>;

/** What is known of a pipeline's freshness, and what has been told. */
export interface Freshness {
  readonly newestTime: Date;
  readonly chain: string;
  readonly reportedAt: Date | null;
  readonly isStale: boolean;
}

export interface Judged {
  readonly freshness: Freshness;
  readonly tell: "age" | "stale" | "nothing";
  readonly ageSeconds: number;
  /** When it is to be measured again. */
  readonly next: Date;
}

/** The least time between two reports of one pipeline's age. */
const reportIntervalMs = 60_000;

/** Undefined where newer rows have come since, which are measured on their own. */
export function judgeFreshness(
  due: Measurement,
  known: Freshness | undefined,
  now: Date,
): Judged | undefined {
  const newestTime = new Date(due.newestTime);
  if (known !== undefined) {
    const overtaken = due.isFirst ? known.newestTime > newestTime : known.chain !== due.chain;
    if (overtaken) return undefined;
  }
  const ageMs = Math.max(0, now.getTime() - newestTime.getTime());
  const isStale = ageMs > due.limitMs;
  const isSilent =
    known?.reportedAt == null || now.getTime() - known.reportedAt.getTime() >= reportIntervalMs;
  const wasTold = known?.isStale === true && known.newestTime.getTime() === newestTime.getTime();
  const tell = isStale && !wasTold ? "stale" : isSilent ? "age" : "nothing";
  const limitPassed = newestTime.getTime() + due.limitMs + 1;
  const again = now.getTime() + Math.max(due.limitMs, reportIntervalMs);
  return {
    freshness: {
      newestTime,
      chain: due.chain,
      reportedAt: tell === "nothing" ? (known?.reportedAt ?? null) : now,
      isStale,
    },
    tell,
    ageSeconds: ageMs / 1000,
    next: new Date(isStale ? again : limitPassed),
  };
}
