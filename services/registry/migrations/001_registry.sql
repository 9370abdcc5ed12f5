-- What is in force for a pipeline is its newest version; versions are never changed or deleted.
create table pipeline_versions (
  pipeline text not null,
  version integer not null check (version > 0),
  -- json, not jsonb: the order of columns and features is the author's.
  spec json not null,
  source text not null,
  file_name text,
  digest text not null,
  model_changed boolean not null,
  submitted_by text not null,
  event_id text not null,
  correlation_id text not null,
  applied_at timestamptz not null,
  primary key (pipeline, version)
);

-- Every verdict of the evaluation, whether it passed or failed, with all it was based on.
create table evaluations (
  pipeline text not null,
  evaluation_id text not null,
  run_id text not null,
  passed boolean not null,
  evidence json not null,
  event_id text not null,
  correlation_id text not null,
  recorded_at timestamptz not null,
  primary key (pipeline, evaluation_id)
);
create index evaluations_run on evaluations (pipeline, run_id);

create table model_versions (
  pipeline text not null,
  version integer not null check (version > 0),
  run_id text not null,
  evaluation_id text not null,
  approval text not null check (approval in ('automatic', 'manual')),
  registered_at timestamptz not null,
  primary key (pipeline, version),
  -- A run is registered once, however often its evaluation is told.
  unique (pipeline, run_id),
  foreign key (pipeline, evaluation_id) references evaluations (pipeline, evaluation_id)
);

-- The history of the champion alias. Version 0 stands for "no champion". The keys allow nothing but one
-- linear chain: each entry names the entry before it, and no entry can be named by two.
create table champions (
  pipeline text not null,
  sequence integer not null check (sequence > 0),
  version integer not null check (version >= 0),
  previous_sequence integer,
  previous_version integer not null,
  decided_by text not null,
  reason text not null,
  event_id text not null,
  since timestamptz not null,
  primary key (pipeline, sequence),
  unique (pipeline, sequence, version),
  foreign key (pipeline, previous_sequence, previous_version) references champions (pipeline, sequence, version),
  check (
    (sequence = 1 and previous_sequence is null and previous_version = 0)
    or (sequence > 1 and previous_sequence = sequence - 1)
  ),
  check (version <> previous_version)
);
create index champions_version on champions (pipeline, version);

-- What was asked and answered about a version, in order.
create table approvals (
  pipeline text not null,
  version integer not null,
  position bigint generated always as identity,
  answer text not null check (answer in ('requested', 'given', 'declined', 'withheld')),
  decided_by text not null,
  reason text not null,
  event_id text not null,
  decided_at timestamptz not null,
  primary key (pipeline, version, position),
  foreign key (pipeline, version) references model_versions (pipeline, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% keeps history: rows are added, never changed or deleted', tg_table_name;
end $$;

create trigger append_only before update or delete on pipeline_versions for each statement execute function refuse_change();
create trigger append_only before update or delete on evaluations for each statement execute function refuse_change();
create trigger append_only before update or delete on model_versions for each statement execute function refuse_change();
create trigger append_only before update or delete on champions for each statement execute function refuse_change();
create trigger append_only before update or delete on approvals for each statement execute function refuse_change();
