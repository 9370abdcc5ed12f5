import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ForTests, openForTests, realData } from "./testing/open-for-tests.ts";
import type { Column, SqlColumn } from "./types.ts";

let given: ForTests;
let table: string;
const columns: Column[] = [
  { name: "id", type: "integer" },
  { name: "price", type: "number", nullable: true },
  { name: "name", type: "string", nullable: true },
  { name: "at", type: "timestamp", nullable: true },
];
beforeAll(async () => {
  given = await openForTests();
  table = given.path("table.parquet");
  const rows = [
    { id: 3, price: 1.5, name: "Äpfel", at: "2024-02-29T13:30:00Z" },
    { id: 1, price: null, name: null, at: null },
    { id: 2, price: -2, name: "x'y", at: "2024-01-01" },
  ];
  await given.tabular.writeRows({ rows, columns, output: table });
});
afterAll(() => given.close());
const checked = (sql: string) =>
  given.tabular.checkColumns({ input: columns, columns: [{ name: "f", sql }] });

describe("feature columns", () => {
  test("are computed, kept, filtered and sorted", async () => {
    const output = given.path("features.parquet");
    const features: SqlColumn[] = [
      { name: "twice", sql: "price * 2 -- doubled" },
      { name: "tenth", sql: "id / 10.0" },
      { name: "hour", sql: 'extract(hour from "at")' },
      { name: "known", sql: "name is not null and price between -5 and 5" },
      { name: "upper", sql: "upper(coalesce(name, 'none'))" },
      { name: "next", sql: '"at" + interval 1 day' },
    ];
    const selected = await given.tabular.select({
      inputs: [table],
      columns: features,
      keep: ["id"],
      where: "id <> 1",
      orderBy: ["id"],
      output,
    });
    expect(selected.rowCount).toBe(2);
    expect(selected.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "id integer",
      "twice number",
      "tenth number",
      "hour integer",
      "known boolean",
      "upper string",
      "next timestamp",
    ]);
    expect(await given.tabular.readRows({ path: output, limit: 9 })).toEqual([
      { id: 2, twice: -4, tenth: 0.2, hour: 0, known: true, upper: "X'Y", next: "2024-01-02T00:00:00.000Z" },
      {
        id: 3,
        twice: 3,
        tenth: 0.3,
        hour: 13,
        known: true,
        upper: "ÄPFEL",
        next: "2024-03-01T13:30:00.000Z",
      },
    ]);
  });

  test("of several inputs follow each other, and the same input gives the same bytes", async () => {
    const [one, two] = [given.path("twice-1.parquet"), given.path("twice-2.parquet")];
    for (const output of [one, two])
      await given.tabular.select({ inputs: [table, table], columns: [{ name: "n", sql: "id" }], output });
    expect((await given.tabular.readColumns({ path: one, columns: ["n"] })).columns.n).toEqual(
      new Float64Array([3, 1, 2, 3, 1, 2]),
    );
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
  });

  test("that fail on the data name the column and leave no output", async () => {
    const output = given.path("failed.parquet");
    const failing = given.tabular.select({
      inputs: [table],
      columns: [
        { name: "good", sql: "id" },
        { name: "bad", sql: "cast(name as integer)" },
      ],
      output,
    });
    await expect(failing).rejects.toMatchObject({
      code: "SQL_FAILED",
      message: expect.stringContaining('"bad"'),
    });
    await expect(readFile(output)).rejects.toThrow("ENOENT");
  });

  test("that need a column that is not there name it", async () => {
    await expect(
      given.tabular.select({ inputs: [table], columns: [], keep: ["no"], output: given.path("no.parquet") }),
    ).rejects.toMatchObject({ code: "COLUMN_MISSING" });
    await expect(checked("price + cost")).rejects.toMatchObject({
      code: "SQL_REFUSED",
      message: expect.stringContaining("cost"),
    });
  });

  test("that ask for endless memory end their child only", async () => {
    const bomb = given.tabular.select({
      inputs: [table],
      columns: [{ name: "bomb", sql: "length(repeat(repeat('x', 1000000), 4000 * id))" }],
      output: given.path("bomb.parquet"),
    });
    await expect(bomb).rejects.toMatchObject({ code: expect.stringMatching(/^(MEMORY|SQL_FAILED)$/) });
    expect(await checked("id")).toEqual([{ name: "f", type: "integer", nullable: true }]);
  });
});

