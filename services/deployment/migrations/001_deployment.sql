-- The part of a pipeline that the deployment needs, as of its newest version.
create table pipelines (
  pipeline text primary key,
  version integer not null,
  deployment json not null,
  quality json
);

-- What is needed to serve a version; kept for good, for traffic may return to it.
create table servables (
  pipeline text not null,
  version integer not null,
  servable json not null,
  promoted_at timestamptz not null,
  event_id text not null,
  primary key (pipeline, version)
);

create table rollouts (
  rollout_id text primary key,
  pipeline text not null,
  version integer not null,
  previous_version integer,
  status text not null check (status in ('loading', 'observing', 'completed', 'rolled-back')),
  -- The rollout as the domain knows it, plan and progress alike.
  state json not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  reason text
);
-- One rollout at a time per endpoint, whatever happens.
create unique index rollouts_active on rollouts (pipeline) where status in ('loading', 'observing');
create index rollouts_version on rollouts (pipeline, version, started_at);

create table endpoints (
  pipeline text primary key,
  -- Rises with every assignment.
  revision integer not null,
  -- The version that a completed rollout gave all traffic to; null before the first.
  stable_version integer,
  -- The rollout that brought it, which is what a rollback ends.
  stable_rollout_id text references rollouts (rollout_id),
  newest_promoted integer not null
);

-- What served when.
create table assignments (
  pipeline text not null,
  revision integer not null,
  rollout_id text not null,
  traffic json not null,
  reason text not null,
  event_id text not null,
  assigned_at timestamptz not null,
  primary key (pipeline, revision)
);

create table replicas (
  pipeline text not null,
  replica text not null,
  last_seen timestamptz not null,
  ready_revision integer not null default 0,
  failed_revision integer not null default 0,
  problem json,
  primary key (pipeline, replica)
);

-- The answers of the version that is being judged, at the revision that is being judged.
create table step_windows (
  pipeline text not null,
  revision integer not null,
  event_id text not null,
  replica text not null,
  requests bigint not null,
  errors bigint not null,
  latency_p99_ms double precision not null,
  primary key (pipeline, revision, event_id)
);

create table quality_windows (
  pipeline text not null,
  window_id text not null,
  version integer not null,
  labels bigint not null,
  metrics json not null,
  expected json not null,
  closed_at timestamptz not null,
  primary key (pipeline, window_id)
);
create index quality_windows_version on quality_windows (pipeline, version, closed_at);
