"""Outdoor and return air mixed adiabatically, and then wetted by pads, by psychrolib.

    pip install psychrolib==2.5.0
    python3 make.py

Mixing: enthalpy and humidity ratio per kilogram of dry air in proportion (ASHRAE Fundamentals 2017, chapter 1, "Adiabatic
Mixing of Two Moist Airstreams"). Pads carry air along its wet bulb.
"""
import csv
from pathlib import Path

import psychrolib as p

p.SetUnitSystem(p.SI)
rows = []
for pressure in (101325.0, 85000.0):
    for outdoor, humidity in ((-15.0, 0.7), (0.0, 0.5), (12.0, 0.9), (22.0, 0.3)):
        for share in (0.1, 0.45, 1.0):
            w_return = p.GetHumRatioFromTDewPoint(10.0, pressure)
            w_out = p.GetHumRatioFromRelHum(outdoor, humidity, pressure)
            h_return, h_out = p.GetMoistAirEnthalpy(35.0, w_return), p.GetMoistAirEnthalpy(outdoor, w_out)
            w, h = w_return + share * (w_out - w_return), h_return + share * (h_out - h_return)
            mixed = p.GetTDryBulbFromEnthalpyAndHumRatio(h, w)
            if w > p.GetSatHumRatio(mixed, pressure):
                continue
            wet = p.GetTWetBulbFromHumRatio(mixed, w, pressure)
            behind = mixed - 0.8 * (mixed - wet)
            wetted = p.GetHumRatioFromTWetBulb(behind, wet, pressure)
            rows.append([pressure, outdoor, humidity, share, h_return, w_return, w_out, h_out - h_return, mixed, w,
                         p.GetTDewPointFromHumRatio(mixed, w, pressure), wetted])
with open(Path(__file__).resolve().parent / "mixed_air.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["pressure_Pa", "outdoor_C", "outdoor_humidity", "share", "return_J_per_kg", "return_kg_per_kg", "outdoor_kg_per_kg",
                  "step_J_per_kg", "mixed_C", "mixed_kg_per_kg", "dew_point_C", "wetted_kg_per_kg"])
    out.writerows([[f"{x:.10g}" for x in row] for row in rows])
