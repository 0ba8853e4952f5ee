//! Choosing an objective: the guide in force, what its targets allow, and what it suggests.

use plimsoll_api::document::{self, Kind};
use plimsoll_api::v1::objective::{Suggestion, Targets};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::Window;
use plimsoll_domain::slo::guide::{Guide, IN_FORCE};
use plimsoll_domain::time::Minutes;

use super::{Failure, Shared, definitions, name};

/// The window of those who name none.
const WINDOW: Minutes = Minutes(30 * 1_440);

/// What the guide's targets allow over a window.
pub(crate) async fn targets(shared: &Shared, window: Option<&str>) -> Result<Targets, Failure> {
    let window = read(window)?;
    let whose = definitions::provenance(shared, Kind::ObjectiveGuide, IN_FORCE).await?;
    let definitions = shared.definitions();
    let whose = whose.ok_or_else(|| Failure::not_found("objective guide", IN_FORCE))?;
    Ok(Targets::of(guide(&definitions)?, whose, window))
}

/// SLIs and SLOs for a service of some type.
pub(crate) fn suggest(
    shared: &Shared,
    of: &str,
    service: &str,
    window: Option<&str>,
) -> Result<Suggestion, Failure> {
    let definitions = shared.definitions();
    let guide = guide(&definitions)?;
    let found = guide.service_type(of).ok_or_else(|| {
        let known = guide.service_types.iter().map(|of| of.name.as_str());
        Failure::not_found_among("service type", of, known)
    })?;
    let service = name("service", service)?;
    let window = read(window)?;
    let yaml = document::suggest(found, &service, window).map_err(|error| {
        let hint = "the SLO is named after the service and the objective";
        Failure::invalid_with_hint("invalid_name", error.to_string(), hint)
    })?;
    Ok(Suggestion { service: service.to_string(), service_type: of.to_owned(), yaml })
}

fn guide(definitions: &Definitions) -> Result<&Guide, Failure> {
    definitions.objective_guide().ok_or_else(|| Failure::not_found("objective guide", IN_FORCE))
}

fn read(window: Option<&str>) -> Result<Minutes, Failure> {
    let Some(text) = window else { return Ok(WINDOW) };
    document::window_of(text).ok_or_else(|| {
        let (shortest, longest) = (Window::SHORTEST, Window::LONGEST);
        let message = format!("`{text}` is not a window from {shortest} to {longest}");
        let hint = "one number and one unit: 7d, 30d, 365d";
        Failure::invalid_with_hint("invalid_window", message, hint)
    })
}
