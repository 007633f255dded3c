//! What a person can get wrong in a site file: each case has its message, its place and its way out.

mod common;

use common::{GOOD, expect, good, only, refused, rendered, with};
use scenario::{Class, Problem, Severity, load};
use std::path::Path;

#[test]
fn the_good_site_is_good() {
    let loaded = good(GOOD);
    assert!(loaded.warnings.is_empty(), "{}", rendered(&loaded.warnings));
}

#[test]
fn a_wrong_unit_shows_what_is_expected_with_a_caret_under_the_value() {
    let text = with("\"40 °C\"", "\"40 kW\"");
    let problem = only(&text);
    assert_eq!(
        problem.to_string(),
        "error[ISO0108]: components.cdu.supply_setpoint: \"40 kW\" is a power, a temperature such as \"30 °C\" is expected\n\
         \u{20}--> site.ron:8:61\n\
         \u{20} |\n\
         8 |         \"cdu\": Cdu(based_on: \"cdu_1350kw\", supply_setpoint: \"40 kW\"),\n\
         \u{20} |                                                             ^^^^^^^"
    );
}

#[test]
fn a_bare_number_is_told_its_unit() {
    let text = with("\"40 °C\"", "40");
    expect(&text, "ISO0108", "components.cdu.supply_setpoint", (8, 61, 2), "write for example \"40 °C\"");
}

#[test]
fn not_a_number_is_refused_where_ron_takes_it() {
    for name in ["NaN", "inf", "-inf", "NaNf64"] {
        let text = with("utilisation: 0.9", &format!("utilisation: {name}"));
        expect(
            &text,
            "ISO0108",
            "racks.pod.workload.utilisation",
            (12, 86, name.len()),
            "not a finite number",
        );
    }
}

#[test]
fn racks_whose_temperatures_are_asked_for_exist_and_are_carried_apart() {
    let with_run = |run: &str| format!("{}\n    run: ({run}),\n)", GOOD.trim_end().trim_end_matches(')'));
    let day = "period: Day(\"07-10\"), fidelity: Chip";
    let text = with_run(&format!(
        "{day}, details: [Temperatures(\"pod[1]\", \"3 h\", \"1 h\"), Temperatures(racks: \"pod\")]"
    ));
    let details = good(&text).case.run.details;
    let start = 190.0 * 86_400.0;
    assert_eq!((details.len(), details[0].rack, details[0].from_s), (2, Some(1), start + 10_800.0));
    assert_eq!((details[0].until_s, details[1].rack), (start + 14_400.0, None));
    for (run, code, says) in [
        ("details: [Temperatures(\"pod\")]", "fidelity", "no temperatures of their own"),
        (&format!("{day}, details: [Temperatures(\"pot\")]"), "run.details[0]", "no rack group pot"),
        (&format!("{day}, details: [Temperatures(\"pod[2]\")]"), "run.details[0]", "counted from 0"),
        (
            &format!("{day}, details: [Temperatures(\"pod\", \"25 h\")]"),
            "details[0].from",
            "nothing would be recorded",
        ),
        (
            "fidelity: Chip, step: \"1 s\", details: [Temperatures(\"pod\")]",
            "run.details",
            "million temperatures",
        ),
    ] {
        let problem = only(&with_run(run)).to_string();
        assert!(problem.contains(says) && problem.contains(code), "{run}: {problem}");
    }
}

