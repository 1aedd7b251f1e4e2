#!/bin/sh
# What a CI job does with the payments dashboard: test, push, upgrade staging, and production once staging has passed
# its gate. The platform is asked by plain HTTP; only the push needs its command line, since it bundles the program.
#
#   ./ci.sh                     all steps
#   ./ci.sh test|push           one of them
#   ./ci.sh upgrade NAME        upgrade one deployment to the version that was pushed last
#
# HEADWATER_URL        the platform, http://127.0.0.1:8080 if not given
# HEADWATER_TOKEN      an API token; none is needed on the own machine
# HEADWATER_NAMESPACE  "default" if not given
# VERSION_FILE         where the number of the pushed version is kept from step to step, ./version.txt if not given
# PUSH_OPTIONS         more options of the push, such as "--tag c8b3f"
# SEEDED_BUG=yes       pushes a version that fails, to see it rolled back
#
# Ends with 0 when all went well, and with 1 and the reason when a step failed or an upgrade was rolled back.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
url=${HEADWATER_URL:-http://127.0.0.1:8080}
namespace=${HEADWATER_NAMESPACE:-default}
api=$url/api/v1/namespaces/$namespace
version_file=${VERSION_FILE:-version.txt}
headwater=${HEADWATER_CLI:-npx headwater}

# Prints a member of the JSON on stdin: `field .state`.
field() {
  node -e '
    const value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const found = process.argv[1].split(".").slice(1).reduce((at, name) => at?.[name], value);
    console.log(found ?? "");
  ' "$1"
}

# curl with the token, if there is one; prints the body of any answer.
request() {
  if [ -n "${HEADWATER_TOKEN:-}" ]; then
    curl --silent --show-error --header "Authorization: Bearer $HEADWATER_TOKEN" "$@"
  else
    curl --silent --show-error "$@"
  fi
}

fail() {
  echo "$1" >&2
  exit 1
}

run_tests() {
  echo "Testing the application"
  # A seeded bug is one that the tests do not find. CI machines may be slow.
  env -u SEEDED_BUG npx vitest run --project unit --testTimeout 60000 "$folder/application.test.ts"
}

push() {
  echo "Pushing the application"
  set -- "$folder/application.ts" --url "$url" --namespace "$namespace" -o json
  if [ "${SEEDED_BUG:-}" = yes ]; then set -- "$@" --define SEEDED_BUG=yes; fi
  # Options are words between blanks.
  $headwater application push "$@" ${PUSH_OPTIONS:-} | field .version > "$version_file"
  echo "Pushed version $(cat "$version_file")"
}

# Waits until an operation has ended and prints its last state.
ended() {
  while :; do
    answer=$(request "$api/operations/$1?wait=20")
    state=$(printf %s "$answer" | field .state)
    case $state in
      succeeded | failed | cancelled) printf %s "$answer" && return ;;
      queued | pending | running) ;;
      *) fail "Cannot read operation $1: $(printf %s "$answer" | field .detail)" ;;
    esac
  done
}

upgrade() {
  name=$1
  version=$(cat "$version_file")
  # One that runs the version already is as it should be, also when a pipeline is run again.
  if [ "$(request "$api/deployments/$name" | field .spec.version)" = "$version" ]; then
    echo "$name has version $version already"
    return
  fi
  echo "Upgrading $name to version $version"
  # The same key answers the same operation, so that a request can be repeated when its answer was lost.
  key=ci-$name-$version-${CI_JOB_ID:-${BUILD_TAG:-$(date +%s)}}
  accepted=$(request --request POST "$api/deployments/$name/upgrade" \
    --retry 3 --retry-connrefused \
    --header "Content-Type: application/json" --header "Idempotency-Key: $key" \
    --data "{ \"version\": $version, \"reason\": \"CI: version $version\" }")
  operation=$(printf %s "$accepted" | field .id)
  if [ -z "$operation" ]; then fail "Cannot upgrade $name: $(printf %s "$accepted" | field .detail)"; fi
  result=$(ended "$operation")
  if [ "$(printf %s "$result" | field .state)" = succeeded ]; then
    echo "$name runs version $version"
    return
  fi
  reason=$(printf %s "$result" | field .problem.detail)
  rollback=$(printf %s "$result" | field .followedBy)
  if [ -n "$rollback" ]; then
    back=$(ended "$rollback" | field .state)
    fail "$name did not take version $version: $reason (rollback to the version before: $back)"
  fi
  fail "$name did not take version $version: $reason"
}

case ${1:-all} in
  test) run_tests ;;
  push) push ;;
  upgrade) upgrade "${2:?name the deployment: ci.sh upgrade payments-staging}" ;;
  all)
    run_tests
    push
    upgrade payments-staging
    upgrade payments-production
    ;;
  *) fail "Cannot run step \"$1\": there are test, push, upgrade NAME, and none for all" ;;
esac
