#!/usr/bin/env bash
# Galley from an empty folder to a published article, step by step and with curl alone: a project, a keyword matrix,
# generated articles, approval, publishing, webhooks with their signatures, and the sitemap as a search engine sees it.
#   examples/quickstart.sh             starts a server of its own on a free port; everything goes when it ends
#   GALLEY=/path/to/galley examples/quickstart.sh
# It fails, with a sentence that says why, as soon as anything is not as it is told here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
folder=''
pids=()

# Nothing stays behind: neither processes nor files.
clean_up() {
  local pid
  for pid in ${pids[@]+"${pids[@]}"}; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  if [[ -n $folder ]]; then rm -rf "$folder"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

fail() {
  printf '\nquickstart: %s\n' "$1" >&2
  if [[ -s $folder/server.log ]]; then tail -n 20 "$folder/server.log" >&2; fi
  exit 1
}

step() { printf '\n== %s\n' "$1"; }
say() { printf '   %s\n' "$1"; }

find_program() {
  local candidate
  if [[ -n ${GALLEY-} ]]; then
    [[ -x $GALLEY ]] || fail "GALLEY=$GALLEY is no program. Build one with: app/run --build-only"
    return
  fi
  for candidate in "$root/build/release/galley" "$root/build/dev/galley"; do
    if [[ -x $candidate ]]; then
      GALLEY=$candidate
      return
    fi
  done
  fail 'there is no galley yet. Build it with: app/run --build-only   or name one: GALLEY=/path/to/galley'
}

require_tools() {
  local tool
  for tool in curl jq node gzip; do
    command -v "$tool" >/dev/null || fail "this needs $tool. On Debian: apt-get install curl jq nodejs gzip"
  done
}

# wait_for PATTERN FILE: prints the first line of FILE that matches, once there is one.
wait_for() {
  local tries
  for ((tries = 0; tries < 400; ++tries)); do
    grep -m 1 -E -- "$1" "$2" 2>/dev/null && return
    sleep 0.05
  done
  fail "\"$1\" was not found in $(basename "$2"): $(tail -n 5 "$2")"
}

# call STATUS METHOD PATH [CURL OPTIONS …]: shows the command, leaves the answer in $answer, and fails on another status.
call() {
  local wanted=$1 method=$2 path=$3 status argument
  shift 3
  # -X is shown only where curl would not choose that method by itself.
  printf '   $ curl'
  if [[ $method != GET ]]; then printf ' -X %s' "$method"; fi
  printf ' "$URL%s" -H "Authorization: Bearer $KEY"' "$path"
  for argument in "$@"; do
    case $argument in
      -*) printf ' %s' "$argument" ;;
      *) printf " '%s'" "${argument//"$root/"/}" ;;
    esac
  done
  printf '\n'
  status=$(curl --silent --show-error --max-time 30 -o "$folder/answer" -w '%{http_code}' -X "$method" "$URL$path" \
    -H "Authorization: Bearer $KEY" "$@") || fail "the server cannot be reached"
  answer=$(cat "$folder/answer")
  [[ $status == "$wanted" ]] || fail "$method $path answered $status instead of $wanted: ${answer:0:600}"
}
json=(-H 'Content-Type: application/json' -d)

# show FILTER: the part of the answer that matters here.
show() { jq -c "$1" <<<"$answer" | cut -c 1-220 | sed 's/^/   → /'; }
pick() { jq -er "$1" <<<"$answer" || fail "the answer has no $1: ${answer:0:300}"; }
must() { jq -e "$1" <<<"$answer" >/dev/null || fail "$2: ${answer:0:600}"; }

start_server() {
  step 'Start a server on a temporary folder and a free port'
  say 'Webhooks go to public https addresses only. The receiver below is on this machine, so two settings for'
  say 'development let them reach it: http at all, and the one address 127.0.0.1. Leave both out in production.'
  printf '   $ galley serve --data DIR --listen 127.0.0.1:0 \\\n'
  printf '       --allow-insecure-webhooks --allow-private-network 127.0.0.1/32\n'
  "$GALLEY" serve --data "$folder/data" --listen 127.0.0.1:0 --allow-insecure-webhooks \
    --allow-private-network 127.0.0.1/32 >"$folder/server.out" 2>"$folder/server.log" &
  pids+=("$!")
  URL=$(wait_for '^listening on ' "$folder/server.out" | cut -d ' ' -f 3)
  KEY=$(wait_for 'API key' "$folder/server.out" | awk '{ print $NF }')
  say "It listens on $URL and has shown its first API key, once: URL and KEY from here on."
}

