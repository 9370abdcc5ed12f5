-- How fresh the rows of each pipeline are, and what has been told of it.
create table freshness (
  pipeline text primary key,
  newest_time timestamptz not null,
  -- The chain of timers that measures it: a newer one ends those before it.
  chain text not null,
  reported_at timestamptz,
  is_stale boolean not null
);
