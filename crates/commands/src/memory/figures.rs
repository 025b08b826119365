//! What takes how much memory, for INFO and MEMORY STATS.

use crate::info::survey;
use redstart_command::Context;
use redstart_command::host::Allocator;
use redstart_command::scripts::Kind;
use redstart_sys::{alloc, process};

/// Bytes, unless a name says otherwise.
#[derive(Debug)]
pub(crate) struct Figures {
    /// In use, as the allocator hands it out.
    pub(crate) used: usize,
    /// The most that ever was.
    pub(crate) peak: usize,
    /// In use when the engine was opened.
    pub(crate) startup: usize,
    /// In memory.
    pub(crate) resident: usize,
    /// What clients take.
    pub(crate) clients: usize,
    /// What holds changes on their way to the append-only file.
    pub(crate) aof_buffer: usize,
    /// Of each database that holds keys: its number, and what its tables take.
    pub(crate) databases: Vec<(usize, usize)>,
    /// How many keys there are.
    pub(crate) keys: usize,
    /// What the sources of scripts take, those of functions, and the interpreters of both.
    pub(crate) script_caches: usize,
    pub(crate) function_caches: usize,
    pub(crate) interpreters: usize,
    /// As the allocator itself counts.
    pub(crate) allocator: Allocator,
}

impl Figures {
    /// The figures now. Takes a look at every table.
    pub(crate) fn new(context: &mut Context<'_>) -> Self {
        let survey = survey(context);
        let shared = context.shared;
        let (used, resident) = (alloc::used(), process::resident_bytes());
        let counted = Allocator { allocated: used, active: used, resident };
        let filled = survey.iter().enumerate().filter(|(_, database)| database.keys > 0);
        Self {
            used,
            peak: alloc::peak().max(used),
            startup: shared.startup_memory,
            resident,
            clients: shared.clients.list().iter().map(|client| client.memory()).sum(),
            aof_buffer: shared.journal.buffer_room(),
            databases: filled.map(|(number, database)| (number, database.table_bytes)).collect(),
            script_caches: shared.scripts.bytes(),
            function_caches: shared.scripts.library_bytes(),
            interpreters: [Kind::Eval, Kind::Function].map(|kind| shared.scripts.interpreter_bytes(kind)).iter().sum(),
            keys: survey.iter().map(|database| database.keys).sum(),
            allocator: shared.host().allocator().unwrap_or(counted),
        }
    }

    /// What tables of keys take.
    pub(crate) fn tables(&self) -> usize {
        self.databases.iter().map(|(_, bytes)| bytes).sum()
    }

    /// What is in use for other things than data.
    pub(crate) fn overhead(&self) -> usize {
        let scripts = self.script_caches + self.function_caches + self.interpreters;
        self.startup + self.tables() + self.clients + self.aof_buffer + scripts
    }

    /// What data takes.
    pub(crate) fn dataset(&self) -> usize {
        self.used.saturating_sub(self.overhead())
    }

    /// The part of what came since the start that data takes, in percent.
    pub(crate) fn dataset_percent(&self) -> f64 {
        100.0 * ratio(self.dataset(), self.used.saturating_sub(self.startup)).min(1.0)
    }
}

/// `part` of `whole`, 0 where there is no whole.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// By how much `one` is more than `other`.
pub(crate) fn difference(one: usize, other: usize) -> i64 {
    one as i64 - other as i64
}
