-- When new rows became enough, and when the newest came: what a debounce counts from.
alter table trigger_states
  add column rows_enough_at timestamptz,
  add column rows_newest_at timestamptz,
  -- Per kind of trigger: end of the last run that it started, and its runs on a day of UTC.
  add column by_trigger jsonb not null default '{}';

-- What the training program of a pipeline was when it was looked at.
create table code_looks (
  pipeline text primary key,
  trainer jsonb not null,
  -- What a run has been asked for, or what it was at first.
  base_digest text not null,
  -- What it was at the last look: a change counts once it is there twice, because files are saved one by one.
  seen_digest text not null
);
