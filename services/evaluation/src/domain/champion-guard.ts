/** What a promotion means for the champion that we know. */
export type PromotionOrder = "next" | "outdated" | "early";

/**
 * Promotions form one chain, and a rollback promotes an older version again. So a lower number alone is no
 * sign of an old event: what counts is whether the version it follows is the one we have, or one we lack.
 */
export function promotionOrder(
  known: number | undefined,
  promoted: { readonly version: number; readonly previousVersion?: number | undefined },
): PromotionOrder {
  if (known === undefined || promoted.previousVersion === known || promoted.version > known) return "next";
  return promoted.previousVersion !== undefined && promoted.previousVersion > known ? "early" : "outdated";
}
