//! The file that changes go to, as the journal sees it.

use redstart_command::journal::{Storage, Sync};
use redstart_persistence::aof::Appender;
use std::io::{self, IoSlice};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The file that the journal appends to.
#[derive(Debug)]
pub(super) struct File {
    file: Appender,
    /// Its size, for others to see.
    size: Arc<AtomicU64>,
}

impl File {
    pub(super) fn new(file: Appender, size: Arc<AtomicU64>) -> Self {
        size.store(file.size(), Ordering::Relaxed);
        Self { file, size }
    }
}

impl Storage for File {
    fn write(&mut self, parts: &mut [IoSlice<'_>]) -> Result<(), (io::Error, usize)> {
        let outcome = self.file.append(parts);
        self.size.store(self.file.size(), Ordering::Relaxed);
        outcome
    }

    fn sync(&mut self) -> io::Result<Sync> {
        let file = self.file.handle()?;
        Ok(Box::new(move || file.sync_data()))
    }
}
