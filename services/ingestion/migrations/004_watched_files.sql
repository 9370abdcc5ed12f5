-- The files of watched folders as they were seen last: one is taken when it has stayed as it was.
create table watched_files (
  pipeline text not null,
  source text not null,
  name text not null,
  -- Size and time of the last change.
  state text not null,
  seen_at timestamptz not null,
  taken boolean not null,
  primary key (pipeline, source, name)
);
