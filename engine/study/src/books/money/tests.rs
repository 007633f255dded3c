//! By hand, on the sixteen racks of `phoenix_zero_water`: 1024 accelerators.

use super::*;
use scenario::money::Price;

const SITE: &str = "phoenix_zero_water";

fn case(set: &[(&str, &str)]) -> Case {
    let set: Vec<(String, String)> = set.iter().map(|(p, v)| ((*p).into(), (*v).into())).collect();
    scenario::load(std::path::Path::new(SITE), &set).expect("a shipped site").case
}

fn by_hand() -> Origin {
    Origin::new("by hand", 2024, scenario::case::Confidence::C)
}

fn priced(per: Per, value: f64, of: &[&str]) -> Priced {
    Priced {
        id: "x".into(),
        what: "x".into(),
        per,
        of: of.iter().map(ToString::to_string).collect(),
        cooling: Vec::new(),
        price: Price {
            value,
            range: Some((0.5 * value, 2.0 * value)),
            written_in: "USD".into(),
            rate: 1.0,
            origin: by_hand(),
        },
    }
}

fn asset(per: Per, value: f64, of: &[&str], class: Class, life_years: u16, maintenance: f64) -> Asset {
    Asset { priced: priced(per, value, of), class, life_years, maintenance, terms: None }
}

fn money(assets: Vec<Asset>, yearly: Vec<Priced>, rent: Option<f64>) -> Money {
    Money {
        currency: "USD".into(),
        record: None,
        price_year: None,
        discount_rate: 0.08,
        horizon_years: 10,
        origin: by_hand(),
        assets,
        yearly,
        rent_per_accelerator_hour: rent,
        exchange: Vec::new(),
    }
}

#[test]
fn servers_and_coolers_with_their_lives_make_a_year_and_an_hour() {
    let plant = case(&[]).plant;
    // 1024 accelerators at 20,000: 20,480,000, for 5 years.  2 dry coolers of 1 MW at 110 per kW: 220,000, for 20 years.
    let assets = vec![
        asset(Per::Accelerator, 20_000.0, &[], Class::It, 5, 0.0),
        asset(Per::Kilowatt, 110.0, &["DryCooler"], Class::Cooling, 20, 0.03),
    ];
    let year = Year { water_m3: 500.0, accelerator_hours: Some(7_000_000.0), ..Year::default() };
    let water_care = priced(Per::WaterCubicMetre, 0.6, &[]);
    let of = reckon(&money(assets, vec![water_care], Some(1.5)), &plant, &year, (700_000.0, 1_000.0), 1.0);
    assert_eq!(of.capital, Ranged { value: 20_700_000.0, low: 10_350_000.0, high: 41_400_000.0 });
    assert_eq!((of.capital_of(Class::It), of.capital_of(Class::Cooling)), (20_480_000.0, 220_000.0));
    // CRF(5) = 0.2504564545, CRF(20) = 0.1018522088: 5,129,348.19 + 22,407.49
    assert!((of.capital_recovery - 5_151_755.67).abs() < 0.01, "{}", of.capital_recovery);
    // 20.48 M/5 + 0.22 M/20 = 4,096,000 + 11,000
    assert_eq!(of.depreciation, 4_107_000.0);
    // 3 % of 220,000, and 0.6 · 500
    assert!((of.maintenance - 6_600.0).abs() < 1e-9 && (of.other - 300.0).abs() < 1e-9);
    // 5,151,755.67 + 700,000 + 1,000 + 6,600 + 300
    assert!((of.per_year.value - 5_859_655.67).abs() < 0.01);
    // Bills stay where prices go to half.
    assert!((of.per_year.low - (5_151_755.67 / 2.0 + 701_000.0 + 3_450.0)).abs() < 0.01);
    // 5,859,655.67/7,000,000 h, and over 1024 · 8760 h = 8,970,240 h
    assert!((of.per_accelerator_hour.unwrap().value - 0.837_093_667).abs() < 1e-8);
    assert!((of.per_accelerator_hour_installed.unwrap() - 0.653_232_874).abs() < 1e-8);
    // Ten years: servers twice, coolers to half: 40,960,000 + 110,000 + 10 · 707,900
    assert!((of.horizon - 48_149_000.0).abs() < 1e-6, "{}", of.horizon);
    // 20.48 M · 1.680583197 + 0.22 M · (1 − 0.5 · 1.08⁻¹⁰ (0.4631934881)) + 707,900 · 6.710081399
    let by_hand = 34_418_343.87 + 169_048.72 + 4_750_066.62;
    assert!((of.present_value - by_hand).abs() < 0.5, "{} {by_hand}", of.present_value);
    // 1.5 · 7 M · 6.710081399 = 70,455,854.69
    assert!((of.net_present_value.unwrap() - (70_455_854.69 - by_hand)).abs() < 0.5);
}

#[test]
fn racks_count_by_how_they_are_cooled_and_components_by_kind_or_id() {
    let plant = case(&[]).plant;
    let count = |per: Per, of: &[&str], cooling: &[&str]| {
        let cooling = cooling.iter().map(ToString::to_string).collect();
        quantity(&Priced { cooling, ..priced(per, 1.0, of) }, &plant, &Year::default())
    };
    assert_eq!((count(Per::Rack, &[], &[]), count(Per::Site, &[], &[])), (16.0, 1.0));
    let hall = &plant.groups[0];
    assert_eq!(count(Per::Rack, &[], &[&hall.cooling]), 16.0);
    assert_eq!(
        (count(Per::Rack, &[], &["immersion"]), count(Per::Accelerator, &[], &["immersion"])),
        (0.0, 0.0)
    );
    assert!((count(Per::ItKilowatt, &[], &[]) - 16.0 * hall.power_rated / 1000.0).abs() < 1e-9);
    assert_eq!((count(Per::Unit, &["DryCooler"], &[]), count(Per::Unit, &["dry_cooler"], &[])), (2.0, 2.0));
    assert_eq!(count(Per::Kilowatt, &["DryCooler"], &[]), 2000.0);
    assert_eq!(count(Per::Kilowatt, &["OpenTower"], &[]), 0.0);
}

#[test]
fn a_site_without_interest_pays_its_depreciation() {
    let plant = case(&[]).plant;
    let assets = vec![asset(Per::Rack, 1000.0, &[], Class::It, 4, 0.0)];
    let without = Money { discount_rate: 0.0, horizon_years: 13, ..money(assets, Vec::new(), None) };
    let of = reckon(&without, &plant, &Year::default(), (100.0, 0.0), 1.0);
    // 16,000/4 = 4,000 a year; over 13 years 13 · 4,100, discounted or not.
    assert!((of.capital_recovery - 4000.0).abs() < 1e-9 && of.depreciation == 4000.0);
    assert!((of.horizon - 53_300.0).abs() < 1e-9 && (of.present_value - 53_300.0).abs() < 1e-9);
    assert_eq!((of.net_present_value, of.per_accelerator_hour), (None, None));
}
