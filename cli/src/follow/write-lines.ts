import type { createColors } from "picocolors";
import type { PlacedEvent } from "./cascade-tree.ts";
import { describeEvent } from "./describe-event.ts";
import { formatDuration, shorten } from "./format.ts";

export type Colors = ReturnType<typeof createColors>;

/** Who published an event: a service, or somebody outside. */
export function senderOf(source: string): string {
  return source.startsWith("/services/") ? source.slice("/services/".length) : "outside";
}

/** The lines that show one event: time since its cause, service, type indented by depth, what it says. */
export function linesOf(
  { event, depth, sinceCauseMs }: PlacedEvent,
  colors: Colors,
  width: number,
): string[] {
  const { envelope } = event;
  const { text, tone, details = [] } = describeEvent(envelope, event.data);
  const paint = { plain: (s: string) => s, good: colors.green, quiet: colors.dim, bad: colors.red }[tone];
  const since =
    sinceCauseMs === undefined
      ? event.storedAt.toISOString().slice(11, 19)
      : `+${formatDuration(sinceCauseMs)}`;
  const name = envelope.type.replace(/^cascade\./, "").replace(/\.v\d+$/, "");
  const margin = `${since.padStart(9)}  ${senderOf(envelope.source).padEnd(11)} `;
  const indent = depth === 0 ? "" : `${"  ".repeat(depth - 1)}└ `;
  const pipeline = depth === 0 ? colors.dim(` [${envelope.subject}]`) : "";
  const linked =
    envelope.linkedcascade === undefined ? "" : colors.dim(` (after ${envelope.linkedcascade.slice(-12)})`);
  const room = Math.max(20, width - margin.length - indent.length - name.length - 3);
  const head = `${colors.dim(margin)}${indent}${colors.bold(name)} ${paint(shorten(text, room))}${pipeline}${linked}`;
  const below = " ".repeat(margin.length + indent.length + 2);
  return [
    head,
    ...details.map((detail) => `${below}${paint(shorten(detail, Math.max(20, width - below.length)))}`),
  ];
}
