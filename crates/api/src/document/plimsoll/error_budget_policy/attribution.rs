//! What an error-budget policy puts down to deployments in the ledger.

use plimsoll_domain::slo::ledger::Attribution;

use super::super::super::fields::Reader;
use super::super::super::schema::{Field, Shape, Type};
use super::super::super::yaml::Node;
use super::{at_most, names};

pub(super) const ATTRIBUTION: Shape = Shape::of(&[
    Field::or(
        "deploymentWindow",
        "1h",
        Type::Length(&[]),
        "How long after it went out what is spent is put down to a deployment, up to 7d; an outage \
         that begins then is, too, however long it lasts",
    ),
    Field::or(
        "environments",
        "[]",
        Type::List(&Type::Name),
        "Only deployments to these environments; to all, when none is named",
    ),
]);

pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Attribution> {
    let mut fields = reader.fields(node, &ATTRIBUTION)?;
    let longest = Attribution::WINDOW_LONGEST;
    let (cannot, hint) =
        ("a deployment cannot answer for", "a length up to 7d; left out, it is 1h");
    let window = fields.get("deploymentWindow");
    let window = window.map(|node| at_most(reader, node, longest, cannot, hint));
    let environments = fields.get("environments").map(|node| names(reader, node));
    fields.close(reader);
    let Attribution { deployment_window, environments: all } = Attribution::default();
    Some(Attribution {
        deployment_window: window.unwrap_or(Some(deployment_window))?,
        environments: environments.unwrap_or(Some(all))?,
    })
}
