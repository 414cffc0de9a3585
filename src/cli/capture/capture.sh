#!/usr/bin/env bash
# Captures an Azure tenant for Dictum @VERSION@: reads with `az`, changes nothing.
#
#   bash capture.sh FOLDER [--skip COLLECTION,...]
#
# Needs bash 3.2 or newer and the Azure CLI, signed in (`az login`). FOLDER must not exist yet, or be empty.
# What comes out is described in Dictum's docs/capture.md; read it with `dictum check -i FOLDER`.
# Ends with 0 where everything asked for is complete, 3 where something is not, 2 where it could not start.
set -u
# The one output that this script can read, whatever the user has configured.
export AZURE_CORE_OUTPUT=json AZURE_CORE_NO_COLOR=true AZURE_CORE_ONLY_SHOW_ERRORS=false

readonly ATTEMPTS=8 LONGEST_WAIT=60

# Collection, what it is asked for each of, URL: separated by tabs.
queries() {
  cat <<'QUERIES'
@QUERIES@
QUERIES
}
collections() { queries | cut -f1 | awk '!seen[$0]++'; }

say() { printf '%s\n' "$*" >&2; }
stop() {
  say "error: $*"
  exit 2
}
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

folder='' skip=''
while [ $# -gt 0 ]; do
  case $1 in
    --skip)
      [ $# -gt 1 ] || stop "--skip takes names of collections, as in --skip groupOwners,applicationOwners"
      skip=$2
      shift
      ;;
    -*) stop "there is no option $1; it is: bash capture.sh FOLDER [--skip COLLECTION,...]" ;;
    *)
      [ -z "$folder" ] || stop "one folder, please: $folder or $1"
      folder=$1
      ;;
  esac
  shift
done
[ -n "$folder" ] || stop "name the folder to write: bash capture.sh FOLDER"
for name in $(printf '%s' "$skip" | tr ',' ' '); do
  collections | grep -qx -- "$name" || stop "there is no collection $name; there are: $(collections | tr '\n' ' ')"
done
skipped() { case ",$skip," in *",$1,"*) return 0 ;; *) return 1 ;; esac; }
if [ -d "$folder" ] && [ -n "$(ls -A "$folder")" ]; then stop "$folder is not empty: a capture starts in a folder of its own"; fi
command -v az >/dev/null 2>&1 || stop "the Azure CLI (az) is not installed"
mkdir -p "$folder" || stop "can't make the folder $folder"
work=$(mktemp -d) || stop "can't make a temporary folder"
trap 'rm -rf "$work"' EXIT

# One line each: files (collection, path, rows), failures (collection, status, url, message), failed (collection), notes.
: >"$work/files" && : >"$work/failures" && : >"$work/failed" && : >"$work/notes"

tenant=$(az account show --query tenantId --output tsv) || stop "az is not signed in: run az login"
account=$(az account show --query user.name --output tsv)
graph=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv) || stop "az does not know the address of Microsoft Graph"
graph=${graph%/}
version=$(az version --query '"azure-cli"' --output tsv)
began=$(now)

# What went wrong, from what az printed: status (0 where there was no answer), message, retry_after (seconds, or nothing).
read_failure() {
  status=$(sed -n 's/.*Response status: \([0-9][0-9][0-9]\).*/\1/p' "$work/log" | tail -n 1)
  message=$(sed -n 's/^ERROR: //p' "$work/log" | head -n 1 | cut -c1-400)
  [ -n "$message" ] || message=$(grep -v '^INFO\|^DEBUG\|^Command ran in\|^$' "$work/log" | tail -n 1 | cut -c1-400)
  if [ -z "$status" ]; then
    case $message in
      'Bad Request'*) status=400 ;;
      Unauthorized*) status=401 ;;
      Forbidden*) status=403 ;;
      'Not Found'*) status=404 ;;
      'Too Many Requests'*) status=429 ;;
      'Internal Server Error'*) status=500 ;;
      'Bad Gateway'*) status=502 ;;
      'Service Unavailable'*) status=503 ;;
      'Gateway Timeout'*) status=504 ;;
      *) status=0 ;;
    esac
  fi
  retry_after=$(sed -n "s/.*'[Rr][Ee][Tt][Rr][Yy]-[Aa][Ff][Tt][Ee][Rr]': '\([0-9][0-9]*\)'.*/\1/p" "$work/log" | tail -n 1)
}