#[test]
fn racks_that_differ_are_named_by_numbers_of_their_group() {
    let except = |list: &str| with("count: 2,", &format!("count: 9, except: [{list}],"));
    let one = |racks: &str| except(&format!("(racks: \"{racks}\", workload: Constant(utilisation: 0.1))"));
    let (path, code) = ("racks.pod.except[0].racks", "ISO0109");
    for (racks, expected) in [
        ("", "is no number of a rack"),
        ("first", "is no number of a rack"),
        ("-1", "is no number of a rack"),
        ("3-", "is no number of a rack"),
        ("99999999999", "is no number of a rack"),
        ("5-3", "runs backwards"),
        ("9", "there is no rack 9: the group has 9, from 0 to 8"),
        ("2-40", "there is no rack 40"),
        ("3, 3", "does not come after"),
        ("4-6, 1", "does not come after"),
    ] {
        let problem = only(&one(racks));
        assert_eq!((problem.code, problem.path.as_str()), (code, path), "{problem}");
        assert!(problem.message.contains(expected), "{racks}: {problem}");
        assert!(problem.help.as_ref().is_some_and(|help| help.contains("10-19")), "{problem}");
    }
    let twice = "(racks: \"1-3\", idle_share: 0.5), (racks: \"3\", idle_share: 1)";
    let problem = only(&except(twice));
    assert_eq!((problem.code, problem.path.as_str()), ("ISO0106", "racks.pod.except[1].racks"), "{problem}");
    let problem = only(&one("0-8"));
    assert_eq!((problem.code, problem.path.as_str()), (code, "racks.pod.except"), "{problem}");
    let problem = only(&except("(racks: \"1\", parts: {\"chips\": ()})"));
    assert_eq!(
        (problem.code, problem.path.as_str()),
        ("ISO0104", "racks.pod.except[0].parts.chips"),
        "{problem}"
    );
    let problem = only(&except("(racks: \"1\", workload: Constant(utilisation: 3))"));
    assert_eq!(problem.path, "racks.pod.except[0].workload.utilisation", "{problem}");
}

#[test]
fn racks_that_differ_are_a_group_of_their_own() {
    let text = with("count: 2,", "count: 9, except: [(racks: \"3, 5-6\", idle_share: 1), (racks: \"8\")],");
    let plant = good(&text).case.plant;
    let groups: Vec<_> = plant.groups.iter().map(|g| (g.id.as_str(), g.hall.as_str(), g.racks)).collect();
    assert_eq!(groups, [("pod", "pod", 5.0), ("pod[3+5-6]", "pod", 3.0), ("pod[8]", "pod", 1.0)]);
    let racks: Vec<String> =
        plant.groups.iter().flat_map(|g| (0..g.racks as usize).map(|k| g.rack(k))).collect();
    let expected = [0, 1, 2, 4, 7, 3, 5, 6, 8].map(|k| format!("pod[{k}]"));
    assert_eq!(racks, expected);
}

#[test]
fn unknown_names_suggest_the_nearest() {
    let text = with("DryCooler(", "DryColer(");
    expect(&text, "ISO0102", "components.cooler", (7, 19, 8), "did you mean DryCooler?");
    let text = with("supply_setpoint", "supply_setpont");
    expect(&text, "ISO0101", "components.cdu.supply_setpont", (8, 44, 14), "did you mean supply_setpoint?");
    let text = with("cdu_1350kw", "cdu_1350");
    expect(&text, "ISO0103", "components.cdu.based_on", (8, 30, 10), "did you mean cdu_1350kw?");
    let text = with("pump -> cdu", "pmp -> cdu");
    expect(&text, "ISO0104", "connections[1]", (16, 10, 3), "did you mean pump?");
    let text = with("cdu.primary", "cdu.primery");
    expect(&text, "ISO0105", "connections[1]", (16, 18, 11), "did you mean primary?");
    let text = with("frontier_rack", "frontier_rac");
    expect(&text, "ISO0103", "racks.pod.template", (12, 27, 14), "did you mean frontier_rack?");
    let text = with("Constant(", "Constent(");
    expect(&text, "ISO0114", "racks.pod.workload", (12, 64, 8), "did you mean Constant?");
    let text = with("phoenix", "phenix");
    expect(&text, "ISO0103", "site.climate", (4, 21, 8), "did you mean phoenix?");
    let text = with("climate: \"phoenix\"", "climate: \"phoenix\", grid: \"us_sw_sr\"");
    expect(&text, "ISO0103", "site.grid", (4, 38, 10), "did you mean us_sw_srp?");
}

