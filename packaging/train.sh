#!/usr/bin/env bash
# Makes packaging/profile anew: builds with counters, runs the jobs of README.md there, merges the counts.
#     packaging/train.sh JOURNEY_DATA EVENT_LOG
# JOURNEY_DATA and EVENT_LOG are inputs of the workloads in benches/README.md; 100,000 people and 100,000
# cases are enough. Needs the llvm-profdata of the compiler (`rustup component add llvm-tools`); LLVM_PROFDATA
# may name another, but an older one reads nothing.
set -euo pipefail
usage="usage: train.sh JOURNEY_DATA EVENT_LOG"
journey=$(realpath "${1:?$usage}")
log=$(realpath "${2:?$usage}")
here=$(cd "$(dirname "$0")/.." && pwd)
# kept, so that a second attempt need not build anew
work=$(realpath -m "${CARGO_TARGET_DIR:-$here/target}")/train
cd "$here"
# none of the system's by itself: an older one would refuse the counts after all the building
tool=${LLVM_PROFDATA:-$(find "$(rustc --print sysroot)" -name llvm-profdata -print -quit)}
command -v "$tool" >/dev/null || {
    echo "train.sh: there is no llvm-profdata: rustup component add llvm-tools, or set LLVM_PROFDATA" >&2
    exit 1
}

export CARGO_TARGET_DIR="$work/target"
rm -rf "$work"/{counts,data}
mkdir -p "$work/data"
# what the build's own programs count is of no use
export LLVM_PROFILE_FILE="$work/data/%p.profraw"
build() {
    cargo --config "build.rustflags = ['-Cprofile-generate=$work/counts']" build --profile dist --locked "$@"
}
# the command apart from the examples, which bring features of their own to what both depend on
build --bin throughcare
build --example journey --example eventlog

programs="$work/target/dist"
# count JOB COMMAND: the counts of one job
count() {
    LLVM_PROFILE_FILE="$work/counts/$1/%p.profraw" "${@:2}"
}
cd "$work/data"
for format in csv parquet; do
    "$programs/throughcare" synth --quiet --people 50000 --seed 20240401 --format "$format" --out "$format"
    count run "$programs/throughcare" run --quiet "$format/study.toml" --out "results-$format"
done
count journey "$programs/examples/journey" "$journey" journey 2
count eventlog "$programs/examples/eventlog" "$log" eventlog 2
cd "$here"

# what is hot is judged by all counts together: weights make the jobs count about alike, since most of what a
# run does is writing its spreadsheet
"$tool" merge --sparse --output "$work/counts.profdata" --weighted-input="1,$work/counts/run" \
    --weighted-input="50,$work/counts/journey" --weighted-input="50,$work/counts/eventlog"
gzip --best --no-name --stdout "$work/counts.profdata" >packaging/profile/counts.profdata.gz
{ rustc --version && cksum <Cargo.lock; } >packaging/profile/made-for.txt
ls -l packaging/profile
