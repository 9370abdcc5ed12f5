-- The part of each pipeline that says what is watched, and which version takes the traffic.
create table pipelines (
  pipeline text primary key,
  version integer not null,
  policy jsonb not null
);

create table serving_versions (
  pipeline text primary key,
  version integer not null,
  -- The event that said so. Ids of events rise with time, so an older one never takes this back.
  event_id text not null
);

create table versions (
  pipeline text not null,
  version integer not null,
  servable jsonb not null,
  expected jsonb not null,
  reference jsonb not null,
  -- The cascade that produced the version: what drift and quality events are linked to.
  correlation_id text not null,
  primary key (pipeline, version)
);

-- The window of each version that is being filled: counts per cell of its reference.
create table open_windows (
  pipeline text not null,
  version integer not null,
  counts jsonb not null,
  predictions integer not null,
  opened_at timestamptz not null,
  last_at timestamptz not null,
  primary key (pipeline, version)
);

create table closed_windows (
  window_id text primary key,
  pipeline text not null,
  version integer not null,
  kind text not null check (kind in ('drift', 'quality')),
  result jsonb not null,
  closed_at timestamptz not null
);
create index closed_windows_by_pipeline on closed_windows (pipeline, kind, closed_at desc);

create table predictions (
  pipeline text not null,
  prediction_id text not null,
  version integer not null,
  at timestamptz not null,
  features jsonb not null,
  input jsonb,
  output jsonb not null,
  label jsonb,
  measured boolean not null default false,
  batch_id text,
  received_at timestamptz not null default now(),
  primary key (pipeline, prediction_id)
);
create index predictions_by_age on predictions (received_at);
create index predictions_to_measure on predictions (pipeline, version)
  where label is not null and not measured;
create index predictions_to_feed_back on predictions (pipeline)
  where label is not null and input is not null and batch_id is null;
create index predictions_by_batch on predictions (batch_id) where batch_id is not null;

-- Labels that came before their prediction.
create table early_labels (
  pipeline text not null,
  prediction_id text not null,
  label jsonb not null,
  received_at timestamptz not null default now(),
  primary key (pipeline, prediction_id)
);
create index early_labels_by_age on early_labels (received_at);

-- What has been seen of each pipeline since its first event.
create table tallies (
  pipeline text primary key,
  predictions bigint not null default 0,
  -- Predictions that serving could not log.
  dropped bigint not null default 0,
  labels_joined bigint not null default 0,
  labels_early bigint not null default 0,
  labels_repeated bigint not null default 0,
  labels_conflicting bigint not null default 0
);

create table open_alerts (
  pipeline text not null,
  kind text not null check (kind in ('drift', 'quality')),
  alert_id text not null,
  version integer not null,
  severity text not null,
  message text not null,
  raised_at timestamptz not null,
  primary key (pipeline, kind)
);

create table feedback_batches (
  batch_id text primary key,
  pipeline text not null,
  status text not null check (status in ('planned', 'collected', 'failed')),
  row_count integer,
  planned_at timestamptz not null
);
create index feedback_batches_by_pipeline on feedback_batches (pipeline, planned_at desc);
