//! Large files, written without a flood at the end.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;

/// What is behind is sent on its way to the disk each time so many bytes are written.
const STEP: u64 = 4 * 1024 * 1024;

/// A file that is written from its beginning. The disk gets it bit by bit in place of all at once when it is synced, which
/// would hold up whoever syncs a small file meanwhile.
#[derive(Debug)]
pub struct Paced {
    file: File,
    paced: bool,
    written: u64,
    /// So far the disk has been told.
    begun: u64,
}

impl Paced {
    /// Begins with an empty file, or leaves it to the system when what is written goes to the disk.
    #[must_use]
    pub fn new(file: File, paced: bool) -> Self {
        Self { file, paced, written: 0, begun: 0 }
    }

    /// The file.
    #[must_use]
    pub fn get(&self) -> &File {
        &self.file
    }
}

impl Write for Paced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.written += count as u64;
        let behind = self.written - self.begun;
        if self.paced && behind >= STEP {
            // A hint: what goes wrong with the disk shows when the file is synced.
            // SAFETY: a descriptor that is open, and numbers.
            unsafe {
                libc::sync_file_range(
                    self.file.as_raw_fd(),
                    self.begun.cast_signed(),
                    behind.cast_signed(),
                    libc::SYNC_FILE_RANGE_WRITE,
                );
            }
            self.begun = self.written;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Paced {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
