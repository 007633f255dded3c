//! Compute node whose power is known part by part: processors and accelerators between idle and full
//! power, memory, network and storage constant.
//!
//! # Equations
//! ```text
//! P = n_a·(a_idle + (a_max − a_idle)·u) + n_p·(p_idle + (p_max − p_idle)·r·u) + P_memory + n_n·P_card + P_storage
//! Q = share·P          to the coolant; the rest to the surroundings
//! ```
//!
//! # Assumptions
//! Power follows utilisation linearly; the node stores no heat of its own (the volume of the coolant
//! does); no leakage; the share that the coolant takes is fixed.
//!
//! # Valid for
//! Utilisations of 0…1.
//!
//! # Source
//! ExaDigiT/RAPS, `config/frontier.yaml`, commit 6c142bf.
//!
//! # Verified by
//! Frontier's closed form (idle and peak of the whole system within 0.01 %) in `tests/records.rs`.

use crate::declare::{Effect, Port, Role, Use};
use crate::{component, inputs, outputs, parameters};
use real::Real;

parameters! {
    given {
        /// Power of an idle accelerator.
        accelerator_power_idle: Power in "0 W"..="10 kW" default "0 W";
        /// Power of an accelerator at full utilisation.
        accelerator_power_max: Power in "0 W"..="20 kW" default "0 W";
        /// Power of an idle processor.
        processor_power_idle: Power in "0 W"..="5 kW" default "0 W";
        /// Power of a processor at full utilisation.
        processor_power_max: Power in "0 W"..="5 kW" default "0 W";
        /// Utilisation of the processors as a share of that of the accelerators.
        processor_utilisation: Ratio in "0"..="1" default "1";
        /// Power of all memory.
        memory_power: Power in "0 W"..="10 kW" default "0 W";
        /// Power of one network card.
        network_card_power: Power in "0 W"..="1 kW" default "0 W";
        /// Power of all storage.
        storage_power: Power in "0 W"..="10 kW" default "0 W";
        /// Part of the heat that the coolant takes.
        liquid_share: Ratio in "0"..="1" usual "0.5"..="1" default "1";
        /// Flow of the coolant; it weighs this node among parallel ones.
        coolant_flow_design: VolumeFlow in "0.001 L/min"..="1000 L/min" default "1 L/min";
        /// Coolant held.
        coolant_content: Volume in "0.001 L"..="1000 L" default "0.5 L";
    }
    counts {
        /// Accelerators of the node.
        accelerators in 0..=64 default 4;
        /// Processors of the node.
        processors in 0..=64 default 1;
        /// Network cards of the node.
        network_cards in 0..=64 default 4;
    }
}

const PORTS: &[Port] = &[
    Port::electricity_in("electricity", "Feeds the node."),
    Port::liquid("coolant", "The coolant through the node.")
        .holds("coolant_content")
        .shared_by("coolant_flow_design"),
];

inputs! {
    /// Utilisation of the accelerators.
    utilisation: Role::Signal("utilisation");
}

outputs! {
    /// Power drawn.
    power: Effect::Power("electricity");
    /// The same power in the account.
    it_power: Effect::Use(Use::It);
    /// Heat given to the coolant.
    heat_to_coolant: Effect::Heat("coolant");
    /// Heat given to the surroundings.
    heat_rejected: Effect::Rejected;
}

component!(NodeLoad, "compute node", "node_load.rs" {
    ports: PORTS,
});

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let accelerator =
        i.utilisation * (p.accelerator_power_max - p.accelerator_power_idle) + p.accelerator_power_idle;
    let processor =
        i.utilisation * p.processor_utilisation * (p.processor_power_max - p.processor_power_idle)
            + p.processor_power_idle;
    let constant = p.memory_power + p.network_cards * p.network_card_power + p.storage_power;
    let power = accelerator * p.accelerators + processor * p.processors + constant;
    let heat_to_coolant = power * p.liquid_share;
    Outputs { power, it_power: power, heat_to_coolant, heat_rejected: power - heat_to_coolant }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONTIER: Parameters<f64> = Parameters {
        accelerator_power_idle: 88.0,
        accelerator_power_max: 560.0,
        processor_power_idle: 90.0,
        processor_power_max: 280.0,
        processor_utilisation: 1.0,
        memory_power: 74.26,
        network_card_power: 20.0,
        storage_power: 30.0,
        liquid_share: 0.945,
        coolant_flow_design: 4e-5,
        coolant_content: 5e-4,
        accelerators: 4.0,
        processors: 1.0,
        network_cards: 4.0,
    };

    #[test]
    fn a_frontier_node_draws_626_watts_idle_and_2704_at_its_peak() {
        // 4·88 + 90 + 74.26 + 4·20 + 30 = 626.26;  4·560 + 280 + 184.26 = 2704.26
        for (utilisation, power) in [(0.0, 626.26), (1.0, 2704.26)] {
            let o = evaluate(&FRONTIER, &Inputs { utilisation });
            assert!((o.power - power).abs() < 1e-9);
            assert!((o.heat_to_coolant - 0.945 * power).abs() < 1e-9);
            assert_eq!(o.heat_to_coolant + o.heat_rejected, o.power);
        }
    }

    #[test]
    fn the_hpl_core_of_frontier_draws_2180_watts_a_node() {
        // GPUs at 79 %: 4 (88 + 0.79 · 472) = 1843.52; CPU at 33 %: 90 + 0.33 · 190 = 152.7; + 184.26 = 2180.48
        let p = Parameters { processor_utilisation: 0.33 / 0.79, ..FRONTIER };
        assert!((evaluate(&p, &Inputs { utilisation: 0.79 }).power - 2180.48f64).abs() < 1e-9);
    }
}
