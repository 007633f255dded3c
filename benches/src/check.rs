//! The flat form against what it was made from: its Jacobian by differences of its rates.

use crate::flat::Flat;
use crate::hall::{self, Schedule};
use crate::peers::Problem;

/// Differences in units of the states' scales that are taken for round-off.
const AGREES: f64 = 1e-5;

/// Refuses to go on where the flat Jacobian is wrong or incomplete: peers would be slow for that reason.
pub fn check() -> Result<(), String> {
    eprintln!("Jacobian of the flat form");
    let racks = 10;
    let mut hall = hall::hall(racks, &hall::each(racks), &Schedule::minutes(1))?;
    let mut flat = Flat::new(&hall.core, &hall.classes);
    hall.enter(0);
    let mut problem = Problem { model: &mut hall, flat: &mut flat };
    let y = problem.start();
    let columns = problem.flat.columns();
    let (starts, rows) = (columns.starts.clone(), columns.rows.clone());
    let weights = problem.flat.weights().to_vec();
    let mut values = vec![f64::NAN; rows.len()];
    problem.jacobian(0.0, &y, &mut values);
    let (mut above, mut below) = (vec![0.0; y.len()], vec![0.0; y.len()]);
    let mut worst = 0.0_f64;
    for column in 0..y.len() {
        let mut moved = y.clone();
        let step = 1e-5 * (1.0 + y[column].abs());
        moved[column] = y[column] + step;
        problem.rates(0.0, &moved, &mut above);
        moved[column] = y[column] - step;
        problem.rates(0.0, &moved, &mut below);
        let mut difference: Vec<f64> =
            above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * step)).collect();
        for place in starts[column]..starts[column + 1] {
            difference[rows[place]] -= values[place];
        }
        let scale = if weights[column] > 0.0 { weights[column] } else { 1.0 };
        for (difference, weight) in difference.iter().zip(&weights) {
            let error = difference.abs() * weight / scale;
            worst = if error.is_nan() { f64::NAN } else { worst.max(error) };
        }
    }
    eprintln!("  differs by at most {worst:.1e} per second");
    if worst < AGREES { Ok(()) } else { Err(format!("the flat Jacobian is wrong by {worst:e} per second")) }
}
