//! Generated files that are committed: the API description, the web client made from it, and the
//! reference of documents.
//!
//! Invariant: `check` changes nothing in the tree.

use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The API description, from the workspace's directory.
const OPENAPI: &str = "openapi/v1.json";

/// The reference of documents, from the workspace's directory.
const REFERENCE: &str = "docs/reference";

/// Writes the API description, the web client and the reference.
pub(crate) fn write(root: &Path) -> Result<()> {
    let path = root.join(OPENAPI);
    let folder = path.parent().expect("the description lies in a folder");
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    std::fs::write(&path, describe(root)?).with_context(|| OPENAPI.to_owned())?;
    let reference = root.join(REFERENCE);
    if reference.exists() {
        // Pages of kinds that are no more would stay.
        std::fs::remove_dir_all(&reference).with_context(|| REFERENCE.to_owned())?;
    }
    refer(&reference)?;
    npm_api(root, &[])
}

/// Fails when one of them differs from what would be written.
pub(crate) fn check(root: &Path) -> Result<()> {
    let committed = std::fs::read_to_string(root.join(OPENAPI))
        .with_context(|| format!("{OPENAPI} cannot be read; run `cargo xtask codegen`"))?;
    ensure!(committed == describe(root)?, "{OPENAPI} is out of date; run `cargo xtask codegen`");
    check_reference(root)?;
    npm_api(root, &["--check"])
        .context("ui/src/api/schema.ts is out of date; run `cargo xtask codegen`")
}

/// What the binary says its API is. The whole workspace is built, as everywhere else, so that no
/// dependency is compiled a second time for another set of features.
fn describe(root: &Path) -> Result<String> {
    let build = Command::new("cargo")
        .args(["build", "--quiet", "--workspace"])
        .current_dir(root)
        .status()
        .context("cargo cannot be run")?;
    ensure!(build.success(), "the build failed: {build}");
    let output = Command::new(beside_this("plimsoll")?)
        .arg("openapi")
        .stderr(Stdio::inherit())
        .output()
        .context("plimsoll cannot be run")?;
    ensure!(output.status.success(), "`plimsoll openapi` failed: {}", output.status);
    let text = String::from_utf8(output.stdout).context("the description is not UTF-8")?;
    Ok(text.trim_end().to_owned() + "\n")
}

/// Fails when the reference is not, file by file, what would be written.
fn check_reference(root: &Path) -> Result<()> {
    let fresh = std::env::temp_dir().join(format!("plimsoll-reference-{}", std::process::id()));
    let compared = refer(&fresh).and_then(|()| {
        let (committed, written) = (files(&root.join(REFERENCE))?, files(&fresh)?);
        ensure!(committed == written, "{REFERENCE} is out of date; run `cargo xtask codegen`");
        Ok(())
    });
    // Nothing there is of use to anyone.
    let _ = std::fs::remove_dir_all(&fresh);
    compared
}

/// The files of a directory, by name.
fn files(directory: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(&path)?);
    }
    Ok(files)
}

/// Has the binary, which is built by now, write its reference of documents.
fn refer(to: &Path) -> Result<()> {
    let status = Command::new(beside_this("plimsoll")?)
        .args(["reference", "--write"])
        .arg(to)
        .stdout(Stdio::null())
        .status()
        .context("plimsoll cannot be run")?;
    ensure!(status.success(), "`plimsoll reference` failed: {status}");
    Ok(())
}

/// Another binary of the workspace: it lies where this one does.
fn beside_this(binary: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().context("this program does not know where it lies")?;
    Ok(this.with_file_name(format!("{binary}{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs the script that turns the description into the web client's types.
fn npm_api(root: &Path, more: &[&str]) -> Result<()> {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "api", "--"]).args(more);
    let status = command.current_dir(root.join("ui")).stdout(Stdio::null()).status()?;
    ensure!(status.success(), "`npm run api` failed: {status}");
    Ok(())
}
