#!/usr/bin/env bash
# The event-log workload in one process: benches/eventlog.sh LOG OUT [THREADS]
# LOG is a Parquet file with case_id, activity and timestamp; OUT receives edges.csv and variants.csv.
exec "$(dirname "$0")/workload.sh" eventlog "${1:?usage: eventlog.sh LOG OUT [THREADS]}" \
    "${2:?usage: eventlog.sh LOG OUT [THREADS]}" "${3:-2}"
