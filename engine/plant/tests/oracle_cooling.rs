//! Water-side cooling against stored tables of other people's programs: `tests/validation/oracle/`.
//!
//! Every test prints the worst error it met and insists on the number of values compared.

use plant::cooling::{adiabatic_cooler, exchange, open_tower, water_cooled_chiller, york_calc};
use plant::kernel::{Kind, Surroundings};
use std::collections::HashMap;

const ZERO: f64 = 273.15;
const SEA_LEVEL: Surroundings = Surroundings { pressure: 101_325.0 };

struct Row(HashMap<String, String>);

impl Row {
    fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }
    fn get(&self, column: &str) -> f64 {
        self.text(column).parse().unwrap_or_else(|_| panic!("{column}: {:?} is no number", self.text(column)))
    }
}

/// The cells of a line; a cell in quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

fn table(file: &str) -> Vec<Row> {
    let path = format!("{}/../../tests/validation/oracle/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = text.lines();
    let header = cells(lines.next().expect("a header"));
    let row = |line: &str| {
        let cells = cells(line);
        assert_eq!(cells.len(), header.len(), "{file}: {line}");
        Row(header.iter().cloned().zip(cells).collect())
    };
    lines.filter(|line| !line.is_empty()).map(row).collect()
}

/// The worst error of one quantity, and where it occurred.
struct Worst {
    name: &'static str,
    error: f64,
    at: String,
    count: usize,
}

impl Worst {
    fn of(name: &'static str) -> Self {
        Worst { name, error: 0.0, at: String::new(), count: 0 }
    }
    fn relative(&mut self, computed: f64, expected: f64, at: impl std::fmt::Display) {
        self.absolute(computed / expected, 1.0, at);
    }
    fn absolute(&mut self, computed: f64, expected: f64, at: impl std::fmt::Display) {
        let error = (computed - expected).abs();
        assert!(error.is_finite(), "{}: {computed} against {expected} at {at}", self.name);
        self.count += 1;
        if error >= self.error {
            (self.error, self.at) = (error, at.to_string());
        }
    }
    fn within(self, tolerance: f64, count: usize) {
        let Worst { name, error, at, .. } = &self;
        println!("{name}: worst {error:.3e} (tolerance {tolerance:e}) over {} values, at {at}", self.count);
        assert_eq!(self.count, count, "{name}: number of values compared");
        assert!(*error <= tolerance, "{name}: {error:e} exceeds {tolerance:e} at {at}");
    }
}

/// Parameters of a kind by name, SI; the others from their defaults; sized at sea level.
fn parameters(kind: &dyn Kind, given: &[(&str, f64)]) -> Vec<f64> {
    use plant::declare::Form;
    let mut values: Vec<f64> = (kind.declaration().parameters.iter())
        .map(|field| {
            let written = given.iter().find(|(name, _)| *name == field.name).map(|(_, value)| *value);
            let default = match (field.form, field.default) {
                (Form::Quantity { quantity, .. }, Some(text)) => Some(quantity.parse(text).unwrap()),
                (Form::Choice(names), Some(text)) => {
                    names.iter().position(|name| *name == text).map(|k| k as f64)
                }
                (Form::Derived(_), _) => Some(0.0),
                _ => None,
            };
            written.or(default).unwrap_or_else(|| panic!("{} is needed", field.name))
        })
        .collect();
    kind.size(&mut values, &SEA_LEVEL).unwrap();
    values
}

/// The tower of the peer run CHW12: its sized capacity over a range of 5.6 K.
fn peer_tower() -> open_tower::Parameters<f64> {
    open_tower::Parameters::from_values(&parameters(
        &open_tower::OpenTower,
        &[
            ("capacity_design", 1_242_442.277_26),
            ("air_flow_design", 34.5),
            ("fan_power_design", 13_125.0),
            ("drift", 5e-5),
            ("water_content", 6.4),
        ],
    ))
}

fn tower_inputs(row: &Row, wet_bulb: f64, water_in: f64, fan_speed: f64) -> open_tower::Inputs<f64> {
    let dry_bulb = if row.0.contains_key("Tdb_C") { row.get("Tdb_C") + ZERO } else { wet_bulb + 5.0 };
    let pressure = if row.0.contains_key("p_Pa") { row.get("p_Pa") } else { 101_325.0 };
    open_tower::Inputs {
        water_in,
        water_flow: 1_242_442.277_26 / 5.6 / 4180.0,
        specific_heat: 4180.0,
        basin: 6400.0,
        dry_bulb,
        wet_bulb,
        humidity_ratio: media::moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure),
        pressure,
        fan_speed,
    }
}

