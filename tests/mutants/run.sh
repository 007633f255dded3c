#!/usr/bin/env bash
# Puts each fault of tests/mutants/*.patch into a copy of the tree and demands that the test named in the patch notices.
#
#   tests/mutants/run.sh [NAME…]     all of them, or those of these names (without .patch)
#   MUTANTS_DIR=FOLDER               where the copy and its build lie and stay; else a temporary folder, removed at the end
#
# The checkout is never changed: what git tracks (and what it does not ignore) is copied, and patched there. Of each
# fault only the crate of its test is built, with the profile `mutants`, and only that test is run. Three things are
# demanded: the patch applies, the test passes without it, and it fails with it (a fault that does not compile counts
# as not caught). Ends with 0 where all of it holds, else with 1 and the list of what does not.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=$PWD
for tool in git tar cargo; do
    command -v "$tool" >/dev/null || { echo "error: there is no $tool" >&2; exit 2; }
done

patches=()
if [ $# -gt 0 ]; then
    for name in "$@"; do patches+=("$here/tests/mutants/$name.patch"); done
else
    patches=("$here"/tests/mutants/*.patch)
fi
for patch in "${patches[@]}"; do
    [ -r "$patch" ] || { echo "error: there is no $patch" >&2; exit 2; }
done

if [ -n "${MUTANTS_DIR:-}" ]; then
    work=$MUTANTS_DIR
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
rm -rf "$work/tree"
mkdir -p "$work/tree" "$work/log" || exit 2
# A file that was removed and not yet committed is listed and not there.
git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do
    [ -e "$file" ] && printf '%s\0' "$file"
done | tar --null -T - -cf - | tar -xf - -C "$work/tree" || exit 2
cd "$work/tree" || exit 2
export CARGO_TARGET_DIR=$work/target
# No repository above the copy is meant, not even where it lies in one.
export GIT_CEILING_DIRECTORIES=$work

header() { sed -n "s/^$2: //p" "$1" | head -n 1; }
# The command of a patch: its arguments before the name of the test, which is the last, must match as a whole.
arguments() { header "$1" 'Caught by' | sed -e 's/^cargo test //' -e 's/ [^ ]*$//'; }
test_of() { header "$1" 'Caught by' | sed -e 's/^.* //'; }
# Runs the test of a patch; its output goes to a log. 0: it passed, 1: it failed, 2: it was not built or not there.
run_test() {
    local log=$2
    # shellcheck disable=SC2046
    cargo test --profile mutants --quiet $(arguments "$1") --no-run >"$log" 2>&1 || return 2
    # shellcheck disable=SC2046
    timeout 600 cargo test --profile mutants $(arguments "$1") -- --exact "$(test_of "$1")" >>"$log" 2>&1
    local status=$?
    grep -q '^running 1 test' "$log" || return 2
    [ "$status" = 0 ] || return 1
}

declare -A sound=()
wrong=()
caught=0
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    command=$(header "$patch" 'Caught by')
    if [ -z "${sound[$command]:-}" ]; then
        if run_test "$patch" "$work/log/$name.without"; then sound[$command]=passes; else sound[$command]=fails; fi
    fi
    if [ "${sound[$command]}" = fails ]; then
        wrong+=("$name: without the fault its test does not pass, or is not there: $command")
        cat "$work/log/$name.without"
        continue
    fi
    if ! git apply "$patch" 2>"$work/log/$name.apply"; then
        wrong+=("$name: the patch does not apply: $(head -n 1 "$work/log/$name.apply")")
        continue
    fi
    run_test "$patch" "$work/log/$name.with"
    case $? in
        0) wrong+=("$name: NOT CAUGHT by $(test_of "$patch")") ;;
        1)
            caught=$((caught + 1))
            echo "caught  $name"
            ;;
        *) wrong+=("$name: not built: $(grep -m 1 -E '^error' "$work/log/$name.with")") ;;
    esac
    git apply -R "$patch" || { echo "error: $name cannot be taken back" >&2; exit 2; }
done

for line in "${wrong[@]}"; do echo "WRONG   $line"; done
echo "$caught passed, ${#wrong[@]} failed"
[ ${#wrong[@]} = 0 ]
