-- Rows of the first accepted batch, with whose distributions those of later ones are compared.
alter table baselines add column reference jsonb;
