import { tabularErrors } from "../errors.ts";
import type { CanonicalColumn } from "./canonical.ts";
import type { Database } from "./database.ts";
import { double, text } from "./sql-text.ts";

/** Which rows take part; what is left out stands for no limit. */
export type SplitWindow = {
  /** The newest rows, this many. */
  readonly rows?: number | undefined;
  /** Rows that are less than this older than the newest one. */
  readonly durationMs?: number | undefined;
  /** Rows this much older than the newest one are half as likely to be in train. */
  readonly halfLifeMs?: number | undefined;
};

/** Ages need points in time: what a number counts is not known. */
export function checkWindow(window: SplitWindow, time: CanonicalColumn | undefined): void {
  const aged = window.durationMs !== undefined || window.halfLifeMs !== undefined;
  if (aged && time?.type !== "timestamp")
    throw tabularErrors.splitImpossible("a window by age needs an event time of type timestamp.");
  const amounts = [window.rows, window.durationMs, window.halfLifeMs];
  if (amounts.some((amount) => amount !== undefined && !(amount > 0)))
    throw tabularErrors.splitImpossible("a window of nothing was asked for.");
}

/** The rows of the window; of equally old ones those that came last. Only two values are kept, never the sorted rows. */
export async function within(
  database: Database,
  rows: string,
  { rows: count, durationMs }: SplitWindow,
): Promise<string> {
  if (durationMs !== undefined) {
    const newest = await newestTime(database, rows);
    const recent = `(SELECT * FROM ${rows} WHERE cascade_time > ${newest} - to_microseconds(${micros(durationMs)}))`;
    return within(database, recent, { rows: count });
  }
  if (count === undefined || count >= (await database.number(`SELECT count(*) FROM ${rows}`))) return rows;
  const last = await database.one(
    `SELECT CAST(cascade_time AS VARCHAR) AS time, cascade_row FROM ${rows} ORDER BY cascade_time DESC, cascade_row DESC LIMIT 1 OFFSET ${count - 1}`,
  );
  const time = literal(last.time);
  return `(SELECT * FROM ${rows} WHERE cascade_time > ${time} OR (cascade_time = ${time} AND cascade_row >= ${Number(last.cascade_row)}))`;
}

/** What a row of train has to meet, drawn by the seed: the older it is, the less likely. */
export async function keptByAge(
  database: Database,
  rows: string,
  halfLifeMs: number | undefined,
  seed: number,
): Promise<string> {
  if (halfLifeMs === undefined) return "true";
  const newest = await newestTime(database, rows);
  const age = `(epoch_us(${newest}) - epoch_us(cascade_time))`;
  const drawn = hashPlace(`age:${seed}:`, "CAST(cascade_row AS VARCHAR)");
  return `${drawn} < pow(0.5, ${age} / ${double(halfLifeMs * 1000)})`;
}

/**
 * MD5 of a salt and a text as a number between 0 and 1: the same for ever, whatever the engine's own hash becomes.
 */
export function hashPlace(salt: string, identity: string): string {
  return `(CAST('0x' || left(md5(${text(salt)} || ${identity}), 12) AS BIGINT) / 281474976710656.0)`;
}

/** The literal takes the type of the column that it is compared with. */
export const literal = (time: unknown) => text(String(time));

async function newestTime(database: Database, rows: string): Promise<string> {
  const { time } = await database.one(`SELECT CAST(max(cascade_time) AS VARCHAR) AS time FROM ${rows}`);
  if (time === null) throw tabularErrors.splitImpossible("there are no rows.");
  return `CAST(${literal(time)} AS TIMESTAMP)`;
}

const micros = (milliseconds: number) => Math.round(milliseconds * 1000);
