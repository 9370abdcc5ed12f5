import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

/** One day as it stands in the data: `2001-01-01` is a Monday. */
export interface Week {
  readonly name: string;
  /** First day, inclusive. */
  readonly from: string;
  /** Day after the last, exclusive. */
  readonly to: string;
}

export const firstWeeks: readonly Week[] = [
  { name: "2001-w01", from: "2001-01-01", to: "2001-01-08" },
  { name: "2001-w02", from: "2001-01-08", to: "2001-01-15" },
  { name: "2001-w03", from: "2001-01-15", to: "2001-01-22" },
];

/** A calm spring: far fewer flights are late than in January. */
export const laterWeeks: readonly Week[] = [
  { name: "2001-w17", from: "2001-04-23", to: "2001-04-30" },
  { name: "2001-w18", from: "2001-04-30", to: "2001-05-07" },
];

const source = fileURLToPath(
  new URL("../../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url),
);

/** Files hold one flight of so many, drawn by a hash: enough to learn from, and quick to play. */
const oneOf = 4;

/**
 * Writes weeks of real flights (US Department of Transportation, in the npm package vega-datasets) as Parquet
 * files `<week>.parquet`. `originDelayShare` is what an airport knows at the time of a departure: the share of
 * its departures in the four hours before that were 15 minutes late or more; `delayed` is the same for the
 * flight itself. Files that exist are kept.
 */
export async function prepareWeeks(weeks: readonly Week[], directory: string): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const paths = weeks.map(({ name }) => join(directory, `${name}.parquet`));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    for (const [index, { from, to }] of weeks.entries()) {
      const path = paths[index] ?? "";
      if (await exists(path)) continue;
      await connection.run(`
        copy (
          select date, origin, destination, distance, originDelayShare, delayed
          from (
            select date, origin, destination, distance::double as distance, delay >= 15 as delayed,
                   avg((delay >= 15)::int) over (
                     partition by origin order by date
                     range between interval 4 hours preceding and interval 1 minute preceding
                   ) as originDelayShare
            from read_parquet('${source.replaceAll("'", "''")}')
            where date >= timestamp '${from}' - interval 4 hours and date < timestamp '${to}'
          )
          where date >= timestamp '${from}' and hash(date, origin, destination) % ${oneOf} = 0
          order by date, origin, destination
        ) to '${path.replaceAll("'", "''")}' (format parquet)`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return paths;
}

/** Some flights of prepared weeks, drawn with a seed and in the order of their departures. */
export async function sampleFlights(
  paths: readonly string[],
  count: number,
  seed: number,
): Promise<Flight[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const files = paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(", ");
    const reader = await connection.runAndReadAll(`
      select strftime(date, '%Y-%m-%dT%H:%M:%S.000Z') as date, origin, destination, distance, originDelayShare, delayed
      from (select * from read_parquet([${files}]) using sample reservoir(${count} rows) repeatable (${seed}))
      order by date, origin, destination`);
    return reader.getRowObjectsJson().map((row) => ({
      row: {
        date: String(row.date),
        origin: String(row.origin),
        destination: String(row.destination),
        distance: Number(row.distance),
        originDelayShare: row.originDelayShare === null ? null : Number(row.originDelayShare),
      },
      delayed: row.delayed === true,
    }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export interface Flight {
  /** What is known before the departure. */
  readonly row: Readonly<Record<string, string | number | null>>;
  /** What is known after it. */
  readonly delayed: boolean;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

if (import.meta.main) {
  const directory = fileURLToPath(new URL("../data", import.meta.url));
  for (const path of await prepareWeeks([...firstWeeks, ...laterWeeks], directory))
    process.stdout.write(`${path}\n`);
}
