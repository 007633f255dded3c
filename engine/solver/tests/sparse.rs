//! Sparse LU against dense LU.

use nalgebra::{DMatrix, DVector};
use solver::Sparsity;
use solver::sparse::{Lu, SymbolicLu};

/// A small generator of pseudo-random numbers in [0, 1): Knuth's MMIX constants.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }
}

/// A random pattern with its diagonal, and entries that make the diagonal dominant.
fn random_system(random: &mut Random, rows: usize, per_row: usize) -> (Sparsity, Vec<f64>) {
    let mut pairs: Vec<(u32, u32)> = (0..rows as u32).map(|i| (i, i)).collect();
    for i in 0..rows {
        for _ in 0..random.below(per_row + 1) {
            pairs.push((i as u32, random.below(rows) as u32));
        }
    }
    // One full row and one full column, as a node shared by all has them.
    let hub = random.below(rows) as u32;
    pairs.extend((0..rows as u32).flat_map(|i| [(hub, i), (i, hub)]));
    let pattern = Sparsity::from_pairs(rows, &pairs).unwrap();
    let mut entries = vec![0.0; pattern.entries()];
    for row in 0..rows {
        let mut sum = 0.0;
        for at in pattern.range(row) {
            entries[at] = 2.0 * random.next() - 1.0;
            sum += entries[at].abs();
        }
        let diagonal = pattern.position(row, row as u32).unwrap();
        entries[diagonal] = sum * if random.next() < 0.5 { -1.0 } else { 1.0 };
    }
    (pattern, entries)
}

fn dense(pattern: &Sparsity, entries: &[f64]) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(pattern.rows, pattern.rows);
    for row in 0..pattern.rows {
        for at in pattern.range(row) {
            matrix[(row, pattern.columns[at] as usize)] = entries[at];
        }
    }
    matrix
}

#[test]
fn sparse_and_dense_solutions_agree_on_random_systems() {
    let mut random = Random(7);
    let mut worst = 0.0_f64;
    for rows in [1, 2, 3, 5, 8, 20, 50, 120] {
        for per_row in [0, 1, 3, 6] {
            let (pattern, entries) = random_system(&mut random, rows, per_row);
            let b: Vec<f64> = (0..rows).map(|_| random.next()).collect();
            let mut lu = Lu::new(SymbolicLu::new(&pattern).unwrap());
            // Twice, with another matrix in between: nothing may be left over.
            let other: Vec<f64> = entries.iter().map(|e| e * 3.0).collect();
            lu.factor(&other).unwrap();
            lu.factor(&entries).unwrap();
            let mut x = b.clone();
            lu.solve(&mut x);
            let exact = dense(&pattern, &entries).lu().solve(&DVector::from_vec(b)).unwrap();
            let size = exact.amax();
            for (x, exact) in x.iter().zip(exact.iter()) {
                worst = worst.max((x - exact).abs() / size);
            }
        }
    }
    println!("worst relative difference {worst:e}");
    assert!(worst < 1e-12, "{worst}");
}

#[test]
fn condensing_rows_away_changes_no_solution() {
    let mut random = Random(11);
    let (mut worst, mut gone) = (0.0_f64, 0);
    for rows in [2, 5, 20, 120] {
        let (pattern, entries) = random_system(&mut random, rows, 2);
        let condense: Vec<bool> = (0..rows).map(|_| random.next() < 0.6).collect();
        let symbolic = SymbolicLu::condensed(&pattern, &vec![false; rows], &condense).unwrap();
        gone += symbolic.rows_condensed();
        assert!(symbolic.order()[..symbolic.rows_condensed()].iter().all(|&row| condense[row as usize]));
        let kept = symbolic.order()[symbolic.rows_condensed()..].to_vec();
        let mut lu = Lu::new(symbolic);
        lu.factor(&entries).unwrap();
        let b: Vec<f64> = (0..rows).map(|_| random.next()).collect();
        let exact = dense(&pattern, &entries).lu().solve(&DVector::from_column_slice(&b)).unwrap();
        let (mut all, mut rest) = (b.clone(), b);
        lu.solve(&mut all);
        lu.condense(&mut rest);
        lu.solve_rest(&mut rest);
        let all = (0..rows).map(|row| (all[row] - exact[row]).abs());
        let rest = kept.iter().map(|&row| (rest[row as usize] - exact[row as usize]).abs());
        worst = all.chain(rest).fold(worst, |worst, error| worst.max(error / exact.amax()));
    }
    assert!(worst < 1e-12, "{worst}");
    assert!(gone > 20, "{gone}");
}

