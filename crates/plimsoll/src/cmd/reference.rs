//! `plimsoll reference`: every field of every kind of document, as the reader has them.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_api::document::Kind;
use plimsoll_api::document::schema::{index, json, json_of_all, page};
use serde_json::Value;

use super::definitions;
use crate::exit::{Exit, Failure};
use crate::render::{Screen, json as indented};

/// What `reference` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The kind, in any case, singular or plural; the list of all, when left out.
    #[arg(value_parser = definitions::kind)]
    kind: Option<Kind>,
    /// Print its JSON Schema, for editors; of all kinds together, without one.
    #[arg(long)]
    schema: bool,
    /// Write all pages and schemas into this directory.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kind", "schema"])]
    write: Option<PathBuf>,
}

/// Prints a page or a schema, or writes all.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    if let Some(to) = &args.write {
        write(to).map_err(|error| {
            Failure::refused(format!("cannot write the reference into {}", to.display()))
                .detail(error.to_string())
        })?;
        return screen.print(&format!("Written. Begin with {}.", to.join("README.md").display()));
    }
    let text = match (args.kind, args.schema) {
        (Some(kind), false) => page(&kind.schema()),
        (Some(kind), true) => indented(&json(&kind.schema())),
        (None, false) => index(),
        (None, true) => indented(&json_of_all()),
    };
    screen.print(&text)
}

/// What stands at the head of every page that is written.
const NOTICE: &str = "<!-- Written by `cargo xtask codegen` from what the reader holds to. -->\n\n";

/// Every page and schema.
fn write(to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    let page_of = |name: &str, text: &str| {
        fs::write(to.join(format!("{name}.md")), format!("{NOTICE}{text}"))
    };
    let schema = |name: &str, value: &Value| {
        fs::write(to.join(format!("{name}.schema.json")), indented(value) + "\n")
    };
    page_of("README", &index())?;
    schema("definitions", &json_of_all())?;
    for kind in Kind::ALL {
        let of = kind.schema();
        page_of(kind.as_str(), &page(&of))?;
        schema(kind.as_str(), &json(&of))?;
    }
    Ok(())
}
