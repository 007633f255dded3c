"""A sweep on two nodes of Ray on this machine, of which one is removed in its midst: the rows are those of one process.

python ray_two_nodes.py ISOTHERM STUDY; needs ray.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.join(HERE, "..", "..", "assets", "sweep", "ray")
sys.path.insert(0, PACKAGE)
os.environ["PYTHONPATH"] = PACKAGE + os.pathsep + os.environ.get("PYTHONPATH", "")

from isotherm_ray import ENVIRONMENT, sweep  # noqa: E402

os.environ.update(ENVIRONMENT)
import ray  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

ISOTHERM, STUDY = (os.path.abspath(path) for path in sys.argv[1:3])
SHARDS = 8


def said(folder, *words):
    answer = subprocess.run([ISOTHERM, "sweep", *words, folder, "--json"], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)["data"]


def planned(folder):
    subprocess.run([ISOTHERM, "sweep", "plan", STUDY, "-o", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


with tempfile.TemporaryDirectory() as scratch:
    one = planned(os.path.join(scratch, "one"))
    subprocess.run([ISOTHERM, "sweep", "run", one, "-q"], check=True)
    expected = said(one, "merge")["hash"]
    shared = planned(os.path.join(scratch, "shared"))
    node = {"include_dashboard": False, "object_store_memory": 80_000_000}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, **node})
    second = cluster.add_node(num_cpus=2, object_store_memory=80_000_000)
    ray.init(address=cluster.address, log_to_driver=False)
    print(f"ray {ray.__version__}: {len([n for n in ray.nodes() if n['Alive']])} nodes are up", flush=True)
    state = {"removed": False}

    def tell(line):
        print(line, flush=True)
        if not state["removed"]:
            state["removed"] = True
            cluster.remove_node(second, allow_graceful=False)
            missing = said(shared, "status")["missing"]
            print(f"a node was removed; {missing} cases are missing", flush=True)
            assert missing > 0, "the sweep was over before the node was removed"

    outcome = sweep(shared, SHARDS, isotherm=ISOTHERM, more=["--commit-every", "8"], tell=tell)
    ray.shutdown()
    cluster.shutdown()
    merged = said(shared, "merge")
    print(f"one process {expected}\ntwo nodes   {merged['hash']}", flush=True)
    assert state["removed"], "no node was removed"
    assert outcome.exit_code == 0 and len(outcome.done) == SHARDS, outcome.failed
    assert merged["missing"] == 0 and merged["hash"] == expected, merged
