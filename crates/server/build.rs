//! Has the server rebuilt when the web app was: release builds embed `ui/dist`.

use std::path::Path;

fn main() {
    let dist = Path::new("../../ui/dist");
    // A path that is not there would have everything rebuilt each time.
    let watched = if dist.exists() { dist } else { Path::new("build.rs") };
    println!("cargo::rerun-if-changed={}", watched.display());
}
