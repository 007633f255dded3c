"""Flow through a check valve and through a throttle between two reservoirs, by EPANET 2.2.

    pip install wntr==1.5.0
    python3 make.py

A pipe of 1 mm length and 150 mm width carries the check valve's loss, K = 4; a throttle control valve of the same width has its
loss coefficient set. What either gives at heads of −5 … 20 m is written.
"""
import csv, os, tempfile
from pathlib import Path

import wntr

WIDTH = 0.15
rows = []


def flow(link, loss, head):
    net = wntr.network.WaterNetworkModel()
    net.options.hydraulic.headloss, net.options.hydraulic.accuracy = "D-W", 1e-9
    net.options.hydraulic.viscosity = 1e-6
    net.options.time.duration = 0
    net.add_reservoir("a", base_head=100.0 + head)
    net.add_reservoir("b", base_head=100.0)
    if link == "CheckValve":
        net.add_junction("j", base_demand=0.0, elevation=0.0)
        net.add_pipe("p", "a", "j", length=0.001, diameter=1.0, roughness=1e-3, minor_loss=0.0)
        net.add_pipe("l", "j", "b", length=0.001, diameter=WIDTH, roughness=1e-3, minor_loss=loss, check_valve=True)
    else:
        net.add_junction("j", base_demand=0.0, elevation=0.0)
        net.add_junction("k", base_demand=0.0, elevation=0.0)
        net.add_pipe("p", "a", "j", length=0.001, diameter=1.0, roughness=1e-3, minor_loss=0.0)
        net.add_pipe("q", "k", "b", length=0.001, diameter=1.0, roughness=1e-3, minor_loss=0.0)
        net.add_valve("l", "j", "k", diameter=WIDTH, valve_type="TCV", minor_loss=0.0, initial_setting=loss)
    with tempfile.TemporaryDirectory() as folder:
        results = wntr.sim.EpanetSimulator(net).run_sim(file_prefix=os.path.join(folder, "run"))
    return float(results.link["flowrate"]["l"].iloc[0])


for link, losses in (("CheckValve", [4.0]), ("ControlValve", [4.0, 25.0, 400.0])):
    for loss in losses:
        for head in (-5.0, -0.5, 0.2, 1.0, 5.0, 20.0):
            if link == "ControlValve" and head < 0:
                continue
            rows.append([link, WIDTH, loss, head, flow(link, loss, head)])
with open(Path(__file__).resolve().parent / "valves.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["component", "width_m", "loss_coefficient", "head_m", "flow_m3_per_s"])
    out.writerows([row[:1] + [f"{x:.9g}" for x in row[1:]] for row in rows])
