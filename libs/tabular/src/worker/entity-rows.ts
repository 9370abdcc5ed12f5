import { type Aggregate, aggregatesAt } from "./aggregates.ts";
import { type Access, withDatabase } from "./database.ts";
import { type History, newestRows, openHistory } from "./history.ts";
import { known } from "./select.ts";
import { openTable } from "./source.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

export type EntityRowsArguments = {
  readonly access: Access;
  readonly history: History;
  /** Only entities that this file of the history speaks of; all where it is left out. */
  readonly changed?: string | undefined;
  readonly columns: readonly string[];
  readonly aggregates: readonly Aggregate[];
  /** Steps of one entity at most; of more, some in between are left out. */
  readonly stepsMax: number;
  readonly output: string;
};
export type EntityRows = { readonly rowCount: number };

/**
 * What is known of each entity after its newest row, as rows in the order of entity and time. Aggregates go on
 * changing when nothing happens, because rows leave their windows: each step holds for times after `cascade_after`.
 */
export async function entityRows(args: EntityRowsArguments): Promise<EntityRows> {
  const { access, history, changed, columns, aggregates, stepsMax, output } = args;
  return withDatabase(access, async (database) => {
    const past = await openHistory(database, "cascade_history", history);
    const ofChanged = changed === undefined ? "true" : `cascade_key IN ${await keysOf(changed)}`;
    await database.run(
      `CREATE TEMP TABLE cascade_newest AS SELECT * FROM ${newestRows(past, "cascade_key")} WHERE ${ofChanged}`,
    );
    const overs = [
      ...new Set(aggregates.map(({ overMs }) => `to_microseconds(${Math.round(overMs * 1000)})`)),
    ];
    const ends = overs.map(
      (over) =>
        `SELECT cascade_key, row.cascade_time + ${over} AS cascade_after FROM cascade_history row JOIN cascade_newest newest USING (cascade_key) WHERE row.cascade_time + ${over} > newest.cascade_time`,
    );
    const every = `(${["SELECT cascade_key, cascade_time AS cascade_after FROM cascade_newest", ...ends].join(" UNION ")})`;
    // The first and the last one always stay: after the last one every window is empty.
    const thinned = `(SELECT * FROM (SELECT *, row_number() OVER one AS place, count(*) OVER (PARTITION BY cascade_key) AS steps FROM ${every} WINDOW one AS (PARTITION BY cascade_key ORDER BY cascade_after)) WHERE steps <= ${stepsMax} OR place = steps OR (place - 1) % CAST(ceil(steps / ${Math.max(1, stepsMax - 1)}.0) AS BIGINT) = 0)`;
    await database.run(
      `CREATE TEMP TABLE cascade_steps AS SELECT cascade_key, cascade_after, cascade_after + to_microseconds(1) AS cascade_time, row_number() OVER (ORDER BY cascade_key, cascade_after) AS cascade_row FROM ${thinned}`,
    );
    const newest = columns.map((column) => `newest.${name(known(past.columns, column).name)}`);
    const counted = aggregates.map((aggregate) => `counted.${name(aggregate.name)}`);
    const join =
      aggregates.length === 0
        ? ""
        : ` JOIN ${aggregatesAt(past, "cascade_steps", aggregates).query} counted USING (cascade_row)`;
    const wanted = [
      "steps.cascade_key",
      "newest.cascade_time AS cascade_time",
      "steps.cascade_after",
      ...newest,
      ...counted,
    ];
    await database.run(
      `COPY (SELECT ${wanted.join(", ")} FROM cascade_steps steps JOIN cascade_newest newest USING (cascade_key)${join} ORDER BY cascade_row) TO ${text(output)} (${PARQUET_OPTIONS})`,
    );
    return { rowCount: await database.number("SELECT count(*) FROM cascade_steps") };

    async function keysOf(file: string): Promise<string> {
      const { relation, columns: found } = await openTable(database, [file]);
      return `(SELECT CAST(${known(found, history.key).sql} AS VARCHAR) FROM ${relation})`;
    }
  });
}