#[test]
fn the_end_of_a_passage_is_not_named_in_a_chain() {
    let text = with("pump -> cdu.primary ", "pump -> cdu.primary_in ");
    expect(&text, "ISO0105", "connections[1]", (16, 18, 14), "write cdu.primary: the arrow says which end");
}

#[test]
fn a_record_of_another_kind_is_refused_with_those_that_fit() {
    let text = with("\"cdu_1350kw\"", "\"dry_cooler_1mw\"");
    expect(&text, "ISO0103", "components.cdu.based_on", (8, 30, 16), "cdu_1000kw");
}

#[test]
fn an_open_port_is_named_at_its_component() {
    let text = with("pod.liquid -> cdu.secondary", "pod.liquid");
    let open: Vec<(String, String)> = refused(&text).into_iter().map(|p| (p.path, p.message)).collect();
    let expected = [
        ("components.cdu", "cdu.secondary_in is open: liquid must be connected"),
        ("racks.pod", "pod.liquid_out is open: liquid must be connected"),
    ];
    assert_eq!(open, expected.map(|(path, message)| (path.to_owned(), message.to_owned())));
    let text = with("[pump, cooler, cdu, pod]", "[pump, cooler, pod]");
    expect(&text, "ISO0205", "components.cdu", (8, 9, 5), "cdu.electricity is open");
}

#[test]
fn two_media_are_not_joined() {
    let text = with("pump -> cdu.primary", "pump.electricity -> cdu.primary");
    expect(&text, "ISO0203", "connections[1]", (16, 30, 11), "cdu.primary is liquid");
}

#[test]
fn an_end_is_used_once() {
    let text = with("pod]\",", "pod]\", \"cooler.water -> pump.water\",");
    expect(
        &text,
        "ISO0204",
        "connections[2]",
        (16, 33, 6),
        "cooler.water_out is joined already by connections[1]",
    );
}

#[test]
fn feeds_are_written_in_one_list_and_each_once() {
    let two = with("\"ups\": Ups", "\"ups_b\": Ups(based_on: \"double_conversion_1500kva\"), \"ups\": Ups");
    let feeds = two.replace("\"grid -> ups ->", "\"grid -> [ups, ups_b] ->");
    // pump, cooler, cdu and racks on two feeds each, and the two on the grid; 3 within the racks
    assert_eq!(good(&feeds).case.plant.wires.len(), 4 * 2 + 2 + 3);
    let apart = two.replace("pod]\",", "pod]\", \"grid -> ups_b -> cdu\",");
    assert!(
        rendered(&refused(&apart)).contains("cdu.electricity is joined already"),
        "{}",
        rendered(&refused(&apart))
    );
    let text = with("[pump, cooler, cdu, pod]", "[pump, cooler, cdu, pod, pump]");
    expect(&text, "ISO0204", "connections[0]", (15, 50, 4), "pump is written twice");
    let text = with("pump -> cdu.primary", "[pump, pump] -> cdu.primary");
    expect(&text, "ISO0204", "connections[1]", (16, 17, 4), "pump is written twice");
    let text = with("cooler, cdu, pod]\"", "cooler, cdu] -> pod.electricity\"");
    let shown = rendered(&refused(&text));
    assert!(shown.contains("pump has no port where electricity leaves"), "{shown}");
}

#[test]
fn several_ways_to_join_are_listed() {
    // Both of the CDU's passages fit both of the exchanger's.
    let text =
        with("\"ups\": Ups", "\"hx\": PlateExchanger(based_on: \"plate_exchanger_1mw\"), \"ups\": Ups")
            .replace("pump -> cdu.primary -> cooler -> pump", "hx -> cdu -> hx");
    let problems = refused(&text);
    let found = problems.iter().find(|p| p.code == "ISO0202");
    let help = found.and_then(|p| p.help.clone()).unwrap_or_default();
    assert!(
        help.contains("hx.primary_out -> cdu.primary_in; hx.secondary_out -> cdu.primary_in"),
        "{}",
        rendered(&problems)
    );
}

