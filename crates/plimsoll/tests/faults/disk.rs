//! File systems of our own, in a mount namespace that ends with the test. That needs root: without
//! it what is tried there is not run, which is a failure under continuous integration.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::site::Site;

/// A shell in a namespace of its own. What it mounts is seen by nobody else.
struct Namespace {
    shell: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A disk: a file with a file system in it, mounted where the site has its data.
pub(crate) struct Disk {
    namespace: Namespace,
    image: PathBuf,
    mounted_on: PathBuf,
    generation: u32,
}

/// A site on a disk of its own; none, and said so, where that cannot be done.
pub(crate) fn site_on_a_disk(campaign: &str, config: &str, megabytes: u32) -> Option<(Site, Disk)> {
    let mut site = Site::with_config(config);
    match Disk::make(&site, megabytes) {
        Ok(disk) => {
            site.data = disk.mounted_on.join("data");
            site.through = disk.through();
            Some((site, disk))
        }
        Err(reason) => {
            println!("FIGURES {campaign}: not run: {reason}");
            let ci = std::env::var_os("CI").is_some();
            assert!(!ci, "{campaign}: not run: {reason}");
            None
        }
    }
}

impl Disk {
    fn make(site: &Site, megabytes: u32) -> Result<Self, String> {
        let namespace = Namespace::open()?;
        let (image, mounted_on) = (site.file("disk-0"), site.file("disk"));
        let mut disk = Self { namespace, image, mounted_on, generation: 0 };
        let (image, place) = (disk.image.display(), disk.mounted_on.display());
        let make = format!(
            "truncate -s {megabytes}M {image} && mkfs.ext4 -q -F -m 0 {image} && mkdir {place}"
        );
        disk.namespace.run(&make)?;
        disk.mount()?;
        Ok(disk)
    }

    /// The journal is committed by syncs alone, and not by time: a test is over before.
    fn mount(&mut self) -> Result<String, String> {
        let (image, place) = (self.image.display(), self.mounted_on.display());
        self.namespace.run(&format!("mount -o loop,commit=300 {image} {place}"))
    }

    /// What is run on it is run through this.
    fn through(&self) -> Vec<OsString> {
        let namespace = format!("--mount=/proc/{}/ns/mnt", self.namespace.shell.id());
        ["nsenter", &namespace, "--"].map(OsString::from).into()
    }

    /// Runs a command where the disk is; fails when that fails.
    #[track_caller]
    pub(crate) fn run(&mut self, command: &str) -> String {
        self.namespace.run(command).unwrap()
    }

    /// A file on it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.mounted_on.join(name)
    }

    /// Cuts the power: what had reached the device is copied and goes on as the disk, and what the
    /// kernel still held is gone. The server must be dead. Says whether the file system needed more
    /// than its journal.
    pub(crate) fn cut_power(&mut self) -> bool {
        self.generation += 1;
        let next = self.image.with_file_name(format!("disk-{}", self.generation));
        let (old, new) = (self.image.display(), next.display());
        self.namespace.run(&format!("cp --sparse=always {old} {new}")).unwrap();
        let place = self.mounted_on.display();
        self.namespace.run(&format!("umount {place} && rm {old}")).unwrap();
        // The journal is replayed first, as at every start after a power cut; then all is checked.
        let check = format!("{{ e2fsck -fp {new} || test $? -eq 1; }} && e2fsck -fn {new}");
        let told = self.namespace.run(&check).unwrap();
        self.image = next;
        self.mount().unwrap();
        told.contains("FIXED") || told.contains("UNEXPECTED")
    }
}

impl Namespace {
    fn open() -> Result<Self, String> {
        let mut shell = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("unshare: {error}"))?;
        let orders = shell.stdin.take().expect("it is piped");
        let answers = BufReader::new(shell.stdout.take().expect("it is piped"));
        let mut namespace = Self { shell, orders, answers };
        namespace.run("true").map_err(|_| "a mount namespace needs root".to_owned())?;
        Ok(namespace)
    }

    /// Runs a command; its output, or what it said when it failed.
    fn run(&mut self, command: &str) -> Result<String, String> {
        const END: &str = "-- ended ";
        let order = format!("{{ {command}\n}} </dev/null 2>&1; code=$?; echo; echo '{END}'$code\n");
        self.orders.write_all(order.as_bytes()).map_err(|error| error.to_string())?;
        let mut told = String::new();
        loop {
            let start = told.len();
            let read = self.answers.read_line(&mut told).map_err(|error| error.to_string())?;
            let line = told[start..].trim_end();
            match line.strip_prefix(END) {
                Some("0") => return Ok(told[..start].trim_end().to_owned()),
                Some(code) => return Err(format!("{command}: exit {code}\n{told}")),
                None if read == 0 => return Err(format!("{command}: the shell is gone\n{told}")),
                None => {}
            }
        }
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The mounts go with the last process of the namespace.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// Whether a file is there, as the disk's namespace sees it.
pub(crate) fn is_there(disk: &mut Disk, path: &Path) -> bool {
    disk.namespace.run(&format!("test -e {}", path.display())).is_ok()
}
