//! `plimsoll verify`: proves offline that history is what was sealed.
//!
//! Invariant: it writes nothing but the file of `--save`, and a head is saved only of a history
//! that is intact. Whatever keeps it from proving anything exits 2, which is never mistaken for a
//! proof, nor for its failure.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use plimsoll_api::v1::seal::{Head, Verification};
use plimsoll_server::app::seals;
use plimsoll_server::config::{Flags, Location};

use super::serve;
use crate::args::Printed;
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::render::{self, Screen};

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The data directory; ./plimsoll-data unless the configuration says otherwise.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Process configuration (TOML) that says where everything is.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The records alone, without a data directory: sqlite:PATH, or a postgres:// URL.
    #[arg(long, value_name = "STORE", conflicts_with_all = ["data", "config"])]
    store: Option<String>,
    /// A head saved earlier, which history must begin with.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Save the head here, if history is intact: a new file, or that of --against.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    #[command(flatten)]
    printed: Printed,
}

/// Verifies.
pub(crate) async fn run(args: Args, screen: &Screen) -> Result<Exit, Failure> {
    let Args { data, config, store, against, save, printed } = args;
    may_save(save.as_deref(), against.as_deref())?;
    let config = serve::load(config.as_deref(), Flags { data, listen: None, store: None })?;
    let kept = against.as_deref().map(load).transpose()?;
    let place = against.map(|path| path.display().to_string()).unwrap_or_default();
    let against = kept.as_ref().map(|head| (place.as_str(), head));
    let store = store.map(|text| text.parse::<Location>()).transpose();
    let store = store.map_err(|error| Failure::of(&error).ending(Exit::Unasked))?;
    let progress = Progress::of("verifying history");
    let found = seals::verify(&config, store, against).await.map_err(unproven)?;
    drop(progress);
    let answer = serde_json::to_value(&found).expect("it is plain data");
    screen.show(printed.output, answer, |_| Ok(render::seal::verification(screen, &found)))?;
    if !found.intact {
        return Ok(Exit::Refused);
    }
    if let Some(path) = save {
        save_head(&path, &found)?;
    }
    Ok(Exit::Ok)
}

fn unproven(error: seals::VerifyError) -> Failure {
    let failure = Failure::of(&error).ending(Exit::Unasked);
    if let seals::VerifyError::Missing(_) = error {
        return failure.hint("name the data directory with --data, or the database with --store");
    }
    failure
}

fn save_head(path: &Path, found: &Verification) -> Result<(), Failure> {
    let Some(head) = &found.head else {
        let failure = Failure::unasked("there is no head to save: nothing is sealed yet");
        return Err(failure.hint("a running server seals within seconds"));
    };
    save(path, head)
}

/// Reads a head that was kept.
pub(super) fn load(path: &Path) -> Result<Head, Failure> {
    let unreadable = |error: &(dyn std::error::Error + 'static)| {
        let title = format!("{} is no head that can be read", path.display());
        Failure::unasked(title)
            .detail(error.to_string())
            .hint("`plimsoll head --save FILE` and `plimsoll verify --save FILE` write heads")
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))
}

/// A head takes the place of none but the one that it is proved to extend: whoever saved over
/// another would lose what it can still show.
pub(super) fn may_save(save: Option<&Path>, against: Option<&Path>) -> Result<(), Failure> {
    let Some(save) = save.filter(|path| path.exists()) else { return Ok(()) };
    let place = |path: &Path| path.canonicalize().ok();
    if against.is_some_and(|against| place(against) == place(save)) {
        return Ok(());
    }
    let save = save.display();
    let failure = Failure::unasked(format!("{save} is there already; nothing was saved"));
    Err(failure
        .detail("a head is saved over none but the one that history is proved to extend")
        .hint(format!("add --against {save}, or name another file")))
}

/// Keeps a head in a file, which is on disk whole or as it was. That it cannot be kept says nothing
/// of history, so it is no exit code of a history that was changed.
pub(super) fn save(path: &Path, head: &Head) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(head).expect("it is plain data") + "\n";
    let written = replace(path, text.as_bytes());
    written.map_err(|error| {
        Failure::unasked(format!("cannot save the head to {}", path.display()))
            .detail(error.to_string())
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = path.with_added_extension("partial");
    let mut file = File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}
