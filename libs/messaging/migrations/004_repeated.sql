-- When an event last came once more, and got another place by that. For a time the statement before made both.
alter table inbox add column if not exists repeated_at timestamptz;

create index if not exists inbox_repeated_at on inbox (repeated_at) where repeated_at is not null;
