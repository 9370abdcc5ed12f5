import type { ColumnType } from "@cascade/tabular";
import type { HostileInput } from "../hostile-input.ts";

/** An expression over the columns id (integer), price (number), name (string) and at (timestamp). */
export type HostileExpression = HostileInput<
  string,
  { readonly refused: "SQL_REFUSED" } | { readonly type: ColumnType }
>;

const row = 35;
const refused = { refused: "SQL_REFUSED" } as const;

/** What no feature may do, each written as a whole number so that it fits anywhere. */
const forbidden = {
  "a subquery": "(select 1)",
  "a file": "(select length(content) from read_text('/etc/passwd'))",
  "a function that is not listed": "cast(random() as integer)",
  "a setting": "length(current_setting('memory_limit'))",
  "the clock": "epoch_ms(now())",
  "an aggregate": "count(*)",
  "a window": "row_number() over ()",
  "a column that is not there": "secret",
} as const;

/** Places in the tree of an expression; a check that forgets one of them has a hole there. */
export const places = {
  "as the argument of a function": (sql: string) => `abs(${sql})`,
  "as the second argument": (sql: string) => `greatest(id, ${sql})`,
  "in the condition of a case": (sql: string) => `case when ${sql} = 1 then 1 else 2 end`,
  "in the branch of a case": (sql: string) => `case when id = 1 then ${sql} else 2 end`,
  "in the rest of a case": (sql: string) => `case when id = 1 then 1 else ${sql} end`,
  "as the value of a simple case": (sql: string) => `case ${sql} when 1 then 2 else 3 end`,
  "in a list of values": (sql: string) => `id in (1, ${sql})`,
  "as the value that is looked up in a list": (sql: string) => `${sql} not in (1, 2)`,
  "as a lower bound": (sql: string) => `id between ${sql} and 5`,
  "as an upper bound": (sql: string) => `id not between 1 and ${sql}`,
  "in a conjunction": (sql: string) => `id > 1 and (id < 5 or ${sql} = 1)`,
  "under a negation": (sql: string) => `not (${sql} is null)`,
  "in coalesce": (sql: string) => `coalesce(id, ${sql})`,
  "in a cast": (sql: string) => `try_cast(${sql} as double)`,
  "in try": (sql: string) => `try(${sql})`,
  "compared without null": (sql: string) => `id is distinct from ${sql}`,
  "in an interval": (sql: string) => `"at" + to_days(cast(${sql} as integer))`,
  "under a minus": (sql: string) => `- ${sql}`,
  "in a pattern": (sql: string) => `name like cast(${sql} as varchar) escape '!'`,
  "in extract": (sql: string) => `extract(hour from "at" + to_hours(cast(${sql} as integer)))`,
} as const;

const everywhere = ["a subquery", "a function that is not listed", "a column that is not there"] as const;
const hidden: readonly HostileExpression[] = Object.entries(places).flatMap(([place, at], index) => {
  const kinds = index === 0 ? (Object.keys(forbidden) as (keyof typeof forbidden)[]) : everywhere;
  return kinds.map((what) => ({
    name: `${what} ${place}`,
    row,
    input: at(forbidden[what]),
    wanted: refused,
  }));
});

