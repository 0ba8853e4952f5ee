//! One service, and how it is deployed.

use plimsoll_api::v1::service::{Cadence, Service};

use super::{Screen, page};

/// The service as a row of its list, and what is said of its cadence.
pub(crate) fn one(screen: &Screen, service: &Service) -> String {
    let cadence = service.cadence.as_ref().map(|cadence| screen.prose(&words(cadence)));
    page([screen.items(std::slice::from_ref(service)), cadence.unwrap_or_default()])
}

pub(super) fn words(Cadence { deployments, advice }: &Cadence) -> String {
    let deployed = match deployments {
        1 => "Deployed once in the last 28 days.".to_owned(),
        _ => format!("Deployed {} times in the last 28 days.", deployments),
    };
    match advice {
        Some(advice) => format!("{deployed} As its budgets stand: {advice}"),
        None => deployed,
    }
}
