#!/usr/bin/env bash
# Runs the release program of a workload, building it when it is missing or old:
# benches/workload.sh NAME INPUT OUT THREADS
set -euo pipefail
name=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
program="${CARGO_TARGET_DIR:-$here/target}/release/examples/$name"
if [ ! -x "$program" ] || [ -n "$(find "$here"/{linkage,engine}/src "$here/benches" "$here/Cargo.lock" -newer "$program" -print -quit)" ]; then
    (cd "$here" && cargo build --release --quiet --example "$name")
fi
exec "$program" "$@"
