#!/usr/bin/env bash
# What action.yml does: builds a program, checks with it, and shows what was found in each of its formats.
#
# Reads the inputs of the action, each of which may be empty: PACKAGE, PROGRAM, TARGETS, ENGINE and JUNIT. Of the
# runner's own variables it reads GITHUB_ACTION_PATH and RUNNER_TEMP.
set -euo pipefail

# The repository of the action is a package too: so the default is pagelock at the revision that the job names.
package=${PACKAGE:-$GITHUB_ACTION_PATH}

# Each use of the action in a job has a folder of its own, and so its own program.
folder=$(mktemp -d "$RUNNER_TEMP/pagelock.XXXXXXXX")

echo "::group::Build"
cargo install --locked --path "$package" ${PROGRAM:+--bin "$PROGRAM"} --root "$folder"
echo "::endgroup::"
programs=("$folder"/bin/*)
if [ "${#programs[@]}" -ne 1 ]; then
    names=("${programs[@]##*/}")
    echo "::error title=pagelock::$package has several programs; set \`program\` to one of: ${names[*]}"
    exit 2
fi
program=${programs[0]}

# `read` fails at the end of the text, which has no terminator.
read -r -d '' -a targets <<< "$TARGETS" || true
if [ -n "$JUNIT" ]; then
    # A file that cannot be written is better known before the searches.
    : > "$JUNIT"
fi

# A verdict that differs, an incomplete search and a disagreement are results, and the last command tells them.
# Whatever else goes wrong ends the job here.
is_result() {
    case $1 in
    0 | 1 | 3 | 4) ;;
    *) exit "$1" ;;
    esac
}

# All searches once; then each format of their results.
results=$folder/results.jsonl
checked=0
"$program" check ${ENGINE:+--engine "$ENGINE"} --shard 1/1 -- "${targets[@]}" > "$results" || checked=$?
is_result "$checked"
if [ -n "$JUNIT" ]; then
    written=0
    "$program" merge "$results" --format junit > "$JUNIT" || written=$?
    is_result "$written"
fi
"$program" merge "$results" --format github
# What `check` has found cannot get lost on the way.
exit "$checked"
