#!/bin/bash
# Calculates the shipped studies and puts their merged tables here, with version and hash, and the pictures of the guide.
#
#   models/results/make.sh ISOTHERM [FOLDER]     FOLDER keeps the sweeps, so that they go on where they were
set -euo pipefail
isotherm=$(readlink -f "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${2:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"
drawings() { # from the page of an analysis, the drawing of one figure as a file
    python3 - "$1" "$2" "$3" <<'PY'
import re, sys
page, figure, path = sys.argv[1:]
found = re.search(rf'<figure id="{figure}">.*?(<svg.*?</svg>)', open(page, encoding="utf-8").read(), re.S)
open(path, "w", encoding="utf-8").write(found.group(1) + "\n")
PY
}
pictures="siting_china:fig-front supply_temperature:fig-matters-0 zero_water_price:fig-front uncertainty:fig-matters-0"
lines=()
for pair in $pictures; do
    study=${pair%%:*}
    "$isotherm" sweep plan "$study" -o "$study" --force >/dev/null
    "$isotherm" sweep run "$study" -q
    "$isotherm" sweep merge "$study" --json >"$study.json"
    "$isotherm" sweep analyze "$study" --html "$study.html" >/dev/null
    cp "$study/cases.parquet" "$here/$study.parquet"
    drawings "$study.html" "${pair##*:}" "$here/../../docs/guide/pictures/study_$study.svg"
    lines+=("$(python3 -c '
import json, sys
data = json.load(open(sys.argv[1]))["data"]
assert data["missing"] == 0
print("  %s: %s" % (json.dumps(sys.argv[2]), json.dumps({k: data[k] for k in ("cases", "ok", "failed", "hash")})))
' "$study.json" "$study")")
done
{
    echo '{'
    echo "  \"isotherm\": $("$isotherm" --version | sed 's/.* \(.*\)/"\1"/'),"
    echo "  \"command\": \"models/results/make.sh isotherm\","
    printf '%s' "${lines[0]}"; printf ',\n%s' "${lines[@]:1}"
    printf '\n}\n'
} >"$here/results.json"
cat "$here/results.json"
