#!/usr/bin/env bash
# Builds as for a package: profile `dist`, laid out by the counts in packaging/profile (see README.md here).
#     packaging/build.sh [ARGUMENTS OF cargo build]
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
profile="$here/packaging/profile"
mkdir -p "${CARGO_TARGET_DIR:=$here/target}/profile"
CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd)
export CARGO_TARGET_DIR
cd "$here"

{ read -r compiler && read -r dependencies; } <"$profile/made-for.txt"
if [ "$compiler" != "$(rustc --version)" ]; then
    # another compiler names functions otherwise, and may refuse the file
    echo "build.sh: the profile is for $compiler: built without it, some hundredths slower" >&2
    exec cargo build --profile dist --locked "$@"
fi
if [ "$dependencies" != "$(cksum <Cargo.lock)" ]; then
    echo "build.sh: Cargo.lock has changed since the profile was made; what depends on it is slower" >&2
fi
# named by its content: another profile is then another flag, and cargo builds anew
gz="$profile/counts.profdata.gz"
counts="$CARGO_TARGET_DIR/profile/$(cksum <"$gz" | tr ' ' -).profdata"
if [ ! -f "$counts" ]; then
    gunzip --stdout "$gz" >"$counts.$$"
    mv "$counts.$$" "$counts"
fi
exec cargo --config "build.rustflags = ['-Cprofile-use=$counts']" build --profile dist --locked "$@"
