-- The trials of runs that search for parameters: what has ended is not done again when a run begins anew.
create table trials (
  run_id text not null references runs (run_id) on delete cascade,
  number integer not null,
  parameters jsonb not null,
  outcome text not null check (outcome in ('completed', 'stopped', 'failed')),
  value double precision,
  metrics jsonb,
  -- All of it, as the search reads it again.
  trial jsonb not null,
  primary key (run_id, number)
);
