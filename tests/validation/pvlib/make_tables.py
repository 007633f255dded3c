"""Makes sun_position.csv, plane_of_array.csv, array_power.csv and wind.csv beside this file, with pvlib 0.16.

Times are spread over years, latitudes and hours by a fixed sequence; no weather data of others is used.
"""
import math
import numpy as np, pandas as pd, pvlib

golden = (math.sqrt(5) - 1) / 2
spread = lambda k, low, high, step: low + (high - low) * ((k * golden * step) % 1.0)

# Position of the sun: NREL SPA, geometric zenith (no refraction).
with open("sun_position.csv", "w") as out:
    out.write("days_since_2000_noon_utc,latitude_deg,longitude_deg,zenith_deg,azimuth_deg\n")
    for k in range(400):
        days = round(spread(k, -3650.0, 10950.0, 1.0), 5)
        latitude, longitude = round(spread(k, -66, 70, 3.7), 4), round(spread(k, -180, 180, 7.3), 4)
        time = pd.DatetimeIndex([pd.Timestamp("2000-01-01 12:00", tz="UTC") + pd.Timedelta(days * 86400, "s")])
        sun = pvlib.solarposition.spa_python(time, latitude, longitude)
        out.write(f"{days},{latitude},{longitude},{sun['zenith'].iloc[0]:.6f},{sun['azimuth'].iloc[0]:.6f}\n")

# Plane of array: Hay and Davies with isotropic ground, for a given sun.
with open("plane_of_array.csv", "w") as out:
    out.write("zenith_deg,azimuth_deg,dni,dhi,ghi,extra,tilt_deg,plane_azimuth_deg,albedo,poa\n")
    for k in range(300):
        zenith, azimuth = round(spread(k, 5, 88, 1.0), 3), round(spread(k, 60, 300, 2.3), 3)
        dni, dhi = round(spread(k, 0, 950, 5.1), 1), round(spread(k, 10, 400, 3.3), 1)
        ghi = round(dni * math.cos(math.radians(zenith)) + dhi, 3)
        extra, albedo = 1361.0, 0.2
        tilt, plane = round(spread(k, 0, 75, 4.9), 2), round(spread(k, 90, 270, 6.7), 2)
        poa = pvlib.irradiance.get_total_irradiance(tilt, plane, zenith, azimuth, dni, ghi, dhi, dni_extra=extra,
                                                    albedo=albedo, model="haydavies")["poa_global"]
        out.write(f"{zenith},{azimuth},{dni},{dhi},{ghi},{extra},{tilt},{plane},{albedo},{float(poa):.6f}\n")

# From the plane to alternating current: ASHRAE incidence, Faiman, PVWatts.
with open("array_power.csv", "w") as out:
    out.write("incidence_deg,beam,diffuse,dry_bulb_c,wind,cell_c,ac_w\n")
    p_dc, p_ac, eta, losses = 1.2e6, 1.0e6, 0.96, 0.14
    for k in range(300):
        aoi, beam, diffuse = round(spread(k, 0, 89, 1.0), 3), round(spread(k, 0, 1000, 2.3), 2), round(spread(k, 0, 300, 3.1), 2)
        beam = round(beam * math.cos(math.radians(aoi)), 4)
        air, wind = round(spread(k, -25, 45, 5.3), 2), round(spread(k, 0, 15, 7.7), 2)
        cell = pvlib.temperature.faiman(beam + diffuse, air, wind)
        effective = beam * pvlib.iam.ashrae(aoi, 0.05) + diffuse
        dc = pvlib.pvsystem.pvwatts_dc(effective, cell, p_dc, -0.0035) * (1 - losses)
        ac = pvlib.inverter.pvwatts(dc, p_ac / eta, eta)
        out.write(f"{aoi},{beam},{diffuse},{air},{wind},{float(cell):.6f},{float(ac):.4f}\n")

# A clear day, minute by minute, as means of hours and what modules give of it: what hourly input costs.
with open("clear_days.csv", "w") as out:
    out.write("latitude_deg,longitude_deg,utc_offset_h,day_of_2002,hour,dni,dhi,tilt_deg,plane_azimuth_deg,poa_mean\n")
    for latitude, longitude, offset in [(33.45, -111.98, -7), (59.33, 18.06, 1), (-33.9, 151.2, 10)]:
        for date in ["2002-03-21", "2002-06-21", "2002-10-05", "2002-12-21"]:
            zone = f"Etc/GMT{-offset:+d}"
            place = pvlib.location.Location(latitude, longitude, zone, 100)
            minutes = pd.date_range(f"{date} 00:00:30", periods=1440, freq="min", tz=zone)
            sky = place.get_clearsky(minutes, model="ineichen", linke_turbidity=3.0)
            sun = pvlib.solarposition.spa_python(minutes, latitude, longitude)
            up = sun["zenith"] < 90.0
            dni, dhi = sky["dni"].where(up, 0.0), sky["dhi"]
            ghi = dni * np.cos(np.radians(sun["zenith"])).clip(lower=0) + dhi
            for tilt, plane in [(0, 180), (30, 180), (60, 90)]:
                if latitude < 0: plane = (540 - plane) % 360
                poa = pvlib.irradiance.get_total_irradiance(tilt, plane, sun["zenith"], sun["azimuth"], dni, ghi, dhi,
                    dni_extra=pvlib.irradiance.get_extra_radiation(minutes, solar_constant=1361.0), albedo=0.2, model="haydavies")["poa_global"]
                poa = poa.fillna(0.0)
                for hour in range(24):
                    part = slice(60 * hour, 60 * hour + 60)
                    d = (pd.Timestamp(date) - pd.Timestamp("2002-01-01")).days
                    out.write(f"{latitude},{longitude},{offset},{d},{hour},{dni.iloc[part].mean():.4f},{dhi.iloc[part].mean():.4f},{tilt},{plane},{poa.iloc[part].mean():.4f}\n")

# Three clear days of Phoenix in the format of EPW, with plain air: a fixture, not weather.
with open("clear_days.epw", "w") as out:
    out.write("LOCATION,Synthetic clear days,AZ,USA,synthetic,000000,33.45,-111.98,-7.0,337.0\nDESIGN CONDITIONS,0\n")
    out.write("TYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\n")
    out.write("COMMENTS 1,cloudless sky by pvlib (Ineichen and Linke turbidity 3) with invented air\nCOMMENTS 2,\n")
    out.write("DATA PERIODS,1,1,Data,Thursday,6/20,6/22\n")
    place = pvlib.location.Location(33.45, -111.98, "Etc/GMT+7", 337)
    for day in (20, 21, 22):
        minutes = pd.date_range(f"2002-06-{day} 00:00:30", periods=1440, freq="min", tz="Etc/GMT+7")
        sky = place.get_clearsky(minutes, model="ineichen", linke_turbidity=3.0)
        for hour in range(24):
            mean = sky.iloc[60 * hour : 60 * hour + 60].mean()
            air = 33.0 + 7.0 * math.cos((hour + 1 - 16) / 24 * 2 * math.pi)
            humidity = 100 * math.exp(17.625 * 5 / 248.04) / math.exp(17.625 * air / (243.04 + air))
            out.write(f"2002,6,{day},{hour + 1},60,?9?9?9?9E0,{air:.1f},5.0,{humidity:.0f},97300,0,0,300,{mean['ghi']:.0f},{mean['dni']:.0f},{mean['dhi']:.0f},0,0,0,0,180,3.0,0,0,20.0,77777,9,999999999,100,0.1000,0,88,0.200,0.0,0.0\n")
