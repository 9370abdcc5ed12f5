-- How many runs may be under way at once, over all replicas. Every decision that may begin or end a run locks the row.
create table run_limit (
  is_only boolean primary key default true check (is_only),
  runs_max integer not null
);

-- A run is queued where as many as may be are under way. A person may end a run before its time.
alter table runs
  drop constraint runs_status_check,
  add constraint runs_status_check check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  add column cancellation jsonb;
create index runs_unfinished on runs (requested_at) where status in ('queued', 'running');
