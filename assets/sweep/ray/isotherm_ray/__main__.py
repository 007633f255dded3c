"""`isotherm-ray DIR --shards N`: all shards of a planned sweep as tasks of Ray."""

from __future__ import annotations

import argparse
import sys

from . import sweep


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="isotherm-ray", description=__doc__)
    parser.add_argument("folder", help="the folder of the sweep, the same on every node")
    parser.add_argument("--shards", type=int, required=True, help="in so many tasks")
    parser.add_argument("--jobs", type=int, default=1, help="processors of each task")
    parser.add_argument("--address", help="of a Ray cluster, or auto; left out: one of its own on this machine")
    parser.add_argument("--isotherm", default="isotherm", help="the program, the same on every node")
    parser.add_argument("--max-retries", type=int, default=3, help="how often a task is run again when its node is lost")
    parser.add_argument("more", nargs="*", help="further words of isotherm sweep run, after --")
    given = parser.parse_args(arguments)
    if given.shards < 1 or given.jobs < 1:
        parser.error("--shards and --jobs are at least 1")
    outcome = sweep(
        given.folder,
        given.shards,
        jobs=given.jobs,
        isotherm=given.isotherm,
        address=given.address,
        more=given.more,
        max_retries=given.max_retries,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    cases = sum(done.get("cases", 0) for done in outcome.done.values())
    print(f"{len(outcome.done)} of {given.shards} shards are done, {cases} cases; next: isotherm sweep merge {given.folder}")
    return outcome.exit_code


if __name__ == "__main__":
    sys.exit(main())
