"""The graph of an event log against that of r4pm, another engine (https://pypi.org/project/r4pm).

    python tests/peers/directly_follows.py target/debug/throughcare [--people 5000]

Makes synthetic records, writes them as one event log, and compares cases, activities, directly-follows
edges, first and last activities and variants of both engines, each with its count. Exit status 0: all
equal; 1: not equal. Needs Python 3.9 and the wheel `r4pm`, nothing else.

The log has no two events of one case at one moment: the records know days, and events of one day are
set a minute apart in the order of kind and text. So neither engine's order of ties is asked. Rows go
into the CSV in an order that has nothing to do with time; the XES for r4pm has them in order of time,
since it takes events as they stand.
"""

import argparse
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from xml.sax.saxutils import quoteattr

import r4pm


def records(data):
    """Case, day, place in the day and activity of every record, each once."""
    found = set()
    for path in sorted(glob.glob(os.path.join(data, "cld", "*.csv"))):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                person = row["Der_NHS_Number_Traced_Pseudo"]
                if not person:
                    continue
                kind = row["Event_Type"].strip() or "No event type"
                place = {"Request": 1, "Assessment": 2, "Service": 3}.get(kind, 4)
                name = f"{kind}: {row['Service_Type'].strip()}" if kind == "Service" else kind
                found.add((person, row["Event_Start_Date"][:10], place, name))
    with open(os.path.join(data, "sus", "apc.csv"), newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            person = row["Der_DHSC_Pseudo_NHS_Number"]
            if person:
                name = "Emergency admission" if row["Admission_Method"][:1] == "2" else "Admission"
                found.add((person, row["Admission_Date"][:10], 5, name))
                if row["Discharge_Date"]:
                    found.add((person, row["Discharge_Date"][:10], 6, "Discharge"))
    # days that are no dates are among the deliberate faults of synthetic records
    return sorted(r for r in found if len(r[1]) == 10 and r[1][4] == "-" == r[1][7])


def log_of(found):
    """Events by case in order of time: moment and activity."""
    cases = defaultdict(list)
    minute = 0
    before = None
    for case, day, _, name in found:
        minute = minute + 1 if before == (case, day) else 0
        before = (case, day)
        cases[case].append((f"{day}T{8 + minute // 60:02}:{minute % 60:02}:00", name))
    return dict(cases)


def write_csv(cases, path):
    rows = [(case, name, moment) for case, events in cases.items() for moment, name in events]
    rows.sort(key=lambda row: (row[1], row[0][::-1], row[2][::-1]))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "activity", "moment"])
        writer.writerows(rows)


def write_xes(cases, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
        for case, events in cases.items():
            file.write(f'<trace><string key="concept:name" value={quoteattr(case)}/>')
            for moment, name in events:
                file.write(
                    f'<event><string key="concept:name" value={quoteattr(name)}/>'
                    f'<date key="time:timestamp" value="{moment}.000+00:00"/></event>'
                )
            file.write("</trace>\n")
        file.write("</log>\n")


def of_r4pm(xes):
    def call(name, **arguments):
        known = [b["id"] for b in r4pm.list_bindings() if b["name"] == name]
        answer = r4pm.call_binding(known[0], json.dumps(arguments))
        return json.loads(answer) if isinstance(answer, str) else answer

    log = r4pm.import_item("EventLog", xes)
    graph = call("discover_dfg", event_log=log)
    projection = call("log_to_activity_projection", log=log)
    edges = Counter()
    for relation in graph["directly_follows_relations"]:
        (source, target), count = relation
        edges[source, target] += count
    return {
        "activities": Counter(graph["activities"]),
        "edges": edges,
        "first activities": set(graph["start_activities"]),
        "last activities": set(graph["end_activities"]),
        "variants": Counter(
            {tuple(v["activities"]): v["count"] for v in call("get_variants", projection=projection)}
        ),
    }


def rows_of(out, table):
    with open(os.path.join(out, "exact", f"{table}.csv"), newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def of_throughcare(command, folder):
    study = os.path.join(folder, "log.toml")
    with open(study, "w", encoding="utf-8") as file:
        file.write(
            '[[inputs.events]]\nname = "care"\npath = "log.csv"\ncase = "case"\n'
            'activity = "activity"\nstart = "moment"\n[graph]\nmost_paths = 1000000\n'
        )
    out = os.path.join(folder, "out")
    subprocess.run([command, "-q", "run", study, "--out", out, "--exact"], check=True)
    edges = {(r["from"], r["to"]): int(r["count"]) for r in rows_of(out, "transitions")}
    states = rows_of(out, "states")
    starts = {r["state"]: int(r["starts"]) for r in states if r["state"] != "START"}
    ends = {r["state"]: int(r["ends"]) for r in states if r["state"] != "END"}
    return {
        "activities": Counter(
            {r["state"]: int(r["visits"]) for r in states if r["state"] not in ("START", "END")}
        ),
        "edges": Counter({e: n for e, n in edges.items() if e[0] != "START" and e[1] != "END"}),
        "first activities": {state for state, count in starts.items() if count},
        "last activities": {state for state, count in ends.items() if count},
        "variants": Counter(
            {tuple(r["path"].split(" > ")): int(r["people"]) for r in rows_of(out, "pathways")}
        ),
        # with their counts, which r4pm leaves to its variants
        "starts": Counter({s: n for s, n in starts.items() if n and s != "END"}),
        "ends": Counter({s: n for s, n in ends.items() if n and s != "START"}),
    }


def differences(ours, theirs):
    theirs = dict(theirs)
    theirs["starts"], theirs["ends"] = Counter(), Counter()
    for variant, count in theirs["variants"].items():
        theirs["starts"][variant[0]] += count
        theirs["ends"][variant[-1]] += count
    for what, mine in ours.items():
        other = theirs[what]
        if isinstance(mine, set):
            mine, other = dict.fromkeys(mine, 1), dict.fromkeys(other, 1)
        unequal = [key for key in {**mine, **other} if mine.get(key, 0) != other.get(key, 0)]
        print(f"{what}: {len(mine)} here, {len(other)} there, {len(unequal)} unequal")
        for key in sorted(unequal)[:5]:
            print(f"  {key}: {mine.get(key, 0)} here, {other.get(key, 0)} there")
        yield len(unequal)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("command", help="the program throughcare")
    arguments.add_argument("--people", default="5000", help="people to make up")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        command = os.path.abspath(given.command)
        synth = [command, "-q", "synth", "--people", given.people, "--seed", "7", "--out", data]
        subprocess.run(synth, check=True)
        cases = log_of(records(data))
        xes = os.path.join(folder, "log.xes")
        write_csv(cases, os.path.join(folder, "log.csv"))
        write_xes(cases, xes)
        print(f"{len(cases)} cases, {sum(map(len, cases.values()))} events")
        if not cases:
            sys.exit("no event was written")
        if sum(differences(of_throughcare(command, folder), of_r4pm(xes))) > 0:
            sys.exit("throughcare and r4pm do not agree")
        print("throughcare and r4pm agree")


if __name__ == "__main__":
    main()
