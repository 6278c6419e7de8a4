#!/usr/bin/env python3
"""A workload side by side: this engine and the peers, on the same files, in turn.

    benches/compare.py DATA PEERS [--workload journey] [--rounds 3] [--threads 2]

For `journey`, DATA holds apc.parquet and cld.parquet; for `eventlog`, DATA is the log. PEERS is a folder
with WORKLOAD_*.py programs that each take DATA and OUT; `WORKLOAD_floor.py`, if it is there, only reads
the columns. Prints wall time, processor time and peak memory of every process (median and best of the
rounds), the ratios, and whether all outputs are equal. Exit status 1 when they are not.
"""
import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OUTPUTS = {
    "journey": ["transitions.csv", "occupancy.csv", "readmission.csv", "first_service.csv"],
    "eventlog": ["edges.csv", "variants.csv"],
}
HERE = Path(__file__).resolve().parent


def measure(command, environment):
    """Runs a command; wall seconds, processor seconds, peak memory in GB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed with {process.returncode}: {' '.join(map(str, command))}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def cells(path):
    """The rows of a table as numbers and texts, in one order, without the names of the columns."""
    def cell(text):
        try:
            # means are sums of floats for some and of whole numbers for others
            return (0, float(f"{float(text):.9g}"), "")
        except ValueError:
            return (1, 0.0, text)

    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    # an empty sum is written 0 by some and left empty by others
    return sorted(tuple(cell(text or "0") for text in row) for row in rows)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("peers", type=Path)
    arguments.add_argument("--workload", choices=OUTPUTS, default="journey")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()

    threads = str(given.threads)
    environment = dict(os.environ, POLARS_MAX_THREADS=threads, RAYON_NUM_THREADS=threads)
    subprocess.run([HERE / "workload.sh", given.workload], check=True)
    programs = {"throughcare": [HERE / f"{given.workload}.sh"]}
    prefix = f"{given.workload}_"
    for path in sorted(given.peers.glob(f"{prefix}*.py")):
        name = path.stem.removeprefix(prefix)
        if name not in ("data", "floor"):
            programs[name] = [sys.executable, path]
    floor = given.peers / f"{prefix}floor.py"

    with tempfile.TemporaryDirectory() as folder:
        runs = {name: [] for name in programs}
        if floor.exists():
            runs["(floor: read only)"] = []
        for _ in range(given.rounds):
            for name, command in programs.items():
                out = Path(folder, name)
                extra = [threads] if name == "throughcare" else []
                runs[name].append(measure([*command, given.data, out, *extra], environment))
            if floor.exists():
                runs["(floor: read only)"].append(
                    measure([sys.executable, floor, given.data], environment)
                )
        equal = True
        for name in programs:
            for table in OUTPUTS[given.workload]:
                same = cells(Path(folder, name, table)) == cells(Path(folder, "throughcare", table))
                if not same:
                    print(f"{table}: {name} differs from throughcare")
                    equal = False

    print(f"{given.data}: {given.rounds} rounds in turn, {threads} threads")
    print(f"{'':22}{'wall s, median':>15}{'best':>8}{'CPU s':>8}{'peak GB':>9}")
    median = {}
    for name, measured in runs.items():
        walls, cpus, peaks = zip(*measured)
        median[name] = (statistics.median(walls), max(peaks))
        print(f"{name:22}{median[name][0]:15.2f}{min(walls):8.2f}{statistics.median(cpus):8.1f}{max(peaks):9.2f}")
    own = median["throughcare"]
    peers = {name: median[name] for name in programs if name != "throughcare"}
    if peers:
        name = min(peers, key=lambda peer: peers[peer][0])
        wall, peak = peers[name]
        print(f"{wall / own[0]:.1f} times as fast as {name}, {own[1] / peak:.2f} of its memory")
    if "(floor: read only)" in median:
        print(f"{own[0] / median['(floor: read only)'][0]:.2f} times the read floor")
    print("outputs: " + ("equal" if equal else "NOT EQUAL"))
    sys.exit(0 if equal else 1)


main()
