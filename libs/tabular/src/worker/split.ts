import { tabularErrors } from "../errors.ts";
import { type Access, type Database, withDatabase } from "./database.ts";
import { known } from "./select.ts";
import { openTable } from "./source.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

const PARTS = ["train", "validation", "holdout"] as const;
type Part = (typeof PARTS)[number];

export type SplitArguments = {
  readonly access: Access;
  readonly inputs: readonly string[];
  readonly eventTime: string | null;
  readonly key?: string | undefined;
  readonly fractions: Readonly<Record<Part, number>>;
  readonly window?: { readonly rows?: number | undefined } | undefined;
  readonly seed: number;
  readonly outputs: Readonly<Record<Part, string>>;
};
/** ISO 8601 text, or numbers where the event time is one. */
type Bounds = { readonly from: string | number; readonly to: string | number };
export type Split = {
  readonly rows: Readonly<Record<Part, number>>;
  /** First and last event time of each part; null without an event time, and for an empty part. */
  readonly times: Readonly<Record<Part, Bounds | null>>;
  /** Rows without an event time: they have no place before or after others. */
  readonly rowsWithoutTime: number;
};

export async function split(args: SplitArguments): Promise<Split> {
  const { access, fractions, window, outputs } = args;
  const total = fractions.train + fractions.validation + fractions.holdout;
  if (PARTS.some((part) => !(fractions[part] >= 0)) || Math.abs(total - 1) > 1e-9) {
    throw tabularErrors.splitImpossible(
      `the fractions must not be negative and must add up to 1, not ${total}.`,
    );
  }
  return withDatabase(access, async (database) => {
    const { relation, columns } = await openTable(database, args.inputs);
    const time = args.eventTime === null ? undefined : known(columns, args.eventTime);
    const key = args.key === undefined ? undefined : known(columns, args.key);
    if (time !== undefined && !["timestamp", "integer", "number"].includes(time.type)) {
      throw tabularErrors.splitImpossible(
        `the event time ${JSON.stringify(time.name)} is of type ${time.type}.`,
      );
    }
    const all = columns.map((column) => `${column.sql} AS ${name(column.name)}`).join(", ");
    const numbered = `(SELECT ${all}, row_number() OVER () AS cascade_row, ${time?.sql ?? "0"} AS cascade_time FROM ${relation})`;
    const timed = `(SELECT * FROM ${numbered} WHERE cascade_time IS NOT NULL)`;
    const rowsWithoutTime = await database.number(
      `SELECT count(*) FROM ${numbered} WHERE cascade_time IS NULL`,
    );
    const rows = await newest(database, timed, window?.rows);
    const parts =
      time === undefined ? byHash(key?.name, args.seed, fractions) : await byTime(database, rows, fractions);

    const rowsOf = new Map<Part, number>();
    for (const part of PARTS) {
      const kept = `SELECT * EXCLUDE (cascade_row, cascade_time) FROM ${rows} WHERE ${parts[part]}`;
      await database.run(`COPY (${kept}) TO ${text(outputs[part])} (${PARQUET_OPTIONS})`);
      rowsOf.set(
        part,
        await database.number(`SELECT num_rows FROM parquet_file_metadata(${text(outputs[part])})`),
      );
      if (fractions[part] > 0 && rowsOf.get(part) === 0) {
        throw tabularErrors.splitImpossible(`no row would be left for ${part}.`);
      }
    }
    const times = time === undefined ? undefined : await boundsOf(database, rows, parts);
    const each = <T>(value: (part: Part) => T) => ({
      train: value("train"),
      validation: value("validation"),
      holdout: value("holdout"),
    });
    return {
      rows: each((part) => rowsOf.get(part) ?? 0),
      times: each((part) => times?.get(part) ?? null),
      rowsWithoutTime,
    };
  });
}

