-- What is needed to notice that a broker has lost what it had acknowledged, and to make up for it.

-- The last event that a consumer has handled, by its place in the stream and the time at which the broker stored it.
create table consumer_positions (
  consumer text primary key,
  stream text not null,
  sequence bigint not null,
  stored_at timestamptz not null,
  noted_at timestamptz not null default now()
);

-- When it was last found that a stream still holds what was published to it.
create table stream_checks (
  stream text primary key,
  checked_at timestamptz not null
);

create index outbox_by_stream on outbox (stream, published_at desc) where published_at is not null;
