-- The part of each pipeline that says what a candidate must prove.
create table pipelines (
  pipeline text primary key,
  version integer not null,
  spec jsonb not null
);

-- The model version that serves, and that a candidate is compared with.
create table champions (
  pipeline text primary key,
  version integer not null,
  servable jsonb not null,
  metrics jsonb not null
);

create table evaluations (
  evaluation_id text primary key,
  pipeline text not null,
  run_id text not null,
  status text not null default 'planned' check (status in ('planned', 'passed', 'failed', 'abandoned')),
  champion_version integer,
  metrics jsonb,
  gates jsonb,
  report jsonb,
  planned_at timestamptz not null,
  finished_at timestamptz
);
create index evaluations_by_pipeline on evaluations (pipeline, planned_at desc);
