import { tabularErrors } from "../errors.ts";
import { type Access, type Database, withDatabase } from "./database.ts";
import { known } from "./select.ts";
import { openTable } from "./source.ts";
import { newestOfEach } from "./split-identity.ts";
import {
  byHash,
  byTime,
  type Fractions,
  keysApart,
  PARTS,
  type Part,
  type PartConditions,
} from "./split-parts.ts";
import { checkWindow, keptByAge, type SplitWindow, within } from "./split-window.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

export type SplitArguments = {
  readonly access: Access;
  readonly inputs: readonly string[];
  readonly eventTime: string | null;
  /** Rows of one key are never in two parts; a row without one stands for itself. */
  readonly key?: string | undefined;
  /** Of rows that are one and the same by this column only the newest takes part; one without it stands for itself. */
  readonly identity?: string | undefined;
  /** By time where there is an event time, unless it says otherwise. */
  readonly by?: "time" | "random" | undefined;
  readonly fractions: Fractions;
  readonly window?: SplitWindow | undefined;
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
  /** Rows that a newer one of the same identity has taken the place of. */
  readonly rowsReplaced: number;
};

export async function split(args: SplitArguments): Promise<Split> {
  const { access, fractions, window = {}, outputs } = args;
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
    checkWindow(window, time);
    const all = columns.map((column) => `${column.sql} AS ${name(column.name)}`).join(", ");
    const numbered = `(SELECT ${all}, row_number() OVER () AS cascade_row, ${time?.sql ?? "0"} AS cascade_time FROM ${relation})`;
    const identity = args.identity === undefined ? undefined : known(columns, args.identity);
    const present = `(SELECT * FROM ${numbered} WHERE cascade_time IS NOT NULL)`;
    const { rows: timed, replaced } = await newestOfEach(database, present, identity?.name);
    const rowsWithoutTime = await database.number(
      `SELECT count(*) FROM ${numbered} WHERE cascade_time IS NULL`,
    );
    const rows = await within(database, timed, window);
    const parts = await partsOf(database, rows, key?.name, args);

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
      rowsReplaced: replaced,
    };
  });
}

async function partsOf(
  database: Database,
  rows: string,
  key: string | undefined,
  { by, eventTime, seed, fractions, window }: SplitArguments,
): Promise<PartConditions> {
  const isTimed = by === "time" || (by === undefined && eventTime !== null);
  if (isTimed && eventTime === null)
    throw tabularErrors.splitImpossible("a split by time needs an event time.");
  const whole = isTimed ? await byTime(database, rows, fractions) : byHash(key, seed, fractions);
  const apart = isTimed && key !== undefined ? keysApart(rows, key, whole) : whole;
  const kept = await keptByAge(database, rows, window?.halfLifeMs, seed);
  return { ...apart, train: `(${apart.train}) AND ${kept}` };
}

async function boundsOf(
  database: Database,
  rows: string,
  parts: PartConditions,
): Promise<Map<string, Bounds>> {
  const part = `CASE ${PARTS.map((each) => `WHEN ${parts[each]} THEN '${each}'`).join(" ")} END`;
  const found = await database.rows(
    `SELECT ${part} AS part, min(cascade_time) AS first, max(cascade_time) AS last FROM ${rows} GROUP BY part`,
  );
  const shown = (time: unknown) => (typeof time === "number" ? time : String(time));
  return new Map(found.map((row) => [String(row.part), { from: shown(row.first), to: shown(row.last) }]));
}
