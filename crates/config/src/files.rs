//! The files that a configuration may read: those named explicitly, and those named by `include`.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use redstart_encoding::glob;

/// The source of files, so that tests and fuzzers need no disk.
pub trait Files {
    /// The content of a file.
    ///
    /// # Errors
    /// The operating system's error.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names in a directory.
    ///
    /// # Errors
    /// The operating system's error.
    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>>;

    /// Whether a path exists.
    fn exists(&self, path: &Path) -> bool;
}

/// The file system.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        std::fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
}

/// A source without files.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<OsString>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn exists(&self, _: &Path) -> bool {
        false
    }
}

/// The paths of an `include`: the path itself, or the matches of its wildcards in alphabetical order (possibly none,
/// for an empty `conf.d`).
pub(crate) fn expand(files: &dyn Files, path: &Path) -> Vec<PathBuf> {
    if !glob::is_pattern(path.as_os_str().as_bytes()) {
        return vec![path.to_path_buf()];
    }
    let start = vec![PathBuf::new()];
    path.components().fold(start, |found, component| expand_component(files, &found, component))
}

fn expand_component(files: &dyn Files, found: &[PathBuf], component: Component<'_>) -> Vec<PathBuf> {
    let pattern = component.as_os_str().as_bytes();
    if !glob::is_pattern(pattern) {
        let longer = found.iter().map(|path| path.join(component));
        return longer.filter(|path| files.exists(path)).collect();
    }
    let mut result = Vec::new();
    for directory in found {
        let listed = if directory.as_os_str().is_empty() { Path::new(".") } else { directory.as_path() };
        let mut names = files.list(listed).unwrap_or_default();
        names.sort();
        result.extend(names.iter().filter(|name| fits(pattern, name.as_bytes())).map(|name| directory.join(name)));
    }
    result
}

/// As in shells, no wildcard matches a leading dot, and `!` negates a class.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    if name.starts_with(b".") && !pattern.starts_with(b".") {
        return false;
    }
    let mut pattern = pattern.to_vec();
    for at in 1..pattern.len() {
        if pattern[at - 1] == b'[' && pattern[at] == b'!' {
            pattern[at] = b'^';
        }
    }
    glob::matches(&pattern, name)
}
