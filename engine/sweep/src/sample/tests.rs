use super::*;

/// L₂-discrepancy, centred (F. Hickernell, 1998), as SciPy's `qmc.discrepancy(method="CD")`.
fn discrepancy(points: &[Vec<f64>]) -> f64 {
    let (n, d) = (points.len() as f64, points[0].len() as i32);
    let away = |x: f64| (x - 0.5).abs();
    let single: f64 = points
        .iter()
        .map(|p| p.iter().map(|&x| 1.0 + 0.5 * away(x) - 0.5 * away(x) * away(x)).product::<f64>())
        .sum();
    let mut double = 0.0;
    for p in points {
        for q in points {
            let terms =
                p.iter().zip(q).map(|(&x, &y)| 1.0 + 0.5 * away(x) + 0.5 * away(y) - 0.5 * (x - y).abs());
            double += terms.product::<f64>();
        }
    }
    (13.0_f64 / 12.0).powi(d) - 2.0 / n * single + double / (n * n)
}

#[test]
fn the_first_points_of_the_sequence_are_those_of_the_paper() {
    // Joe and Kuo list in Gray-code order; by number the first four of two dimensions are
    // (0, 0), (1/2, 1/2), (1/4, 3/4), (3/4, 1/4).
    assert_eq!(sobol::plain(4, 2), [[0.0, 0.0], [0.5, 0.5], [0.25, 0.75], [0.75, 0.25]]);
}

#[test]
fn scrambling_keeps_one_point_in_each_elementary_interval() {
    // 256 points of a (0, 8, 2)-net in base 2: each box of 2^-a by 2^-(8-a) holds exactly one.
    let points = sobol::scrambled(256, 2, 7);
    for a in 0..=8 {
        let (across, along) = (1_usize << a, 1_usize << (8 - a));
        let mut boxes = vec![0; 256];
        for p in &points {
            let (x, y) = ((p[0] * across as f64) as usize, (p[1] * along as f64) as usize);
            boxes[x * along + y] += 1;
        }
        assert!(boxes.iter().all(|&n| n == 1), "a = {a}");
    }
}

#[test]
fn a_latin_hypercube_has_one_case_in_each_part_of_each_parameter() {
    let points = latin_hypercube(50, 4, 3);
    for d in 0..4 {
        let mut parts: Vec<usize> = points.iter().map(|p| (p[d] * 50.0) as usize).collect();
        parts.sort_unstable();
        assert_eq!(parts, (0..50).collect::<Vec<_>>());
    }
}

#[test]
fn a_point_is_the_same_however_many_follow() {
    let few = sobol::scrambled(8, 3, 1);
    assert_eq!(few, sobol::scrambled(64, 3, 1)[..8]);
    assert_eq!(monte_carlo(5, 3, 1), monte_carlo(9, 3, 1)[..5]);
}

#[test]
fn a_path_of_morris_moves_every_parameter_once_by_two_thirds_of_four_levels() {
    let points = morris::paths(6, 5, 4, 2);
    assert_eq!(points.len(), 36);
    for path in points.chunks(6) {
        let mut moved = [0; 5];
        for pair in path.windows(2) {
            let at: Vec<usize> = (0..5).filter(|&d| pair[0][d] != pair[1][d]).collect();
            assert_eq!(at.len(), 1);
            // Δ = 4 / (2 · 3) = 2/3
            assert!(((pair[1][at[0]] - pair[0][at[0]]).abs() - 2.0 / 3.0).abs() < 1e-15);
            moved[at[0]] += 1;
        }
        assert_eq!(moved, [1; 5]);
    }
    assert!(points.iter().flatten().all(|u| (0.0..=1.0).contains(u)));
}

#[test]
fn a_block_of_saltelli_is_a_then_a_with_each_column_of_b_then_b() {
    let points = saltelli_points(4, 3, 1);
    assert_eq!(points.len(), 4 * 5);
    for block in points.chunks(5) {
        let (a, b) = (&block[0], &block[4]);
        for d in 0..3 {
            for j in 0..3 {
                assert_eq!(block[1 + d][j], if j == d { b[j] } else { a[j] });
            }
        }
    }
}

#[test]
fn scrambled_points_are_as_even_as_those_of_scipy_and_far_evener_than_chance() {
    // tests/validation/salib/discrepancy.csv: 256 points in 6 dimensions, mean of SciPy's over 20 seeds each.
    let table = include_str!("../../../../tests/validation/salib/discrepancy.csv");
    let of = |sampler: &str| -> f64 {
        let line = table.lines().find(|line| line.starts_with(sampler)).unwrap();
        line.split(',').nth(1).unwrap().parse().unwrap()
    };
    let mean = |make: &dyn Fn(u64) -> Vec<Vec<f64>>| {
        (1..=20).map(|seed| discrepancy(&make(seed))).sum::<f64>() / 20.0
    };
    let (ours, scipy) = (mean(&|seed| sobol::scrambled(256, 6, seed)), of("Sobol"));
    assert!((ours / scipy - 1.0).abs() < 0.1, "Sobol: {ours}, SciPy's {scipy}");
    let (ours, scipy) = (mean(&|seed| latin_hypercube(256, 6, seed)), of("LatinHypercube"));
    assert!((ours / scipy - 1.0).abs() < 0.1, "Latin hypercube: {ours}, SciPy's {scipy}");
    let (ours, scipy) = (mean(&|seed| monte_carlo(256, 6, seed)), of("Random"));
    assert!((ours / scipy - 1.0).abs() < 0.1, "Monte Carlo: {ours}, SciPy's {scipy}");
    assert!(of("Random") > 5.0 * of("Sobol"), "chance is far less even");
}

#[test]
fn the_discrepancy_of_unscrambled_points_is_that_of_scipy() {
    // That they are SciPy's to the last bit: `isotherm validate scipy`.
    let ours = sobol::plain(64, 20);
    let said = include_str!("../../../../tests/validation/salib/discrepancy.csv");
    let plain: f64 = said
        .lines()
        .find(|l| l.starts_with("Unscrambled"))
        .unwrap()
        .split(',')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    assert!((discrepancy(&ours) / plain - 1.0).abs() < 1e-12);
}