# One page, asked for until it comes or is refused for good: url, file.
fetch() {
  local attempt=1 backoff=2 wait
  while :; do
    # --verbose: az tells the status and the Retry-After header of an answer nowhere else.
    if az rest --method get --url "$1" --output json --verbose </dev/null >"$work/page" 2>"$work/log"; then
      if grep -q '^  "value": \[\|^  "id": ' "$work/page"; then
        mv "$work/page" "$2"
        return 0
      fi
      status=0 message='the answer is neither a list nor an object with an id'
      return 1
    fi
    read_failure
    case $status in
      0 | 429 | 500 | 502 | 503 | 504) ;;
      *) return 1 ;;
    esac
    [ "$attempt" -lt "$ATTEMPTS" ] || return 1
    wait=${retry_after:-$backoff}
    say "  $status, trying again in $wait s"
    sleep "$wait"
    attempt=$((attempt + 1)) backoff=$((backoff * 2))
    [ "$backoff" -le "$LONGEST_WAIT" ] || backoff=$LONGEST_WAIT
  done
}

# az prints JSON with two spaces a level, so the level of a key is its indentation.
next_link() { sed -n 's/^  "\(@odata\.\)\{0,1\}nextLink": "\(.*\)",\{0,1\}$/\2/p' "$1"; }
rows() {
  awk '/^  "value": \[/ { list = 1; lists = 1 } /^  \]/ { list = 0 } list && /^    \{/ { n++ } END { print lists ? n + 0 : 1 }' "$1"
}
# The key of a listed object that the questions about it put into their URL.
column() { sed -n "s/^      \"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$2"; }
remember() { # what kind of thing the collection lists, for the questions that are asked for each: collection, page
  case $1 in
    subscriptions) column subscriptionId "$2" >>"$work/each.subscription" ;;
    managementGroups) column name "$2" >>"$work/each.managementGroup" ;;
    identities) column id "$2" >>"$work/each.identity" ;;
    groups) column id "$2" >>"$work/each.group" ;;
    applications) column id "$2" >>"$work/each.application" ;;
    servicePrincipals) column id "$2" >>"$work/each.servicePrincipal" ;;
  esac
}
# The collection that lists the things that a question is asked for each of.
list_of() {
  case $1 in
    subscription) echo subscriptions ;;
    managementGroup) echo managementGroups ;;
    identity) echo identities ;;
    group) echo groups ;;
    application) echo applications ;;
    servicePrincipal) echo servicePrincipals ;;
  esac
}

# Every page of one question, as files under that name: collection, folder, name, url.
read_pages() {
  local collection=$1 under=$2 name=$3 url=$4 page=1 file
  [ -d "$folder/$under" ] || mkdir -p "$folder/$under"
  while [ -e "$folder/$under/$name.json" ]; do name=${name}_; done
  while [ -n "$url" ]; do
    file=$under/$name.json
    [ "$page" -eq 1 ] || file=$under/$name.$page.json
    asked=$url
    fetch "$url" "$folder/$file" || return 1
    printf '%s\t%s\t%s\n' "$collection" "$file" "$(rows "$folder/$file")" >>"$work/files"
    remember "$collection" "$folder/$file"
    url=$(next_link "$folder/$file")
    page=$((page + 1))
  done
}
# The list of things to ask about, when nothing else is wanted of it: collection, url.
read_index() {
  local url=$2
  while [ -n "$url" ]; do
    asked=$url
    fetch "$url" "$work/index" || return 1
    remember "$1" "$work/index"
    url=$(next_link "$work/index")
  done
}
failed() { # collection
  printf '%s\n' "$1" >>"$work/failed"
  printf '%s\t%s\t%s\t%s\n' "$1" "$status" "$asked" "$(printf '%s' "$message" | tr '\t\r\n' '   ')" >>"$work/failures"
  say "  $1: refused or failed ($status)"
}

# One question, for each thing that it is asked of: collection, each, url.
ask() {
  local collection=$1 each=$2 url=$3 under=$1 name id n=0
  [ "$collection" != groupMemberships ] || under=groupMembers
  case $each in
    index) read_index "$collection" "$url" || failed "$collection" ;;
    tenant | otherwise)
      name=${url%%\?*}
      read_pages "$collection" "$under" "${name##*/}" "${url/"{graph}"/$graph}" || failed "$collection"
      ;;
    *)
      [ -f "$work/each.$each" ] || return 0
      while IFS= read -r id; do
        n=$((n + 1))
        case $each in
          identity) name=identity-$n ;;
          managementGroup) name=managementGroup-$(printf '%s' "$id" | tr -c 'A-Za-z0-9_()-' '_') ;;
          *) name=$id ;;
        esac
        asked=${url/"{graph}"/$graph}
        read_pages "$collection" "$under" "$name" "${asked/"{$each}"/$id}" || failed "$collection"
      done <"$work/each.$each"
      ;;
  esac
}

previous=''
while IFS=$'\t' read -r collection each url; do
  if skipped "$collection"; then continue; fi
  if [ "$each" = otherwise ]; then
    # Only where the first page of the question before was refused: a page that came stays the better answer.
    last=$(tail -n 1 "$work/failures" | cut -f1,2)
    [ "$last" = "$collection"$'\t403' ] || [ "$last" = "$collection"$'\t400' ] || continue
    if grep -q "^$collection"$'\t' "$work/files"; then continue; fi
    sed '$d' "$work/failures" >"$work/swap" && mv "$work/swap" "$work/failures"
    sed '$d' "$work/failed" >"$work/swap" && mv "$work/swap" "$work/failed"
    printf '%s was refused (%s) as first asked, and captured with fewer attributes: %s\n' "$collection" "${last##*$'\t'}" "$url" >>"$work/notes"
  fi
  [ "$collection" = "$previous" ] || say "$collection"
  previous=$collection
  ask "$collection" "$each" "$url"