describe("an expression is refused that", () => {
  test.each([
    ["reads a file", "read_csv('/etc/passwd')"],
    ["reads a file as text", "(select content from read_text('/etc/passwd'))"],
    ["names a file as a table", "(select a from '/etc/passwd')"],
    ["is a subquery", "(select 1)"],
    ["asks whether rows exist", "exists (select 1)"],
    ["is compared with a subquery", "id in (select 1)"],
    ["ends the statement", "id; drop table x"],
    ["ends the statement and comments out the rest", "id); copy (select 1) to '/tmp/x' --"],
    ["escapes its parentheses", "id) from read_csv('/etc/passwd') where (true"],
    ["escapes into a second column", "id), (price"],
    ["escapes into a union", "id) union all select (1"],
    ["is two expressions", "id, price"],
    ["is all columns", "*"],
    ["is a pattern of columns", "columns('.*')"],
    ["is an aggregate", "sum(price)"],
    ["is a filtered aggregate", "sum(price) filter (where id > 1)"],
    ["counts", "count(*)"],
    ["looks at other rows", "lag(price) over (order by id)"],
    ["is random", "random()"],
    ["depends on the time", "now()"],
    ["depends on the date", "current_date"],
    ["depends on the date by a missing argument", 'age("at")'],
    ["reads a setting", "current_setting('memory_limit')"],
    ["reads a variable", "getvariable('x')"],
    ["reads the environment", "getenv('HOME')"],
    ["writes a log", "write_log('x')"],
    ["raises an error", "error('x')"],
    ["sleeps", "sleep_ms(1000)"],
    ["builds a list", "[id, 2]"],
    ["builds an object", "{'a': id}"],
    ["is a lambda", "list_transform([1], x -> x)"],
    ["takes a parameter", "$1"],
    ["takes a named parameter", "$name"],
    ["is a default", "default"],
    ["qualifies a column with a schema", "main.id"],
    ["casts to a list", "id::integer[]"],
    ["is empty", ""],
    ["is a comment", "-- nothing"],
    ["leaves a comment open", "id /*"],
    ["holds a NUL", "id\0"],
    ["is too long", `id${" + id".repeat(5_000)}`],
    ["is too deep", `${"abs(".repeat(1_900)}id${")".repeat(1_900)}`],
    ["calls what does not exist", "nosuchfunction(id)"],
    ["has arguments of the wrong type", "upper(id)"],
  ])("%s", async (_, sql) => {
    await expect(checked(sql)).rejects.toMatchObject({
      code: "SQL_REFUSED",
      message: expect.stringContaining('"f"'),
    });
  });

  test("and a filter is held to the same", async () => {
    const select = given.tabular.select({
      inputs: [table],
      columns: [{ name: "n", sql: "id" }],
      where: "true) union all (select 1",
      output: given.path("where.parquet"),
    });
    await expect(select).rejects.toMatchObject({ code: "SQL_REFUSED" });
  });
});

test.each([
  "ID",
  '"id"',
  "case when id > 1 then 'a' else name end",
  "try_cast(name as double)",
  "round(price, 1)",
  "ln(price + 3)",
  "name like 'x%'",
  "date_trunc('month', \"at\")",
  "strftime(\"at\", '%Y')",
  "regexp_extract(name, '[a-z]')",
  "id % 2 = 0",
  "not (id is null or price > 1)",
  "greatest(id, price)",
])("a scalar expression is accepted: %s", async (sql) => {
  expect(await checked(sql)).toHaveLength(1);
});

