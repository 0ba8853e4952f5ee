//! Definitions: documents in, diagnostics out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Files to lint or apply, together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Submission {
    /// The files.
    pub files: Vec<File>,
}

/// One YAML file of one or more documents.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct File {
    /// Its path, as diagnostics should name it; `-` for standard input.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What was made of a submission.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Whether it was applied: true only when no diagnostic is an error.
    pub applied: bool,
    /// What changed, or would.
    pub changes: Vec<DefinitionChange>,
    /// Every fault found.
    pub diagnostics: Vec<Diagnostic>,
    /// The revision made, if anything changed.
    pub revision: Option<String>,
}

/// One document that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DefinitionChange {
    /// `created`, `updated` or `unchanged`.
    pub action: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The text in force before, where a plan was asked for and there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Whose that is: `default` or `yours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_origin: Option<String>,
    /// The text submitted, where a plan was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What deleting a definition did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deletion {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The revision made.
    pub revision: String,
    /// Whether the shipped default of that kind and name is in force again.
    pub default_again: bool,
}

/// One fault in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub level: Level,
    /// A stable code, such as `slo.several_objectives`.
    pub code: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing is applied.
    Error,
    /// Applied all the same.
    Warning,
}

/// SLOs of other programs, to be read as documents.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewImport {
    /// The files: of Sloth, Pyrra, or OpenSLO.
    pub files: Vec<File>,
    /// The service of SLOs whose format has none.
    #[serde(default)]
    pub service: Option<String>,
    /// The window of SLOs whose format has none: `30d` when left out.
    #[serde(default)]
    pub window: Option<String>,
}

/// What SLOs of other programs are as documents. Nothing is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Import {
    /// The documents, to be looked through and applied.
    pub yaml: String,
    /// What became of each thing, by file and line.
    pub notes: Vec<ImportNote>,
}

/// What became of one thing of another program's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportNote {
    /// `kept`, `changed` or `refused`.
    pub outcome: ImportOutcome,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What became of it, or why it is not there.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// What became of something that was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportOutcome {
    /// It means the same here.
    Kept,
    /// It means something else here, or nothing.
    Changed,
    /// It is not in the documents.
    Refused,
}

/// A document in force.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Definition {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its YAML as applied.
    pub yaml: String,
    /// Whose numbers these are: `default` or `yours`.
    pub origin: String,
    /// Of a default: the version of Plimsoll it shipped with.
    #[serde(default)]
    pub version: Option<String>,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
    /// By whom.
    pub changed_by: Option<String>,
}

/// Whose a definition is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Provenance {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `default` when it ships with Plimsoll, `yours` when it was applied, whatever it says.
    pub origin: String,
    /// Of a default: the version of Plimsoll it shipped with.
    pub version: Option<String>,
    /// Of yours: when it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
    /// Of yours: by whom.
    pub changed_by: Option<String>,
}

impl From<&Definition> for Provenance {
    fn from(definition: &Definition) -> Self {
        Self {
            kind: definition.kind.clone(),
            name: definition.name.clone(),
            origin: definition.origin.clone(),
            version: definition.version.clone(),
            changed_at: definition.changed_at,
            changed_by: definition.changed_by.clone(),
        }
    }
}
