//! Hand arithmetic and properties, on the shipped mixed hall and on the network of one of each kind, with integrals
//! that are set by hand.

use super::*;
use plant::network::{CompileOptions, MeterKind, Taker, Traced, compile, expand};
use std::path::Path;

const ONE_OF_EACH: &str = "../../tests/support/one_of_each.ron";

/// A compiled plant, and the integrals of one interval.
struct Bench {
    plant: Plant,
    network: Network,
    tracing: Tracing,
    y: Vec<f64>,
}

impl Bench {
    fn new(site: &str) -> Self {
        let loaded = scenario::load(Path::new(site), &[]).unwrap_or_else(|problems| panic!("{problems:?}"));
        let plant = expand(&loaded.case.plant);
        let network = compile(&plant, CompileOptions::default()).unwrap();
        let tracing = Tracing::new(&plant, &network);
        let y = vec![0.0; network.states()];
        Bench { plant, network, tracing, y }
    }

    fn unit(&self, id: &str) -> usize {
        self.plant.units.iter().position(|u| u.id == id).unwrap_or_else(|| panic!("no unit {id}"))
    }
    fn taker(&self, id: &str) -> Taker {
        match self.plant.groups.iter().position(|g| g.id == id) {
            Some(group) => Taker::Group(group),
            None => Taker::Unit(self.unit(id)),
        }
    }
    fn set(&mut self, what: Traced, amount: f64) {
        let meter = self.network.traces().meters.iter().find(|m| m.what == what);
        self.y[meter.unwrap_or_else(|| panic!("{what:?} is not traced")).state as usize] = amount;
    }
    fn power(&mut self, from: &str, to: &str, amount: f64) {
        let (from, to) = (Some(self.unit(from)), self.taker(to));
        self.set(Traced::Electricity { from, to }, amount);
    }
    fn heat(&mut self, from: &str, to: &str, amount: f64) {
        let (from, to) = (self.taker(from), self.unit(to));
        self.set(Traced::Heat { from, to }, amount);
    }
    fn circuits(&self, by: &str) -> Vec<usize> {
        let by = self.taker(by);
        let of = self.network.traces().meters.iter().filter_map(|m| match m.what {
            Traced::ToStream { by: giver, circuit } if giver == by => Some(circuit),
            _ => None,
        });
        of.collect()
    }
    /// Heat given to the circuit that both are in.
    fn stream(&mut self, by: &str, with: &str, amount: f64) {
        let others = self.circuits(with);
        let circuit = self.circuits(by).into_iter().find(|c| others.contains(c)).unwrap();
        let by = self.taker(by);
        self.set(Traced::ToStream { by, circuit }, amount);
    }
    fn air(&mut self, id: &str, amount: f64) {
        let Taker::Group(group) = self.taker(id) else { panic!("{id} is no group") };
        let found = self
            .network
            .traces()
            .meters
            .iter()
            .find(|m| matches!(m.what, Traced::Air { group: g, .. } if g == group));
        self.y[found.unwrap().state as usize] = amount;
    }
    fn meter(&mut self, unit: &str, kind: MeterKind, amount: f64) {
        let unit = self.unit(unit);
        let found = self.network.meters().iter().find(|m| m.unit == Some(unit) && m.kind == kind);
        self.y[found.unwrap().state as usize] = amount;
    }
    fn used(&mut self, unit: &str, category: Use, amount: f64) {
        self.meter(unit, MeterKind::Use(category), amount);
    }
    /// An interval with what was set, after which all is 0 again.
    fn interval(&mut self) {
        self.tracing.interval(&mut self.y);
        self.y.fill(0.0);
    }
    fn owned(&self, group: &str, category: Use) -> f64 {
        let group = self.plant.groups.iter().position(|g| g.id == group).unwrap();
        self.tracing.groups[group].overheads()[column(category)]
    }
    fn water(&self, group: &str) -> f64 {
        let group = self.plant.groups.iter().position(|g| g.id == group).unwrap();
        self.tracing.groups[group].water()
    }
}

#[track_caller]
fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{found} instead of {wanted}");
}

