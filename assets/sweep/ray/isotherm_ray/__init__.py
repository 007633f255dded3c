"""Shards of an isotherm sweep as tasks of Ray.

A shard calculates what is not committed yet and commits in whole files, so it may be started as often as need be: what Ray
does when a node is lost is all that a sweep asks for. Nothing here looks into results; exit codes decide.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Sequence

__all__ = ["FINAL", "Final", "Outcome", "Retryable", "command", "run_shard", "sweep"]

#: Endings that another try would not change: usage, input, no convergence, a fault, no output, too many failures.
FINAL = frozenset([2, *range(64, 71), 73, 76])
#: What Ray is told before it is imported: it rewrites 127.0.0.1 to the address of an interface otherwise, and a cluster on
#: one machine then hangs where that address cannot be reached; and it sends no statistics.
ENVIRONMENT = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
_PR_SET_PDEATHSIG = 1


class Final(Exception):
    """A shard ended in a way that another try would not change."""

    def __init__(self, shard: int, code: int, said: str):
        super().__init__(shard, code, said)
        self.shard, self.code, self.said = shard, code, said

    def __str__(self) -> str:
        return f"shard {self.shard} ended with {self.code}: {self.said.strip() or 'it said nothing'}"


class Retryable(Final):
    """A shard ended in a way that another try, elsewhere or later, may change."""


@dataclass
class Outcome:
    """What became of a sweep."""

    #: Of each shard that is done, what the command answered.
    done: dict[int, dict[str, Any]] = field(default_factory=dict)
    #: Of each other shard, why it is not.
    failed: dict[int, Final] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0, or how the first shard that failed for good ended; 75 where another try may help."""
        final = [error.code for _, error in sorted(self.failed.items()) if not isinstance(error, Retryable)]
        return final[0] if final else (75 if self.failed else 0)


def command(folder: str, shard: int, shards: int, jobs: int = 1, isotherm: str = "isotherm", more: Sequence[str] = ()) -> list[str]:
    """The command of a shard."""
    which = f"{shard}/{shards}"
    return [isotherm, "sweep", "run", folder, "--shard", which, "--jobs", str(jobs), "--json", "--progress", "json", *more]


def _die_with_parent() -> None:
    # A worker that is killed with its node takes its shard along; else the shard would hold its lock against the next try.
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _events(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and event.get("event") == "progress" else None


def run_shard(
    folder: str,
    shard: int,
    shards: int,
    jobs: int = 1,
    isotherm: str = "isotherm",
    more: Sequence[str] = (),
    tries: int = 4,
    pause: float = 2.0,
    see: Callable[[int, dict[str, Any]], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Calculates one shard here, with growing pauses between tries; gives what the command answered.

    Raises Final or Retryable, by the exit code.
    """
    words = command(folder, shard, shards, jobs, isotherm, more)
    for attempt in range(tries):
        if attempt:
            sleep(pause * 2 ** (attempt - 1))
        said: list[str] = []
        with subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_die_with_parent,
        ) as child:
            for line in child.stderr:
                event = _events(line)
                if event is None:
                    said.append(line)
                elif see is not None:
                    see(shard, event)
            answer = child.stdout.read()
        if child.returncode == 0:
            return json.loads(answer).get("data", {})
        if child.returncode in FINAL:
            raise Final(shard, child.returncode, _said(answer, said))
    raise Retryable(shard, child.returncode, _said(answer, said))


def _said(answer: str, said: list[str]) -> str:
    """What a command that failed says: the messages of its answer, else the end of its standard error."""
    try:
        diagnostics = json.loads(answer).get("diagnostics", [])
        messages = [diagnostic.get("message", "") for diagnostic in diagnostics]
    except (ValueError, AttributeError):
        messages = []
    return "; ".join(filter(None, messages)) or "".join(said[-5:])


def sweep(
    folder: str,
    shards: int,
    jobs: int = 1,
    isotherm: str = "isotherm",
    address: str | None = None,
    more: Sequence[str] = (),
    max_retries: int = 3,
    tries: int = 4,
    tell: Callable[[str], None] | None = None,
    ray: Any = None,
) -> Outcome:
    """Calculates all shards of a planned sweep as tasks of Ray, each of `jobs` processors.

    `ray` stands in for the module. A Ray that is connected already is used as it is.
    """
    if ray is None:
        for name, value in ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        import ray  # noqa: PLC0415 - after the environment
    started = False
    if not ray.is_initialized():
        ours = {} if address else {"include_dashboard": False, "object_store_memory": 100_000_000}
        ray.init(address=address, log_to_driver=False, **ours)
        started = True
    try:
        task = ray.remote(num_cpus=jobs, max_retries=max_retries, retry_exceptions=[Retryable])(run_shard)
        folder = os.path.abspath(folder)
        waiting = {
            task.remote(folder, shard, shards, jobs, isotherm, tuple(more), tries): shard for shard in range(shards)
        }
        outcome = Outcome()
        while waiting:
            ready, _ = ray.wait(list(waiting), num_returns=1)
            for reference in ready:
                shard = waiting.pop(reference)
                try:
                    outcome.done[shard] = ray.get(reference)
                    word = "done"
                except Exception as error:  # Ray wraps what a task raises, and has errors of its own for nodes.
                    outcome.failed[shard] = _unwrapped(shard, error)
                    word = str(outcome.failed[shard])
                if tell is not None:
                    tell(f"shard {shard}/{shards}: {word} ({len(waiting)} to go)")
        return outcome
    finally:
        if started:
            ray.shutdown()


def _unwrapped(shard: int, error: Exception) -> Final:
    cause = getattr(error, "cause", None) or error
    return cause if isinstance(cause, Final) else Retryable(shard, -1, f"{type(error).__name__}: {error}")
