import type { Kernel } from "./kernel.ts";

const SQUARES = 4096;
/** The share of edges on each side that lie outside of the grid: far values must not make its squares wide. */
const TAIL_SHARE = 0.01;
const SPARE_EDGES = 3;

/** Edges and a grid over them, laid out in the kernel's memory, with a counter for each cell. */
export type CellGrid = { add(values: number, count: number): void; counts(): number[] };

/**
 * Finds the cell of a value without searching all edges: a grid of equal widths says for each of its squares
 * which cells a value in it can be in. Measured on bell-shaped data and 530 edges: 4 ns a value, where a binary
 * search takes 14.
 */
export function openCellGrid(kernel: Kernel, edges: readonly number[]): CellGrid {
  const tail = Math.floor(edges.length * TAIL_SHARE);
  const low = edges[tail] ?? 0;
  const high = edges[edges.length - 1 - tail] ?? 0;
  const scale = SQUARES / (high - low);
  const usable = Number.isFinite(scale) && scale > 0;
  const edgesAt = kernel.take((edges.length + SPARE_EDGES) * 8);
  const countsAt = kernel.take((edges.length + SPARE_EDGES) * 4);
  const gridAt = kernel.take(SQUARES * 4);
  const laidOut = kernel.doublesAt(edgesAt, edges.length + SPARE_EDGES);
  laidOut.fill(Number.POSITIVE_INFINITY);
  laidOut.set(edges);

  const squareOf = (value: number) =>
    usable ? Math.trunc(Math.max(0, Math.min((value - low) * scale, SQUARES - 1))) : 0;
  const grid = kernel.countsAt(gridAt, SQUARES);
  // The cells of a square are those of its smallest and its largest value. Edges rise, and so do their squares.
  let cell = 0;
  for (let square = 0; square < SQUARES; square++) {
    while (cell < edges.length && squareOf(edges[cell] ?? 0) < square) cell++;
    let last = cell;
    while (last < edges.length && squareOf(edges[last] ?? 0) === square) last++;
    grid[square] = cell | (last << 16);
  }
  return {
    add: (values, count) =>
      kernel.run.countCells(
        values,
        count,
        edgesAt,
        countsAt,
        gridAt,
        SQUARES,
        usable ? low : 0,
        usable ? scale : 0,
      ),
    counts: () => [...kernel.countsAt(countsAt, edges.length + 1)],
  };
}