#[test]
fn a_rack_with_negative_power_is_refused() {
    let text = with("count: 2,", "count: 2, parts: {\"node\": (accelerator_power_max: \"-5 W\")},");
    let problem = only(&text);
    assert_eq!(problem.path, "racks.pod.parts.node.accelerator_power_max");
    assert_eq!(problem.code, "ISO0109");
    assert!(problem.message.starts_with("is -5 W, but"), "{}", problem.message);
    let text = with("count: 2,", "count: -2,");
    expect(&text, "ISO0109", "racks.pod.count", (12, 51, 2), "is -2, but 1 to 100000");
}

#[test]
fn a_key_or_a_field_written_twice_is_refused() {
    let text = with("count: 2,", "count: 2, count: 3,");
    expect(&text, "ISO0106", "racks.pod.count", (12, 54, 5), "written twice");
    let text = with("\"cdu\": Cdu(", "\"cdu\": Cdu(), \"cdu\": Cdu(");
    let problems = refused(&text);
    assert!(
        problems.iter().any(|p| p.code == "ISO0106" && p.path == "components.cdu"),
        "{}",
        rendered(&problems)
    );
    let text = with("    site: (", "    title: \"again\",\n    site: (");
    expect(&text, "ISO0106", "title", (4, 5, 5), "written twice");
}

#[test]
fn several_errors_come_at_once_in_the_order_of_the_text() {
    let text = GOOD
        .replace("\"40 °C\"", "40")
        .replace("DryCooler(", "DryColer(")
        .replace("pump -> cdu", "pmp -> cdu")
        .replace("count: 2,", "count: 0,")
        .replace("schema: 1", "schema: 2");
    let lines: Vec<usize> =
        refused(&text).iter().filter_map(|p| p.location.as_ref()).map(|l| l.line).collect();
    assert_eq!(lines, [2, 7, 8, 12, 16]);
}

#[test]
fn what_depends_on_something_refused_is_passed_over() {
    // An unknown kind has no ports, but nothing is said of its connections.
    let text = with("DryCooler(", "Drier(");
    assert_eq!(only(&text).code, "ISO0102");
    // A chain that cannot be read leaves ends open, but nothing is said of them.
    let text = with("pump -> cdu.primary", "pump - > cdu.primary");
    expect(&text, "ISO0201", "connections[1]", (16, 15, 1), "`->` is expected here");
}

#[test]
fn alternatives_exclude_each_other() {
    let text = with("climate: \"phoenix\"", "climate: \"phoenix\", weather: \"none.epw\"");
    let problems = refused(&text);
    let found = problems.iter().find(|p| p.code == "ISO0113").map(|p| p.message.as_str());
    assert_eq!(found, Some("climate and weather exclude each other: keep one"));
    let text = with("climate: \"phoenix\"", "");
    expect(&text, "ISO0111", "site", (4, 11, 2), "neither a climate nor a weather file");
}

#[test]
fn ids_are_lower_case_words_and_some_are_reserved() {
    let text = with("\"ups\": Ups", "\"Ups-1\": FixedLoad(power: \"1 kW\"), \"ups\": Ups");
    assert!(refused(&text).iter().any(|p| p.code == "ISO0112"));
    let text = with("\"ups\": Ups", "\"grid\": FixedLoad(power: \"1 kW\"), \"ups\": Ups");
    let shown = rendered(&refused(&text));
    assert!(shown.contains("the id grid is reserved"), "{shown}");
    // Without quotes it is no text.
    let text = with("\"ups\": Ups", "ups: Ups");
    assert!(refused(&text).iter().any(|p| p.code == "ISO0112"));
    let text = with("\"pod\": (", "\"ups\": (");
    assert!(rendered(&refused(&text)).contains("is the id of a component already"));
}

