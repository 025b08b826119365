//! The values, shared by all threads.
//!
//! Numbers are atomics, read without any lock (one relaxed load); texts are behind a lock that is held while a pointer
//! is copied. There is one writer at a time. A reader of two directives may see only one of them changed while CONFIG
//! SET changes both: the apply hook must publish values together that change together.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::directive::{Directive, Kind, Status};
use crate::id::{Id, OUTPUT_BUFFER_LIMITS, Scalar, Text, ids};
use crate::special::{ClientClass, SavePoint, save_points};
use crate::table::DIRECTIVES;
use crate::value::{OutputBufferLimit, Value};

/// The facts about the machine and the process that the configuration needs.
#[derive(Clone, Debug)]
pub struct Host {
    /// The default of `threads`.
    pub cores: usize,
    /// The process's working directory: the default of `dir`, and the base of relative paths.
    pub directory: PathBuf,
}

/// A configuration; share it as `Arc<Config>`.
pub struct Config {
    numbers: Box<[AtomicI64]>,
    texts: RwLock<Box<[Arc<[u8]>]>>,
    limits: [[AtomicU64; 3]; 3],
    defaults: Box<[Value]>,
    generation: AtomicU64,
    writer: Mutex<()>,
    path: Option<PathBuf>,
}

impl Config {
    /// All defaults.
    pub fn new(host: &Host) -> Config {
        let defaults: Box<[Value]> = DIRECTIVES.iter().map(|directive| default_on(directive, host)).collect();
        let empty: Arc<[u8]> = Arc::from([].as_slice());
        let config = Config {
            numbers: DIRECTIVES.iter().map(|_| AtomicI64::new(0)).collect(),
            texts: RwLock::new(vec![empty; DIRECTIVES.len()].into_boxed_slice()),
            limits: Default::default(),
            defaults: defaults.clone(),
            generation: AtomicU64::new(0),
            writer: Mutex::new(()),
            path: None,
        };
        for (index, value) in defaults.into_iter().enumerate() {
            config.store(index, value);
        }
        config
    }

    /// The value of a number, bool, word, or set of classes.
    #[inline]
    pub fn get<T: Scalar>(&self, id: Id<T>) -> T {
        T::from_number(self.numbers[id.index].load(Ordering::Relaxed))
    }

    /// The value of a text; an empty text also means "not set".
    pub fn text(&self, id: Id<Text>) -> Arc<[u8]> {
        self.text_at(id.index)
    }

    /// The value of a text that is a path; `None` if it is empty.
    pub fn path(&self, id: Id<Text>) -> Option<PathBuf> {
        use std::os::unix::ffi::OsStrExt;
        let text = self.text(id);
        (!text.is_empty()).then(|| PathBuf::from(std::ffi::OsStr::from_bytes(&text)))
    }

    /// The addresses to listen on; one with a leading `-` may be unavailable on this machine.
    pub fn bind_addresses(&self) -> Vec<String> {
        let text = self.text(ids::BIND);
        let addresses = text.split(|&byte| byte == b' ').filter(|address| !address.is_empty());
        addresses.map(|address| String::from_utf8_lossy(address).into_owned()).collect()
    }

    /// When to take snapshots.
    pub fn save_points(&self) -> Vec<SavePoint> {
        save_points(&self.text(ids::SAVE))
    }

    /// Removes all save points.
    pub(crate) fn clear_save_points(&self) {
        self.store(ids::SAVE.index, Value::text(""));
    }

    /// The output buffer limits of a class of clients: three relaxed loads.
    #[inline]
    pub fn output_buffer_limit(&self, class: ClientClass) -> OutputBufferLimit {
        let [hard, soft, seconds] = &self.limits[class as usize];
        OutputBufferLimit {
            hard_bytes: hard.load(Ordering::Relaxed),
            soft_bytes: soft.load(Ordering::Relaxed),
            soft_seconds: seconds.load(Ordering::Relaxed),
        }
    }

    /// Incremented by every change, so that values derived from several directives can be invalidated.
    #[inline]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The file from which the configuration was read, as an absolute path; CONFIG REWRITE rewrites it.
    pub fn file(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(crate) fn set_file(&mut self, path: PathBuf) {
        self.path = Some(path);
    }

    /// Directives without effect that are not set to their default, for the warnings at start.
    pub fn without_effect(&self) -> Vec<&'static Directive> {
        let has_no_effect = |(index, directive): &(usize, &Directive)| {
            directive.status == Status::Accepted && self.value(*index) != self.defaults[*index]
        };
        DIRECTIVES.iter().enumerate().filter(has_no_effect).map(|(_, directive)| directive).collect()
    }

    /// Sets a text from inside the engine (the working directory after a change, a primary set by REPLICAOF). Not
    /// checked as in CONFIG SET.
    pub fn replace_text(&self, id: Id<Text>, text: &[u8]) {
        let _writing = self.lock_writer();
        self.store(id.index, Value::text(text));
    }

    /// Like `replace_text`, for a number (`maxclients` lowered to the process's limits).
    pub fn replace_number(&self, id: Id<u64>, number: u64) {
        let _writing = self.lock_writer();
        self.store(id.index, Value::Number(number as i64));
    }

    pub(crate) fn lock_writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text_at(&self, index: usize) -> Arc<[u8]> {
        Arc::clone(&self.texts.read().unwrap_or_else(PoisonError::into_inner)[index])
    }

    pub(crate) fn default_of(&self, index: usize) -> &Value {
        &self.defaults[index]
    }

    pub(crate) fn value(&self, index: usize) -> Value {
        match &self.defaults[index] {
            Value::Number(_) => Value::Number(self.numbers[index].load(Ordering::Relaxed)),
            Value::Text(_) => Value::Text(self.text_at(index)),
            Value::Limits(_) => Value::Limits(ClientClass::ALL.map(|class| self.output_buffer_limit(class))),
        }
    }

    pub(crate) fn store(&self, index: usize, value: Value) {
        match value {
            Value::Number(number) => self.numbers[index].store(number, Ordering::Relaxed),
            Value::Text(text) => self.texts.write().unwrap_or_else(PoisonError::into_inner)[index] = text,
            Value::Limits(limits) => {
                debug_assert_eq!(index, OUTPUT_BUFFER_LIMITS);
                for (cells, limit) in self.limits.iter().zip(limits) {
                    cells[0].store(limit.hard_bytes, Ordering::Relaxed);
                    cells[1].store(limit.soft_bytes, Ordering::Relaxed);
                    cells[2].store(limit.soft_seconds, Ordering::Relaxed);
                }
            }
        }
        self.generation.fetch_add(1, Ordering::Release);
    }
}

fn default_on(directive: &Directive, host: &Host) -> Value {
    use std::os::unix::ffi::OsStrExt;
    match directive.kind {
        Kind::Int(kind) if kind.from_host => {
            let cores = i128::try_from(host.cores).unwrap_or(kind.max);
            Value::Number(cores.clamp(kind.min, kind.max) as i64)
        }
        Kind::Special(crate::directive::Special::Dir) => Value::text(host.directory.as_os_str().as_bytes()),
        _ => directive.default_value(),
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values may be passwords.
        f.debug_struct("Config").field("file", &self.path).finish_non_exhaustive()
    }
}