#[test]
fn the_york_calc_polynomial_is_that_of_the_table() {
    let mut polynomial = Worst::of("YorkCalc approach, K");
    let mut solved = Worst::of("YorkCalc outlet from the inlet, K");
    for row in table("tower_approach_direct.csv").iter().filter(|row| row.text("model") == "YorkCalc") {
        let [wet_bulb, range, air, water, expected] =
            ["Twb_C", "Trange_K", "FR_air", "FR_water", "approach_K"].map(|column| row.get(column));
        let at = format!("{wet_bulb} °C, {range} K, {air}, {water}");
        let wet_bulb = wet_bulb + ZERO;
        polynomial.absolute(york_calc::approach(wet_bulb, range, water / air), expected, &at);
        // The same state from its inlet: the range is now unknown.
        let difference = range + expected;
        let cooled = york_calc::cooling(wet_bulb, difference, water / air);
        solved.absolute(difference * (1.0 - cooled.effectiveness), expected, &at);
    }
    polynomial.within(1e-6, 8);
    solved.within(1e-6, 8);
}

#[test]
fn the_tower_leaves_the_peers_water_temperature() {
    let tower = peer_tower();
    assert!((tower.flow_reference - 1.009_043_9).abs() < 1e-6, "{}", tower.flow_reference);
    let mut peer = Worst::of("tower outlet against EnergyPlus, K");
    let mut direct = Worst::of("approach at the peer's range against direct evaluation, K");
    let mut fan = Worst::of("tower fan power");
    for row in table("tower_energyplus_hours.csv").iter().filter(|row| row.get("FR_air") > 0.2) {
        let at = row.text("hour_index0");
        let [wet_bulb, water_in, water_out] =
            ["Twb_C", "T_water_in_C", "T_water_out_C"].map(|column| row.get(column) + ZERO);
        let air = row.get("FR_air");
        let o = open_tower::evaluate(&tower, &tower_inputs(row, wet_bulb, water_in, air));
        peer.absolute(o.water_leaving, water_out, at);
        fan.relative(o.power, row.get("P_fan_W"), at);
        let range = water_in - water_out;
        let approach = york_calc::approach(wet_bulb, range, tower.flow_reference / air);
        let expected = row.get("T_water_out_direct_at_FRair_C(valid when FR_air>0.2)") + ZERO;
        direct.absolute(wet_bulb + approach, expected, at);
    }
    peer.within(0.021, 8);
    direct.within(2e-5, 8);
    // Means of an hour: the cube of the mean speed is not the mean cube in the hour that just misses full speed.
    fan.within(5e-3, 8);
}

