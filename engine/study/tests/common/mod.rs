//! Plants built by hand, for tests that must not depend on files.
#![allow(dead_code, missing_docs)]

use media::liquid::Fluid;
use media::moist_air;
use plant::declare::{Form, Medium};
use plant::kernel::Surroundings;
use plant::plant::{End, Group, Joint, Loop, Plant, Signal, Unit, Wire};
use study::forcing::{Forcing, Outdoors};
use study::run::{Fidelity, Integrator, Options};

pub struct Builder {
    pub plant: Plant,
}

impl Builder {
    pub fn new() -> Self {
        Builder {
            plant: Plant {
                pressure: 101_325.0,
                units: vec![],
                joints: vec![],
                wires: vec![],
                loops: vec![],
                pins: vec![],
                groups: vec![],
                signals: vec![],
                faults: Default::default(),
                resistances: vec![],
            },
        }
    }

    /// A unit with its defaults, some of them overridden; values written with their unit.
    pub fn unit(&mut self, kind: &str, id: &str, multiplicity: f64, given: &[(&str, &str)]) -> usize {
        let kind = plant::catalogue::kind(kind).unwrap_or_else(|| panic!("no kind {kind}"));
        let fields = kind.declaration().parameters;
        for (name, _) in given {
            assert!(fields.iter().any(|f| f.name == *name), "no parameter {name}");
        }
        let mut values: Vec<f64> = fields
            .iter()
            .map(|field| {
                let written = given.iter().find(|g| g.0 == field.name).map(|g| g.1).or(field.default);
                match (field.form, written) {
                    (Form::Quantity { quantity, .. }, Some(text)) => quantity.parse(text).unwrap(),
                    (Form::Count { .. }, Some(text)) => text.parse().unwrap(),
                    (Form::Choice(names), Some(text)) => {
                        names.iter().position(|n| *n == text).unwrap() as f64
                    }
                    (Form::Derived(_), _) => 0.0,
                    _ => panic!("{} needs {}", kind.declaration().name, field.name),
                }
            })
            .collect();
        kind.size(&mut values, &Surroundings { pressure: self.plant.pressure }).unwrap();
        let unit = self.plant.units.len();
        for regulator in kind.declaration().regulators {
            let declaration = kind.declaration();
            let actuator = declaration.actuators.iter().position(|a| a.name == regulator.actuator).unwrap();
            let setpoint = fields.iter().position(|f| f.name == regulator.setpoint).unwrap();
            self.plant.units.push(Unit {
                id: id.into(),
                kind,
                values: values.clone(),
                multiplicity,
                group: None,
            });
            let sensor = plant::network::named_sensor(&self.plant, unit, regulator.sensor).unwrap();
            self.plant.units.pop();
            self.plant.loops.push(Loop {
                id: format!("{id}.{}", regulator.actuator),
                unit,
                actuator,
                sensor,
                setpoint: values[setpoint],
                raises: regulator.action == plant::declare::Action::Raises,
                band: regulator.band,
                integral_time: regulator.integral_time,
                period: regulator.period,
            });
        }
        self.plant.units.push(Unit { id: id.into(), kind, values, multiplicity, group: None });
        unit
    }

    pub fn end(&self, unit: usize, port: &str) -> End {
        let ports = self.plant.units[unit].kind.declaration().ports;
        End {
            unit,
            port: ports.iter().position(|p| p.name == port).unwrap_or_else(|| panic!("no port {port}")),
        }
    }

    pub fn join(&mut self, from: &[(usize, &str)], to: &[(usize, &str)], fluid: Fluid) {
        let ends = |list: &[(usize, &str)]| list.iter().map(|&(u, p)| self.end(u, p)).collect::<Vec<_>>();
        let (from, to) = (ends(from), ends(to));
        let medium = self.plant.units[from[0].unit].kind.declaration().ports[from[0].port].medium;
        assert!(matches!(medium, Medium::Liquid | Medium::Air));
        self.plant.joints.push(Joint { medium, from, to, fluid });
    }

    pub fn wire(&mut self, from: Option<(usize, &str)>, to: &[(usize, &str)]) {
        for &(unit, port) in to {
            let from = from.map(|(u, p)| self.end(u, p));
            let to = self.end(unit, port);
            self.plant.wires.push(Wire { from, to });
        }
    }

    pub fn group(&mut self, id: &str, racks: f64, units: &[usize]) {
        let group = self.plant.groups.len();
        self.plant.groups.push(Group {
            id: id.into(),
            hall: id.into(),
            places: std::iter::once(0..racks as u32).collect(),
            racks,
            template: "by hand".into(),
            cooling: "cold_plate".into(),
            power_rated: 130e3,
            inlet_allowable: (283.15, 308.15),
        });
        for &unit in units {
            self.plant.units[unit].group = Some(group);
            let inputs = self.plant.units[unit].kind.declaration().inputs;
            if inputs.iter().any(|i| i.role == plant::declare::Role::Signal("utilisation")) {
                self.plant.signals.push(Signal { unit, name: "utilisation".into(), series: group });
            }
        }
    }
}

