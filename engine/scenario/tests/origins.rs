//! Every factor of what ships says where it comes from: source, year, confidence.

use scenario::Case;
use scenario::case::Origin;
use scenario::catalogue::{self, Shelf};
use std::path::Path;

/// Every origin that a case carries into a report.
fn origins(case: &Case) -> Vec<Origin> {
    let mut found = Vec::new();
    if let Some(grid) = &case.grid {
        for factor in grid.lifecycle.iter().chain(&grid.direct) {
            found.push(Origin::new(grid.source.clone(), factor.year, grid.confidence));
        }
        let numbers = [
            &grid.carbon_free_share,
            &grid.water,
            &grid.electricity_price_usd_per_kwh,
            &grid.water_price_usd_per_m3,
        ];
        found.extend(numbers.into_iter().flatten().map(|of| of.origin.clone()));
        found.extend(grid.water_stress.iter().map(|of| of.origin.clone()));
    }
    if let Some(supply) = &case.supply {
        found.extend(supply.profile.iter().map(|of| of.origin.clone()));
        found.extend(supply.residual.iter().map(|of| of.origin.clone()));
        for contract in &supply.contracts {
            found.push(contract.origin.clone());
            found.extend(contract.course_origin.clone());
        }
    }
    if let Some(tariff) = &case.tariff {
        found.extend([tariff.electricity_origin.clone(), tariff.water_origin.clone()]);
    }
    let books = &case.books;
    for charge in &books.refrigerants {
        found.extend([charge.leakage.origin.clone(), charge.refrigerant.gwp(charge.ar4).origin]);
    }
    for item in &books.bill {
        found.extend([item.origin.clone(), item.life.origin.clone()]);
        found.extend(item.instead_of.map(|(factor, _)| factor.origin()));
    }
    if let Some(money) = &books.money {
        found.push(money.origin.clone());
        found.extend(money.exchange.iter().map(|of| of.origin.clone()));
        let assets = money.assets.iter().map(|asset| &asset.priced);
        found.extend(assets.chain(&money.yearly).map(|priced| priced.price.origin.clone()));
        found.extend(money.assets.iter().filter_map(|asset| asset.terms.clone()));
    }
    if let Some(pledges) = &books.pledges {
        let lists = pledges.courses.named().into_iter().filter_map(|(_, list)| list.as_ref());
        found.extend(lists.map(|list| list.origin.clone()));
        found.extend(pledges.measures.iter().map(|measure| measure.origin.clone()));
    }
    found
}

/// Whether a source is one: it was read somewhere, or says that it is an estimate, recalled or made up.
fn is_stated(source: &str) -> bool {
    let kinds = ["sourced: ", "sourced (", "to verify", "made up", "by definition"];
    kinds.iter().any(|kind| source.contains(kind))
}

fn hold(what: &str, case: &Case) -> usize {
    let origins = origins(case);
    for origin in &origins {
        assert!(is_stated(&origin.source), "{what}: {origin:?}");
        assert!((2000..=2026).contains(&origin.year), "{what}: {origin:?}");
        // What is estimated or recalled is not graded as if it had been read.
        let estimated = origin.source.starts_with("engineering estimate");
        assert!(!estimated || origin.confidence.name() == "C", "{what}: {origin:?}");
        assert!(!origin.source.contains("given by the site"), "{what}: {origin:?}");
    }
    origins.len()
}

#[test]
fn every_factor_of_every_shipped_site_has_a_source_a_year_and_a_confidence() {
    let mut most = 0;
    for site in catalogue::all(Shelf::Sites) {
        let loaded = scenario::load(Path::new(site.id), &[]).unwrap_or_else(|p| panic!("{}: {p:?}", site.id));
        most = most.max(hold(site.id, &loaded.case));
    }
    assert!(most >= 30, "a site with a plan or with money has many: {most}");
}

#[test]
fn every_factor_of_every_shipped_study_has_a_source_a_year_and_a_confidence() {
    for study in catalogue::all(Shelf::Studies) {
        scenario::study_file::load(Path::new(study.id)).expect("a shipped study");
        // Its base and the sites of its options; the climates and grids that it varies are held below.
        let text = &study.source.text;
        let named = ["base: \"", "site: \""].map(|field| text.split(field).skip(1));
        let ids: Vec<&str> = named.into_iter().flatten().filter_map(|rest| rest.split('"').next()).collect();
        assert!(!ids.is_empty(), "{}", study.id);
        for id in ids {
            let loaded = scenario::load(Path::new(id), &[]).unwrap_or_else(|p| panic!("{id}: {p:?}"));
            hold(&format!("{} of {}", id, study.id), &loaded.case);
        }
        assert!(
            !text.contains("economics"),
            "{}: a study that sets prices says where they come from",
            study.id
        );
    }
}

#[test]
fn every_grid_can_be_named_and_says_where_its_values_come_from() {
    let mut named = 0;
    for grid in catalogue::all(Shelf::Grids) {
        let set = [("site.grid".to_owned(), grid.id.to_owned())];
        let loaded =
            scenario::load(Path::new("nvl72_pod"), &set).unwrap_or_else(|p| panic!("{}: {p:?}", grid.id));
        let case = loaded.case;
        let found = hold(grid.id, &case);
        let of = case.grid.as_ref().expect("a grid");
        // What its record says is there: nothing is dropped for want of an origin.
        for (field, there) in [
            ("    water: (", of.water.is_some()),
            ("    water_stress: (", of.water_stress.is_some()),
            ("    electricity_price: (", of.electricity_price_usd_per_kwh.is_some()),
            ("    water_price: (", of.water_price_usd_per_m3.is_some()),
        ] {
            assert_eq!(grid.source.text.contains(field), there, "{}: {field}", grid.id);
        }
        assert!(found >= 2, "{}", grid.id);
        named += 1;
    }
    assert!(named >= 75);
}
