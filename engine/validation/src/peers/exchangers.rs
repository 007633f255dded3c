//! Exchangers sized and evaluated by ht.

use super::table;
use crate::component::Component;
use crate::oracle::ZERO;
use crate::{Checks, Fault, Row, Table, Worst};
use media::moist_air;

/// A component, its design flows and what carries its heat.
struct Exchanger {
    of: Component,
    /// Name of the derived conductance, where the component is sized.
    sized: Option<&'static str>,
}

fn exchanger(name: &str) -> Result<Exchanger, Fault> {
    let plates = [
        ("conductance", 200e3),
        ("primary_flow_design", 0.03),
        ("secondary_flow_design", 0.025),
        ("primary_content", 0.1),
        ("secondary_content", 0.1),
    ];
    let economizer = [
        ("conductance", 300e3),
        ("tower_water_flow_design", 0.04),
        ("chilled_water_flow_design", 0.03),
        ("tower_water_content", 0.1),
        ("chilled_water_content", 0.1),
    ];
    let delivery = [
        ("conductance", 120e3),
        ("source_flow_design", 0.02),
        ("network_flow_design", 0.015),
        ("source_content", 0.1),
        ("network_supply", 50.0 + ZERO),
        ("network_return", 38.0 + ZERO),
        ("demand_design", 1e8),
    ];
    let cdu = [
        ("capacity_design", 1.35e6),
        ("approach_design", 4.5),
        ("primary_flow_design", 0.03),
        ("secondary_flow_design", 0.033),
        ("pump_power_design", 20e3),
        ("primary_content", 0.1),
        ("secondary_content", 0.3),
    ];
    let tank = [
        ("capacity_design", 100e3),
        ("approach_design", 15.0),
        ("oil_flow_design", 8e-3),
        ("water_flow_design", 2.4e-3),
        ("pump_power_design", 1.2e3),
        ("oil_content", 1.0),
    ];
    let crah = [
        ("capacity_design", 100e3),
        ("air_flow_design", 7.2),
        ("water_flow_design", 2.4e-3),
        ("return_air_design", 36.0 + ZERO),
        ("water_in_design", 18.0 + ZERO),
        ("fan_power_design", 4e3),
        ("air_resistance_share", 0.7),
    ];
    let door = [
        ("capacity_design", 50e3),
        ("air_flow_design", 3.0),
        ("water_flow_design", 1.4e-3),
        ("exhaust_design", 40.0 + ZERO),
        ("water_in_design", 18.0 + ZERO),
        ("air_resistance_share", 0.7),
    ];
    let conductance = Some("conductance_design");
    let (of, sized) = match name {
        "PlateExchanger" => (Component::new("PlateExchanger", &plates), None),
        "WaterSideEconomizer" => (Component::new("WaterSideEconomizer", &economizer), None),
        "DistrictHeating" => (Component::new("DistrictHeating", &delivery), None),
        "Cdu" => (Component::new("Cdu", &cdu), conductance),
        "ImmersionTank" => (Component::new("ImmersionTank", &tank), conductance),
        "Crah" => (Component::new("Crah", &crah), conductance),
        "RearDoor" => (Component::new("RearDoor", &door), conductance),
        other => return Err(Fault::Missing(format!("exchanger {other}"))),
    };
    Ok(Exchanger { of: of?, sized })
}

