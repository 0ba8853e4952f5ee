//! Deployments: what went out, recorded by the pipeline that did it.

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_domain::id::DeploymentId;
use plimsoll_domain::release::{Artifact, ChangeClass, Deployment};
use plimsoll_store::{CommitError, DeploymentFilter, Write};

use super::people::Names;
use super::{Caller, Changed, Failure, Paging, State, instant, name, page};

/// How far ahead of our clock a pipeline's may be.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);

/// Which deployments are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

/// Records a deployment of a service that is defined.
pub(crate) async fn record(
    state: &State,
    caller: &Caller,
    new: v1::deployment::NewDeployment,
) -> Result<v1::deployment::Deployment, Failure> {
    let now = state.world.now();
    let service = name("service", &new.service)?;
    if !state.definitions().services.contains_key(&service) {
        return Err(unknown_service(&service));
    }
    let deployed_at = instant("deployed_at", new.deployed_at)?.unwrap_or(now);
    if deployed_at > now + AHEAD_MAX {
        let message = format!("deployed_at {deployed_at} lies in the future");
        return Err(Failure::invalid("future_deployment", message));
    }
    // Of a message that is sent again, though its answer was lost, comes the same deployment.
    let by_message = caller.message.as_ref();
    let id = by_message.map_or_else(
        || state.world.fresh(now),
        |message| DeploymentId::derived(message.webhook, &[&message.id]),
    );
    let deployment = Deployment {
        id,
        service,
        environment: name("environment", &new.environment)?,
        artifact: artifact(&new.artifact)?,
        version: new.version.map(|text| short("version", text)).transpose()?,
        commit: new.commit.map(|text| short("commit", text)).transpose()?,
        class: class(&new.class)?,
        deployed_at,
        recorded_by: caller.label(),
    };
    let wire = wire(&Names::load(state).await?, &deployment);
    let changed = Changed::new("deployment", &deployment.service);
    match state.commit(vec![Write::Deployment(deployment)], [changed]).await {
        Ok(()) => Ok(wire),
        Err(CommitError::Conflict(_)) if by_message.is_some() => get(state, id).await,
        Err(error) => Err(error.into()),
    }
}

/// What people call a version or a commit.
fn short(field: &str, text: String) -> Result<String, Failure> {
    const CHARS_MAX: usize = 255;
    if text.chars().count() > CHARS_MAX {
        let message = format!("{field} has more than {CHARS_MAX} characters");
        return Err(Failure::invalid("too_long", message));
    }
    Ok(text)
}

/// The deployments that fit, newest first.
pub(crate) async fn list(
    state: &State,
    filter: Filter,
    paging: Paging,
) -> Result<v1::Page<v1::deployment::Deployment>, Failure> {
    let filter = DeploymentFilter {
        service: filter.service.map(|text| name("service", &text)).transpose()?,
        environment: filter.environment.map(|text| name("environment", &text)).transpose()?,
        from: filter.from,
        to: filter.to,
    };
    let listing = state.records.deployments(state.scope, &filter, &paging.request()?).await?;
    let names = Names::load(state).await?;
    Ok(page(listing, |deployment| wire(&names, &deployment)))
}

/// One deployment.
pub(crate) async fn get(
    state: &State,
    id: DeploymentId,
) -> Result<v1::deployment::Deployment, Failure> {
    let deployment = state.records.deployment(state.scope, id).await?;
    let deployment = deployment.ok_or_else(|| Failure::not_found("deployment", id))?;
    Ok(wire(&Names::load(state).await?, &deployment))
}

/// The service is not defined, so nothing can be said about it.
pub(crate) fn unknown_service(service: &impl std::fmt::Display) -> Failure {
    Failure::invalid_with_hint(
        "unknown_service",
        format!("no definition names the service `{service}`"),
        "apply a Service or a Backstage Component with this name first",
    )
}

/// Reads an artifact's digest.
pub(crate) fn artifact(text: &str) -> Result<Artifact, Failure> {
    Artifact::parse(text).ok_or_else(|| {
        Failure::invalid(
            "invalid_artifact",
            "an artifact is 1 to 255 visible ASCII characters, such as sha256:…",
        )
    })
}

/// Reads a change class.
pub(crate) fn class(word: &str) -> Result<ChangeClass, Failure> {
    ChangeClass::parse(word).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_class",
            format!("`{word}` is no change class"),
            format!("classes are {}", ChangeClass::ALL.map(ChangeClass::as_str).join(", ")),
        )
    })
}

/// A deployment on the wire.
pub(super) fn wire(names: &Names, deployment: &Deployment) -> v1::deployment::Deployment {
    v1::deployment::Deployment {
        id: deployment.id.to_string(),
        service: deployment.service.to_string(),
        environment: deployment.environment.to_string(),
        artifact: deployment.artifact.to_string(),
        version: deployment.version.clone(),
        commit: deployment.commit.clone(),
        class: deployment.class.as_str().to_owned(),
        deployed_at: deployment.deployed_at,
        recorded_by: names.of(&deployment.recorded_by),
    }
}
