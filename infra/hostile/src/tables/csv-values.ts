import type { ColumnType, JsonValue } from "@cascade/tabular";
import type { HostileTable, TableAnswer } from "./table-input.ts";

const no: TableAnswer = { refused: "VALUE_NOT_OF_TYPE", line: 2 };

/**
 * A text of a cell, and what it is as a declared integer, as a declared number, and where nothing is declared.
 * Rows are handed out as JSON, which has neither NaN nor infinity: both are null there.
 */
type Figures = readonly (readonly [
  text: string,
  integer: JsonValue | undefined,
  number: JsonValue | undefined,
  found: JsonValue,
])[];
const figures: Figures = [
  ["1e999", undefined, undefined, "1e999"],
  ["-1e999", undefined, undefined, "-1e999"],
  ["NaN", undefined, null, null],
  ["nan", undefined, null, null],
  ["Infinity", undefined, null, null],
  ["-inf", undefined, null, null],
  ["1e308", undefined, 1e308, 1e308],
  ["4.9e-324", undefined, 5e-324, 5e-324],
  ["1e-400", undefined, 0, 0],
  ["-0", 0, -0, 0],
  ["+5", 5, 5, 5],
  [".5", undefined, 0.5, 0.5],
  ["5.", undefined, 5, 5],
  ["007", 7, 7, "007"],
  ["0x10", undefined, undefined, "0x10"],
  ["0b11", undefined, undefined, "0b11"],
  ["1_000", undefined, undefined, "1_000"],
  ["1 000", undefined, undefined, "1 000"],
  ["1e", undefined, undefined, "1e"],
  ["--5", undefined, undefined, "--5"],
  ["1.2.3", undefined, undefined, "1.2.3"],
  ["1f", undefined, undefined, "1f"],
  ["１２", undefined, undefined, "１２"],
  ["٣", undefined, undefined, "٣"],
  [" 5 ", undefined, 5, 5],
  ["5\u00a0", undefined, undefined, "5\u00a0"],
  ["true", undefined, undefined, true],
  ["9223372036854775807", 2 ** 63, 2 ** 63, 2 ** 63],
  ["9223372036854775808", undefined, 2 ** 63, 2 ** 63],
  ["9007199254740993", 2 ** 53, 2 ** 53, 2 ** 53],
  ["1e3", undefined, 1000, 1000],
];

/** A text of a cell, and the time that it is; undefined where it is none. */
const times: readonly (readonly [text: string, time: string | undefined])[] = [
  ["2021-02-29", undefined],
  ["2020-13-01", undefined],
  ["0000-00-00", undefined],
  ["9999-12-31", "9999-12-31T00:00:00.000Z"],
  ["10000-01-01", undefined],
  ["290000-01-01", undefined],
  ["2020-01-01T24:00:00", "2020-01-02T00:00:00.000Z"],
  ["2020-01-01T23:59:60", undefined],
  ["2020-01-01T10:61", undefined],
  ["infinity", undefined],
  ["epoch", undefined],
  ["today", undefined],
  ["20200101", undefined],
  ["31/12/2020", undefined],
  ["2020-01-01 (BC)", undefined],
  ["2020-01-01T00:00:00+14:00", "2019-12-31T10:00:00.000Z"],
  ["2020-01-01T00:00:00+99:99", undefined],
  ["2020-01-01T00:00:00 Europe/Rome", undefined],
  ["0001-01-01", "0001-01-01T00:00:00.000Z"],
  ["1577836800", undefined],
  ["２０２０-01-01", undefined],
];

const truths: readonly (readonly [text: string, truth: boolean | undefined])[] = [
  ["TRUE", true],
  ["f", false],
  ["1", true],
  ["yes", true],
  ["2", undefined],
  ["NULL", undefined],
  ["ｔｒｕｅ", undefined],
];

const cell = (text: string, type?: ColumnType, good = "1") => ({
  content: `id,v\n1,${good}\n2,"${text}"\n`,
  ...(type === undefined ? {} : { columns: [{ name: "v", type }] as const }),
});
const declared = (
  text: string,
  type: ColumnType,
  value: JsonValue | undefined,
  good: string,
  goodValue: JsonValue,
): HostileTable => ({
  name: `${JSON.stringify(text)} as a declared ${type}`,
  row: 31,
  input: cell(text, type, good),
  wanted:
    value === undefined
      ? no
      : {
          rows: [
            { v: goodValue, id: 1 },
            { v: value, id: 2 },
          ],
        },
});

export const csvValues: readonly HostileTable[] = [
  ...figures.flatMap(([text, integer, number, found]) => [
    declared(text, "integer", integer, "1", 1),
    declared(text, "number", number, "1", 1),
    {
      name: `${JSON.stringify(text)} where nothing is declared`,
      row: 31,
      input: { content: `id,v\n1,"${text}"\n` },
      wanted: { rows: [{ id: 1, v: found }] },
    },
  ]),
  ...times.map(([text, time]) => declared(text, "timestamp", time, "2020-01-01", "2020-01-01T00:00:00.000Z")),
  ...truths.map(([text, truth]) => declared(text, "boolean", truth, "true", true)),
];
