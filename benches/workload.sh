#!/usr/bin/env bash
# Runs the program of a workload as it would be packaged, building it when it is missing or old:
# benches/workload.sh NAME INPUT OUT THREADS; with NAME alone it only builds.
set -euo pipefail
name=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
program="${CARGO_TARGET_DIR:-$here/target}/dist/examples/$name"
if [ ! -x "$program" ] || [ -n "$(find "$here"/{src,clusters,linkage,engine,benches,packaging,Cargo.toml,Cargo.lock} -newer "$program" -print -quit)" ]; then
    "$here/packaging/build.sh" --quiet --example "$name"
    # cargo leaves it as it is when nothing in it changes
    touch "$program"
fi
[ $# -eq 0 ] || exec "$program" "$@"