async function boundsOf(
  database: Database,
  rows: string,
  parts: Record<Part, string>,
): Promise<Map<string, Bounds>> {
  const part = `CASE WHEN ${parts.train} THEN 'train' WHEN ${parts.validation} THEN 'validation' ELSE 'holdout' END`;
  const found = await database.rows(
    `SELECT ${part} AS part, min(cascade_time) AS first, max(cascade_time) AS last FROM ${rows} GROUP BY part`,
  );
  const shown = (time: unknown) => (typeof time === "number" ? time : String(time));
  return new Map(found.map((row) => [String(row.part), { from: shown(row.first), to: shown(row.last) }]));
}

/** The newest rows; of equally old ones those that came last. Only two values are kept, never the sorted rows. */
async function newest(database: Database, rows: string, count: number | undefined): Promise<string> {
  if (count === undefined || count >= (await database.number(`SELECT count(*) FROM ${rows}`))) return rows;
  if (count <= 0) throw tabularErrors.splitImpossible("a window of no rows was asked for.");
  const last = await database.one(
    `SELECT CAST(cascade_time AS VARCHAR) AS time, cascade_row FROM ${rows} ORDER BY cascade_time DESC, cascade_row DESC LIMIT 1 OFFSET ${count - 1}`,
  );
  const time = literal(last.time);
  return `(SELECT * FROM ${rows} WHERE cascade_time > ${time} OR (cascade_time = ${time} AND cascade_row >= ${Number(last.cascade_row)}))`;
}

// The literal takes the type of the column that it is compared with.
const literal = (time: unknown) => text(String(time));

/** Each boundary is the end of a group of equal times, the one nearest to the wanted share of rows. */
async function byTime(
  database: Database,
  rows: string,
  fractions: SplitArguments["fractions"],
): Promise<Record<Part, string>> {
  const total = await database.number(`SELECT count(*) FROM ${rows}`);
  if (total === 0) throw tabularErrors.splitImpossible("there are no rows.");
  const upTo = async (share: number): Promise<string> => {
    const wanted = Math.round(share * total);
    if (wanted <= 0) return "false";
    if (wanted >= total) return "true";
    const at = await database.one(
      `SELECT CAST(cascade_time AS VARCHAR) AS time FROM ${rows} ORDER BY cascade_time LIMIT 1 OFFSET ${wanted - 1}`,
    );
    const time = literal(at.time);
    const counts = await database.one(
      `SELECT count(*) FILTER (WHERE cascade_time < ${time}) AS below, count(*) FILTER (WHERE cascade_time <= ${time}) AS upto FROM ${rows}`,
    );
    const [below, upto] = [Number(counts.below), Number(counts.upto)];
    return wanted - below < upto - wanted && below > 0 ? `cascade_time < ${time}` : `cascade_time <= ${time}`;
  };
  const inTrain = await upTo(fractions.train);
  const inFirstTwo = await upTo(fractions.train + fractions.validation);
  return {
    train: inTrain,
    validation: `NOT (${inTrain}) AND (${inFirstTwo})`,
    holdout: `NOT (${inTrain}) AND NOT (${inFirstTwo})`,
  };
}

/**
 * MD5 of seed and key as a number between 0 and 1: the same for ever, whatever the engine's own hash becomes.
 * All rows of one key fall into one part; without a key each row is its own.
 */
function byHash(
  key: string | undefined,
  seed: number,
  fractions: SplitArguments["fractions"],
): Record<Part, string> {
  const identity =
    key === undefined
      ? "CAST(cascade_row AS VARCHAR)"
      : `coalesce('k' || CAST(${name(key)} AS VARCHAR), CAST(cascade_row AS VARCHAR))`;
  const place = `(CAST('0x' || left(md5(${text(`${seed}:`)} || ${identity}), 12) AS BIGINT) / 281474976710656.0)`;
  const [first, second] = [fractions.train, fractions.train + fractions.validation];
  return {
    train: `${place} < ${first}`,
    validation: `${place} >= ${first} AND ${place} < ${fractions.holdout === 0 ? 1 : second}`,
    holdout: fractions.holdout === 0 ? "false" : `${place} >= ${second}`,
  };
}
