import { type ServiceName, services } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import type { NatsConnection } from "@nats-io/transport-node";
import type pg from "pg";
import { keepers } from "../checks/check-projections.ts";
import { readDurables } from "../evidence/read-streams.ts";
import { withClient } from "../evidence/read-tables.ts";

export interface QuietOptions {
  readonly adminUrl: string;
  readonly connection: NatsConnection;
  readonly limitMs: number;
  /** Told whenever something else is left to do than before. */
  onUnfinished?(unfinished: readonly string[]): void;
}

const lookEveryMs = 200;
/** Quiet once may be the moment between an event and what follows from it. */
const quietLooks = 6;
/** A job planned for later than this is a timer, not work. */
const soonSeconds = 5;
/** Looks at a rollout that is over by then come to nothing; rollouts in progress are looked for themselves. */
const idleTimer = "look-at-rollout";

export class NotQuietError extends Error {
  readonly unfinished: readonly string[];

  constructor(limitMs: number, unfinished: readonly string[]) {
    super(`The healed system was not quiet within ${limitMs} ms:\n- ${unfinished.join("\n- ")}`);
    this.name = "NotQuietError";
    this.unfinished = unfinished;
  }
}

/** Waits until tables and streams show nothing left to do. Throws with what there was when the time is over. */
export async function untilQuiet({
  adminUrl,
  connection,
  limitMs,
  onUnfinished,
}: QuietOptions): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  let quiet = 0;
  let unfinished: readonly string[] = [];
  while (quiet < quietLooks) {
    if (performance.now() > giveUpAt) throw new NotQuietError(limitMs, unfinished);
    const before = unfinished.join("; ");
    unfinished = await look(adminUrl, connection);
    if (unfinished.join("; ") !== before) onUnfinished?.(unfinished);
    quiet = unfinished.length === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function look(adminUrl: string, connection: NatsConnection): Promise<string[]> {
  try {
    return [...(await withClient(adminUrl, lookIntoTables)), ...(await lookIntoStreams(connection))];
  } catch (error) {
    return [`it cannot be looked at: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function lookIntoTables(client: pg.Client): Promise<string[]> {
  // An evaluation that is put off for ten minutes would be waited for in vain: its time comes now.
  await client.query(
    "update evaluation.jobs set not_before = now() where name = 'evaluate-candidate' and status = 'queued'",
  );
  const perService = services.map(
    (service) => `
      select '${service} has events to publish' as what, count(*)::int as count
        from ${service}.outbox where published_at is null
      union all
      select '${service} has jobs to do: ' || coalesce(string_agg(distinct name, ', '), ''), count(*)::int
        from ${service}.jobs
        where status = 'running' or (status = 'queued' and not_before < now()
          + case when name = '${idleTimer}' then interval '0 s' else interval '${soonSeconds} s' end)`,
  );
  const domain = `
    select 'rollouts are in progress', count(*)::int from deployment.rollouts where status in ('loading', 'observing')
    union all select 'training runs are in progress', count(*)::int from training.runs where status in ('queued', 'running')
    union all select 'evaluations are planned', count(*)::int from evaluation.evaluations where status = 'planned'`;
  const { rows } = await client.query<{ what: string; count: number }>(
    [...perService, domain].join(" union all "),
  );
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => `${what} (${count})`);
}

async function lookIntoStreams(connection: NatsConnection): Promise<string[]> {
  const durables = await readDurables(connection);
  return durables
    .filter(({ pending, unacknowledged }) => pending > 0 || unacknowledged > 0)
    .map(
      ({ name, pending, unacknowledged }) => `${name} has ${pending} to come, ${unacknowledged} unfinished`,
    );
}

const knownLimitMs = 30_000;

/** Waits until every service that keeps pipelines has all of them. */
export async function untilPipelinesAreKnown(adminUrl: string, count: number): Promise<void> {
  await withClient(adminUrl, (client) =>
    eventually(
      async () => {
        const { rows } = await client.query<{ least: number }>(
          `select min(count)::int as least from (${keepers
            .map((service) => `select count(*) from ${service}.pipelines`)
            .join(" union all ")}) as known`,
        );
        return rows[0]?.least === count;
      },
      { describe: `${count} pipelines to be known to all services`, timeoutMs: knownLimitMs },
    ),
  );
}

/** Whether every service with an inbox has handled an event since a moment. */
export async function haveAllHandled(adminUrl: string, since: number): Promise<boolean> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ all: boolean }>(
      `select ${[...keepers, "registry"]
        .map((service) => `exists (select 1 from ${service}.inbox where handled_at > $1)`)
        .join(" and ")} as all`,
      [new Date(since)],
    );
    return rows[0]?.all === true;
  });
}

/** The dead letters that are open, for the operator to redrive. */
export async function openDeadLetters(
  adminUrl: string,
): Promise<{ service: ServiceName; deadLetterId: string; pipeline: string }[]> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ service: ServiceName; id: string; subject: string }>(
      services
        .map(
          (service) =>
            `select '${service}' as service, dead_letter_id as id, subject from ${service}.dead_letters where status = 'open'`,
        )
        .join(" union all "),
    );
    return rows.map(({ service, id, subject }) => ({
      service,
      deadLetterId: id,
      pipeline: subject.split(".").at(-1) ?? "unknown",
    }));
  });
}