#[test]
fn a_missing_parameter_offers_the_records_of_its_kind() {
    let text = with("Pump(based_on: \"end_suction_30kw\")", "Pump(head_design: \"200 kPa\")");
    expect(&text, "ISO0111", "components.pump.flow_design", (6, 9, 6), "\"end_suction_30kw\"");
}

#[test]
fn a_value_outside_the_usual_range_is_a_warning() {
    let text =
        with("based_on: \"dry_cooler_1mw\"", "based_on: \"dry_cooler_1mw\", approach_design: \"20 K\"");
    let loaded = good(&text);
    let [warning] = &loaded.warnings[..] else { panic!("{}", rendered(&loaded.warnings)) };
    assert_eq!((warning.severity, warning.code), (Severity::Warning, "ISO0110"));
    assert_eq!(warning.message, "20 K is unusual: 4 K to 15 K is common");
}

#[test]
fn a_data_sheet_that_contradicts_itself_is_told_in_the_kinds_words() {
    let text =
        with("based_on: \"dry_cooler_1mw\"", "based_on: \"dry_cooler_1mw\", air_flow_design: \"1 m3/s\"");
    expect(&text, "ISO0206", "components.cooler", (7, 9, 8), "raise air_flow_design");
}

#[test]
fn wrong_types_say_what_is_expected() {
    for (from, to, part) in [
        (
            "title: \"Two racks\"",
            "title: 5",
            "the number 5 is written where a text in double quotes is expected",
        ),
        ("connections: [", "connections: [3,", "a chain such as"),
        ("Constant(utilisation: 0.9)", "Constant(0.9)", "written with their names: utilisation"),
        ("Cdu(based_on: \"cdu_1350kw\", ", "(", "the kind of the component is missing"),
        ("count: 2", "count: 2.5", "a whole number of 1 to 100000 is expected"),
        ("count: 2", "count: \"2\"", "a whole number of 1 to 100000 is expected"),
        ("Site(", "Sight(", "Sight is written where Site is expected"),
        ("site: (climate: \"phoenix\")", "site: {\"climate\": \"phoenix\"}", "fields in parentheses"),
        ("racks: {", "run: (method: \"Rodas3\"), racks: {", "write Rodas3 without quotes"),
        ("racks: {", "run: (method: Rodas5), racks: {", "did you mean Rodas3?"),
        ("racks: {", "run: (tolerance: \"small\"), racks: {", "a number of"),
        ("racks: {", "run: (period: Day(\"2024-02-30\")), racks: {", "is no date"),
        ("racks: {", "run: (period: Day(\"2024-02-29\")), racks: {", "365 days"),
        ("racks: {", "run: (period: Span(from: \"360 d\", for: \"10 d\")), racks: {", "ends after the year"),
        (
            "racks: {",
            "run: (step: \"15 min\", output_every: \"20 min\"), racks: {",
            "no whole number of steps",
        ),
        ("racks: {", "tenants: [], racks: {", "has no field tenants"),
    ] {
        let shown = rendered(&refused(&with(from, to)));
        assert!(shown.contains(part), "{to}: {shown}");
    }
}

