const BINS = 20;

/** Edges of equal widths from min to max. */
export function widthEdges(min: number, max: number): number[] {
  if (min === max) return [min];
  const edges = Array.from({ length: BINS + 1 }, (_, edge) =>
    edge === BINS ? max : min + (max - min) * (edge / BINS),
  );
  // Bounds that are next to each other as floating-point numbers have no room for so many edges.
  return edges.every(Number.isFinite) ? [...new Set(edges)] : [min];
}
