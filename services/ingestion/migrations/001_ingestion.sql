-- The part of each pipeline that says how its data are read.
create table pipelines (
  pipeline text primary key,
  version integer not null,
  format text,
  columns jsonb not null,
  -- Of data and validation: the same rows are taken in again once these have changed.
  demands_digest text not null
);

-- Every batch that became a dataset version; the digest of its rows is its name.
create table dataset_versions (
  pipeline text not null,
  dataset_version text not null,
  demands_digest text not null,
  arrived_by text not null,
  rows jsonb not null,
  row_count bigint not null,
  files jsonb not null,
  batch text,
  ingested_at timestamptz not null,
  primary key (pipeline, dataset_version, demands_digest)
);
