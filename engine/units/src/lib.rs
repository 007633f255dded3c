//! Quantities: SI inside, the unit in the spelling.
