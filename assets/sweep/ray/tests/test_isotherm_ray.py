"""isotherm-ray without Ray and without isotherm: a script ends as it is told, and a fake of Ray runs tasks at once."""

import json
import os
import stat
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from isotherm_ray import FINAL, Final, Outcome, Retryable, command, run_shard, sweep  # noqa: E402

SCRIPT = """#!{python}
import json, os, signal, sys
shard = sys.argv[sys.argv.index("--shard") + 1]
folder = sys.argv[3]
log = os.path.join(folder, shard.replace("/", "of"))
with open(log, "a") as file:
    file.write("x")
tries = os.path.getsize(log)
plan = json.load(open(os.path.join(folder, "plan")))[int(shard.split("/")[0])]
code = plan[min(tries, len(plan)) - 1]
print(json.dumps({{"event": "progress", "of": 4, "done": 2}}), file=sys.stderr)
if code < 0:
    os.kill(os.getpid(), -code)
diagnostics = [{{"message": "no such site"}}] if code else []
print(json.dumps({{"ok": code == 0, "data": {{"cases": 4, "shard": shard}}, "diagnostics": diagnostics}}))
sys.exit(code)
"""


class Lost(Exception):
    """A node went away."""


class FakeRay:
    """Runs a task when it is asked for; loses the node of those that are named, once each."""

    def __init__(self, lose=()):
        self.lose, self.options, self.up = set(lose), None, False

    def is_initialized(self):
        return self.up

    def init(self, **options):
        self.up, self.asked = True, options

    def shutdown(self):
        self.up = False

    def remote(self, **options):
        self.options = options

        def decorated(function):
            class Task:
                @staticmethod
                def remote(*arguments):
                    return (function, arguments)

            return Task

        return decorated

    def wait(self, references, num_returns):
        return references[:num_returns], references[num_returns:]

    def get(self, reference):
        function, arguments = reference
        for _ in range(self.options["max_retries"] + 1):
            if arguments[1] in self.lose:
                self.lose.discard(arguments[1])
                continue
            try:
                return function(*arguments)
            except tuple(self.options["retry_exceptions"]) as error:
                last = error
        raise last


class Shards(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.isotherm = os.path.join(self.folder, "isotherm")
        with open(self.isotherm, "w") as file:
            file.write(SCRIPT.format(python=sys.executable))
        os.chmod(self.isotherm, os.stat(self.isotherm).st_mode | stat.S_IXUSR)

    def plan(self, *shards):
        with open(os.path.join(self.folder, "plan"), "w") as file:
            json.dump(shards, file)

    def tries(self, shard, of):
        return os.path.getsize(os.path.join(self.folder, f"{shard}of{of}"))

    def run_one(self, **options):
        pauses = []
        options = {"isotherm": self.isotherm, "sleep": pauses.append, **options}
        try:
            return run_shard(self.folder, 0, 1, **options), pauses
        except Final as error:
            return error, pauses

    def test_the_command_asks_for_one_shard_in_a_form_for_programs(self):
        words = command("d", 3, 8, 2, "iso", ["--max-failures", "5 %"])
        self.assertEqual(words[:7], ["iso", "sweep", "run", "d", "--shard", "3/8", "--jobs"])
        self.assertEqual(words[7:], ["2", "--json", "--progress", "json", "--max-failures", "5 %"])

    def test_what_is_final_is_tried_once_and_says_why(self):
        for code in sorted(FINAL):
            with self.subTest(code=code):
                self.plan([code])
                error, pauses = self.run_one()
                self.assertNotIsInstance(error, Retryable)
                self.assertEqual((error.code, pauses), (code, []))
                self.assertIn("no such site", str(error))
        self.assertEqual(FINAL, {2, 64, 65, 66, 67, 68, 69, 70, 73, 76})

    def test_a_full_disk_a_lock_and_a_kill_are_tried_again_with_growing_pauses(self):
        self.plan([74, 75, -9, 0])
        answer, pauses = self.run_one()
        self.assertEqual((answer["cases"], pauses), (4, [2.0, 4.0, 8.0]))

    def test_what_stays_retryable_is_handed_to_ray(self):
        self.plan([75])
        error, pauses = self.run_one(tries=3)
        self.assertIsInstance(error, Retryable)
        self.assertEqual((error.code, len(pauses)), (75, 2))

    def test_progress_is_told_and_is_no_error(self):
        self.plan([0])
        seen = []
        self.run_one(see=lambda shard, event: seen.append((shard, event["done"])))
        self.assertEqual(seen, [(0, 2)])

    def test_a_node_that_is_lost_costs_a_retry_and_no_shard(self):
        self.plan([0], [0], [0])
        ray = FakeRay(lose=[1])
        outcome = sweep(self.folder, 3, isotherm=self.isotherm, ray=ray)
        self.assertEqual((sorted(outcome.done), outcome.failed, outcome.exit_code), ([0, 1, 2], {}, 0))
        self.assertEqual((ray.options["num_cpus"], ray.options["max_retries"]), (1, 3))
        self.assertFalse(ray.up, "what was started is shut down")

    def test_one_shard_that_fails_for_good_does_not_end_the_others(self):
        self.plan([0], [65], [0])
        told = []
        outcome = sweep(self.folder, 3, isotherm=self.isotherm, ray=FakeRay(), tell=told.append)
        self.assertEqual((sorted(outcome.done), list(outcome.failed), outcome.exit_code), ([0, 2], [1], 65))
        self.assertEqual((self.tries(1, 3), len(told)), (1, 3))

    def test_a_shard_is_retried_by_ray_after_its_own_tries(self):
        self.plan([-9, 0])
        outcome = sweep(self.folder, 1, isotherm=self.isotherm, ray=FakeRay(), tries=1)
        self.assertEqual((outcome.exit_code, self.tries(0, 1)), (0, 2))
        self.plan([74])
        outcome = sweep(self.folder, 1, isotherm=self.isotherm, ray=FakeRay(), tries=1, max_retries=2)
        self.assertEqual((outcome.exit_code, self.tries(0, 1)), (75, 2 + 3))

    def test_the_worst_code_is_that_of_what_is_final(self):
        failed = {0: Retryable(0, 74, ""), 1: Final(1, 66, "")}
        self.assertEqual(Outcome(failed=failed).exit_code, 66)
        self.assertEqual(Outcome(failed={0: Retryable(0, 74, "")}).exit_code, 75)


if __name__ == "__main__":
    unittest.main()
