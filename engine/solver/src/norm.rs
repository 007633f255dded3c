//! The error norm: the maximum over tiles of the weighted root mean square within a tile.

/// Working space of the norm.
#[derive(Clone, Debug)]
pub(crate) struct TileNorm {
    /// Dense index of the tile of each state.
    slots: Vec<u32>,
    /// Tile of each dense index, as the system names it.
    labels: Vec<u32>,
    sums: Vec<f64>,
    counts: Vec<f64>,
}

impl TileNorm {
    pub(crate) fn new(tiles: &[u32]) -> TileNorm {
        let mut labels = tiles.to_vec();
        labels.sort_unstable();
        labels.dedup();
        let slots = tiles.iter().map(|tile| labels.partition_point(|label| label < tile) as u32).collect();
        TileNorm { slots, sums: vec![0.0; labels.len()], counts: vec![0.0; labels.len()], labels }
    }

    /// Norm of `error` and the tile it is reached in; 0 where nothing is controlled.
    pub(crate) fn of(&mut self, error: &[f64], weights: &[f64]) -> (f64, u32) {
        self.sums.fill(0.0);
        self.counts.fill(0.0);
        for ((&slot, &error), &weight) in self.slots.iter().zip(error).zip(weights) {
            if weight != 0.0 {
                let scaled = error * weight;
                self.sums[slot as usize] += scaled * scaled;
                self.counts[slot as usize] += 1.0;
            }
        }
        let mut worst = (0.0, self.labels.first().copied().unwrap_or(0));
        for ((&sum, &count), &label) in self.sums.iter().zip(&self.counts).zip(&self.labels) {
            let mean = sum / count;
            if count > 0.0 && (mean > worst.0 || mean.is_nan()) {
                worst = (mean, label);
            }
        }
        (worst.0.sqrt(), worst.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_tile_decides_and_uncontrolled_states_do_not_count() {
        // Tile 7: sqrt((3² + 4²)/2) = 3.5355; tile 2: 10·0.1 = 1 beside a state of weight 0.
        let mut norm = TileNorm::new(&[7, 2, 7, 2]);
        let (value, tile) = norm.of(&[3.0, 10.0, 4.0, 1e9], &[1.0, 0.1, 1.0, 0.0]);
        assert_eq!(tile, 7);
        assert!((value - 12.5_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn an_error_that_is_not_a_number_is_the_largest() {
        let mut norm = TileNorm::new(&[0, 1]);
        let (value, tile) = norm.of(&[1.0, f64::NAN], &[1.0, 1.0]);
        assert!(value.is_nan());
        assert_eq!(tile, 1);
    }
}