/** Forms of their own that the grammar has beside plain expressions. */
const forms: readonly (readonly [name: string, sql: string])[] = [
  ["a comparison with any row", "id = any (select 1)"],
  ["a comparison with all rows", "id > all (select 1)"],
  ["a subquery as a list", "array(select 1)"],
  ["an element of a list", "[1, 2][1]"],
  ["a slice", "name[1:2]"],
  ["a field of an object", "{'a': id}.a"],
  ["a map", "map {'a': 1}"],
  ["a list comprehension", "[x for x in [1, 2]]"],
  ["a lambda in the new spelling", "list_transform([1], lambda x: x)"],
  ["a row", "row(id, price)"],
  ["a tuple", "(id, price)"],
  ["all columns but one", "* exclude (id)"],
  ["all columns, one replaced", "* replace (1 as id)"],
  ["all columns of a pattern", "columns(*)"],
  ["all columns that are like something", "* like 'i%'"],
  ["a place instead of a name", "#1"],
  ["an aggregate with an order", "first(id order by price)"],
  ["an aggregate of distinct values", "count(distinct id)"],
  ["an ordered set", "percentile_cont(0.5) within group (order by price)"],
  ["the grouping of a row", "grouping(id)"],
  ["a window with a frame", "sum(id) over (rows between 1 preceding and current row)"],
  ["a macro of the engine", "list_sum([1])"],
  ["a catalogue before a function", "system.main.abs(id)"],
  ["a schema before a function", "pg_catalog.abs(id)"],
  ["a table before a column", "t.id"],
  ["a cast to an object", "cast(null as struct(a integer))"],
  ["a cast to a blob", "name::blob"],
  ["a cast to JSON", "name::json"],
  ["a cast to a time zone", '"at"::timestamptz'],
  ["a cast to a type of one's own", "name::secret_type"],
  ["a cast to an enumeration", "name::enum('a')"],
  ["a collation", "name collate nocase"],
  ["JSON access", "name -> '$.a'"],
  ["a method of a list", "name.string_split(',')"],
  ["a regular expression that gives a list", "regexp_extract_all(name, 'a')"],
  ["reading a file by a function", "read_blob('/etc/passwd')"],
  ["globbing", "glob('/etc/*')"],
  ["the environment", "getenv('HOME')"],
  ["a sequence", "nextval('s')"],
  ["a statement in a comment's shadow", "id /* */ ; select 1"],
  ["a table function", "unnest([1, 2])"],
  ["a series", "generate_series(1, 1000000000)"],
  ["a name of the query itself", "id as x"],
  ["another select", "id union select 1"],
  ["a limit", "id limit 1"],
  ["an order", "id order by 1"],
  ["a filter", "id) where (1 = 1"],
  ["a table", "id) from (values (1)"],
  ["a common table expression", "with x as (select 1) select 1"],
  ["a pragma", "pragma_version()"],
  ["a hash that differs between versions", "hash(name)"],
  ["the current user", "current_user"],
  ["a session's search path", "current_schema()"],
  ["a transaction's number", "txid_current()"],
  ["a new identifier", "uuid()"],
  ["a query as a text", "query('select 1')"],
  ["a dollar-quoted text that does not end", "$$id"],
  ["a text that does not end", "'id"],
  ["a name that does not end", '"id'],
  ["an unbalanced parenthesis", "id)"],
  ["ten thousand conditions", `id in (${"1,".repeat(5_000)}1)`],
  ["a chain of two thousand signs", `${"- ".repeat(2_000)}id`],
  ["a chain of two thousand negations", `${"not ".repeat(2_000)}true`],
  ["a column with a NUL", '"i\0d"'],
  ["a look-alike of a column", "ｉｄ"],
  ["a Cyrillic look-alike of a function", "\u0430bs(id)"],
];

/** Texts that look hostile and are none: refusing them would be a fault as well. */
const harmless: readonly (readonly [sql: string, type: ColumnType])[] = [
  ["'; drop table x; --'", "string"],
  ["name || '(select 1)'", "string"],
  ["$$read_text('/etc/passwd')$$", "string"],
  ["length('select random()')", "integer"],
  ["id -- ; drop table x", "integer"],
  ["id /* (select 1) */", "integer"],
  ["abs(id)", "integer"],
  ["main.abs(id)", "integer"],
];

export const sqlExpressions: readonly HostileExpression[] = [
  ...hidden,
  ...forms.map(([name, input]) => ({ name, row, input, wanted: refused })),
  ...harmless.map(([input, type]) => ({ name: `the harmless ${input}`, row, input, wanted: { type } })),
];
