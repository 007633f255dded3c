//! The time that is shown: where the cursor stands and whether it moves.

/// The cursor. Times are seconds from the start of the year.
#[derive(Debug, Clone, PartialEq)]
pub struct Playback {
    from: f64,
    to: f64,
    time: f64,
    /// Whether it moves.
    pub playing: bool,
    /// Simulated seconds per second.
    pub speed: f64,
    /// Whether the cursor stays at the end while there is more and more to show.
    follows: bool,
}

/// Speeds to choose from: simulated seconds per second, and what they are called.
pub const SPEEDS: [(f64, &str); 6] = [
    (1.0, "1×"),
    (60.0, "1 min/s"),
    (900.0, "15 min/s"),
    (3600.0, "1 h/s"),
    (21_600.0, "6 h/s"),
    (86_400.0, "1 d/s"),
];

impl Default for Playback {
    fn default() -> Self {
        Playback { from: 0.0, to: 0.0, time: 0.0, playing: false, speed: 3600.0, follows: true }
    }
}

impl Playback {
    /// At the start of something that lasts until it is [told](Self::extend).
    #[must_use]
    pub fn starting(from: f64, speed: f64) -> Self {
        Playback { from, to: from, time: from, playing: false, speed, follows: true }
    }

    /// First and last time.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// Where the cursor stands.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.time
    }

    /// There is something to show until this time.
    pub fn extend(&mut self, to: f64) {
        self.to = self.to.max(to);
        if self.follows {
            self.time = self.to;
        }
    }

    /// Puts the cursor somewhere; it no longer follows.
    pub fn seek(&mut self, time: f64) {
        if time.is_finite() {
            self.time = time.clamp(self.from, self.to);
            self.follows = false;
        }
    }

    /// Moves the cursor by a number of records of a spacing.
    pub fn step(&mut self, records: f64, spacing: f64) {
        self.playing = false;
        self.seek(self.time + records * spacing);
    }

    /// Starts or stops; at the end it starts over.
    pub fn toggle(&mut self) {
        self.playing = !self.playing;
        if self.playing && self.time >= self.to {
            self.time = self.from;
        }
        self.follows = false;
    }

    /// Lets so many seconds of the clock pass. At the end it stops.
    pub fn pass(&mut self, seconds: f64) {
        if !self.playing {
            return;
        }
        self.time += seconds.max(0.0) * self.speed;
        if self.time >= self.to {
            self.time = self.to;
            self.playing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playing_moves_by_the_speed_and_stops_at_the_end() {
        let mut playback = Playback::starting(100.0, 60.0);
        playback.extend(400.0);
        playback.seek(100.0);
        playback.toggle();
        playback.pass(2.0); // 100 + 2 · 60
        assert_eq!((playback.time(), playback.playing), (220.0, true));
        playback.pass(10.0);
        assert_eq!((playback.time(), playback.playing), (400.0, false));
        playback.toggle();
        assert_eq!((playback.time(), playback.playing), (100.0, true), "it starts over");
    }

    #[test]
    fn the_cursor_follows_a_run_until_somebody_takes_it() {
        let mut playback = Playback::starting(0.0, 1.0);
        playback.extend(10.0);
        assert_eq!(playback.time(), 10.0);
        playback.seek(4.0);
        playback.extend(20.0);
        assert_eq!((playback.time(), playback.range()), (4.0, (0.0, 20.0)));
        playback.seek(f64::NAN);
        playback.step(100.0, 10.0);
        assert_eq!(playback.time(), 20.0);
    }
}
