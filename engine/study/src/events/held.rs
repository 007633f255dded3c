//! What one thing is held at where events overlap: the one that began last holds it, and when that ends, one that
//! began before and still lasts does again. An event ends nothing but itself.

/// Events that hold one thing: until when [s], and at which value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Held {
    /// In the order of their beginnings, so that their ends descend: what ends before one that began later never
    /// holds again, and is not kept.
    pub lasting: Vec<(f64, f64)>,
}

impl Held {
    /// An event begins.
    pub fn begin(&mut self, until: f64, value: f64) {
        self.lasting.retain(|&(end, _)| end > until);
        self.lasting.push((until, value));
    }

    /// Lets go what ends by now; tells whether that was what held it.
    pub fn end(&mut self, now: f64) -> bool {
        let count = self.lasting.len();
        self.lasting.retain(|&(end, _)| end > now);
        self.lasting.len() < count
    }

    /// Lets go everything; tells whether there was anything.
    pub fn clear(&mut self) -> bool {
        !std::mem::take(&mut self.lasting).is_empty()
    }

    /// The value that it is held at.
    pub fn value(&self) -> Option<f64> {
        self.lasting.last().map(|&(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_ends_nothing_but_itself() {
        let mut held = Held::default();
        held.begin(20.0, 0.2);
        held.begin(30.0, 0.3);
        assert!(!held.end(20.0), "the later one holds on");
        assert_eq!(held.value(), Some(0.3));
        assert!(held.end(30.0));
        assert_eq!(held.value(), None);
    }

    #[test]
    fn what_still_lasts_holds_again() {
        let mut held = Held::default();
        held.begin(f64::INFINITY, 0.1);
        held.begin(40.0, 0.4);
        held.begin(20.0, 0.2);
        assert!(held.end(20.0));
        assert_eq!(held.value(), Some(0.4));
        assert!(held.end(40.0));
        assert_eq!(held.value(), Some(0.1));
        assert!(!held.end(1e9), "for ever");
        assert!(held.clear() && !held.clear());
        assert_eq!(held.value(), None);
    }

    #[test]
    fn no_more_is_kept_than_can_hold_again() {
        let mut held = Held::default();
        (0..1000).for_each(|k| held.begin(f64::INFINITY, f64::from(k)));
        assert_eq!((held.lasting.len(), held.value()), (1, Some(999.0)));
    }
}
