//! Humidifier against psychrolib: water sprayed at the wet bulb moves air along its saturation line.
#![allow(missing_docs)]

use media::moist_air;
use plant::catalogue::kind;

#[test]
fn fog_at_the_wet_bulb_leads_to_the_states_of_the_stored_table() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/validation/oracle/direct_evap_cooler.csv");
    let table = std::fs::read_to_string(file).expect("the stored table");
    let humidifier = kind("Humidifier").expect("the kind");
    let outputs = humidifier.declaration().outputs;
    let at = |name: &str| outputs.iter().position(|o| o.name == name).expect("an output");
    let (mut rows, mut worst) = (0, 0.0f64);
    for line in table.lines().skip(1) {
        let f: Vec<f64> = line.split(',').map(|x| x.parse().expect("a number")).collect();
        let [t, _, p, _, twb, t_out, w_in, w_out, _] = f[..] else { panic!("nine columns: {line}") };
        let (t, twb) = (t + 273.15, twb + 273.15);
        // 1 kg/s of air; what it lacks, at the wet bulb, without electricity
        let values = [w_out - w_in, 0.0, twb, 278.15, 5.0, 10.0];
        let o = humidifier.evaluate(&values, &[1.0, moist_air::enthalpy(t, w_in), w_in, p, 1.0]);
        let h_out = moist_air::enthalpy(t, w_in) + o[at("heat_to_air")];
        let leaving = moist_air::temperature_from_enthalpy(h_out, w_in + o[at("vapour")]);
        worst = worst.max((leaving - t_out - 273.15).abs());
        rows += 1;
    }
    // What remains is psychrolib's wet bulb, found by bisection to 1e-3 K.
    println!("{rows} rows, worst {worst:.1e} K");
    assert!(rows == 18 && worst < 2e-3, "{rows} rows, worst {worst} K");
}