impl Exchanger {
    /// Heat at a row's rates and temperatures, at the design flows: a rate is met by the heat capacity of its stream.
    fn heat(&self, row: &Row) -> Result<f64, Fault> {
        let [hot, cold, t_hot, t_cold] = row.all(["hot_W_per_K", "cold_W_per_K", "hot_C", "cold_C"])?;
        let (t_hot, t_cold) = (t_hot + ZERO, t_cold + ZERO);
        // What a mass flow must carry per kelvin; the density does not matter beside it.
        let stream = |flow: f64, rate: f64| (flow * 1000.0, rate / (flow * 1000.0));
        let air = |t: f64, flow: f64| [("air_flow", flow), ("enthalpy", moist_air::enthalpy(t, 0.008))];
        let name = row.text("component")?;
        let (given, output): (Vec<(&str, f64)>, &str) = match name {
            "PlateExchanger" => {
                let ((p, pc), (s, sc)) = (stream(0.03, cold), stream(0.025, hot));
                let mut given = vec![("primary_in", t_cold), ("primary_flow", p), ("primary_heat", pc)];
                given.extend([("secondary_in", t_hot), ("secondary_flow", s), ("secondary_heat", sc)]);
                given.extend([("primary_density", 1000.0), ("secondary_density", 1000.0)]);
                (given, "heat_to_primary")
            }
            "WaterSideEconomizer" => {
                let ((p, pc), (s, sc)) = (stream(0.04, cold), stream(0.03, hot));
                let mut given =
                    vec![("tower_water_in", t_cold), ("tower_water_flow", p), ("tower_water_heat", pc)];
                given.extend([
                    ("chilled_water_in", t_hot),
                    ("chilled_water_flow", s),
                    ("chilled_water_heat", sc),
                ]);
                given.extend([("tower_water_density", 1000.0), ("chilled_water_density", 1000.0)]);
                (given, "heat_free")
            }
            "DistrictHeating" => {
                let (s, sc) = stream(0.02, hot);
                let mut given = vec![("source_in", t_hot), ("source_flow", s), ("source_heat", sc)];
                given.extend([("source_density", 1000.0), ("valve", 1.0), ("dry_bulb", 273.15)]);
                (given, "heat_to_source")
            }
            "Cdu" => {
                let ((p, pc), (s, sc)) = (stream(0.03, cold), stream(0.033, hot));
                let mut given = vec![("primary_in", t_cold), ("primary_flow", p), ("primary_heat", pc)];
                given.extend([("secondary_in", t_hot), ("secondary_flow", s), ("secondary_heat", sc)]);
                given.extend([
                    ("primary_density", 1000.0),
                    ("secondary_density", 1000.0),
                    ("pump_speed", 1.0),
                ]);
                (given, "heat_transferred")
            }
            "ImmersionTank" => {
                let (s, sc) = stream(2.4e-3, cold);
                let mut given = vec![("oil", t_hot), ("water_in", t_cold), ("water_flow", s)];
                given.extend([("specific_heat", sc), ("density", 1000.0), ("pump_speed", 1.0)]);
                (given, "heat_to_water")
            }
            _ => {
                let flow = if name == "Crah" { 2.4e-3 } else { 1.4e-3 };
                let (s, sc) = stream(flow, cold);
                let dry = self.of.parameter("air_mass_flow_design")?;
                let mut given = air(t_hot, dry).to_vec();
                given.extend([("humidity_ratio", 0.008), ("pressure", 101_325.0), ("fan_speed", 1.0)]);
                if name != "Crah" {
                    given.pop();
                }
                given.extend([
                    ("water_in", t_cold),
                    ("water_flow", s),
                    ("specific_heat", sc),
                    ("density", 1000.0),
                ]);
                (given, "heat_to_water")
            }
        };
        let heat = self.of.evaluate(&given)?(output)?;
        // A delivery point takes heat: what it gives to the site's water is negative.
        Ok(if name == "DistrictHeating" { -heat } else { heat })
    }
}

/// Bound of what is sized from a data sheet: both sides have CoolProp's water and glycol, ht as it is and we by a fit.
const SIZED: (f64, &str) = (
    5e-5,
    "density and heat capacity of one source, CoolProp, which the peer reads and we have fitted, to 1.4e-5; a few times that in the conductance",
);
const APPROXIMATE: &str = "what remains of the conductance; both take the approximation of cross flow, which is held against its series by itself";

/// Heat and sized conductances of all of them.
pub(super) fn compare(checks: &mut Checks) -> Result<(), Fault> {
    let table = table!("ht/exchangers.csv")?;
    let names: [(&'static [&'static str; 1], &'static str, &'static str); 7] = [
        (&["PlateExchanger"], "plates", ""),
        (&["WaterSideEconomizer"], "economizer", ""),
        (&["DistrictHeating"], "delivery", ""),
        (&["Cdu"], "cdu", "cdu_conductance"),
        (&["ImmersionTank"], "tank", "tank_conductance"),
        (&["Crah"], "crah", "crah_conductance"),
        (&["RearDoor"], "door", "door_conductance"),
    ];
    for (kind, id, conductance) in names {
        let [name] = *kind;
        checks.about(kind);
        let exchanger = exchanger(name)?;
        let mut heat = Worst::relative(id, format!("heat of a {name}"), "W");
        let mut rows = 0;
        for row in table.rows() {
            if row.text("component")? != name {
                continue;
            }
            rows += 1;
            let at = format!("{} W/K of the colder stream", row.get("cold_W_per_K")?);
            heat.compare(exchanger.heat(&row)?, row.get("heat_W")?, &at);
            if let (Some(derived), 1) = (exchanger.sized, rows) {
                let (within, why) = SIZED;
                let found = exchanger.of.parameter(derived)?;
                let expected = row.get("conductance_W_per_K")?;
                checks.relative(
                    conductance,
                    format!("conductance of a {name} from its data sheet"),
                    "W/K",
                    found,
                    expected,
                    within,
                    why,
                );
            }
        }
        let (within, why) = match (exchanger.sized, name) {
            (None, _) => (1e-8, "ten printed digits"),
            (_, "RearDoor") => (SIZED.0, APPROXIMATE),
            _ => (SIZED.0, "what remains of the conductance"),
        };
        checks.worst(heat, if name == "DistrictHeating" { 1 } else { 4 }, within, why);
    }
    Ok(())
}
