#!/usr/bin/env bash
# A role and a schema per service. Runs when the database is created; run again, it sets the passwords of the
# environment: docker compose exec postgres bash /docker-entrypoint-initdb.d/roles.sh
set -eu

export PGOPTIONS=--client-min-messages=warning
# psql reads passwords from the environment, so that no list of processes shows them.
sql() { psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"; }

sql --set=administrator="$POSTGRES_USER" <<'SQL'
\getenv password POSTGRES_PASSWORD
alter role :"administrator" password :'password';
revoke create on schema public from public;
SQL

for service in ingestion validation features training evaluation registry deployment serving monitoring; do
  sql --set=schema="$service" --set=role="cascade_$service" <<SQL
\getenv password CASCADE_POSTGRES_PASSWORD_${service^^}
select format('create role %I', :'role')
  where not exists (select from pg_roles where rolname = :'role') \gexec
alter role :"role" login nosuperuser nocreatedb nocreaterole password :'password';
create schema if not exists :"schema" authorization :"role";
SQL
done