/// Two kinds of racks drawing 600 and 400, the first warming the air by 600, the second by `second`.
fn hall(second: f64) -> Bench {
    let mut b = Bench::new("mixed_hall");
    b.used("air_cooled.air_board", Use::It, 600.0);
    b.used("cold_plate.air_board", Use::It, 400.0);
    b.power("pdu", "air_cooled", 600.0);
    b.power("pdu", "cold_plate", 400.0);
    b.used("pdu", Use::DistributionLoss, 50.0);
    b.power("ups", "pdu", 1050.0);
    b.used("ups", Use::UpsLoss, 100.0);
    let others =
        [("ups", 1150.0), ("chiller", 240.0), ("crah", 40.0), ("chilled_pump", 20.0), ("tower", 30.0)];
    others.into_iter().for_each(|(to, amount)| b.power("transformer", to, amount));
    b.power("transformer", "house", 50.0);
    b.used("transformer", Use::TransformerLoss, 10.0);
    b.used("house", Use::Other, 50.0);
    [("ups", 100.0), ("pdu", 50.0), ("house", 50.0)]
        .into_iter()
        .for_each(|(of, amount)| b.heat(of, "aisles", amount));
    b.stream("air_cooled", "crah", 600.0);
    b.stream("cold_plate", "crah", second);
    b.stream("aisles", "crah", 200.0);
    let removed = 600.0 + second + 200.0;
    b.stream("crah", "aisles", -removed);
    b.used("crah", Use::AirHandlerFans, 40.0);
    b.air("air_cooled", 3.0);
    b.air("cold_plate", 1.0);
    b.stream("crah", "chilled_pump", removed + 40.0);
    b.stream("chilled_pump", "crah", 20.0);
    b.used("chilled_pump", Use::Pumps, 20.0);
    b.stream("chiller", "crah", -(removed + 60.0));
    b.used("chiller", Use::Compressors, 240.0);
    b.stream("chiller", "tower", removed + 300.0);
    b.stream("tower", "chiller", -(removed + 300.0));
    b.used("tower", Use::HeatRejectionFans, 30.0);
    b.meter("tower", MeterKind::Water(plant::declare::Water::MakeUp), 2.0);
    b
}

#[test]
fn ups_pdu_pump_chiller_and_tower_are_shared_as_by_hand() {
    let mut b = hall(100.0);
    b.interval();
    // Electricity: the racks draw 600 and 400, so they own 0.6 and 0.4 of what the PDU and the UPS lose.
    close(b.owned("air_cooled", Use::DistributionLoss), 30.0);
    close(b.owned("cold_plate", Use::DistributionLoss), 20.0);
    close(b.owned("air_cooled", Use::UpsLoss), 60.0);
    // Lights are nobody's: by installed power, 20 racks of 46 and 20 of 39.94 kW.
    let installed = 46.0 / (46.0 + 39.94);
    close(b.owned("air_cooled", Use::Other), 50.0 * installed);
    // Fans by air: 3 to 1.
    close(b.owned("air_cooled", Use::AirHandlerFans), 30.0);
    close(b.owned("cold_plate", Use::AirHandlerFans), 10.0);
    // Heat of the hall: 600 and 100 of the racks, 150 of UPS and PDU owned 0.6 to 0.4, 50 of the lights.
    let in_air = 600.0 + 150.0 * 0.6 + 50.0 * installed;
    // The coil passes these 900 on, and 40 of the fans; the pump's own 20 change no share.
    let share = (in_air + 40.0 * 0.75) / 940.0;
    close(b.owned("air_cooled", Use::Compressors), 240.0 * share);
    close(b.owned("air_cooled", Use::Pumps), 20.0 * share);
    // The condenser takes over that heat and that of the compressor, whose owners are the same.
    close(b.owned("air_cooled", Use::HeatRejectionFans), 30.0 * share);
    close(b.water("air_cooled"), 2.0 * share);
    close(b.water("cold_plate"), 2.0 * (1.0 - share));
    // The transformer by all that it delivers: 1150 to the UPS, 290 to what cools, 40 to fans, 50 to lights.
    let drawn = 1150.0 * 0.6 + 290.0 * share + 40.0 * 0.75 + 50.0 * installed;
    close(b.owned("air_cooled", Use::TransformerLoss), 10.0 * drawn / 1530.0);
    assert_eq!(b.tracing.groups[0].it(), 600.0);
    assert_eq!(b.tracing.groups[0].heat_given() + b.tracing.groups[1].heat_given(), 0.0);
}

#[test]
fn racks_that_cool_their_neighbours_get_nothing_for_it_and_it_is_reported() {
    let mut b = hall(-100.0);
    b.interval();
    let installed = 46.0 / (46.0 + 39.94);
    // Of 800 in the air, 600 are those of the first, 150 of UPS and PDU 0.6 to 0.4, 50 of the lights: the others own
    // 60 and their share of the lights, and nothing by their own heat.
    let pool = (60.0 + 50.0 * (1.0 - installed)) / 800.0;
    // What leaves is 700 + 40: the coil takes 700 of that heat and the fans' own.
    let share = (700.0 * pool + 40.0 * 0.25) / 740.0;
    close(b.owned("cold_plate", Use::Compressors), 240.0 * share);
    assert_eq!(b.tracing.groups[1].heat_given(), 100.0);
    assert_eq!(b.tracing.groups[0].heat_given(), 0.0);
}

#[test]
fn what_serves_nobody_goes_by_installed_power() {
    let mut b = Bench::new("mixed_hall");
    b.used("chiller", Use::Compressors, 85.94);
    b.used("ups", Use::UpsLoss, 8.594);
    b.interval();
    close(b.owned("air_cooled", Use::Compressors), 46.0);
    close(b.owned("cold_plate", Use::Compressors), 39.94);
    close(b.owned("air_cooled", Use::UpsLoss), 4.6);
}

