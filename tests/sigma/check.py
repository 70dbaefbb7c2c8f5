"""Runs exported Sigma rules in ClickHouse, by the public tools, and tells which lines each of them hits.

Usage: check.py FOLDER, where FOLDER has
  rules/**/*.yml  the exported rules
  lines.ndjson    {"n": 1, "message": "..."}, one a line
  hits.tsv        for each rule: id, how many lines pitfall hits, the sum of their numbers, the sum of their squares

The rules go through pySigma's ClickHouse backend as they are; the queries run in chdb, which is the ClickHouse engine in a process.
Prints one JSON object. For rules whose lines differ, of each message
that ClickHouse hits the first line.
"""

import json
import pathlib
import sys
import time

import chdb.session
from sigma.backends.clickhouse import ClickhouseBackend
from sigma.collection import SigmaCollection

BATCH = 48


def converted(folder):
    """The condition of each rule, by the rule's id; and what the tools refused."""
    backend, conditions, refused = ClickhouseBackend(), {}, {}
    for path in sorted(folder.rglob("*.yml")):
        try:
            rules = SigmaCollection.from_yaml(path.read_text(encoding="utf-8"))
            [query] = backend.convert(rules)
            conditions[str(rules.rules[0].id)] = query.removeprefix("SELECT * FROM logs WHERE ")
        except Exception as error:  # whatever a tool does not like is told with the rule
            refused[str(path.relative_to(folder))] = f"{type(error).__name__}: {error}"
    return conditions, refused


def main():
    folder = pathlib.Path(sys.argv[1])
    begun = time.monotonic()
    conditions, refused = converted(folder / "rules")
    to_convert = time.monotonic() - begun

    session = chdb.session.Session()
    session.query("CREATE DATABASE IF NOT EXISTS t")
    session.query("CREATE TABLE t.logs (n UInt64, message LowCardinality(String)) ENGINE = Memory")
    lines = str(folder / "lines.ndjson").replace("'", "\\'")
    session.query(f"INSERT INTO t.logs SELECT n, message FROM file('{lines}', 'JSONEachRow', 'n UInt64, message String') "
                  "SETTINGS max_insert_block_size = 2000000, min_insert_block_size_rows = 2000000, min_insert_block_size_bytes = 4000000000, "
                  "max_threads = 1, input_format_parallel_parsing = 0")

    want = {}
    for row in (folder / "hits.tsv").read_text().splitlines():
        rule, *numbers = row.split("\t")
        want[rule] = [int(number) for number in numbers]

    begun = time.monotonic()
    got, failed = {}, {}
    ids = list(conditions)

    def ask(batch):
        inner = ", ".join(f"({conditions[rule]}) AS c{at}" for at, rule in enumerate(batch))
        outer = ", ".join(f"countIf(c{at}), sumIf(n, c{at}), sumIf(n * n, c{at})" for at in range(len(batch)))
        answer = session.query(f"SELECT {outer} FROM (SELECT n, {inner} FROM t.logs)", "JSONCompact")
        numbers = [int(number) for number in json.loads(answer.bytes())["data"][0]]
        for at, rule in enumerate(batch):
            got[rule] = numbers[3 * at : 3 * at + 3]

    for at in range(0, len(ids), BATCH):
        batch = ids[at : at + BATCH]
        try:
            ask(batch)
        except Exception:
            for rule in batch:
                try:
                    ask([rule])
                except Exception as error:
                    failed[rule] = str(error)[:300]
    to_query = time.monotonic() - begun

    different = {}
    for rule, numbers in got.items():
        if numbers != want.get(rule, [0, 0, 0]):
            answer = session.query(f"SELECT min(n) AS first FROM t.logs WHERE {conditions[rule]} GROUP BY message ORDER BY first", "JSONCompact")
            found = [int(row[0]) for row in json.loads(answer.bytes())["data"]]
            different[rule] = {"pitfall": want.get(rule, [0, 0, 0]), "clickhouse": numbers, "lines": found}
    count = session.query("SELECT count() FROM t.logs", "JSONCompact")
    print(json.dumps({
        "lines": int(json.loads(count.bytes())["data"][0][0]),
        "rules": len(conditions),
        "equal": len(got) - len(different),
        "with_hits": sum(1 for numbers in got.values() if numbers[0]),
        "hits": sum(numbers[0] for numbers in got.values()),
        "different": different,
        "refused": refused,
        "failed": failed,
        "seconds_to_convert": round(to_convert, 1),
        "seconds_to_query": round(to_query, 1),
    }))


main()
