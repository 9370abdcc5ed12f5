import { fullFile } from "./full-file.ts";
import type { PipelineFileCase } from "./pipeline-file-case.ts";

const added: readonly (readonly [string, string])[] = [
  [
    "  format: csv",
    `  format: csv
  csv: { delimiter: ";", quote: "'", nullValues: [NA] }
  schemaChanges: { addedColumn: refuse, widenedType: accept }
  repeatedKey: newest
  sources:
    - { kind: folder, folder: /data/in, everySeconds: 10, quietSeconds: 5 }
    - { kind: bucket, bucket: lake, prefix: trips/ }
    - { kind: postgres, name: trips, connection: warehouse, query: select 1, watermark: changed }`,
  ],
  [
    "  infer: true",
    `  conditions: [{ name: paid, sql: tip >= 0 }]
  references: [{ column: city, pipeline: cities, of: name }]
  eventTime: { maxAgeSeconds: 60, maxFutureSeconds: 0, ordered: true }
  distributions: [{ column: tip, test: wasserstein, threshold: 0.1 }]
  leakage: { threshold: 0.9, ignore: [city] }
  inferMinRows: 50
  infer: true`,
  ],
  [
    "  view: trips",
    `  view: trips
  entity: [city]
  freshness: 6h
  aggregates: { tips: { function: sum, of: length(city), over: 7d } }
  joins: [{ view: weather, pipeline: forecasts, on: [city], ttl: 2d, columns: { rain: rain } }]
  views: { places: { entity: [city], columns: { name: city } } }`,
  ],
  ["    rows: 500", "    duration: 90d\n    halfLife: 14d"],
  ["    holdout: 0.2", "    holdout: 0.2\n    by: time\n    key: [city]\n    seed: 4"],
];

/** A right file with the settings that came later. */
const newerFile = (pipeline: string) =>
  added.reduce((text, [from, to]) => text.replace(from, () => to), fullFile(pipeline));

/** One of its settings exchanged; the mark says where the problem must be told, and is taken out. */
function wrong(name: string, from: string, to: string, path: string, says: string): PipelineFileCase {
  const marked = newerFile("any").replace(from, () => to);
  const before = marked.slice(0, marked.indexOf("¦")).split("\n");
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  if (!newerFile("any").includes(from) || !marked.includes("¦")) throw new Error(`${name} changes nothing`);
  const text = (pipeline: string) =>
    newerFile(pipeline).replace(from, () => to.replace("¦", "").replace("ITSELF", pipeline));
  return { name, row: 53, text, wanted: { ...place, path, says } };
}

/** Wrong values of what came later: sources, policies, expectations that a person writes, joins, windows, splits. */
export const newerSettings: readonly PipelineFileCase[] = [
  { name: "every newer setting", row: 53, text: newerFile, wanted: "applied" },
  wrong("a delimiter of lines", '";"', '¦"\\n"', "data.csv.delimiter", "without line end"),
  wrong("a quote of two characters", `quote: "'"`, 'quote: ¦"ab"', "data.csv.quote", "one character"),
  wrong(
    "a delimiter that holds the quote",
    '";"',
    `¦"'"`,
    "data.csv.delimiter",
    "must not contain the quote",
  ),
  wrong(
    "an encoding of nobody",
    "nullValues: [NA]",
    "encoding: ¦utf-7",
    "data.csv.encoding",
    "must be one of",
  ),
  wrong("a policy of perhaps", "refuse", "¦perhaps", "data.schemaChanges.addedColumn", "must be one of"),
  wrong("the oldest of a key", "newest", "¦oldest", "data.repeatedKey", "must be one of"),
  wrong("a source of no kind", "kind: folder", "kind: ¦ftp", "data.sources[0].kind", "must be one of"),
  wrong("a folder with a zero", "/data/in", '¦"/data\\0"', "data.sources[0].folder", "zero character"),
  wrong(
    "a look without a pause",
    "everySeconds: 10",
    "everySeconds: ¦0",
    "data.sources[0].everySeconds",
    "at least 0.1",
  ),
  wrong(
    "quiet of less than nothing",
    "quietSeconds: 5",
    "quietSeconds: ¦-1",
    "data.sources[0].quietSeconds",
    "at least 0",
  ),
  wrong(
    "a bucket that climbs",
    "bucket: lake",
    "bucket: ¦../lake",
    "data.sources[1].bucket",
    "name of a bucket",
  ),
  wrong(
    "a connection that is an address",
    "connection: warehouse",
    'connection: ¦"postgres://a:b@c/d"',
    "data.sources[2].connection",
    "must be a slug",
  ),
  wrong(
    "a query of 11,000 characters",
    "select 1",
    `¦${"x".repeat(11_000)}`,
    "data.sources[2].query",
    "at most 10000",
  ),
  wrong(
    "a condition of two statements",
    "tip >= 0",
    '¦"1); drop table a; --"',
    "validation.conditions[0].sql",
    "is refused",
  ),
  wrong(
    "a condition that reads a file",
    "tip >= 0",
    `¦"read_text('/etc/passwd') = ''"`,
    "validation.conditions[0].sql",
    "is refused",
  ),
  wrong(
    "a reference to itself",
    "pipeline: cities",
    "pipeline: ¦ITSELF",
    "validation.references[0].pipeline",
    "cannot refer to its own",
  ),
  wrong(
    "a reference of no column",
    "column: city, pipeline",
    "column: ¦__proto__, pipeline",
    "validation.references[0].column",
    "column",
  ),
  wrong(
    "an age of nothing",
    "maxAgeSeconds: 60",
    "maxAgeSeconds: ¦0",
    "validation.eventTime.maxAgeSeconds",
    "above 0",
  ),
  wrong(
    "a distance of a text",
    "column: tip, test: w",
    "column: city, test: ¦w",
    "validation.distributions[0].test",
    "compares numbers",
  ),
  wrong(
    "a leak of more than all",
    "threshold: 0.9",
    "threshold: ¦1.1",
    "validation.leakage.threshold",
    "at most 1",
  ),
  wrong(
    "a leak of no column",
    "ignore: [city]",
    "ignore: [¦toString]",
    "validation.leakage.ignore[0]",
    "no column",
  ),
  wrong("a lesson of no rows", "inferMinRows: 50", "inferMinRows: ¦0", "validation.inferMinRows", "above 0"),
  wrong(
    "an entity that is the label",
    "entity: [city]\n",
    "entity: [¦tip]\n",
    "features.entity[0]",
    "label cannot name",
  ),
  wrong("a sum of texts", "of: length(city)", "of: ¦city", "features.aggregates.tips.of", "neither a sum"),
  wrong("a window without end", "over: 7d", "over: ¦999999999d", "features.aggregates.tips.over", "must be"),
  wrong(
    "a join of itself",
    "view: weather, pipeline: forecasts",
    "view: ¦trips",
    "features.joins[0].view",
    "cannot join itself",
  ),
  wrong(
    "a join that takes a column's name",
    "{ rain: rain }",
    "{ city: ¦rain }",
    "features.joins[0].columns.city",
    "has this name",
  ),
  wrong(
    "a view that asks for the time",
    "name: city",
    "name: ¦now()",
    "features.views.places.columns.name",
    "now is not among",
  ),
  wrong("a half-life of nothing", "halfLife: 14d", "halfLife: ¦0d", "training.window.halfLife", "must be"),
  wrong("a split by nobody", "by: time", "by: ¦nobody", "training.split.by", "must be one of"),
  wrong("a split by no column", "    key: [city]", "    key: [¦who]", "training.split.key[0]", "no column"),
];
