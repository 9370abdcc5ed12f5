import type { Transaction, Tx } from "@cascade/postgres";

/** An event ready to be published: encoded once, so that every later publishing is identical. */
export interface OutboxRow {
  readonly eventId: string;
  readonly eventType: string;
  readonly pipeline: string;
  readonly stream: string;
  readonly subject: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly payload: Uint8Array;
  readonly correlationId: string;
}

export function insertOutbox(tx: Transaction, rows: readonly OutboxRow[], claimMs: number): void {
  if (rows.length === 0) return;
  tx.send(
    `insert into outbox (event_id, event_type, pipeline, stream, subject, headers, payload, correlation_id,
                         claimed_until)
     select o.id, o.type, o.pipeline, o.stream, o.subject, o.headers::jsonb, decode(o.payload, 'base64'),
            o.correlation, now() + make_interval(secs => $8::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $9::text[])
       with ordinality as o (id, type, pipeline, stream, subject, headers, payload, correlation, n)
     order by o.n`,
    [
      rows.map((row) => row.eventId),
      rows.map((row) => row.eventType),
      rows.map((row) => row.pipeline),
      rows.map((row) => row.stream),
      rows.map((row) => row.subject),
      rows.map((row) => JSON.stringify(row.headers)),
      rows.map((row) => Buffer.from(row.payload).toString("base64")),
      claimMs,
      rows.map((row) => row.correlationId),
    ],
  );
}

/**
 * Claims unpublished rows whose publisher has died or failed. Found by "not published", never by "id above
 * the last one": transactions commit in another order than they take their ids.
 */
export async function claimUnpublished(tx: Tx, limit: number, claimMs: number): Promise<OutboxRow[]> {
  const { rows } = await tx.query<{
    event_id: string;
    event_type: string;
    pipeline: string;
    stream: string;
    subject: string;
    headers: [string, string][];
    payload: Uint8Array;
    correlation_id: string;
  }>(
    `update outbox set claimed_until = now() + make_interval(secs => $2::float8 / 1000), attempts = attempts + 1
     where event_id in (
       select event_id from outbox where published_at is null and claimed_until < now()
       order by position limit $1 for update skip locked
     )
     returning event_id, event_type, pipeline, stream, subject, headers, payload, correlation_id`,
    [limit, claimMs],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    eventType: row.event_type,
    pipeline: row.pipeline,
    stream: row.stream,
    subject: row.subject,
    headers: row.headers,
    payload: row.payload,
    correlationId: row.correlation_id,
  }));
}

export async function markPublished(
  tx: Tx,
  published: readonly { eventId: string; sequence: number }[],
): Promise<void> {
  if (published.length === 0) return;
  await tx.query(
    `update outbox set published_at = now(), published_sequence = p.sequence
     from unnest($1::text[], $2::bigint[]) as p (id, sequence) where event_id = p.id`,
    [published.map((entry) => entry.eventId), published.map((entry) => entry.sequence)],
  );
}

/** Has the next sweep publish events that are unpublished, whoever has claimed them. */
export async function releaseClaims(tx: Tx, eventIds: readonly string[]): Promise<void> {
  await tx.query(
    "update outbox set claimed_until = now() where event_id = any($1::text[]) and published_at is null",
    [eventIds],
  );
}

export async function deleteOldOutbox(tx: Tx, retentionMs: number): Promise<number> {
  const { rowCount } = await tx.query(
    "delete from outbox where published_at < now() - make_interval(secs => $1::float8 / 1000)",
    [retentionMs],
  );
  return rowCount;
}

/** How many events wait to be published, and for how long the oldest one has: the health of the relay. */
export async function outboxBacklog(tx: Tx): Promise<{ waiting: number; oldestSeconds: number }> {
  const { rows } = await tx.query<{ waiting: number; oldest: number | null }>(
    `select count(*)::int as waiting, extract(epoch from now() - min(created_at))::float8 as oldest
     from outbox where published_at is null`,
  );
  return { waiting: rows[0]?.waiting ?? 0, oldestSeconds: rows[0]?.oldest ?? 0 };
}

export interface PublishedRow {
  readonly eventId: string;
  readonly sequence: number;
  readonly publishedAt: Date;
}

/** Streams into which this service has published. */
export async function listPublishedStreams(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ stream: string }>(
    "select distinct stream from outbox where published_at is not null order by stream",
  );
  return rows.map((row) => row.stream);
}

/** A page of what was published to a stream, the newest first. */
export async function listPublished(
  tx: Tx,
  stream: string,
  page: { readonly before?: PublishedRow; readonly limit: number },
): Promise<PublishedRow[]> {
  const { rows } = await tx.query<{ event_id: string; published_sequence: number; published_at: Date }>(
    `select event_id, published_sequence, date_trunc('milliseconds', published_at) as published_at from outbox
     where stream = $1 and published_at is not null
       and ($2::timestamptz is null
            or (date_trunc('milliseconds', published_at), event_id) < ($2::timestamptz, $3::text))
     order by date_trunc('milliseconds', published_at) desc, event_id desc limit $4`,
    [stream, page.before?.publishedAt ?? null, page.before?.eventId ?? null, page.limit],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    sequence: row.published_sequence,
    publishedAt: row.published_at,
  }));
}

/** Has events published again that their stream has lost; returns how many there were. */
export async function unmarkPublished(tx: Tx, lost: readonly PublishedRow[]): Promise<number> {
  if (lost.length === 0) return 0;
  const { rowCount } = await tx.query(
    `update outbox set published_at = null, published_sequence = null, claimed_until = now()
     from unnest($1::text[], $2::bigint[]) as l (id, sequence)
     where event_id = l.id and published_sequence = l.sequence`,
    [lost.map((row) => row.eventId), lost.map((row) => row.sequence)],
  );
  return rowCount;
}
