import { gzipSync, zstdCompressSync } from "node:zlib";
import { endlessModel, memoryEatingModel } from "@cascade/onnx/testing";
import type { FileFormat, TableLimits } from "@cascade/tabular";
import type { HostileInput } from "../hostile-input.ts";
import { floats, graph, integerAttribute, integers, modelOf, node } from "../models/graphs.ts";
import { forgeParquet } from "../tables/forge-parquet.ts";

/** Something small that becomes large, and the door that it comes in by. */
type Bomb =
  | {
      readonly kind: "table";
      readonly format: FileFormat;
      readonly content: Uint8Array;
      readonly limits?: Partial<TableLimits>;
    }
  | { readonly kind: "feature"; readonly sql: string }
  | { readonly kind: "model"; readonly bytes: Uint8Array };

/** The codes of which one ends it: which limit is met first depends on the machine. */
interface BombEnd {
  readonly refused: readonly string[];
}

export type HostileBomb = HostileInput<Bomb, BombEnd>;

type Case = readonly [row: number, name: string, bomb: Bomb, ...refused: readonly string[]];

const kilobyte = "x".repeat(1000);
const groups = Array<number>(25).fill(8_000_000);
/** 28 kB that stand for 200 million rows of a kilobyte each, 200 GB. */
const parquet = forgeParquet({ rowGroups: groups, value: kilobyte });
const zstd = { codec: 6, pack: zstdCompressSync } as const;
/** A value of ten megabytes in a page of a kilobyte, a million times: 10 TB within every limit that is said. */
const wide = forgeParquet({ rowGroups: [1_000_000], value: "x".repeat(10_000_000), ...zstd });
const table = (format: FileFormat, content: Uint8Array, limits?: Partial<TableLimits>): Bomb => ({
  kind: "table",
  format,
  content,
  ...(limits === undefined ? {} : { limits }),
});
const childEnds = ["MEMORY", "TIMEOUT", "DISK_FULL", "CRASHED"] as const;

const lines = Buffer.from("a,b\n".padEnd(50_000_000, "1,2\n"));
const records = Buffer.from('{"a":1}\n'.repeat(5_000_000));
const tables: readonly Case[] = [
  [32, "200 GB of Parquet in 28 kB", table("parquet", parquet), "TOO_MANY_ROWS"],
  [
    32,
    "200 GB of Parquet in 28 kB, with all rows allowed",
    table("parquet", parquet, { rows: 1e9 }),
    ...childEnds,
  ],
  [
    32,
    "200 million rows that the footer says nothing of",
    table("parquet", forgeParquet({ rowGroups: groups, value: kilobyte, claimedRows: 0 })),
    "PARQUET_UNREADABLE",
  ],
  [
    32,
    "a million rows of ten megabytes each in one kilobyte",
    table("parquet", wide),
    ...childEnds,
    "PARQUET_UNREADABLE",
  ],
  [
    32,
    "a page that unpacks to more than it says",
    table(
      "parquet",
      forgeParquet({ value: "x".repeat(10_000_000), ...zstd, page: { uncompressedBytes: 10 } }),
    ),
    "PARQUET_UNREADABLE",
  ],
  [19, "CSV of 50 MB in gzip", table("csv", gzipSync(lines)), "CSV_UNREADABLE"],
  [19, "CSV of 50 MB in Zstandard", table("csv", zstdCompressSync(lines)), "CSV_UNREADABLE"],
  [19, "JSON lines of 40 MB in gzip", table("json-lines", gzipSync(records)), "JSON_UNREADABLE"],
  [
    2,
    "JSON, a million lists deep",
    table("json-lines", Buffer.from(`{"a":${"[".repeat(1_000_000)}`)),
    "JSON_UNREADABLE",
    ...childEnds,
  ],
  [
    2,
    "JSON of a hundred thousand keys",
    table("json-lines", Buffer.from(`{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join(",")}}`)),
    "TOO_MANY_COLUMNS",
    ...childEnds,
  ],
];

const doubled = (times: number) =>
  Array.from({ length: times }).reduce<string>((sql) => `replace(${sql}, 'x', 'xx')`, "name");
const features: readonly Case[] = (
  [
    ["a text of a terabyte", "length(repeat(repeat(name, 1000000), 1000000))"],
    ["a constant text of a terabyte", "length(repeat(repeat('x', 1000000), 1000000))"],
    ["a text that doubles sixty times", `length(${doubled(60)})`],
    ["a text that is padded to two gigabytes", "length(lpad(name, 2000000000, 'x'))"],
    ["a format of two gigabytes", "length(format('{:>2000000000}', name))"],
    ["the distance of two texts of a megabyte", "levenshtein(repeat(name, 1000000), repeat('y', 1000000))"],
    ["a pattern of a million repetitions", "regexp_matches(name, '((x{1000}){1000}){1000}')"],
    ["a list of five million texts", "list(repeat(name, 1000000))"],
  ] as const
).map(([name, sql]): Case => [36, name, { kind: "feature", sql }, "SQL_REFUSED", "SQL_FAILED", ...childEnds]);

const sandboxEnds = ["SANDBOX_MEMORY", "SANDBOX_TIMEOUT", "SANDBOX_CRASHED", "RUN_FAILED"] as const;
const range = graph(
  node("Range", ["zero", "end", "one"], ["big"]),
  node("ReduceSum", ["big"], ["sum"]).message(5, integerAttribute("keepdims", 0)),
  node("Add", ["x", "sum"], ["y"]),
)
  .message(5, floats("zero", [0], []))
  .message(5, floats("end", [1e9], []))
  .message(5, floats("one", [1], []));
const shape = graph(
  node("ConstantOfShape", ["size"], ["big"]),
  node("ReduceSum", ["big"], ["sum"]),
  node("Add", ["x", "sum"], ["y"]),
).message(5, integers("size", [100_000, 100_000]));
const models: readonly Case[] = [
  [39, "a model of a constant of 40 GB", { kind: "model", bytes: modelOf(shape) }, "MODEL_GIANT_TENSOR"],
  [39, "a model of a range of 4 GB", { kind: "model", bytes: modelOf(range) }, ...sandboxEnds],
  [39, "a model that never ends", { kind: "model", bytes: endlessModel() }, "SANDBOX_TIMEOUT"],
  [
    39,
    "a model that doubles its memory thirty times",
    { kind: "model", bytes: memoryEatingModel(30) },
    ...sandboxEnds,
  ],
];

export const bombs: readonly HostileBomb[] = [...tables, ...features, ...models].map(
  ([row, name, input, ...refused]) => ({
    name,
    row,
    input,
    wanted: { refused },
  }),
);
