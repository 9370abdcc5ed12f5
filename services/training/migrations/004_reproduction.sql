-- What a run did and what came of it, so that it can be repeated and compared. Runs from before have neither.
alter table runs add column plan jsonb;
alter table runs add column made jsonb;
