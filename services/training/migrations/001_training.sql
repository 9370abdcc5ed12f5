-- The part of each pipeline that decides when and how a model is trained.
create table pipelines (
  pipeline text primary key,
  version integer not null,
  spec jsonb not null
);

-- What the trigger policy needs to know, one row per pipeline.
create table trigger_states (
  pipeline text primary key,
  snapshot jsonb,
  -- Rows accepted since the last run that did not fail.
  new_rows bigint not null default 0,
  running_run_id text,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  -- End of the last run that an event started: runs that people ask for start no cooldown.
  cooldown_from timestamptz,
  budget_day date,
  runs_on_day integer not null default 0,
  wish jsonb
);

create table runs (
  run_id text primary key,
  pipeline text not null,
  trigger jsonb not null,
  snapshot_id text not null,
  trainer text not null,
  new_rows bigint not null,
  status text not null default 'running' check (status in ('running', 'completed', 'failed')),
  requested_at timestamptz not null,
  finished_at timestamptz,
  duration_ms double precision,
  metrics jsonb,
  problem jsonb
);
create index runs_by_pipeline on runs (pipeline, requested_at desc);

-- Every answer of the trigger policy: why something was trained, and why not.
create table decisions (
  decision_id text primary key,
  pipeline text not null,
  trigger jsonb not null,
  outcome text not null check (outcome in ('started', 'suppressed')),
  reason text,
  message text not null,
  pending boolean not null,
  run_id text,
  decided_at timestamptz not null
);
create index decisions_by_pipeline on decisions (pipeline, decided_at desc);