make_project() {
  step 'Make a project'
  call 201 POST /api/v1/projects "${json[@]}" \
    '{"name":"Home barista","targetDomain":"coffee.example.com","niche":"espresso at home","permalink":"/blog/{slug}"}'
  show '{id, name, targetDomain, permalink}'
  project=$(pick .id)
  secret=$(pick .webhookSecret)
  say 'The answer also holds the webhook secret of the project, this once.'
}

import_keywords() {
  step 'Import a keyword matrix from CSV'
  call 200 POST "/api/v1/projects/$project/keywords" -H 'Content-Type: text/csv' --data-binary "@$here/keywords.csv"
  show .
  must '.created == 230 and .rejected == []' 'not all 230 keywords were imported'
  call 200 GET "/api/v1/projects/$project"
  show '{counts}'
  must '.counts.keywords == 230' 'the project does not count 230 keywords'
  say 'The matrix holds 230 keywords.'
}

generate_articles() {
  step 'Generate articles from the matrix: those with the highest priority and volume first'
  say 'The writer is "outline", which is built in and needs no key: editorial skeletons for a person to work on.'
  call 202 POST "/api/v1/projects/$project/articles/generate" "${json[@]}" '{"limit":12,"provider":"outline"}'
  show '{jobId, status, articles: (.articles | length)}'
  job=$(pick .jobId)
  must '.articles | length == 12' 'not 12 articles were queued'

  step "Follow the job's events as they come"
  printf '   $ curl -N "$URL/api/v1/jobs/%s/events" -H "Authorization: Bearer $KEY"\n' "$job"
  curl --silent --show-error -N --max-time 30 "$URL/api/v1/jobs/$job/events" -H "Authorization: Bearer $KEY" \
    >"$folder/events" || fail 'the stream of events broke off'
  sed -n 's/^data: //p' "$folder/events" |
    jq -c '{type, done: .progress.done, of: .progress.total, article: .article.status}' >"$folder/news"
  { head -n 3 "$folder/news" && tail -n 1 "$folder/news"; } | sed 's/^/   → /'
  tail -n 1 "$folder/news" | jq -e '.type == "finished" and .done == 12' >/dev/null ||
    fail "the job did not finish: $(cat "$folder/news")"
}

approve_drafts() {
  local id
  step 'Approve three of the drafts'
  call 200 GET "/api/v1/articles?status=draft&project=$project&pageSize=12&sort=createdAt"
  show '.data[0] | {id, title, slug, status}'
  must '.pagination.total == 12' 'there are not 12 drafts'
  mapfile -t approved < <(jq -r '.data[:3][] | .id' <<<"$answer")
  mapfile -t draft_slugs < <(jq -r '.data[3:][] | .slug' <<<"$answer")
  for id in "${approved[@]}"; do
    call 200 PATCH "/api/v1/articles/$id" "${json[@]}" '{"status":"ready"}'
    must '.status == "ready"' 'the draft is not ready'
  done

  step 'List articles by status and project'
  call 200 GET "/api/v1/articles?status=ready&project=$project"
  show '{titles: [.data[].title], total: .pagination.total}'
  must '.pagination.total == 3' 'there are not 3 articles that are ready'
  ready_slug=$(jq -er --arg id "${approved[2]}" '.data[] | select(.id == $id) | .slug' <<<"$answer")
}

subscribe() {
  step 'Start a webhook receiver, and subscribe it to what happens to articles'
  say 'examples/receivers/node/receiver.mjs checks each signature twice: over the bytes that came, and as the API'
  say "reference's sample does, over the body parsed and written again. Both must hold."
  WEBHOOK_SECRET=$secret node "$here/receivers/node/receiver.mjs" --port 0 \
    --site-url https://coffee.example.com/journal >"$folder/receiver.log" 2>&1 &
  pids+=("$!")
  receiver=$(wait_for '^listening on ' "$folder/receiver.log" | cut -d ' ' -f 3)
  call 201 POST "/api/v1/projects/$project/webhooks" "${json[@]}" \
    "{\"url\":\"$receiver/events\",\"events\":[\"article.*\"]}"
  show '{id, url, events, status}'
  webhook=$(pick .id)
}

publish_natively() {
  step 'Publish one article natively: the project has no connection to a CMS'
  call 200 POST "/api/v1/articles/${approved[0]}/publish" "${json[@]}" '{}'
  show '{status, url}'
  must '.status == "published" and (.url | startswith("https://coffee.example.com/blog/"))' 'it is not published'
  native_url=$(pick .url)
}

publish_to_receiver() {
  step 'Connect a CMS of your own with a Generic Webhook connection'
  call 201 POST "/api/v1/projects/$project/connections" "${json[@]}" \
    "{\"name\":\"Our CMS\",\"type\":\"webhook\",\"settings\":{\"url\":\"$receiver/cms\"}}"
  show '{id, type, status}'
  must '.status == "connected"' 'the test message was not accepted'

  step 'Publish another article through it'
  call 200 POST "/api/v1/articles/${approved[1]}/publish" "${json[@]}" '{}'
  show '{status, url, publication: (.publications[0] | {status, externalId, externalUrl})}'
  must '.status == "published" and .publications[0].status == "live"' 'it is not published'
  must '.publications[0].externalId | startswith("post-")' "the receiver's id was not taken"
  remote_url=$(pick .url)
}

