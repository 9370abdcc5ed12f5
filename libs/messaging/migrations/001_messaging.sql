-- The runtime's own tables, the same in the schema of every service.

create table inbox (
  consumer text not null,
  event_id text not null,
  event_type text not null,
  pipeline text not null,
  outcome text not null check (outcome in ('handled', 'ignored', 'dead', 'parked')),
  reason text,
  handled_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_handled_at on inbox (handled_at);

-- Counted outside the transaction that failed, so that the count survives its rollback.
create table inbox_attempts (
  consumer text not null,
  event_id text not null,
  attempts integer not null,
  last_error text not null,
  updated_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

create table outbox (
  event_id text primary key,
  position bigint generated always as identity,
  event_type text not null,
  pipeline text not null,
  stream text not null,
  subject text not null,
  headers jsonb not null,
  payload bytea not null,
  correlation_id text not null,
  created_at timestamptz not null default now(),
  -- Whoever publishes a row claims it first; an expired claim means that its publisher has died.
  claimed_until timestamptz not null,
  attempts integer not null default 0,
  published_at timestamptz,
  published_sequence bigint
);
create index outbox_unpublished on outbox (claimed_until) where published_at is null;
create index outbox_published_at on outbox (published_at) where published_at is not null;

create table dead_letters (
  dead_letter_id text primary key,
  consumer text not null,
  event_id text not null,
  event_type text not null,
  subject text not null,
  headers jsonb not null,
  payload bytea not null,
  reason text not null,
  error jsonb not null,
  attempts integer not null,
  status text not null default 'open' check (status in ('open', 'redriven')),
  recorded_at timestamptz not null default now(),
  redriven_at timestamptz,
  unique (consumer, event_id)
);
create index dead_letters_parked on dead_letters (consumer) where status = 'open' and reason = 'unsupported-version';

create table jobs (
  job_id text primary key,
  name text not null,
  key text not null,
  pipeline text not null,
  payload jsonb not null,
  -- The event that planned the job: what the job emits continues that cascade.
  cause jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed')),
  attempts integer not null default 0,
  -- Rises with each claim, so that a worker whose lease was taken over cannot finish the job.
  fence bigint not null default 0,
  lease_until timestamptz,
  not_before timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (name, key)
);
create index jobs_claimable on jobs (name, not_before) where status in ('queued', 'running');
