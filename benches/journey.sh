#!/usr/bin/env bash
# The journey workload in one process: benches/journey.sh DATA OUT [THREADS]
# DATA holds apc.parquet and cld.parquet; OUT receives transitions.csv, occupancy.csv, readmission.csv
# and first_service.csv.
exec "$(dirname "$0")/workload.sh" journey "${1:?usage: journey.sh DATA OUT [THREADS]}" \
    "${2:?usage: journey.sh DATA OUT [THREADS]}" "${3:-2}"
