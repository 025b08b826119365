//! Replaces a file atomically: after a crash it is the old one or the new one, never a part.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Replaces or creates a file: a new file in the same directory is flushed to the disk and renamed.
///
/// # Errors
/// The operating system's error; the file is then unchanged.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = create_beside(path)?;
    let written =
        file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&temporary, path));
    if let Err(error) = written {
        // The error above matters more; a left-over file is only untidy.
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(directory)?.sync_all()
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, std::fs::File)> {
    const ATTEMPTS: u32 = 100;
    let mut attempt = 0;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}-{attempt}.tmp", std::process::id()));
        let temporary = PathBuf::from(name);
        match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o644).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}