#[test]
fn controls_name_what_exists_in_its_units() {
    let control = |text: &str| with("racks: {", &format!("controls: {{\"a\": {text}}}, racks: {{"));
    for (text, code, part) in [
        (
            "Hold(sensor: \"cooler.water_ot\", at: \"30 °C\", by: \"cooler.fan_speed\")",
            "ISO0105",
            "water_out",
        ),
        (
            "Hold(sensor: \"cooler.water_out\", at: \"30 kW\", by: \"cooler.fan_speed\")",
            "ISO0108",
            "a temperature",
        ),
        ("Hold(sensor: \"cooler.water_out\", at: \"30 °C\", by: \"cooler.fan\")", "ISO0105", "fan_speed"),
        ("Hold(sensor: \"cooler.water_out\", at: \"30 °C\", by: \"coler.fan_speed\")", "ISO0104", "cooler"),
        (
            "Hold(sensor: \"cooler.water_flow\", at: \"3 kg/s\", by: \"cooler.fan_speed\")",
            "ISO0111",
            "band: \"12 kg/s\"",
        ),
        ("Fix(by: \"cooler.fan_speed\", at: 1.5)", "ISO0109", "fan_speed goes from 0 to 1"),
        ("Fix(by: \"cooler.fan_speed\")", "ISO0111", "at is missing"),
    ] {
        let problem = only(&control(text));
        let said = problem.render();
        assert!(problem.code == code && said.contains(part), "{text}: {said}");
    }
}

#[test]
fn one_circuit_has_one_fluid() {
    let text = with("racks: {", "fluids: {\"cdu.secondary\": \"pg25\", \"pod.liquid\": \"water\"}, racks: {");
    assert_eq!(only(&text).code, "ISO0208");
    let text = with("racks: {", "fluids: {\"cdu.secondry\": \"pg25\"}, racks: {");
    expect(&text, "ISO0105", "fluids.cdu.secondry", (11, 14, 14), "did you mean secondary?");
    let text = with("racks: {", "fluids: {\"cdu.secondary\": \"pg26\"}, racks: {");
    assert!(
        rendered(&refused(&text)).contains("there are: water, pg20, pg25")
            || rendered(&refused(&text)).contains("did you mean pg2")
    );
}

#[test]
fn a_resistance_is_of_a_passage_that_resists_at_a_flow_that_is_known() {
    let resists = |entry: &str| with("racks: {", &format!("resistances: {{{entry}}}, racks: {{"));
    for (entry, code, part) in [
        ("\"cdu.primry\": (pressure_drop: \"60 kPa\")", "ISO0105", "did you mean primary?"),
        ("\"cooler.water\": (pressure_drop: \"60 kPa\")", "ISO0214", "write the flow of one unit"),
        (
            "\"pump.water\": (pressure_drop: \"60 kPa\")",
            "ISO0214",
            "is a pump: head_design says what it lifts",
        ),
        ("\"cdu.primary\": (flow: \"10 L/s\")", "ISO0111", "pressure_drop is missing"),
        (
            "\"cooler.water\": (pressure_drop: \"60 kPa\", flow: \"30 L/s\"), \"cdu.primary\": (pressure_drop: \"60 kPa\", exponent: 3)",
            "ISO0109",
            "exponent",
        ),
        (
            "\"cdu.primary\": (pressure_drop: \"60 kPa\")",
            "ISO0214",
            "write for each: \"cooler.water\": (pressure_drop:",
        ),
        ("\"cdu.secondary\": (pressure_drop: \"60 kPa\")", "ISO0214", "it needs a Pump"),
    ] {
        let problem = only(&resists(entry));
        let said = problem.render();
        assert!(problem.code == code && said.contains(part), "{entry}: {said}");
    }
    let control = "controls: {\"c\": Hold(sensor: \"cdu.primary_pressure_drop\", at: \"60 kPa\", by: \"pump.speed\", \
                   band: \"100 kPa\", action: Raises)}, racks: {";
    let problem = only(&with("racks: {", control));
    assert!(problem.code == "ISO0209" && problem.render().contains("not solved from pressures"));
    let both = "\"cdu.primary\": (pressure_drop: \"60 kPa\"), \"cooler.water\": (pressure_drop: \"90 kPa\", flow: \"30 L/s\")";
    let loaded = good(&resists(both).replace("racks: {", control));
    assert_eq!(loaded.case.plant.resistances.len(), 2);
    assert!(loaded.case.inferred.iter().any(|said| said.contains("solved from pressures")));
}

