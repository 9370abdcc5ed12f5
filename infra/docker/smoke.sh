#!/usr/bin/env bash
# Tries docker compose for real: builds the images, brings the system up under a project name of its own, applies
# the example pipeline, lets data arrive, waits until serving answers, and takes everything down again, with its
# volumes. Needs Docker with Compose, the ports of docker-compose.yml, and npm ci.
set -euo pipefail
cd "$(dirname "$0")/../.."

export COMPOSE_PROJECT_NAME=cascade-smoke
answer_limit_seconds=${CASCADE_SMOKE_LIMIT_SECONDS:-240}
services=(ingestion validation features training evaluation registry deployment serving monitoring)
export PATH="$PWD/node_modules/.bin:$PATH"

skip() { echo "skipped: $1"; exit 0; }
fail() { echo "failed: $1" >&2; exit 1; }
step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

command -v docker >/dev/null || skip "there is no docker command"
docker info >/dev/null 2>&1 || skip "no Docker engine answers"
docker compose version >/dev/null 2>&1 || skip "this Docker has no compose command"
[ -d node_modules/@cascade/cli ] || fail "the packages are not installed; run npm ci"

end() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then
    docker compose ps --all || true
    docker compose logs --tail 30 --no-color || true
  fi
  docker compose down --volumes --remove-orphans >/dev/null 2>&1 || echo "docker compose down failed" >&2
  exit "$code"
}
trap end EXIT
trap 'exit 130' INT TERM

step "writing the example's data"
npm run --silent example:data >/dev/null

step "building what prepares the broker"
docker compose build --quiet credentials

# One after another, because each build is as hungry as the machine allows.
for service in "${services[@]}"; do
  step "building $service"
  docker compose build --quiet "$service"
done

step "starting"
docker compose up --detach --no-build --wait --wait-timeout 240

set -a
. infra/docker/host.env
set +a
CASCADE_NATS_NKEY_FILE=$(infra/docker/fetch-key.sh)
cascade() { node cli/bin/cascade.js "$@"; }

step "applying the pipeline"
cascade apply examples/flights/pipeline.yaml

step "three weeks of data arrive"
cascade publish data-arrived flight-delays \
  --uri file:///data/2001-w01.parquet --uri file:///data/2001-w02.parquet --uri file:///data/2001-w03.parquet

step "waiting for an answer of serving"
row='{"date": "2001-01-22T18:30:00Z", "origin": "ORD", "destination": "LAX", "distance": 1745, "originDelayShare": 0.4}'
give_up=$((SECONDS + answer_limit_seconds))
until answer=$(cascade --json predict flight-delays --row "$row" 2>&1); do
  [ "$SECONDS" -lt "$give_up" ] || fail "serving does not answer within the limit: $answer"
  sleep 1
done
echo "$answer"
cascade status

step "stopping"
docker compose stop
for service in "${services[@]}"; do
  code=$(docker inspect --format '{{.State.ExitCode}}' "$(docker compose ps --all --quiet "$service")")
  [ "$code" = 0 ] || fail "$service ended with $code instead of stopping by itself"
done

printf '\ndocker compose works: %s s\n' "$SECONDS"
