"""Why the library's tower of Merkel's gives 1 to 2 % less heat than EnergyPlus and we: it counts the enthalpy of saturated air per
kilogram of moist air, and its flow of air in the same kilograms, so that the heat of the air over its wet bulb comes out smaller
and the conductance found at the design point larger.

    python3 merkel_difference.py

solves the equations of `merkel.rs` both ways at the states of `merkel_tower.csv` and prints how far the library's heat is from
either.
"""
import csv, math
from pathlib import Path

PRESSURE = 101325.0
# The example: water and air at design, 29.4 °C from 34.9 °C at a wet bulb of 25.6 °C.
WATER, HEAT, AIR, AIR_HEAT = 0.00109317 * 995.586, 4184.0, 0.56124 * 1.2, 1006.0
WET_BULB, APPROACH, RANGE = 25.6, 3.9, 5.5


def humidity(celsius):
    """Humidity ratio of saturated air, ASHRAE Fundamentals 2017 ch. 1 eq. 6 and 20."""
    t = celsius + 273.15
    vapour = math.exp(-5.8002206e3 / t + 1.3914993 - 4.8640239e-2 * t + 4.1764768e-5 * t**2
                      - 1.4452093e-8 * t**3 + 6.5459673 * math.log(t))
    return 0.621945 * vapour / (PRESSURE - vapour)


def enthalpy(celsius, per_dry):
    w = humidity(celsius)
    return (1006.0 * celsius + w * (2.501e6 + 1860.0 * celsius)) / (1.0 if per_dry else 1.0 + w)


def heat(conductance, water, entering, air, wet_bulb, per_dry):
    """Heat from the water (W)."""
    leaving = wet_bulb + 6.0
    for _ in range(200):
        mean = (enthalpy(leaving, per_dry) - enthalpy(wet_bulb, per_dry)) / (leaving - wet_bulb)
        small, large = sorted([air * mean, water])
        z, units = small / large, conductance * mean / AIR_HEAT / small
        passed = math.exp(-units * (1.0 - z))
        found = (1.0 - passed) / (1.0 - z * passed) * small * (entering - wet_bulb)
        leaving = 0.5 * (leaving + wet_bulb + found / (air * mean))
    return found


for per_dry in (True, False):
    low, high = 10.0, 1e5
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        enough = heat(middle, WATER * HEAT, WET_BULB + APPROACH + RANGE, AIR, WET_BULB, per_dry) > WATER * HEAT * RANGE
        low, high = (low, middle) if enough else (middle, high)
    errors = []
    with open(Path(__file__).resolve().parent / "merkel_tower.csv") as file:
        for row in csv.DictReader(file):
            _, wet_bulb, entering, flow, x, expected, _ = map(float, row.values())
            y = flow / WATER
            share = (1.3 * x - 0.3 * x * x) * (0.1082 + 1.667 * y - 0.7713 * y * y) * (1.0 + 0.0081 * (WET_BULB - wet_bulb))
            errors.append(heat(low * share, flow * HEAT, entering, AIR * x, wet_bulb, per_dry) / expected - 1.0)
    print(f"per kilogram of {'dry' if per_dry else 'moist'} air: {low:.0f} W/K, "
          f"{100 * min(errors):+.2f} % to {100 * max(errors):+.2f} %")
