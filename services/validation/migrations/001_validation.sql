-- The part of each pipeline that says what is demanded of its data.
create table pipelines (
  pipeline text primary key,
  version integer not null,
  demands json not null,
  demands_digest text not null
);

-- What the first accepted batch taught about all further ones, as long as the demands stay the same.
create table baselines (
  pipeline text not null,
  demands_digest text not null,
  dataset_version text not null,
  expectations jsonb not null,
  learned_at timestamptz not null,
  primary key (pipeline, demands_digest)
);

-- Every verdict; the newest on the same rows under the same demands.
create table reports (
  pipeline text not null,
  dataset_version text not null,
  demands_digest text not null,
  outcome text not null check (outcome in ('validated', 'rejected')),
  report jsonb,
  row_count bigint not null,
  quarantined_rows bigint not null,
  violations integer not null,
  decided_at timestamptz not null,
  primary key (pipeline, dataset_version, demands_digest)
);
create index reports_by_time on reports (pipeline, decided_at desc);
