//! The course of a run from its columns.

use super::evidence::Course;
use crate::facts::Facts;
use study::read::{ReadError, Run};

/// Weather and energies, interval by interval; nothing for a run whose columns do not have them.
///
/// # Errors
/// [`ReadError`] of the series.
pub fn course(run: &Run, facts: &Facts) -> Result<Option<Course>, ReadError> {
    let Some(accounts) = &facts.accounts else { return Ok(None) };
    let Some(dry_bulb) = run.series()?.numbers("weather.dry_bulb_c")? else { return Ok(None) };
    Ok(Some(Course {
        ends: facts.ends.clone(),
        hours: facts.hours.clone(),
        // The first record is the start of the run.
        dry_bulb_c: dry_bulb.into_iter().skip(1).collect(),
        facility_kwh: accounts.facility.clone(),
        it_kwh: accounts.it(),
    }))
}