#[test]
fn a_circuit_of_pressures_is_complete_and_leads_through_racks_that_are_carried_once() {
    // The pump serves the racks without a CDU.
    let direct = |more: &str| {
        let text =
            with("\"pump -> cdu.primary -> cooler -> pump\",", "\"pump -> pod.liquid -> cooler -> pump\",")
                .replace("        \"cdu.secondary -> pod.liquid -> cdu.secondary\",\n", "")
                .replace("pump, cooler, cdu, pod", "pump, cooler, pod")
                .replace("        \"cdu\": Cdu(based_on: \"cdu_1350kw\", supply_setpoint: \"40 °C\"),\n", "");
        text.replace("racks: {", &format!("{more} racks: {{"))
    };
    let cooler = "\"cooler.water\": (pressure_drop: \"90 kPa\", flow: \"30 L/s\")";
    let problem = only(&direct(&format!("resistances: {{{cooler}}},")));
    let said = problem.render();
    assert!(problem.code == "ISO0214" && said.contains("pod.node.coolant"), "{said}");
    let both = format!("resistances: {{{cooler}, \"pod.liquid\": (pressure_drop: \"40 kPa\")}},");
    // four cold plates beside each other, each with its own flow
    assert_eq!(good(&direct(&both)).case.plant.resistances.len(), 5);
    let apart = format!("{both} run: (period: Day(\"2024-07-10\"), fidelity: Rack),");
    let problem = only(&direct(&apart));
    let said = problem.render();
    assert!(problem.code == "ISO0214" && problem.path == "run.fidelity", "{said}");
    assert!(said.contains("write fidelity: Lumped"), "{said}");
    // A valve where nothing is solved.
    let valve = with("\"ups\": Ups", "\"check\": CheckValve(based_on: \"wafer_check_dn150\"), \"ups\": Ups")
        .replace("pump -> cdu.primary", "pump -> check -> cdu.primary");
    let problem = only(&valve);
    let said = problem.render();
    assert!(problem.code == "ISO0214" && problem.path == "components.check", "{said}");
    assert!(said.contains("throttles nothing"), "{said}");
}

#[test]
fn there_are_at_most_a_hundred_thousand_racks() {
    let group = "\"pod_2\": (template: \"frontier_rack\", count: 100000, workload: Idle), \"pod\": (";
    let text = with("\"pod\": (", group);
    assert!(refused(&text).iter().any(|p| p.code == "ISO0117" && p.message.contains("100002 racks")));
}

#[test]
fn a_text_is_at_most_four_kilobytes() {
    let text = with("Two racks", &"x".repeat(4097));
    let problem = only(&text);
    assert_eq!(problem.code, "ISO0115");
    // The line is cut to fit a terminal.
    assert!(problem.render().lines().all(|line| line.chars().count() < 160));
}

#[test]
fn broken_syntax_stops_with_its_place_and_what_is_not_closed() {
    for (from, to, line, part) in [
        ("title: \"Two racks\",", "title: \"Two racks\"", 4, "put a comma between"),
        ("title: \"Two racks\",", "title: \"Two racks,", 4, "the text that begins in line 3"),
        ("connections: [", "connections: [[", 19, "the `[` of line 14 is not closed"),
        ("components: {", "components: {{", 10, "the `{` of line 5 is not closed"),
        (")\n", "", 19, "the `(` of line 1 is not closed"),
        ("schema: 1", "schema: 1 2", 2, "expected comma"),
        ("schema: 1", "schema: \"\\q\"", 2, "escape"),
    ] {
        let problem =
            if from == ")\n" { only(GOOD.trim_end().trim_end_matches(')')) } else { only(&with(from, to)) };
        let shown = problem.render();
        assert_eq!(problem.code, "ISO0006", "{shown}");
        assert_eq!(problem.location.as_ref().map(|l| l.line), Some(line), "{shown}");
        assert!(shown.contains(part), "{to}: {shown}");
    }
}

