#!/usr/bin/env bash
# Signs in and lists keywords with the planner and writer API, with curl and jq.
#   URL=http://127.0.0.1:8080 EMAIL=user@example.com PASSWORD=… examples/clients/planner.sh
set -euo pipefail

api=${URL:-http://127.0.0.1:8080}/api/v1
json='Content-Type: application/json'

# The body from standard input: what stands in arguments is seen by everybody on the machine.
token=$(jq -n '{email: env.EMAIL, password: env.PASSWORD}' |
  curl -sS -X POST "$api/auth/login/" -H "$json" -d @- | jq -er '.data.access')

call() { curl -sS --fail-with-body -H "$json" -H @- "$@" <<<"Authorization: Bearer $token"; }

call -X POST "$api/planner/keywords/" -d '{"keyword": "made by planner.sh", "volume": 30}' | jq -c '.data | {id, keyword}'
call "$api/planner/keywords/" | jq -r '"Found \(.count) keywords"'
next="$api/planner/keywords/?page_size=100"
while [[ $next != null ]]; do
  page=$(call "$next")
  jq -r '.results[] | "\(.id) \(.keyword) \(.volume)"' <<<"$page"
  next=$(jq -r .next <<<"$page")
done
