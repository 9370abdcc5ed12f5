-- The bytes that a version was made of, so that the same ones are known again before anything is made of them.
alter table dataset_versions add column bytes_digest text;
create index on dataset_versions (pipeline, bytes_digest);

-- What the batch had, for the next one to be compared with.
alter table dataset_versions add column columns jsonb not null default '[]';
create index on dataset_versions (pipeline, ingested_at);
