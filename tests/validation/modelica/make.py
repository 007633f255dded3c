"""Reduces records of the Modelica Buildings library to the tables beside this file.

    git clone https://github.com/lbl-srg/modelica-buildings && git -C modelica-buildings checkout c4117cc
    python3 make.py modelica-buildings

What is written is what the files say; what is computed (interval means of a power, a heat from them) is said in the README.
"""
import csv, re, subprocess, sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBRARY = sys.argv[1]
RESULTS = "Buildings/Resources/ReferenceResults/Dymola/Buildings_"


def stored(path):
    return subprocess.run(["git", "-C", LIBRARY, "show", f"c4117cc:{path}"], check=True, capture_output=True, text=True).stdout


def trajectory(name):
    """Columns of a reference result; times from their two ends."""
    text, columns = stored(RESULTS + name + ".txt"), {}
    for found in re.finditer(r"^([\w.\[\]]+)=\[([^\]]*)\]", text, re.M):
        columns[found.group(1)] = [float(x) for x in found.group(2).split(",")]
    length = max(map(len, columns.values()))
    times = columns.pop("time")
    ends = times[0], times[-1]
    times = [ends[0] + (ends[1] - ends[0]) * k / (length - 1) for k in range(length)]
    return times, {k: v if len(v) == length else [v[0]] * length for k, v in columns.items()}


def write(name, header, rows):
    with open(HERE / name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([f"{x:.9g}" if isinstance(x, float) else x for x in row] for row in rows)


# A tower: its heat is that of the room and of everything the plant draws but the tower's own fan, as means between the
# neighbours of a point.
times, of = trajectory("Examples_ChillerPlant_DataCenterContinuousTimeControl")
energy, step = of["EHVAC.y"], times[1] - times[0]
rows = [(times[k] - times[0], of["wseCon.TWetBul"][k], of["TCWLeaTow.T"][k],
         500e3 + (energy[k + 1] - energy[k - 1]) / (2 * step) - 6000.0) for k in range(1, len(times) - 1)]
write("chiller_plant_tower.csv", ["time_s", "wet_bulb_K", "leaving_K", "heat_W"], rows)

# Merkel's tower in hours of EnergyPlus 9.2, whose inputs the example reads from a file of a row per minute and holds between
# rows: what its fan and its water were, and the heat that the library finds. With the pump off there is nothing to compare, and at
# the instant of a new row the value may be of either.
times, of = trajectory("Fluid_HeatExchangers_CoolingTowers_Validation_MerkelEnergyPlus")
folder = "Buildings/Resources/Data/Fluid/HeatExchangers/CoolingTowers/Validation/MerkelEnergyPlus/"
inputs = [[float(x) for x in line.split(",")]
          for line in stored(folder + "CoolingTower_VariableSpeed_Merkel.dat").splitlines() if line[:1].isdigit()]
rows = []
for k, time in enumerate(times):
    _, _, wet_bulb, entering, _, flow, *_, speed = inputs[int(time // 60)]
    if flow > 0 and time % 60:
        rows.append((time, wet_bulb, entering, flow, speed, -of["tow.Q_flow"][k], -of["Q_flow_EP.y"][k]))
write("merkel_tower.csv", ["time_s", "wet_bulb_C", "entering_C", "water_kg_per_s", "fan_speed", "heat_W", "energyplus_heat_W"],
      rows)

# A tank of ten layers, warmed from above and then cooled from below.
times, of = trajectory("Fluid_Storage_Examples_Stratified")
layers = [f"tanSim.vol[{k}].T" for k in range(1, 11)]
rows = [(times[k], of["tanSim.m_flow"][k], *(of[layer][k] for layer in layers)) for k in range(len(times))]
write("stratified_tank.csv", ["time_s", "flow_kg_per_s"] + [f"layer_{k}_K" for k in range(1, 11)], rows)

# Two valves over their opening.
times, of = trajectory("Fluid_Actuators_Valves_Examples_TwoWayValves")
rows = [(times[k], of["valLin.phi"][k], of["valEqu.phi"][k]) for k in range(len(times))]
write("two_way_valve.csv", ["opening", "linear", "equal_percentage"], rows)

# A chiller that is a share of Carnot's: the distinct points.
times, of = trajectory("Fluid_Chillers_Examples_Carnot_TEva")
names = ["chi.sta_b2.T", "chi.sta_b1.T", "chi.QEva_flow", "chi.P", "chi.COP"]
rows = sorted({tuple(of[name][k] for name in names) for k in range(len(times))})
write("carnot_chiller.csv", ["evaporator_leaving_K", "condenser_leaving_K", "evaporator_W", "power_W", "cop"], rows)

# A heat pump by its maker's data, every 5 K of the source.
text = stored("Buildings/Fluid/HeatPumps/ModularReversible/Data/TableData2D/EN14511/WAMAK_WaterToWater_220kW.mo")
tables = []
for name in ("tabPEle", "tabQCon_flow"):
    body = re.search(name + r"=\[(.*?)\]", text, re.S).group(1)
    tables.append([[float(x) for x in row.split(",")] for row in body.split(";")])
rows = [(tables[0][0][k], power[0], power[k], heat[k])
        for power, heat in zip(tables[0][1:], tables[1][1:]) for k in range(1, len(power))
        if power[k] > 0 and round(tables[0][0][k] - 273.15) % 5 == 0]
write("water_heat_pump.csv", ["source_in_K", "supply_K", "power_W", "heat_W"], rows)

# A pipe that was measured.
text = stored("Buildings/Resources/Data/Fluid/FixedResistances/Validation/PlugFlowPipes/PipeDataULg151202.mos")
rows = [line.split(",") for line in text.splitlines() if line[:1].isdigit()]
rows = [(float(r[0]), float(r[1]), float(r[5]), float(r[3])) for r in rows]
write("measured_pipe.csv", ["time_s", "flow_kg_per_s", "inlet_C", "outlet_C"], rows)