done < <(queries)

# Subscriptions that a management group holds and that the account doesn't see.
if [ -f "$work/each.subscription" ] && [ -d "$folder/managementGroups" ]; then
  while IFS= read -r id; do
    if grep -qix -- "$id" "$work/each.subscription"; then continue; fi
    status=0 asked=/subscriptions/$id message="subscription $id stands below a management group, and the account doesn't see it"
    failed subscriptions
  done < <(cat "$folder"/managementGroups/*.json | sed -n 's/.*"id": "\/subscriptions\/\([0-9A-Fa-f-]*\)".*/\1/p' | sort -u)
fi

# Complete: asked for, nothing failed, and asked of everything that a complete list names. Lists come before in the table.
: >"$work/complete" && : >"$work/partial"
for collection in $(collections); do
  if skipped "$collection"; then continue; fi
  whole=yes
  if grep -qx "$collection" "$work/failed"; then whole=no; fi
  for each in $(queries | awk -F'\t' -v c="$collection" '$1 == c { print $2 }'); do
    list=$(list_of "$each")
    [ -z "$list" ] || [ "$list" = "$collection" ] || grep -qx "$list" "$work/complete" || whole=no
  done
  if [ "$whole" = yes ]; then
    echo "$collection" >>"$work/complete"
  elif grep -q "^$collection"$'\t' "$work/files"; then
    echo "$collection" >>"$work/partial"
  fi
done

# Lines of text as JSON strings, one a line.
strings() { sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/[[:cntrl:]]/ /g' -e 's/^/"/' -e 's/$/"/'; }
# Lines of JSON as the inside of an array or object, indented.
joined() { awk -v indent="$1" 'NR > 1 { print before "," } { before = indent $0 } END { if (NR) print before }'; }
known() { cat "$work/complete" "$work/partial"; }
{
  printf '{\n  "schema": "dictum/capture/1",\n'
  printf '  "time": "%s",\n  "ended": "%s",\n' "$began" "$(now)"
  printf '  "tenant": %s,\n' "$(printf '%s\n' "$tenant" | strings)"
  printf '  "by": %s,\n' "$(printf '%s\n' "dictum @VERSION@ (bash), azure-cli $version, $account" | strings)"
  printf '  "complete": [\n' && strings <"$work/complete" | joined '    ' && printf '  ],\n'
  printf '  "partial": [\n' && strings <"$work/partial" | joined '    ' && printf '  ],\n'
  printf '  "counts": {\n'
  known | while read -r c; do awk -F'\t' -v c="$c" '$1 == c { n += $3 } END { printf "\"%s\": %d\n", c, n }' "$work/files"; done | joined '    '
  printf '  },\n  "pages": {\n'
  known | while read -r c; do awk -F'\t' -v c="$c" '$1 == c { n++ } END { printf "\"%s\": %d\n", c, n }' "$work/files"; done | joined '    '
  printf '  },\n  "queries": {\n'
  known | while read -r c; do
    printf '"%s": [%s]\n' "$c" "$(queries | awk -F'\t' -v c="$c" '$1 == c { print $3 }' | strings | joined '' | tr '\n' ' ' | sed 's/ $//')"
  done | joined '    '
  printf '  },\n  "files": {\n'
  known | while read -r c; do
    printf '"%s": [%s]\n' "$c" "$(awk -F'\t' -v c="$c" '$1 == c { print $2 }' "$work/files" | strings | joined '' | tr '\n' ' ' | sed 's/ $//')"
  done | joined '    '
  printf '  },\n  "failures": [\n'
  while IFS=$'\t' read -r collection status asked message; do
    printf '{ "collection": "%s", "status": %s, "url": %s, "message": %s }\n' "$collection" "$status" \
      "$(printf '%s\n' "$asked" | strings)" "$(printf '%s\n' "$message" | strings)"
  done <"$work/failures" | joined '    '
  printf '  ],\n  "notes": [\n' && strings <"$work/notes" | joined '    ' && printf '  ]\n}\n'
} >"$folder/capture.json"

if [ -s "$work/failures" ] || [ -s "$work/partial" ]; then
  say "captured in part: $(wc -l <"$work/complete" | tr -d ' ') collections are complete, $(wc -l <"$work/partial" | tr -d ' ') partial; $folder/capture.json names what failed"
  exit 3
fi
say "captured: $(wc -l <"$work/complete" | tr -d ' ') collections, all complete, in $folder"
