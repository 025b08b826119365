//! The folder on the disk: what comes there comes whole, and stays.

use super::manifest::Manifest;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IoSlice, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Who may read and write the files.
const MODE: u32 = 0o644;

/// The folder of one append-only file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Where it is (`dir`, `appenddirname`).
    pub path: PathBuf,
    /// What its files' names begin with (`appendfilename`).
    pub file_name: String,
}

impl Folder {
    /// A file in it.
    #[must_use]
    pub fn file(&self, name: &[u8]) -> PathBuf {
        self.path.join(OsStr::from_bytes(name))
    }

    /// Its name (`appenddirname`), for the log.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// A file beside it (`dir`).
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The manifest's name.
    #[must_use]
    pub fn manifest_name(&self) -> String {
        format!("{}.manifest", self.file_name)
    }

    /// The manifest's bytes, if there is one.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn manifest(&self) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(self.manifest_name())) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes the folder if there is none.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(&self) -> io::Result<()> {
        match fs::create_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.path.is_dir() => Ok(()),
            outcome => outcome,
        }
    }

    /// Puts a manifest in the place of the one there is.
    ///
    /// # Errors
    /// The system refuses; the one there was still holds.
    pub fn write_manifest(&self, manifest: &Manifest) -> io::Result<()> {
        let (name, temporary) = (self.manifest_name(), format!("temp-{}", self.manifest_name()));
        write_whole(&self.path.join(&temporary), &manifest.to_bytes())?;
        fs::rename(self.path.join(temporary), self.path.join(name))?;
        sync_folder(&self.path)
    }

    /// Opens a file of changes, at its end.
    ///
    /// # Errors
    /// The system refuses.
    pub fn open(&self, name: &[u8]) -> io::Result<Appender> {
        let file = OpenOptions::new().append(true).create(true).mode(MODE).open(self.file(name))?;
        let size = file.metadata()?.len();
        Ok(Appender { file, size })
    }

    /// Makes a new, empty file of changes. One of this name is removed, not emptied: changes may still go there.
    ///
    /// # Errors
    /// The system refuses.
    pub fn create_file(&self, name: &[u8]) -> io::Result<Appender> {
        match fs::remove_file(self.file(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.open(name),
        }
    }
}

/// Writes a file and brings it to the disk.
///
/// # Errors
/// The system refuses.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).truncate(true).create(true).mode(MODE).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Brings the names in a folder to the disk.
///
/// # Errors
/// The system refuses.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// A file that is written at its end.
#[derive(Debug)]
pub struct Appender {
    file: File,
    size: u64,
}

impl Appender {
    /// Its size.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The same file, to bring it to the disk elsewhere.
    ///
    /// # Errors
    /// The system has no room.
    pub fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Writes bytes, the parts one after the other. Where only some of the bytes could be written, they are taken back; if
    /// that fails too, the error says how many they are.
    ///
    /// # Errors
    /// The system refuses: why, and how many of the bytes stand in the file.
    pub fn append(&mut self, mut parts: &mut [IoSlice<'_>]) -> Result<(), (io::Error, usize)> {
        let total: usize = parts.iter().map(|part| part.len()).sum();
        let mut written = 0;
        while written < total {
            match self.file.write_vectored(parts) {
                Ok(more) if more > 0 => {
                    written += more;
                    if written < total {
                        IoSlice::advance_slices(&mut parts, more);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => {
                    let error = outcome.err().unwrap_or_else(|| io::ErrorKind::StorageFull.into());
                    if written > 0 && self.file.set_len(self.size).is_err() {
                        self.size += written as u64;
                        return Err((error, written));
                    }
                    return Err((error, 0));
                }
            }
        }
        self.size += written as u64;
        Ok(())
    }
}