list_deliveries() {
  local tries
  step 'See what the webhook delivered'
  for ((tries = 0; tries < 100; ++tries)); do
    call 200 GET "/api/v1/webhooks/$webhook/deliveries?event=article.published" >"$folder/shown"
    jq -e '[.data[] | select(.status == "succeeded")] | length == 2' <<<"$answer" >/dev/null && break
    sleep 0.1
  done
  cat "$folder/shown"
  show '.data[] | {id, event, status, attemptCount, lastStatus}'
  must '[.data[] | select(.status == "succeeded" and .lastStatus == 200)] | length == 2' 'deliveries are missing'
  say 'And what the receiver printed of them, and of the article that was published through it:'
  grep article.published "$folder/receiver.log" | cut -d ' ' -f 2- | sed 's/^/   → /'
  [[ $(grep -c 'article.published .*bytes=valid parsed=valid.* accepted' "$folder/receiver.log") == 3 ]] ||
    fail "not every signature held: $(cat "$folder/receiver.log")"
  if grep -q INVALID "$folder/receiver.log"; then fail "a signature did not hold: $(cat "$folder/receiver.log")"; fi
}

# fetch_sitemap STATUS [CURL OPTIONS …]: without a key, as anybody may.
fetch_sitemap() {
  local wanted=$1 status argument
  shift
  printf '   $ curl "$URL/api/public/sitemap/%s"' "$project"
  for argument in "$@"; do
    case $argument in
      -*) printf ' %s' "$argument" ;;
      *) printf " '%s'" "$argument" ;;
    esac
  done
  printf '\n'
  rm -f "$folder/sitemap"
  status=$(curl --silent --show-error --max-time 30 -D "$folder/head" -o "$folder/sitemap" -w '%{http_code}' "$@" \
    "$URL/api/public/sitemap/$project")
  [[ $status == "$wanted" ]] || fail "the sitemap answered $status instead of $wanted"
}

fetch_as_search_engine() {
  local etag slug
  step 'Fetch the sitemap as a search engine does'
  fetch_sitemap 200 -H 'Accept-Encoding: gzip'
  tr -d '\r' <"$folder/head" | grep -iE '^(HTTP|content-type|content-encoding|etag|last-modified|cache-control)' |
    sed 's/^/   → /'
  grep -iq '^content-encoding: gzip' "$folder/head" || fail 'the sitemap is not compressed'
  gzip -dc <"$folder/sitemap" >"$folder/sitemap.xml" || fail 'the sitemap does not unpack'
  if command -v xmllint >/dev/null; then
    xmllint --noout "$folder/sitemap.xml" || fail 'the sitemap is not well-formed'
    say 'xmllint: well-formed.'
  fi
  grep -oE '<loc>[^<]*</loc>' "$folder/sitemap.xml" >"$folder/locs" || true
  sed 's/^/   → /' "$folder/locs"
  [[ $(wc -l <"$folder/locs") == 2 ]] || fail "the sitemap does not list 2 articles: $(cat "$folder/sitemap.xml")"
  grep -qF "<loc>$native_url</loc>" "$folder/locs" || fail 'the article that was published natively is missing'
  grep -qF "<loc>$remote_url</loc>" "$folder/locs" || fail 'the article that was published by webhook is missing'
  for slug in "$ready_slug" "${draft_slugs[@]}"; do
    if grep -qF "/$slug<" "$folder/locs"; then fail "$slug is in the sitemap and not published"; fi
  done
  say 'It lists the 2 published articles and none of the other 10.'

  step 'Ask again with the ETag: nothing has changed, nothing is sent'
  etag=$(tr -d '\r' <"$folder/head" | sed -n 's/^[Ee][Tt]ag: //p')
  fetch_sitemap 304 -H 'Accept-Encoding: gzip' -H "If-None-Match: $etag"
  [[ ! -s $folder/sitemap ]] || fail 'the 304 has a body'
  say '304 Not Modified.'
}

main() {
  require_tools
  find_program
  folder=$(mktemp -d "${TMPDIR:-/tmp}/galley-quickstart.XXXXXX")
  start_server
  make_project
  import_keywords
  generate_articles
  approve_drafts
  subscribe
  publish_natively
  publish_to_receiver
  list_deliveries
  fetch_as_search_engine
  printf '\nAll of it works. Every endpoint is described at GET /api/schema/ of a running server.\n'
}

main "$@"
