//! The services of the catalog as they are shown.

use plimsoll_api::v1;
use plimsoll_domain::catalog::Service;
use plimsoll_domain::definitions::Definitions;

use super::{Failure, State};

/// All services by name.
pub(crate) fn list(state: &State) -> v1::Page<v1::service::Service> {
    let definitions = state.definitions();
    let items = definitions.services.values().map(|service| wire(&definitions, service)).collect();
    v1::Page { items, next_cursor: None }
}

/// One service.
pub(crate) fn get(state: &State, name: &str) -> Result<v1::service::Service, Failure> {
    let definitions = state.definitions();
    let service = definitions.services.get(name);
    let service = service.ok_or_else(|| unknown(&definitions, name))?;
    Ok(wire(&definitions, service))
}

fn unknown(definitions: &Definitions, name: &str) -> Failure {
    let there = definitions.services.keys().map(plimsoll_domain::catalog::Name::as_str);
    Failure::not_found_among("service", name, there)
}

fn wire(definitions: &Definitions, service: &Service) -> v1::service::Service {
    v1::service::Service {
        name: service.name.to_string(),
        display_name: service.display_name.clone(),
        description: service.description.clone(),
        owner: service.owner.as_ref().map(ToString::to_string),
        tier: service.tier.map(u8::from),
        depends_on: service.depends_on.iter().map(ToString::to_string).collect(),
        slos: definitions.slos_of(&service.name).map(|slo| slo.name.to_string()).collect(),
    }
}
