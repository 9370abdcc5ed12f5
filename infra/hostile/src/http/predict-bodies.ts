import { answered, goodRow, type HostileRequest, type HttpAnswer, predict, problem } from "./http-case.ts";

const invalid = problem(400, "REQUEST_INVALID");
const refusedRows = problem(422, "ROWS_INVALID");

const shapes: readonly [string, unknown, HttpAnswer][] = [
  ["null", "null", invalid],
  ["a number", "7", invalid],
  ["a text", '"rows"', invalid],
  ["true", "true", invalid],
  ["an empty object", {}, invalid],
  ["no rows", { ids: ["a"] }, invalid],
  ["an empty list", [], invalid],
  ["an empty list of rows", { rows: [] }, invalid],
  ["rows that are an object", { rows: { 0: goodRow, length: 1 } }, invalid],
  ["rows that are a text", { rows: "all" }, invalid],
  ["rows that are null", { rows: null }, invalid],
  ["a row that is null", [goodRow, null], invalid],
  ["a row that is a list", [[50, "LAX"]], invalid],
  ["a row that is a number", [50], invalid],
  ["a row that is a text", [JSON.stringify(goodRow)], invalid],
  ["a foreign member", { rows: [goodRow], model: "../../other" }, invalid],
  ["a member of the other protocol", { inputs: [], rows: [goodRow] }, invalid],
  ["1,001 rows", Array.from({ length: 1001 }, () => goodRow), problem(413, "TOO_MANY_ROWS")],
  ["100,000 rows of nothing", Array.from({ length: 100_000 }, () => ({})), problem(413, "TOO_MANY_ROWS")],
  ["ids that are a text", { rows: [goodRow], ids: "a" }, invalid],
  ["ids that are null", { rows: [goodRow], ids: null }, invalid],
  ["more ids than rows", { rows: [goodRow], ids: ["a", "b"] }, invalid],
  ["an id twice", { rows: [goodRow, goodRow], ids: ["a", "a"] }, invalid],
  ["an empty id", { rows: [goodRow], ids: [""] }, invalid],
  ["an id of 257 characters", { rows: [goodRow], ids: ["a".repeat(257)] }, invalid],
  ["an id that is a number", { rows: [goodRow], ids: [1] }, invalid],
  ["an id with a zero", { rows: [goodRow], ids: ["a\u0000b"] }, invalid],
  ["an id with a line break", { rows: [goodRow], ids: ["a\nb"] }, invalid],
  ["an id with half of a character", { rows: [goodRow], ids: ["a\ud800"] }, invalid],
  ["an id that is what every object has", { rows: [goodRow], ids: ["__proto__"] }, answered],
];

const values: readonly [string, Readonly<Record<string, unknown>>, HttpAnswer][] = [
  ["no column", {}, refusedRows],
  ["a missing column", { origin: "LAX" }, refusedRows],
  ["a column in another case", { Distance: 50, origin: "LAX" }, refusedRows],
  ["a column with a blank", { " distance": 50, origin: "LAX" }, refusedRows],
  ["a text for a number", { ...goodRow, distance: "far" }, refusedRows],
  ["NaN as a text", { ...goodRow, distance: "NaN" }, refusedRows],
  ["infinity as a text", { ...goodRow, distance: "Infinity" }, refusedRows],
  ["an object for a number", { ...goodRow, distance: { valueOf: 1 } }, refusedRows],
  ["a list for a number", { ...goodRow, distance: [50] }, refusedRows],
  ["an empty text for a number", { ...goodRow, distance: "" }, refusedRows],
  [
    "SQL for a number",
    { ...goodRow, distance: "1); select * from read_text('/etc/passwd'); --" },
    refusedRows,
  ],
  ["an object for a text", { ...goodRow, origin: { toString: "LAX" } }, refusedRows],
  ["a list for a text", { ...goodRow, origin: ["LAX"] }, refusedRows],
  ["a number beyond the model's", { ...goodRow, distance: 1e308 }, problem(422, "ANSWER_NOT_FINITE")],
  ["a text of 500,000 characters", { ...goodRow, origin: "x".repeat(500_000) }, answered],
  ["a text with a zero", { ...goodRow, origin: "a\u0000b" }, refusedRows],
  ["a text with half of a character", { ...goodRow, origin: "a\ud800b" }, refusedRows],
  ["SQL for a text", { ...goodRow, origin: "'; drop table x; --" }, answered],
  ["a script for a text", { ...goodRow, origin: "<script>alert(1)</script>" }, answered],
  ["a formula for a text", { ...goodRow, origin: "=cmd|' /C calc'!A0" }, answered],
  ["null everywhere", { distance: null, origin: null }, problem(422, "ANSWER_NOT_FINITE")],
  ["a foreign column", { ...goodRow, "'; drop table x; --": 1 }, answered],
  ["an empty column name", { ...goodRow, "": 1 }, answered],
  ["a column name with a zero", { ...goodRow, "a\u0000b": 1 }, answered],
  ["a column name with half of a character", { ...goodRow, "\ud800": 1 }, answered],
  ["a column name of 100,000 characters", { ...goodRow, ["k".repeat(100_000)]: 1 }, answered],
  ["a nested foreign column", { ...goodRow, other: { a: [{ b: 1 }] } }, answered],
];

/** Right JSON that is no prediction request, or one whose rows cannot be used. */
export const predictBodyCases: readonly HostileRequest[] = [
  ...shapes.map(([name, body, wanted]) => ({ name: `rows: ${name}`, row: 44, wanted, input: predict(body) })),
  ...values.map(([name, row, wanted]) => ({
    name: `a row with ${name}`,
    row: 44,
    wanted,
    input: predict([row]),
  })),
  {
    name: "one bad row among a thousand",
    row: 44,
    wanted: refusedRows,
    input: predict(Array.from({ length: 1000 }, (_, index) => (index === 999 ? { origin: "LAX" } : goodRow))),
  },
  {
    name: "a thousand bad rows",
    row: 44,
    wanted: refusedRows,
    input: predict(Array.from({ length: 1000 }, () => ({ distance: "far" }))),
  },
];
