-- Which dataset version has brought the quarantined rows of another one back: they come back once.
create table corrections (
  pipeline text not null,
  resubmits text not null,
  dataset_version text not null,
  accepted_at timestamptz not null,
  primary key (pipeline, resubmits)
);