#[test]
fn a_million_brackets_are_refused() {
    for bracket in ["[", "(a:", "{1:", "Some(", "Site(set:{\"a\":"] {
        let problem = only(&bracket.repeat(1_000_000));
        assert_eq!(problem.code, "ISO0006");
        // After Some( the reader looks ahead for the end first.
        let part = if bracket == "Some(" { "end of RON" } else { "more than 128 levels" };
        assert!(problem.message.contains(part), "{bracket}: {}", problem.message);
    }
}

#[test]
fn a_path_of_several_lines_is_refused_in_one() {
    let text = "Site(schema: 1, based_on: \"nvl72_pod\", set: {\"/\n// a comment\n// that was quoted cdu.supply_setpoint\": \"30 °C\"})";
    let problems = scenario::load_text("s.ron", text, &[]).err().unwrap();
    let shown: Vec<String> = problems.iter().map(Problem::render).collect();
    assert!(shown.iter().any(|text| text.contains("line break")), "{shown:#?}");
    assert!(shown.iter().all(|text| text.lines().count() <= 6), "{shown:#?}");
}

#[test]
fn an_empty_text_is_refused() {
    for text in ["", "   \n", "// nothing", "()", "Site()", "5", "\"text\"", "[]", "Site"] {
        assert!(!refused(text).is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_readable_file_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |path: &Path| -> (Class, Problem) {
        let problems = load(path, &[]).err().unwrap_or_default();
        (scenario::problem::class(&problems), problems.into_iter().next().unwrap())
    };
    let (class, problem) = refuse(folder.path());
    assert_eq!((class, problem.code), (Class::BadInput, "ISO0003"));
    assert!(
        problem.message.contains("is a folder") && problem.help.unwrap().contains("name the file inside")
    );
    std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
    assert!(refuse(folder.path()).1.help.unwrap().contains("finished run"));
    let (class, problem) = refuse(&folder.path().join("none.ron"));
    assert_eq!((class, problem.code, class.exit_code()), (Class::MissingInput, "ISO0001", 66));
    let garbage = folder.path().join("garbage.ron");
    for (bytes, part) in [
        (&b"\x7fELF\x02\x01\x01\x00\x00"[..], "is not text: line 1 has the control character 0x02"),
        (b"Site(\n title: \"S\xe3o\")", "is not UTF-8: line 2"),
        (b"\xff\xfeS\x00i\x00", "is UTF-16"),
    ] {
        std::fs::write(&garbage, bytes).unwrap();
        let (class, problem) = refuse(&garbage);
        assert_eq!((class, class.exit_code()), (Class::BadInput, 65));
        assert!(problem.message.contains(part), "{}", problem.message);
    }
    let large = folder.path().join("large.ron");
    let file = std::fs::File::create(&large).unwrap();
    file.set_len((16 << 20) + 1).unwrap();
    let (class, problem) = refuse(&large);
    assert_eq!((class, problem.code), (Class::BadInput, "ISO0004"));
}

#[test]
fn a_missing_weather_file_is_missing_input() {
    let text = with("climate: \"phoenix\"", "weather: \"none.epw\"");
    let problems = refused(&text);
    assert_eq!(scenario::problem::class(&problems), Class::MissingInput, "{}", rendered(&problems));
    assert_eq!(problems[0].location.as_ref().map(|l| (l.line, l.column)), Some((4, 21)));
}

#[test]
fn a_component_that_follows_a_record_must_name_it() {
    let text = with("\"ups\": Ups", "\"load\": LiquidHeatTrace(), \"ups\": Ups")
        .replace("cdu, pod]", "cdu, pod, load]")
        .replace("pump -> cdu.primary -> cooler", "pump -> [cdu.primary, load.liquid] -> cooler");
    expect(&text, "ISO0111", "components.load.trace", (9, 17, 15), "trace is missing");
}
