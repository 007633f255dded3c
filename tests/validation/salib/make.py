"""Reference values of samplers and of sensitivity analysis, by SciPy and SALib.

    pip install SALib==1.6.0 scipy
    python make.py            # writes the tables beside it

Nothing here is read from isotherm: the tests hold isotherm against these tables.
"""

import csv

import numpy as np
from scipy.stats import qmc
from SALib.analyze import morris as morris_analyze
from SALib.analyze import sobol as sobol_analyze
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from SALib.test_functions import Ishigami

SEEDS = range(1, 21)


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[repr(float(x)) if isinstance(x, (float, np.floating)) else x for x in row] for row in rows])


def discrepancies():
    cd = lambda points: qmc.discrepancy(points, method="CD")
    plain = qmc.Sobol(20, scramble=False).random(64)
    write("sobol.csv", [f"x{k}" for k in range(20)], plain)
    mean = lambda make: float(np.mean([cd(make(seed)) for seed in SEEDS]))
    write(
        "discrepancy.csv",
        ["sampler", "centred_discrepancy"],
        [
            ["Unscrambled", float(cd(plain))],
            ["Sobol", mean(lambda s: qmc.Sobol(6, seed=s).random(256))],
            ["LatinHypercube", mean(lambda s: qmc.LatinHypercube(6, seed=s).random(256))],
            ["Random", mean(lambda s: np.random.default_rng(s).random((256, 6)))],
        ],
    )


def sensitivities():
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
    unit = lambda x: (x + np.pi) / (2 * np.pi)

    x = sobol_sample.sample(problem, 64, calc_second_order=False, seed=1)
    y = Ishigami.evaluate(x)
    write("ishigami_saltelli.csv", ["u1", "u2", "u3", "y"], np.column_stack([unit(x), y]))
    s = sobol_analyze.analyze(problem, y, calc_second_order=False, seed=1)
    write("ishigami_sobol.csv", ["name", "first", "total"], zip(problem["names"], s["S1"], s["ST"]))

    x = morris_sample.sample(problem, 20, num_levels=4, seed=1)
    y = Ishigami.evaluate(x)
    write("ishigami_paths.csv", ["u1", "u2", "u3", "y"], np.column_stack([unit(x), y]))
    m = morris_analyze.analyze(problem, x, y, num_levels=4, seed=1)
    write("ishigami_morris.csv", ["name", "mu", "mu_star", "sigma"], zip(problem["names"], m["mu"], m["mu_star"], m["sigma"]))


discrepancies()
sensitivities()
