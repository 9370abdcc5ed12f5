-- What validation has rejected is history: the same rows are another version when they are sent again, because what
-- they were rejected for may have changed elsewhere, such as the rows of another pipeline that they refer to.
alter table dataset_versions add column rejected_at timestamptz;
alter table dataset_versions drop constraint dataset_versions_pkey;
create unique index on dataset_versions (pipeline, dataset_version, demands_digest) where rejected_at is null;