/// Eight racks on cold plates, a CDU, a loop pipe and a dry cooler behind a UPS.
pub fn pod() -> Plant {
    let mut b = Builder::new();
    let ups = b.unit(
        "Ups",
        "ups",
        1.0,
        &[
            ("rating", "1500 kW"),
            ("loss_constant", "0.008"),
            ("loss_linear", "0.012"),
            ("loss_square", "0.02"),
        ],
    );
    let shelf = b.unit(
        "PowerShelf",
        "pod.psu",
        64.0,
        &[
            ("rating", "33 kW"),
            ("efficiency_10", "94 %"),
            ("efficiency_20", "96 %"),
            ("efficiency_50", "97.5 %"),
            ("efficiency_100", "97 %"),
            ("liquid_share", "100 %"),
            ("coolant_flow_design", "1 L/min"),
        ],
    );
    let chip = b.unit(
        "ColdPlateAccelerator",
        "pod.accelerator",
        576.0,
        &[
            ("power_idle", "140 W"),
            ("power_max", "1200 W"),
            ("leakage_reference", "60 W"),
            ("resistance_rated", "0.0331 K/W"),
            ("resistance_conduction", "0.015 K/W"),
            ("coolant_flow_rated", "1.5 L/min"),
            ("coolant_flow_design", "1.8 L/min"),
        ],
    );
    let board = b.unit(
        "ColdPlateBoard",
        "pod.board",
        8.0,
        &[
            ("power_idle", "8 kW"),
            ("power_max", "28 kW"),
            ("conductance_design", "1.5 kW/K"),
            ("coolant_flow_design", "40 L/min"),
            ("capacity", "40 kJ/K"),
        ],
    );
    let cdu = b.unit(
        "Cdu",
        "cdu",
        1.0,
        &[
            ("capacity_design", "1350 kW"),
            ("secondary_flow_design", "1800 L/min"),
            ("primary_flow_design", "1800 L/min"),
            ("pump_power_design", "18 kW"),
            ("secondary_content", "400 L"),
            ("primary_content", "200 L"),
            ("supply_setpoint", "35 °C"),
        ],
    );
    let pipe = b.unit("Pipe", "supply_pipe", 1.0, &[("water_content", "2000 L"), ("cells", "6")]);
    let pump = b.unit("Pump", "pump", 1.0, &[("flow_design", "30 L/s"), ("head_design", "220 kPa")]);
    let cooler = b.unit(
        "DryCooler",
        "dry_cooler",
        1.0,
        &[
            ("capacity_design", "1300 kW"),
            ("air_flow_design", "120 m3/s"),
            ("fan_power_design", "30 kW"),
            ("water_content", "500 L"),
            ("supply_setpoint", "28 °C"),
        ],
    );
    b.wire(None, &[(ups, "input"), (cdu, "electricity"), (pump, "electricity"), (cooler, "electricity")]);
    b.wire(Some((ups, "output")), &[(shelf, "input")]);
    b.wire(Some((shelf, "output")), &[(chip, "electricity"), (board, "electricity")]);
    let plates = [(chip, "coolant"), (board, "coolant"), (shelf, "coolant")];
    b.join(&[(cdu, "secondary")], &plates, Fluid::PropyleneGlycol25);
    b.join(&plates, &[(cdu, "secondary")], Fluid::PropyleneGlycol25);
    b.join(&[(pump, "water")], &[(cdu, "primary")], Fluid::Water);
    b.join(&[(cdu, "primary")], &[(cooler, "water")], Fluid::Water);
    b.join(&[(cooler, "water")], &[(pipe, "water")], Fluid::Water);
    b.join(&[(pipe, "water")], &[(pump, "water")], Fluid::Water);
    b.group("pod", 8.0, &[shelf, chip, board]);
    b.plant
}

/// A day that swings between 15 and 35 °C, and a step of the workload every three hours.
pub struct Swing;

impl Forcing for Swing {
    fn outdoors(&self, time: f64) -> Result<Outdoors, String> {
        let dry_bulb = 298.15 + 10.0 * (std::f64::consts::TAU * (time / 86_400.0 - 0.375)).sin();
        let humidity_ratio = 0.006;
        let pressure = 101_325.0;
        let wet_bulb = moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure);
        Ok(Outdoors { dry_bulb, wet_bulb, humidity_ratio, pressure, ..Outdoors::default() })
    }
    fn signal(&self, _: usize, from: f64, to: f64) -> f64 {
        let middle = 0.5 * (from + to);
        if ((middle / 10_800.0) as u64).is_multiple_of(2) { 0.9 } else { 0.4 }
    }
}

pub fn options(hours: f64) -> Options {
    Options {
        start: 0.0,
        length: hours * 3600.0,
        step: 900.0,
        output_every: 900.0,
        sampled: false,
        ideal: false,
        quasi_steady: false,
        integrator: Integrator::Rodas3,
        tolerance: 1e-4,
        fidelity: Fidelity::Lumped,
        equal_together: true,
        precision: study::run::Precision::Double,
        threads: 1,
        limits: Vec::new(),
        details: Vec::new(),
        marches: true,
    }
}
