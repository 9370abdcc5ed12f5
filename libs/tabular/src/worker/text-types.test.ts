import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PHYSICAL_TYPE } from "./canonical.ts";
import { texts } from "./sql-text.ts";
import { isPlainly, looksLike, looksPlainlyLike, tryFromText } from "./text-types.ts";

const whole = [
  "0",
  "7",
  "-7",
  "+7",
  "-0",
  "007",
  "00",
  "-00.5",
  "1e2",
  "5e2",
  "12e2",
  "0x10",
  "0b11",
  "1_000",
  "9223372036854775808",
];
const decimal = [
  "1.5",
  ".5",
  "5.",
  "1e999",
  "-1e999",
  "1e-400",
  "1_000.5",
  "NaN",
  "-nan",
  "inf",
  "Infinity",
  " 5 ",
  "1,5",
  "10.50",
];
const truth = ["true", "FALSE", "True", "fal\u017fe", "t", "yes", "1", "0"];
const times = [
  "2020-01-01",
  "2020-1-1",
  "20-01-01",
  "2020/01/01",
  "20200101",
  "0001-01-01",
  "0000-01-01",
  "9999-12-31",
  "10000-01-01",
  "2020-01-01 (BC)",
  "2020-01-01 10:00",
  "2020-01-01T10:00Z",
  "2020-01-01 10:00:00",
  "2020-01-01T10:00:00.000Z",
  "2020-01-01T10:00:00.1234567Z",
  "2020-01-01 10:00:00.5",
  "2020-01-01 10:00:00.500",
  "2020-01-01 10:00:00.",
  "2020-01-01T24:00:00",
  "2020-01-01 23:59:60",
  "2021-02-29 00:00:00",
  "2020-01-01 10:00:00+02",
  "2020-01-01T10:00:00+02:00",
  "2020-01-01 10:00:00 UTC",
  "2020-01-01 00:00:00 Europe/Rome",
  "infinity",
  "epoch",
  "today",
  "2020-01-01 10:00:00 Z",
  "2020-01-01 (BC) 00:00:00",
  "2020-01-01 10:00:00Z ",
  "9999-12-31 24:00:00",
  "0000-12-31 24:00:00",
];
const written = [...whole, ...decimal, ...truth, ...times, "", " ", "x"];

test("a value that is plainly of a type is what the patterns make of it, and looks like the type", async () => {
  const piece = fc.constantFrom(
    "0",
    "1",
    "9",
    "20",
    "-",
    "+",
    ".",
    "e",
    "E",
    "_",
    ":",
    "T",
    "Z",
    " ",
    "\n",
    "00",
    "é",
  );
  const built = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  const changed = fc
    .tuple(fc.constantFrom(...written), fc.nat(30), piece)
    .map(([text, at, added]) => text.slice(0, at) + added + text.slice(at));
  const samples = [...written, ...fc.sample(fc.oneof(built, changed), 5000)];
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const type of ["boolean", "integer", "number", "timestamp"] as const) {
    const reader = await connection.runAndReadAll(
      `SELECT t, CAST(v AS VARCHAR), CAST(${tryFromText("t", type)} AS VARCHAR),
         ${looksPlainlyLike("t", "v", type)} AS looks_plain, ${looksLike("t", type)} AS looks
       FROM (SELECT t, TRY_CAST(t AS ${PHYSICAL_TYPE[type]}) AS v FROM (SELECT unnest(${texts(samples)}) AS t))
       WHERE ${isPlainly("t", "v", type)} OR looks_plain`,
    );
    const plain = reader.getRows();
    expect(
      plain.filter(([, value, exact, looksPlain, looks]) => value !== exact || (looksPlain && !looks)),
    ).toEqual([]);
    expect(plain.filter(([, , , looksPlain]) => looksPlain).length).toBeGreaterThan(1);
  }
  connection.closeSync();
});