#[test]
fn a_battery_hands_on_later_what_charging_it_cost() {
    let mut b = Bench::new(ONE_OF_EACH);
    let unit = &b.plant.units[b.unit("battery")];
    let level = b.network.names().iter().position(|n| *n == format!("{}.energy", unit.id)).unwrap();
    b.y[level] = 100.0;
    let y = b.y.clone();
    b.tracing.begin(&y);
    let chain = |b: &mut Bench, from_grid: f64, loss: f64, charged: f64| {
        b.used("utility", Use::DistributionLoss, loss);
        b.power("utility", "generator", from_grid);
        b.power("generator", "wind", from_grid);
        b.power("wind", "battery", from_grid);
        let unit = b.unit("battery");
        let meter = b.network.meters().iter().find(|m| m.unit == Some(unit) && m.kind == MeterKind::Charged);
        b.y[meter.unwrap().state as usize] = charged;
        b.power("battery", "solar", from_grid - charged);
        b.power("solar", "ups", from_grid - charged);
        b.power("ups", "pdu", from_grid - charged);
        b.power("pdu", "hall", from_grid - charged);
    };
    // Of 100 fed in with a loss of 8 the battery keeps half: 4 of the loss stay with it, in 150.
    chain(&mut b, 100.0, 8.0, 50.0);
    b.interval();
    close(b.owned("hall", Use::DistributionLoss), 4.0);
    // It gives 75 of 150 without any loss: half of the 4 go with them.
    chain(&mut b, 0.0, 0.0, -75.0);
    b.interval();
    close(b.owned("hall", Use::DistributionLoss), 6.0);
    // What is left goes to all racks by installed power, so that nothing is lost.
    let total: f64 = b.tracing.clone().finish().0.iter().map(|a| a.facility()).sum();
    close(total, 8.0);
}

#[test]
fn a_tank_hands_on_by_day_what_cooled_it_at_night() {
    let mut b = Bench::new(ONE_OF_EACH);
    // At night the chiller takes 100 out of the tank and nothing else happens.
    b.used("chiller", Use::Compressors, 30.0);
    b.stream("chiller", "tank", -100.0);
    b.stream("tank", "chiller", 100.0);
    b.interval();
    assert_eq!(b.tracing.groups.iter().map(Account::facility).sum::<f64>(), 0.0);
    // By day the racks give 60 to the air, the coil passes them on, and the tank takes them.
    b.stream("hall", "crah", 60.0);
    b.stream("crah", "hall", -60.0);
    b.stream("crah", "tank", 60.0);
    b.stream("tank", "crah", -60.0);
    b.interval();
    close(b.owned("hall", Use::Compressors), 18.0);
    // 200 more than it has left: all of the rest, and no more.
    b.stream("hall", "crah", 200.0);
    b.stream("crah", "hall", -200.0);
    b.stream("crah", "tank", 200.0);
    b.stream("tank", "crah", -200.0);
    b.interval();
    close(b.owned("hall", Use::Compressors), 30.0);
}

#[test]
fn whatever_the_amounts_the_racks_sum_to_what_was_used_and_no_share_is_negative() {
    let mut seed = 7u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    for site in ["mixed_hall", "campus_300k", "phoenix_evaporative", ONE_OF_EACH] {
        let mut b = Bench::new(site);
        let mut used = 0.0;
        let mut water = 0.0;
        for _ in 0..50 {
            let states: Vec<u32> = (b.network.traces().meters.iter().map(|m| m.state))
                .chain(b.network.meters().iter().map(|m| m.state))
                .collect();
            for state in states {
                let zero = random() < 0.2;
                b.y[state as usize] = if zero { 0.0 } else { (random() - 0.3) * 1e9 };
            }
            for meter in b.network.meters() {
                let amount = &mut b.y[meter.state as usize];
                match meter.kind {
                    MeterKind::Use(_) => {
                        *amount = amount.abs();
                        used += *amount;
                    }
                    MeterKind::Water(plant::declare::Water::MakeUp) => {
                        *amount = amount.abs();
                        water += *amount;
                    }
                    _ => {}
                }
            }
            b.interval();
            for account in &b.tracing.groups {
                assert!(account.overheads().iter().all(|&owned| owned >= 0.0), "{site}: {account:?}");
                assert!(account.water() >= 0.0 && account.heat_given() >= 0.0);
            }
        }
        let (accounts, owned_by_interval) = b.tracing.finish();
        let by_interval: f64 = owned_by_interval.iter().sum();
        // What stores still carry belongs to no interval.
        let carried = used - by_interval;
        let stores = site == ONE_OF_EACH;
        assert!(
            carried > -1e-12 * used && (stores || carried < 1e-12 * used),
            "{site}: {by_interval} of {used}"
        );
        let owned: f64 = accounts.iter().map(Account::facility).sum();
        let litres: f64 = accounts.iter().map(Account::water).sum();
        assert!((owned / used - 1.0).abs() < 1e-12, "{site}: {owned} of {used}");
        assert!((litres - water).abs() <= 1e-12 * water, "{site}: {litres} of {water}");
    }
}
