#!/usr/bin/env bash
# infra/docker/fetch-key.sh [USER]
# Fetches a user's key for the broker out of docker compose, for use on the host: the operator's where no user is
# named, or that of an outside party, outside-NAME. Prints the path of the file, which nobody else can read.
set -euo pipefail
cd "$(dirname "$0")/../.."
user=${1:-operator}
folder=.cascade/compose
umask 077
mkdir -p "$folder"
docker compose run --rm --no-deps --no-TTY credentials node service/src/main.ts print "$user" >"$folder/$user.nk.new"
mv "$folder/$user.nk.new" "$folder/$user.nk"
echo "$folder/$user.nk"
