create table pipelines (
  pipeline text primary key,
  version integer not null,
  -- What this service needs of the pipeline.
  view jsonb not null,
  view_digest text not null,
  applied_at timestamptz not null default now()
);

-- Every accepted batch, in the order in which it was accepted. What all feature views are computed from.
create table batches (
  pipeline text not null,
  dataset_version text not null,
  position bigint generated always as identity,
  rows jsonb not null,
  row_count bigint not null,
  accepted_at timestamptz not null default now(),
  primary key (pipeline, dataset_version)
);
create index batches_position on batches (pipeline, position);

-- The features of one batch under one definition of the view, or why they cannot be computed: found out once.
create table partitions (
  pipeline text not null,
  view_digest text not null,
  dataset_version text not null,
  rows jsonb,
  row_count bigint not null,
  problem jsonb,
  computed_at timestamptz not null default now(),
  primary key (pipeline, view_digest, dataset_version),
  check ((rows is null) <> (problem is null))
);

create table snapshots (
  snapshot_id text primary key,
  pipeline text not null,
  pipeline_version integer not null,
  view_digest text not null,
  -- The newest batch that is part of it: an older build never replaces a newer one.
  position bigint not null,
  training_set jsonb not null,
  total_rows bigint not null,
  created_at timestamptz not null default now()
);
create index snapshots_newest on snapshots (pipeline, pipeline_version, position);
