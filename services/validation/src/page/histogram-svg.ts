import type { ColumnProfile } from "@cascade/tabular";
import { shown } from "./html.ts";

const WIDTH = 240;
const HEIGHT = 56;

/** The histogram as bars; each says what it counts when it is pointed at. */
export function histogramSvg(
  { edges, counts }: NonNullable<ColumnProfile["histogram"]>,
  shownEdge: (edge: unknown) => string,
): string {
  const most = Math.max(1, ...counts);
  const step = WIDTH / counts.length;
  const bars = counts.map((count, bin) => {
    // What is there must be seen, however little it is.
    const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
    const title = `${shownEdge(edges[bin])} to ${shownEdge(edges[bin + 1])}: ${shown(count)}`;
    const place = `x="${(bin * step + 0.5).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}"`;
    return `<rect ${place} width="${(step - 1).toFixed(1)}" height="${height.toFixed(1)}"><title>${title}</title></rect>`;
  });
  const ends = `<div class="ends"><span>${shownEdge(edges[0])}</span><span>${shownEdge(edges.at(-1))}</span></div>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="histogram">${bars.join("")}</svg>${ends}`;
}
