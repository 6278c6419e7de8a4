#!/usr/bin/env bash
# The journey workload in one process: benches/journey.sh DATA OUT [THREADS]
# DATA holds apc.parquet and cld.parquet; OUT receives transitions.csv, occupancy.csv, readmission.csv
# and first_service.csv. Builds the release program when it is missing or old.
set -euo pipefail
data=${1:?usage: journey.sh DATA OUT [THREADS]}
out=${2:?usage: journey.sh DATA OUT [THREADS]}
threads=${3:-2}
here=$(cd "$(dirname "$0")/.." && pwd)
program="${CARGO_TARGET_DIR:-$here/target}/release/examples/journey"
if [ ! -x "$program" ] || [ -n "$(find "$here"/{linkage,engine}/src "$here/benches" "$here/Cargo.lock" -newer "$program" -print -quit)" ]; then
    (cd "$here" && cargo build --release --quiet --example journey)
fi
exec "$program" "$data" "$out" "$threads"
