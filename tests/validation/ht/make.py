"""Heat of exchangers by the library ht, at the rates and conductances of the table.

    pip install ht==1.2.0 CoolProp==8.0.0
    python3 make.py

A component that is sized from a data sheet has its conductance found here again, by ht, from the same data sheet: water and
propylene glycol (25 % by mass) by CoolProp at 30 °C or the inlet named, dry air with 1006 + 1860·W J/(kg K) by the gas law.
"""
import csv
from pathlib import Path

from CoolProp.CoolProp import PropsSI
from ht import effectiveness_NTU_method

ZERO = 273.15


def water(celsius):
    t = celsius + ZERO
    return PropsSI("D", "T", t, "P", 2e5, "Water"), PropsSI("C", "T", t, "P", 2e5, "Water")


def glycol(celsius):
    t = celsius + ZERO
    return PropsSI("D", "T", t, "P", 2e5, "INCOMP::MPG-25%"), PropsSI("C", "T", t, "P", 2e5, "INCOMP::MPG-25%")


def heat(subtype, conductance, hot, cold, t_hot, t_cold):
    return effectiveness_NTU_method(mh=hot, mc=cold, Cph=1.0, Cpc=1.0, subtype=subtype, Thi=t_hot, Tci=t_cold,
                                    UA=conductance)["Q"]


def size(subtype, q, hot, cold, t_hot, t_cold):
    return effectiveness_NTU_method(mh=hot, mc=cold, Cph=1.0, Cpc=1.0, subtype=subtype, Thi=t_hot, Tci=t_cold,
                                    Tho=t_hot - q / hot)["UA"]


rows = []
SHARES = [1.0, 0.7, 0.4, 1.6]


def add(component, subtype, conductance, hot, cold, t_hot, t_cold):
    """The rate of the cold stream varied through its heat capacity, at the design flows."""
    for share in SHARES:
        q = heat(subtype, conductance, hot, cold * share, t_hot, t_cold)
        rows.append([component, subtype, conductance, hot, cold * share, t_hot, t_cold, q])


rho_w, cp_w = water(30)
rho_g, cp_g = glycol(30)
# Plates, economizer and the delivery point: the conductance is declared.
add("PlateExchanger", "counterflow", 200e3, 0.025 * 1018 * 3940, 0.030 * 998 * 4185, 28.0, 15.0)
add("WaterSideEconomizer", "counterflow", 300e3, 0.030 * 998 * 4186, 0.040 * 999 * 4192, 17.0, 8.0)
for valve in SHARES[:1]:
    rows.append(["DistrictHeating", "counterflow", 120e3, 0.02 * 983 * 4185, 0.015 * 983 * 4185, 62.0, 38.0,
                 heat("counterflow", 120e3, 0.02 * 983 * 4185, 0.015 * 983 * 4185, 62.0, 38.0)])
# CDU: 1.35 MW at an approach of 4.5 K between the entering water and the leaving coolant.
hot, cold = 0.033 * rho_g * cp_g, 0.03 * rho_w * cp_w
t_hot = 30 + 4.5 + 1.35e6 / hot
add("Cdu", "counterflow", size("counterflow", 1.35e6, hot, cold, t_hot, 30.0), hot, cold, t_hot, 30.0)
# Immersion tank: 100 kW from oil of 805 kg/m³ and 2200 J/(kg K), 15 K above the entering water.
hot, cold = 8e-3 * 805 * 2200, 2.4e-3 * rho_w * cp_w
add("ImmersionTank", "counterflow", size("counterflow", 100e3, hot, cold, 45.0, 30.0), hot, cold, 45.0, 30.0)
# Coils: 100 kW from 7.2 m³/s of air of 36 °C, and 50 kW from 3 m³/s of 40 °C, to water of 18 °C; 8 g/kg.
rho, cp = water(18)
for component, subtype, q, air, t_air, flow in (("Crah", "counterflow", 100e3, 7.2, 36.0, 2.4e-3),
                                                ("RearDoor", "crossflow approximate", 50e3, 3.0, 40.0, 1.4e-3)):
    dry = air * 101325 / (287.042 * (t_air + ZERO) * (1 + 1.607858 * 0.008))
    hot, cold = dry * (1006 + 1860 * 0.008), flow * rho * cp
    add(component, subtype, size(subtype, q, hot, cold, t_air, 18.0), hot, cold, t_air, 18.0)
with open(Path(__file__).resolve().parent / "exchangers.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["component", "arrangement", "conductance_W_per_K", "hot_W_per_K", "cold_W_per_K", "hot_C", "cold_C", "heat_W"])
    out.writerows([row[:2] + [f"{x:.10g}" for x in row[2:]] for row in rows])