/// Curve sets by name, as parameters; `change` replaces some.
fn chiller(name: &str, change: &[(&str, f64)]) -> water_cooled_chiller::Parameters<f64> {
    let curves = table("chiller_eir_curves.csv");
    assert_eq!(curves.len(), 3);
    let row = curves.iter().find(|row| row.text("name").contains(name)).expect("a curve set");
    let mut given = vec![
        ("capacity_reference", row.get("Q_ref_W")),
        ("cop_reference", row.get("COP_ref")),
        ("part_load_min", row.get("min_plr")),
        ("part_load_max", row.get("max_plr")),
        ("unloading_min", row.get("min_unloading")),
        ("curve_part_load_min", row.get("plr_min_curve")),
        ("curve_part_load_max", row.get("plr_max_curve")),
        ("leaving_min", row.get("capft_xmin") + ZERO),
        ("leaving_max", row.get("capft_xmax") + ZERO),
        ("condenser_min", row.get("capft_ymin") + ZERO),
        ("condenser_max", row.get("capft_ymax") + ZERO),
        ("evaporator_content", 0.3),
        ("condenser_content", 0.3),
    ];
    let terms = ["c1", "x", "x2", "y", "y2", "xy"];
    for (term, name) in
        terms.into_iter().zip(["capft_1", "capft_2", "capft_3", "capft_4", "capft_5", "capft_6"])
    {
        given.push((name, row.get(&format!("capft_{term}"))));
    }
    for (term, name) in
        terms.into_iter().zip(["eirft_1", "eirft_2", "eirft_3", "eirft_4", "eirft_5", "eirft_6"])
    {
        given.push((name, row.get(&format!("eirft_{term}"))));
    }
    let by_load =
        row.text("eirfplr_coeffs").trim_matches(['[', ']']).split(',').map(|c| c.trim().parse().unwrap());
    given.extend(["eirfplr_1", "eirfplr_2", "eirfplr_3"].into_iter().zip(by_load));
    for &(name, value) in change {
        given.retain(|(given, _)| *given != name);
        given.push((name, value));
    }
    let values = parameters(&water_cooled_chiller::WaterCooledChiller, &given);
    water_cooled_chiller::Parameters::from_values(&values)
}

/// The load [W] put on the machine by 1000 kW/K of water.
fn load(
    p: &water_cooled_chiller::Parameters<f64>,
    load: f64,
    condenser_in: f64,
) -> water_cooled_chiller::Inputs<f64> {
    water_cooled_chiller::Inputs {
        chilled_water_in: p.supply_setpoint + load / 1e6,
        chilled_water_flow: 250.0,
        chilled_water_heat: 4000.0,
        condenser_in,
        load_limit: 1.0,
        cut_out: 0.0,
    }
}

#[test]
fn the_chiller_draws_what_its_curves_say() {
    let [mut power, mut capacity, mut heat] =
        ["chiller power", "chiller capacity", "chiller heat"].map(Worst::of);
    let rows = table("chiller_eir_direct.csv");
    let mut overloaded = 0;
    for row in &rows {
        let [leaving, condenser_in] = ["LWT_C", "ECT_C"].map(|column| row.get(column) + ZERO);
        let p = chiller(row.text("chiller"), &[("supply_setpoint", leaving)]);
        let i = load(&p, row.get("Q_load_W"), condenser_in);
        let o = water_cooled_chiller::evaluate(&p, &i);
        let at = format!("{} {} {}", row.text("chiller"), row.text("LWT_C"), row.text("ECT_C"));
        capacity.relative(o.capacity_available, row.get("Q_avail_W"), &at);
        heat.relative(-o.heat_to_chilled_water, row.get("Q_evap_W"), &at);
        if o.heat_missing > 1.0 {
            // The table keeps the leaving water at its set-point where capacity ends, and so does the
            // machine at just that load.
            overloaded += 1;
            let full = load(&p, row.get("Q_evap_W"), condenser_in);
            power.relative(water_cooled_chiller::evaluate(&p, &full).power, row.get("P_W"), &at);
        } else {
            power.relative(o.power, row.get("P_W"), &at);
            let outside = o.leaving_outside > 1e-6 || o.condenser_outside > 1e-6;
            assert_eq!(outside, row.get("outside_curve_range_clamped") == 1.0, "{at}");
        }
    }
    assert_eq!(overloaded, 2);
    power.within(1e-6, 21);
    capacity.within(1e-6, 21);
    heat.within(1e-6, 21);
}

