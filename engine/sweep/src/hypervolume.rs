//! The volume that points dominate: how far a front is, in one number.
//!
//! # Equations
//! ```text
//! HV = volume of ∪ over points of the box from the point to the reference
//! ```
//! Slices along the last figure, each the volume of the others (E. Zitzler, 1999); exact for any number of figures, quick
//! for two and three.

/// The volume between points and a reference, all figures to be small; points beyond the reference count nothing.
#[must_use]
pub fn hypervolume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let inside =
        |point: &&Vec<f64>| point.len() == reference.len() && point.iter().zip(reference).all(|(x, r)| x < r);
    let points: Vec<&[f64]> = points.iter().filter(inside).map(Vec::as_slice).collect();
    sliced(points, reference)
}

fn sliced(mut points: Vec<&[f64]>, reference: &[f64]) -> f64 {
    let Some(last) = reference.len().checked_sub(1) else { return 0.0 };
    points.sort_by(|a, b| a[last].total_cmp(&b[last]));
    if last == 0 {
        return points.first().map_or(0.0, |point| reference[0] - point[0]);
    }
    let mut volume = 0.0;
    if last == 1 {
        // Along the second figure the reach in the first only grows.
        let mut reach = reference[0];
        for (k, point) in points.iter().enumerate() {
            reach = reach.min(point[0]);
            let until = points.get(k + 1).map_or(reference[1], |next| next[1]);
            volume += (reference[0] - reach) * (until - point[1]);
        }
        return volume;
    }
    for k in 0..points.len() {
        let until = points.get(k + 1).map_or(reference[last], |next| next[last]);
        if until > points[k][last] {
            let slice = points[..=k].iter().map(|point| &point[..last]).collect();
            volume += sliced(slice, &reference[..last]) * (until - points[k][last]);
        }
    }
    volume
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_of_three_steps_is_counted_once() {
        // Boxes to (4, 4) from (1, 3), (2, 2), (3, 1): 3·1 + 2·1 + 1·1 = 6; (3, 3) lies within, (5, 0) beyond.
        let points: Vec<Vec<f64>> =
            [[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [3.0, 3.0], [5.0, 0.0]].iter().map(|p| p.to_vec()).collect();
        assert_eq!(hypervolume(&points, &[4.0, 4.0]), 6.0);
        assert_eq!(hypervolume(&[], &[4.0, 4.0]), 0.0);
    }

    #[test]
    fn the_volume_of_two_cubes_less_what_they_share() {
        // From (0, 1, 1) and (1, 0, 0) to (2, 2, 2): 2·1·1 + 1·2·2 − 1·1·1 = 5
        let points = [vec![0.0, 1.0, 1.0], vec![1.0, 0.0, 0.0]];
        assert_eq!(hypervolume(&points, &[2.0, 2.0, 2.0]), 5.0);
    }
}
