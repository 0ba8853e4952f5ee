//! OpenSLO v1 (github.com/OpenSLO/OpenSLO): Service, DataSource, SLI and SLO.
//!
//! What OpenSLO allows and Plimsoll does not do yet is refused with a hint, never ignored: an SLO
//! that means something else than it says is worse than none.

pub mod objective;
pub mod sli;
pub mod slo;
mod window;

use super::fields::Reader;
use super::parse::{API_VERSION, KIND, METADATA, Metadata};
use super::position::Fault;
use super::schema::{Field, Shape, Type};
use super::yaml::Node;

/// What a document of OpenSLO or Plimsoll says about itself.
pub(super) const ABOUT: Field =
    Field::need("metadata", Type::Object(&METADATA), "What it says about itself");

/// A Service's document.
pub(super) const SERVICE: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::may("spec", Type::Object(&SERVICE_SPEC), "What it does"),
]);

const SERVICE_SPEC: Shape =
    Shape::of(&[Field::may("description", Type::Text, "What the service does")]);

/// A DataSource's document.
pub(super) const DATA_SOURCE: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&DATA_SOURCE_SPEC), "What sort of source it is"),
]);

const DATA_SOURCE_SPEC: Shape = Shape::of(&[
    Field::need("type", SOURCE_TYPE, "Both mean samples that reach Plimsoll; in any case"),
    Field::ignored("description", "What it is"),
    Field::ignored("connectionDetails", "Samples are pushed or scraped, so a warning says"),
]);

/// The word of a type of source.
const SOURCE_TYPE: Type = Type::Word(&["plimsoll", "prometheus", "Prometheus"]);

/// An SLI's document.
pub(super) const SLI: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&sli::SPEC), "What is counted"),
]);

/// An SLO's document.
pub(super) const SLO: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&slo::SPEC), "What is promised"),
]);

/// A Service: what SLOs are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// How people call it.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
}

pub(super) fn service(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: Option<&Node>,
) -> Option<Service> {
    let display_name = metadata.display_name.clone();
    let Some(spec) = spec else { return Some(Service { display_name, description: None }) };
    let mut fields = reader.fields(spec, &SERVICE_SPEC)?;
    let description = fields.text(reader, "description");
    fields.close(reader);
    Some(Service { display_name, description })
}

pub(super) fn data_source(reader: &mut Reader<'_>, spec: &Node) -> Option<()> {
    let mut fields = reader.fields(spec, &DATA_SOURCE_SPEC)?;
    let source = fields.need(reader, "type").and_then(|node| source_type(reader, node));
    if let Some(details) = fields.get("connectionDetails") {
        let message = "connectionDetails are ignored: samples are pushed to Plimsoll or scraped";
        let hint = "point Prometheus' remote_write at /api/v1/write, or write a ScrapeTarget";
        reader.report(details.at, Fault::warning("datasource.ignored", message).hint(hint));
    }
    fields.close(reader);
    source
}

/// A type of data source or metric source: both words mean samples that reach Plimsoll.
fn source_type(reader: &mut Reader<'_>, node: &Node) -> Option<()> {
    let text = reader.text(node)?;
    if ["plimsoll", "prometheus"].contains(&text.value.to_lowercase().as_str()) {
        return Some(());
    }
    let message = format!("the type `{}` is not known", text.value);
    let fault = Fault::error("datasource.type", message).hint("known types: plimsoll, Prometheus");
    reader.report(text.at, fault);
    None
}