describe("splitting", () => {
  const fractions = { train: 0.7, validation: 0.2, holdout: 0.1 };
  const outputs = () => ({
    train: given.path("train.parquet"),
    validation: given.path("validation.parquet"),
    holdout: given.path("holdout.parquet"),
  });
  const column = async (path: string, name: string) => [
    ...((await given.tabular.readColumns({ path, columns: [name] })).columns[name] ?? []),
  ];
  const written = async (rows: Record<string, unknown>[], types: Column[]) => {
    const output = given.path("to-split.parquet");
    await given.tabular.writeRows({ rows, columns: types, output });
    return output;
  };

  test("by time puts the newest rows last, and equal times never on both sides", async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) => ({
      n,
      at: new Date(Math.floor(((n * 7919) % 1_000) / 30) * 86_400_000).toISOString(),
    }));
    const input = await written(rows, [
      { name: "n", type: "integer" },
      { name: "at", type: "timestamp" },
    ]);
    const split = await given.tabular.split({
      inputs: [input],
      eventTime: "at",
      fractions,
      seed: 1,
      outputs: outputs(),
    });
    const [train, validation, holdout] = [
      await column(outputs().train, "at"),
      await column(outputs().validation, "at"),
      await column(outputs().holdout, "at"),
    ] as number[][];
    expect([train?.length, validation?.length, holdout?.length]).toEqual([690, 210, 100]);
    expect(split.rows).toEqual({ train: 690, validation: 210, holdout: 100 });
    expect(Math.max(...(train ?? []))).toBeLessThan(Math.min(...(validation ?? [])));
    expect(Math.max(...(validation ?? []))).toBeLessThan(Math.min(...(holdout ?? [])));
    expect(split.times.train).toEqual({
      from: "1970-01-01T00:00:00.000Z",
      to: new Date(Math.max(...(train ?? []))).toISOString(),
    });
  });

  test("a window takes the newest rows, of equally old ones the last", async () => {
    const rows = Array.from({ length: 10 }, (_, n) => ({
      n,
      at: new Date(n < 4 ? 0 : n * 1000).toISOString(),
    }));
    const input = await written(rows, [
      { name: "n", type: "integer" },
      { name: "at", type: "timestamp" },
    ]);
    await given.tabular.split({
      inputs: [input],
      eventTime: "at",
      fractions: { train: 1, validation: 0, holdout: 0 },
      window: { rows: 8 },
      seed: 1,
      outputs: outputs(),
    });
    expect(await column(outputs().train, "n")).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("without a time is random by the seed, and rows of one key stay together", async () => {
    const rows = Array.from({ length: 4_000 }, (_, n) => ({ n, user: `user-${n % 500}` }));
    const input = await written(rows, [
      { name: "n", type: "integer" },
      { name: "user", type: "string" },
    ]);
    const parts = async (seed: number) => {
      const split = await given.tabular.split({
        inputs: [input],
        eventTime: null,
        key: "user",
        fractions,
        seed,
        outputs: outputs(),
      });
      return {
        split,
        train: new Set(await column(outputs().train, "user")),
        holdout: new Set(await column(outputs().holdout, "user")),
      };
    };
    const first = await parts(7);
    expect(await parts(7)).toEqual(first);
    expect((await parts(8)).train).not.toEqual(first.train);
    expect(first.split.rows.train + first.split.rows.validation + first.split.rows.holdout).toBe(4_000);
    expect(Math.abs(first.split.rows.train - 2_800)).toBeLessThan(300);
    expect([...first.holdout].filter((user) => first.train.has(user))).toEqual([]);
  });

  test("of real data by time needs no sorting of the table and is the same twice", async () => {
    const again = {
      train: given.path("again-1.parquet"),
      validation: given.path("again-2.parquet"),
      holdout: given.path("again-3.parquet"),
    };
    const table = given.path("weather.parquet");
    await given.tabular.toParquet({
      files: [{ path: realData("seattle-weather.csv"), format: "csv" }],
      output: table,
      limits: { rows: 1e6, columns: 10, bytes: 1e9 },
    });
    const split = await given.tabular.split({
      inputs: [table],
      eventTime: "date",
      fractions,
      seed: 1,
      outputs: outputs(),
    });
    expect(split.rows).toEqual({ train: 1023, validation: 292, holdout: 146 });
    expect(
      await given.tabular.split({ inputs: [table], eventTime: "date", fractions, seed: 1, outputs: again }),
    ).toEqual(split);
    expect((await readFile(again.train)).equals(await readFile(outputs().train))).toBe(true);
  });

  test("is refused when a part would be empty or the fractions are none", async () => {
    const one = await written([{ n: 1 }], [{ name: "n", type: "integer" }]);
    const impossible = { code: "SPLIT_IMPOSSIBLE" };
    await expect(
      given.tabular.split({ inputs: [one], eventTime: "n", fractions, seed: 1, outputs: outputs() }),
    ).rejects.toMatchObject(impossible);
    await expect(
      given.tabular.split({
        inputs: [one],
        eventTime: null,
        fractions: { train: 2, validation: -1, holdout: 0 },
        seed: 1,
        outputs: outputs(),
      }),
    ).rejects.toMatchObject(impossible);
    await expect(
      given.tabular.split({ inputs: [table], eventTime: "name", fractions, seed: 1, outputs: outputs() }),
    ).rejects.toMatchObject(impossible);
  });

  test("counts rows without a time and leaves them out", async () => {
    const split = await given.tabular.split({
      inputs: [table],
      eventTime: "at",
      fractions: { train: 0.5, validation: 0.5, holdout: 0 },
      seed: 1,
      outputs: outputs(),
    });
    expect(split).toMatchObject({
      rows: { train: 1, validation: 1, holdout: 0 },
      rowsWithoutTime: 1,
      times: { holdout: null },
    });
  });
});
