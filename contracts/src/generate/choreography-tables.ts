import type { AnyEventDefinition } from "../event-definition.ts";
import { services } from "../services.ts";
import { streamsFor } from "../streams.ts";
import { filterSubjectOf, streamOf } from "../subjects.ts";
import { consumersOf, shortNameOf } from "./parties.ts";

export function eventTable(definitions: readonly AnyEventDefinition[]): string {
  return table(
    ["event", "version", "owner", "what it says", "who reacts", "stream"],
    definitions.map((definition) => [
      code(shortNameOf(definition)),
      `[${definition.version}](schemas/${definition.type}.json)`,
      definition.owner,
      definition.startsCascade ? `${definition.summary} Starts a cascade.` : definition.summary,
      whoReacts(definition),
      code(streamOf(definition)),
    ]),
  );
}

function whoReacts({ consumers, terminal }: AnyEventDefinition): string {
  if (consumers === "all") return "every service";
  return consumers.length > 0 ? consumers.join(", ") : `nobody: ${terminal ?? ""}`;
}

export function streamTable(definitions: readonly AnyEventDefinition[]): string {
  return table(
    ["stream", "subjects", "kept", "when it is full"],
    streamsFor(definitions).map((stream) => [
      code(stream.name),
      stream.subjects.map(code).join("<br/>"),
      `${stream.maxAgeMs === 0 ? "for ever" : `${stream.maxAgeMs / 86_400_000} days`}, up to ${stream.maxBytes / 1_048_576} MiB`,
      stream.discard === "new" ? "new events are refused until there is room" : "the oldest events go",
    ]),
  );
}

export function consumerTable(definitions: readonly AnyEventDefinition[]): string {
  const rows = services.flatMap((service) => {
    const read = definitions.filter((definition) => consumersOf(definition).includes(service));
    const byStream = Map.groupBy(read, streamOf);
    return [...byStream].map(([stream, members]) => [
      service,
      code(stream),
      [...new Set(members.map(filterSubjectOf))].map(code).join("<br/>"),
    ]);
  });
  return table(["service", "stream", "filters"], rows);
}

/** Columns are padded, as the formatter of this repository would do. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((cells) => cells.map(escaped));
  const widths = header.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [first = [], ...others] = lines;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

export function code(text: string): string {
  return `\`${text}\``;
}