#[test]
fn a_sum_that_many_rows_read_is_not_condensed() {
    // 40 rows feed row 0 and read it: eliminated first it would fill 40 × 40 entries.
    let n = 41_u32;
    let pairs: Vec<(u32, u32)> = (0..n).flat_map(|i| [(i, i), (0, i), (i, 0)]).collect();
    let pattern = Sparsity::from_pairs(n as usize, &pairs).unwrap();
    let mut condense = vec![false; n as usize];
    condense[0] = true;
    let symbolic = SymbolicLu::condensed(&pattern, &vec![false; n as usize], &condense).unwrap();
    assert_eq!((symbolic.rows_condensed(), symbolic.values()), (0, pattern.entries()));
}

#[test]
fn a_row_whose_column_is_empty_costs_only_itself() {
    // Row 0 reads rows 1 and 2, nobody reads it: eliminated without an update of others.
    let pattern = Sparsity::from_rows(vec![vec![0, 1, 2], vec![1, 2], vec![1, 2]]).unwrap();
    let symbolic = SymbolicLu::new(&pattern).unwrap();
    assert_eq!(symbolic.order()[0], 0);
    // Left is the dense 2 × 2 block: one update. Values: 3 + 2 + 2 entries, no fill.
    assert_eq!((symbolic.updates(), symbolic.values()), (1, 7));
}

#[test]
fn a_star_and_a_chain_are_eliminated_without_fill() {
    let n = 1000_u32;
    let star: Vec<(u32, u32)> = (0..n).flat_map(|i| [(i, i), (0, i), (i, 0)]).collect();
    let chain: Vec<(u32, u32)> =
        (0..n).flat_map(|i| [(i, i), (i, (i + 1).min(n - 1)), ((i + 1).min(n - 1), i)]).collect();
    for pairs in [star, chain] {
        let pattern = Sparsity::from_pairs(n as usize, &pairs).unwrap();
        let symbolic = SymbolicLu::new(&pattern).unwrap();
        assert_eq!(symbolic.values(), pattern.entries());
        assert_eq!(symbolic.updates(), n as usize - 1);
    }
}

#[test]
fn a_singular_matrix_is_reported_with_its_row_whatever_its_units() {
    let pattern = Sparsity::from_rows(vec![vec![0, 1], vec![0, 1]]).unwrap();
    let mut lu = Lu::new(SymbolicLu::new(&pattern).unwrap());
    // [1 3; 1/3·s  s]: the second pivot is s − s·(1/3)·3 = 0 up to round-off, in any unit s.
    for s in [1e-30, 0.1, 1.0, 7e20] {
        let error = lu.factor(&[1.0, 3.0, s / 3.0, s]).unwrap_err();
        assert_eq!(error.row, 1);
        // Well posed in the same units: the pivot is s − 3·(s/6) = s/2.
        lu.factor(&[1.0, 3.0, s / 6.0, s]).unwrap();
    }
    assert_eq!(lu.factor(&[0.0, 1.0, 1.0, 1.0]).unwrap_err().row, 0);
    let error = lu.factor(&[1.0, f64::NAN, 1.0, 1.0]).unwrap_err();
    assert!(error.pivot.is_nan());
}

#[test]
fn a_weak_diagonal_waits_until_elimination_has_added_to_it() {
    // [ε 1; −1 1]: pivoting on ε would lose the last entry's digits; ordered last it is 1 + ε.
    let pattern = Sparsity::from_rows(vec![vec![0, 1], vec![0, 1]]).unwrap();
    let symbolic = SymbolicLu::with_weak_diagonals(&pattern, &[true, false]).unwrap();
    assert_eq!(symbolic.order(), [1, 0]);
    let mut lu = Lu::new(symbolic);
    lu.factor(&[0.0, 1.0, -1.0, 1.0]).unwrap();
    // y = 2, −x + y = 5 → x = −3.
    let mut x = [2.0, 5.0];
    lu.solve(&mut x);
    assert_eq!(x, [-3.0, 2.0]);
}

#[test]
fn patterns_without_a_diagonal_are_refused() {
    let pattern = Sparsity::from_rows(vec![vec![0], vec![0]]).unwrap();
    let error = SymbolicLu::new(&pattern).unwrap_err();
    assert!(error.to_string().contains("row 1 has no diagonal entry"));
}
