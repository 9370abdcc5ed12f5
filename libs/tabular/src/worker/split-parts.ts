import { tabularErrors } from "../errors.ts";
import type { Database } from "./database.ts";
import { hashPlace, literal } from "./split-window.ts";
import { name } from "./sql-text.ts";

export const PARTS = ["train", "validation", "holdout"] as const;
export type Part = (typeof PARTS)[number];
/** What a row has to meet to be in a part. No row meets two of them. */
export type PartConditions = Readonly<Record<Part, string>>;
export type Fractions = Readonly<Record<Part, number>>;

/** Each boundary is the end of a group of equal times, the one nearest to the wanted share of rows. */
export async function byTime(
  database: Database,
  rows: string,
  fractions: Fractions,
): Promise<PartConditions> {
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

/** All rows of one key fall into one part; without a key each row is its own. */
export function byHash(key: string | undefined, seed: number, fractions: Fractions): PartConditions {
  const identity =
    key === undefined
      ? "CAST(cascade_row AS VARCHAR)"
      : `coalesce('k' || CAST(${name(key)} AS VARCHAR), CAST(cascade_row AS VARCHAR))`;
  const place = hashPlace(`${seed}:`, identity);
  const [first, second] = [fractions.train, fractions.train + fractions.validation];
  return {
    train: `${place} < ${first}`,
    validation: `${place} >= ${first} AND ${place} < ${fractions.holdout === 0 ? 1 : second}`,
    holdout: fractions.holdout === 0 ? "false" : `${place} >= ${second}`,
  };
}

/** A key belongs to the first part that has a row of it; its later rows belong to none. */
export function keysApart(rows: string, key: string, parts: PartConditions): PartConditions {
  const seenIn = (condition: string) =>
    `coalesce(${name(key)} IN (SELECT ${name(key)} FROM ${rows} WHERE ${name(key)} IS NOT NULL AND (${condition})), false)`;
  return {
    train: parts.train,
    validation: `(${parts.validation}) AND NOT ${seenIn(parts.train)}`,
    holdout: `(${parts.holdout}) AND NOT ${seenIn(`(${parts.train}) OR (${parts.validation})`)}`,
  };
}