#[test]
fn the_chiller_draws_what_the_peer_draws() {
    let setpoint = [
        ("supply_setpoint", 285.15),
        ("part_load_min", 0.1),
        ("part_load_max", 1.05),
        ("unloading_min", 0.1),
    ];
    let p = chiller("Carrier 19XR", &setpoint);
    let [mut direct, mut peer, mut ratio] =
        ["chiller power against direct evaluation", "chiller power against EnergyPlus", "part-load ratio"]
            .map(Worst::of);
    for row in table("chiller_energyplus_hours.csv") {
        let at = row.text("hour_index0");
        let o = water_cooled_chiller::evaluate(&p, &load(&p, row.get("Q_evap_W"), row.get("ECT_C") + ZERO));
        direct.relative(o.power, row.get("P_direct_W"), at);
        peer.relative(o.power, row.get("P_eplus_W"), at);
        ratio.relative(o.part_load_ratio, row.get("PLR_eplus"), at);
    }
    direct.within(1e-6, 8);
    // Means of an hour in which the condenser water moved; the curves are not straight.
    peer.within(1e-4, 8);
    ratio.within(1e-4, 8);
}

#[test]
fn effectiveness_is_that_of_the_closed_forms() {
    let [mut counter, mut cross] = ["counterflow effectiveness", "cross-flow effectiveness"].map(Worst::of);
    for row in table("effectiveness_ntu.csv") {
        let [ratio, ntu] = ["C_ratio", "NTU"].map(|column| row.get(column));
        let (rate, at) = (1e4, format!("{ratio} {ntu}"));
        let other = if ratio == 0.0 { 1e18 } else { rate / ratio };
        let computed = [exchange::counterflow::<f64>, exchange::crossflow::<f64>]
            .map(|f| f(ntu * rate, rate, other) / rate);
        counter.absolute(computed[0], row.get("eff_counterflow"), &at);
        cross.absolute(computed[1], row.get("eff_crossflow_both_unmixed"), &at);
    }
    counter.within(1e-8, 54);
    cross.within(1e-8, 54);
}

#[test]
fn wet_pads_do_what_the_tables_pads_do() {
    let mut kelvin = Worst::of("air behind the pad, K");
    let [mut humidity, mut water] = ["humidity ratio behind the pad", "water evaporated"].map(Worst::of);
    for row in table("direct_evap_cooler.csv") {
        let given = [
            ("capacity_design", 1e6),
            ("air_flow_design", 80.0),
            ("fan_power_design", 20e3),
            ("water_content", 0.3),
            ("pad_effectiveness", row.get("effectiveness")),
        ];
        let values = parameters(&adiabatic_cooler::AdiabaticCooler, &given);
        let [dry_bulb, wet_bulb] = ["tdb_in_C", "twb_C"].map(|column| row.get(column) + ZERO);
        let i = adiabatic_cooler::Inputs {
            water_in: 313.15,
            water_flow: 25.0,
            specific_heat: 4180.0,
            dry_bulb,
            wet_bulb,
            humidity_ratio: row.get("W_in_kg_per_kgda"),
            pressure: row.get("p_Pa"),
            fan_speed: 1.0,
            pads: 1.0,
        };
        let o = adiabatic_cooler::evaluate(&adiabatic_cooler::Parameters::from_values(&values), &i);
        let at =
            format!("{} °C, {}, {}", row.get("tdb_in_C"), row.get("rh_in_frac"), row.get("effectiveness"));
        kelvin.absolute(o.air_at_coil, row.get("tdb_out_C") + ZERO, &at);
        humidity.relative(o.humidity_at_coil, row.get("W_out_kg_per_kgda"), &at);
        let density = media::moist_air::dry_air_density(o.air_at_coil, o.humidity_at_coil, i.pressure);
        water.relative(o.evaporation / (80.0 * density), row.get("water_evap_kg_per_kgda"), &at);
    }
    kelvin.within(1e-6, 18);
    humidity.within(1e-6, 18);
    water.within(1e-4, 18);
}
