"""Makes models/skies/clear_phoenix.csv: the sun of a clear sky and a wind of everyday strength, both synthetic.

Run with pvlib 0.16: python make_sky.py > ../../../models/skies/clear_phoenix.csv
"""
import numpy as np, pandas as pd, pvlib

print("# Synthetic: a cloudless sky over Phoenix, Arizona (33.45 N, 111.98 W, 337 m), and an assumed wind. No measurement.")
print("# source: synthetic, year 2002: clear sky of Ineichen and Perez (2002), Linke turbidity 3.0, pvlib 0.16; wind assumed")
print("# latitude_deg: 33.45")
print("# longitude_deg: -111.98")
print("# clouds: none")
print("# Sun: mean of each hour on the 15th of each month. No cloud passes: an upper bound for a year.")
print("# Wind: 3.0 m/s, 3.6 in spring, a breeze of 1 m/s in the afternoon: assumed, of the size that airports of the region")
print("# report at 10 m, to verify.")
print("month,hour,direct_normal_w_m2,diffuse_horizontal_w_m2,wind_speed_m_s")
place = pvlib.location.Location(33.45, -111.98, "Etc/GMT+7", 337)
for month in range(1, 13):
    minutes = pd.date_range(f"2002-{month:02d}-15 00:00:30", periods=1440, freq="min", tz="Etc/GMT+7")
    sky = place.get_clearsky(minutes, model="ineichen", linke_turbidity=3.0)
    sun = place.get_solarposition(minutes)
    for hour in range(24):
        part = slice(60 * hour, 60 * hour + 60)
        direct, diffuse = sky["dni"].iloc[part].mean(), sky["dhi"].iloc[part].mean()
        wind = 3.0 + 0.6 * np.cos((month - 4.5) / 12 * 2 * np.pi) * (abs(month - 4.5) < 3)
        wind += 1.0 * np.exp(-(((hour + 0.5 - 16) / 4) ** 2))
        print(f"{month},{hour},{direct:.1f},{diffuse:.1f},{wind:.2f}")
