"""NSGA-II of pymoo on ZDT1, ZDT2 and ZDT3: hypervolumes of the last population, a row for each problem and seed.

pip install pymoo==0.6.2; python make.py > hypervolume.csv
"""

import sys

from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.indicators.hv import HV
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.sampling.lhs import LHS
from pymoo.optimize import minimize
from pymoo.problems import get_problem

VARIABLES, POPULATION, GENERATIONS, SEEDS = 30, 100, 250, range(1, 4)

print("problem,seed,hypervolume,of_true_front")
for name in sys.argv[1:] or ["zdt1", "zdt2", "zdt3"]:
    problem = get_problem(name, n_var=VARIABLES)
    volume = HV(ref_point=[1.1, 1.1])
    # The two names that pymoo has for it.
    many = {"n_points": 500} if name == "zdt3" else {"n_pareto_points": 2000}
    true = volume(problem.pareto_front(**many))
    for seed in SEEDS:
        algorithm = NSGA2(
            pop_size=POPULATION,
            sampling=LHS(),
            crossover=SBX(prob=0.9, eta=15),
            mutation=PM(prob=1.0, prob_var=1.0 / VARIABLES, eta=20),
            eliminate_duplicates=True,
        )
        found = minimize(problem, algorithm, ("n_gen", GENERATIONS), seed=seed)
        print(f"{name},{seed},{volume(found.F):.9f},{true:.9f}", flush=True)
