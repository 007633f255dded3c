//! Plans that runs share: of plants that differ in numbers only, what does not depend on numbers is made once.
//!
//! That is the [`Plan`] of a network (order of evaluation, slots, names, pattern of partial derivatives) and the orders in
//! which its matrices are eliminated. A run has the same bits whether it found a plan or had to make one.

use crate::run::Stopped;
use plant::network::{CompileOptions, Fidelity, Network, PartedNetwork, Plan, compile_as, compile_parted};
use plant::plant::Plant;
use solver::Orders;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most plans that are kept; the oldest makes room.
pub const MOST_PLANS: usize = 64;

/// Plans, kept for whoever comes next with a plant of the same form. Several threads may ask.
#[derive(Debug, Default)]
pub struct Plans {
    known: Mutex<Vec<Known>>,
    compiled: AtomicU64,
    reused: AtomicU64,
}

/// How often plans were made, and how often one that was there fitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Networks whose plan had to be made.
    pub compiled: u64,
    /// Networks for which only numbers were filled in.
    pub reused: u64,
}

/// A plan, and how matrices of its pattern are eliminated.
#[derive(Debug, Clone)]
struct Known {
    plan: Arc<Plan>,
    orders: Arc<Orders>,
}

/// A network with what it shares with others.
pub(crate) struct Compiled {
    pub network: PartedNetwork,
    /// Nothing where racks are carried apart.
    pub orders: Option<Arc<Orders>>,
}

impl Plans {
    /// How often plans were made so far, and how often one fitted. A plan is made once, however many threads ask for it at
    /// the same time.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts { compiled: read(&self.compiled), reused: read(&self.reused) }
    }

    /// Compiles a plant. What is carried apart rack by rack has a plan of its own every time; `members` is for it.
    pub(crate) fn compile(
        &self,
        plant: &Plant,
        options: CompileOptions,
        members: &[Vec<u32>],
    ) -> Result<Compiled, Stopped> {
        if options.fidelity != Fidelity::Lumped {
            self.compiled.fetch_add(1, Ordering::Relaxed);
            let network = compile_parted(plant, options, members).map_err(Stopped::Topology)?;
            return Ok(Compiled { network, orders: None });
        }
        let compiled = |known: &[Known]| -> Result<(Network, Option<Known>), Stopped> {
            let plans: Vec<Arc<Plan>> = known.iter().map(|known| known.plan.clone()).collect();
            let network = compile_as(plant, options, &plans).map_err(Stopped::Topology)?;
            let found = known.iter().find(|known| Arc::ptr_eq(&known.plan, network.plan())).cloned();
            Ok((network, found))
        };
        let lumped = |network: Network, known: Known| {
            let network = PartedNetwork { core: network, classes: Vec::new() };
            Compiled { network, orders: Some(known.orders) }
        };
        let snapshot = self.known().clone();
        if let (network, Some(found)) = compiled(&snapshot)? {
            self.reused.fetch_add(1, Ordering::Relaxed);
            return Ok(lumped(network, found));
        }
        // Again, while nobody else may make one: meanwhile it may be there.
        let mut known = self.known();
        let (network, found) = compiled(known.as_slice())?;
        if let Some(found) = found {
            self.reused.fetch_add(1, Ordering::Relaxed);
            return Ok(lumped(network, found));
        }
        self.compiled.fetch_add(1, Ordering::Relaxed);
        let made = Known { plan: network.plan().clone(), orders: Arc::new(orders(&network)?) };
        if known.len() == MOST_PLANS {
            known.remove(0);
        }
        known.push(made.clone());
        Ok(lumped(network, made))
    }

    fn known(&self) -> MutexGuard<'_, Vec<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Orders of elimination of a network's matrices, none of them found yet.
fn orders(network: &Network) -> Result<Orders, Stopped> {
    crate::dynamics::orders(network).map_err(|error| Stopped::Start {
        row: network.names().first().cloned().unwrap_or_default(),
        reason: error.to_string(),
    })
}
