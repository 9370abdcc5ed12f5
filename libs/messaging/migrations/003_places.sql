-- Every handled event keeps its place in the stream in the transaction of its effect, so that no death of a process
-- leaves it unknown how far a consumer had come.
alter table inbox add column sequence bigint, add column stored_at timestamptz;

-- The durable of the broker that the position speaks of: another one, or one that is back, has to begin again. Since
-- when: what was handled before a durable began again says nothing of its place.
alter table consumer_positions
  add column durable_created text,
  add column began_at timestamptz not null default '-infinity';
