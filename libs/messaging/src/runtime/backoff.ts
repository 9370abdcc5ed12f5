import type { MessagingSettings } from "../settings.ts";

/**
 * How long a failed event waits after its n-th attempt: exponential, with full jitter over the upper half, so that
 * retries of many events spread out. `chance` is from 0 to 1.
 */
export function backoffMs(
  { retryBaseMs, retryMaxMs }: Pick<MessagingSettings, "retryBaseMs" | "retryMaxMs">,
  attempts: number,
  chance: number,
): number {
  const ceiling = Math.min(retryMaxMs, retryBaseMs * 2 ** (attempts - 1));
  return Math.round(ceiling / 2 + (chance * ceiling) / 2);
}
