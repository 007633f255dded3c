//! The categories of the site's accounts: where electricity and water go.

/// Where electricity goes: the categories of the site's energy account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Use {
    /// What the boards draw behind the PSU, without fans.
    It,
    /// Server and rack fans.
    ServerFans,
    /// PSU, rectifier, SIVOC and modelled board regulators.
    PsuLoss,
    /// UPS.
    UpsLoss,
    /// Transformers.
    TransformerLoss,
    /// PDU, busway, cable.
    DistributionLoss,
    /// Pumps, the CDUs' included.
    Pumps,
    /// CRAH, CRAC, fan wall, rear door.
    AirHandlerFans,
    /// Towers, dry coolers, condensers.
    HeatRejectionFans,
    /// All compressors.
    Compressors,
    /// Heat pumps that lift waste heat for its reuse.
    HeatPumps,
    /// Lights, controls, battery and generator losses.
    Other,
}

impl Use {
    /// All categories in the order of the account.
    pub const ALL: [Use; 12] = [
        Use::It,
        Use::ServerFans,
        Use::PsuLoss,
        Use::UpsLoss,
        Use::TransformerLoss,
        Use::DistributionLoss,
        Use::Pumps,
        Use::AirHandlerFans,
        Use::HeatRejectionFans,
        Use::Compressors,
        Use::HeatPumps,
        Use::Other,
    ];
    /// Name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Use::It => "it",
            Use::ServerFans => "server_fans",
            Use::PsuLoss => "psu_loss",
            Use::UpsLoss => "ups_loss",
            Use::TransformerLoss => "transformer_loss",
            Use::DistributionLoss => "distribution_loss",
            Use::Pumps => "pumps",
            Use::AirHandlerFans => "air_handler_fans",
            Use::HeatRejectionFans => "heat_rejection_fans",
            Use::Compressors => "compressors",
            Use::HeatPumps => "heat_pumps",
            Use::Other => "other",
        }
    }
}

/// Where water goes or comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Water {
    /// Taken from the mains, metered at the valve.
    MakeUp,
    /// Carried off by tower air as vapour.
    Evaporation,
    /// Carried off by tower air as droplets.
    Drift,
    /// Drained to hold the cycles of concentration.
    Blowdown,
    /// Evaporated from adiabatic pads.
    Pads,
    /// Evaporated for humidification.
    Humidification,
}

impl Water {
    /// All accounts.
    pub const ALL: [Water; 6] = [
        Water::MakeUp,
        Water::Evaporation,
        Water::Drift,
        Water::Blowdown,
        Water::Pads,
        Water::Humidification,
    ];
    /// Name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Water::MakeUp => "make_up",
            Water::Evaporation => "evaporation",
            Water::Drift => "drift",
            Water::Blowdown => "blowdown",
            Water::Pads => "pads",
            Water::Humidification => "humidification",
        }
    }
}
