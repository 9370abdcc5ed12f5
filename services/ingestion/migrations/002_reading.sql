-- How files are written, and what else the pipeline says about reading its data.
alter table pipelines add column reading jsonb not null default '{}';
