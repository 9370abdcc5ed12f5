-- The newest accepted dataset version of each pipeline, which columns of other pipelines may refer to.
create table accepted_datasets (
  pipeline text primary key,
  dataset_version text not null,
  rows jsonb not null,
  accepted_at timestamptz not null
);
