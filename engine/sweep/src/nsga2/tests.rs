use super::*;
use crate::hypervolume::hypervolume;

fn bits(point: &[f64]) -> String {
    point.iter().map(|x| format!("{:016x}", x.to_bits())).collect()
}

fn known(costs: &[f64], missed: &[f64]) -> Individual {
    Individual { point: vec![0.5], score: Score::Known { costs: costs.to_vec(), missed: missed.to_vec() } }
}

/// E. Zitzler, K. Deb, L. Thiele, *Evol. Comput.* 8 (2000), 173–195.
fn zdt(which: usize, x: &[f64]) -> Vec<f64> {
    let g = 1.0 + 9.0 * x[1..].iter().sum::<f64>() / (x.len() - 1) as f64;
    let share = x[0] / g;
    let h = match which {
        1 => 1.0 - share.sqrt(),
        2 => 1.0 - share * share,
        _ => 1.0 - share.sqrt() - share * (10.0 * std::f64::consts::PI * x[0]).sin(),
    };
    vec![x[0], g * h]
}

fn searched(which: usize, seed: u64, generations: usize) -> Nsga2 {
    let mut search = Nsga2::new(Options { population: 100, dimensions: 30, seed });
    for _ in 0..generations {
        let told = search.ask(&bits).into_iter().map(|point| {
            let score = Score::Known { costs: zdt(which, &point), missed: Vec::new() };
            Individual { point, score }
        });
        let told = told.collect();
        search.tell(told);
    }
    search
}

fn volume(search: &Nsga2) -> f64 {
    let costs = search.parents().iter().filter_map(|parent| match &parent.score {
        Score::Known { costs, .. } => Some(costs.clone()),
        Score::Failed => None,
    });
    hypervolume(&costs.collect::<Vec<_>>(), &[1.1, 1.1])
}

/// Mean hypervolume of pymoo for a problem, and that of the true front.
fn of_pymoo(which: usize) -> (f64, f64) {
    let text = include_str!("../../../../tests/validation/pymoo/hypervolume.csv");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let rows: Vec<&Vec<&str>> = rows.iter().filter(|row| row[0] == format!("zdt{which}")).collect();
    let number = |text: &str| text.parse::<f64>().unwrap();
    (rows.iter().map(|row| number(row[2])).sum::<f64>() / rows.len() as f64, number(rows[0][3]))
}

#[test]
fn the_fronts_of_zdt_have_the_hypervolume_of_pymoo_within_a_percent() {
    for which in 1..=3 {
        let (theirs, truth) = of_pymoo(which);
        let ours = (1..=3).map(|seed| volume(&searched(which, seed, 250))).sum::<f64>() / 3.0;
        println!("zdt{which}: {ours:.5}, pymoo {theirs:.5}, true front {truth:.5}");
        assert!((ours / theirs - 1.0).abs() < 0.01, "zdt{which}: {ours} {theirs}");
        assert!(ours <= truth * 1.0001, "nothing lies beyond the true front: {ours} {truth}");
    }
}

#[test]
fn who_is_told_the_same_asks_the_same_and_another_seed_something_else() {
    let (one, again) = (searched(1, 7, 5), searched(1, 7, 5));
    assert_eq!(one, again);
    assert_eq!(one.ask(&bits), again.ask(&bits));
    assert_ne!(one.ask(&bits), searched(1, 8, 5).ask(&bits));
}

#[test]
fn what_meets_the_constraints_is_before_what_does_not_and_what_failed_is_last() {
    let failed = Individual { point: vec![0.5], score: Score::Failed };
    let pool = [
        failed,
        known(&[1.0, 1.0], &[2.0]),
        known(&[0.0, 0.0], &[4.0]),
        known(&[9.0, 9.0], &[0.0]),
        known(&[8.0, 9.5], &[0.0]),
    ];
    let (ranks, _) = ranked(&pool);
    // Neither of the last two beats the other; then by what is missed, 2/4 and 4/4.
    assert_eq!(ranks, [3, 1, 2, 0, 0]);
}

#[test]
fn the_ends_of_a_front_are_never_crowded_and_gaps_are_shares_of_its_range() {
    let pool = [known(&[0.0, 4.0], &[]), known(&[1.0, 2.0], &[]), known(&[4.0, 0.0], &[])];
    // (4 − 0)/4 + (4 − 0)/4 = 2
    assert_eq!(gaps(&pool, &[0, 1, 2]), [f64::INFINITY, 2.0, f64::INFINITY]);
}

#[test]
fn a_search_among_few_cases_ends_though_no_child_is_new() {
    // Every point is the same case.
    let mut search = Nsga2::new(Options { population: 4, dimensions: 2, seed: 1 });
    for _ in 0..3 {
        let told = search.ask(&|_| String::new());
        assert_eq!(told.len(), 4);
        search.tell(told.into_iter().map(|point| Individual { point, score: Score::Failed }).collect());
    }
    assert_eq!((search.generation(), search.parents().len()), (3, 4));
}
