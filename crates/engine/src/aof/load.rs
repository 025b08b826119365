//! Loading: the base, then what changed, command by command, as if somebody sent it.
//!
//! Nothing expires meanwhile: whatever went because of its time is there as a command. A transaction runs when its EXEC
//! is there; where the last file ends before it, or within a command, the file is cut off behind the last whole unit.

use super::{Failed, NOTICE, WARNING, tell};
use redstart_command::acl::Identity;
use redstart_command::clients::Origin;
use redstart_command::context::{Context, Parts, REPLAY_MS};
use redstart_command::journal::words;
use redstart_command::{Args, Flags, Registered, Session, Shared};
use redstart_commands::persistence;
use redstart_config::ids;
use redstart_keyspace::{Access, Pass};
use redstart_persistence::aof::{FileInfo, Folder, Item, Manifest, RDB_SIGNATURE, ReadError, Reader, begins_as_rdb};
use redstart_resp::OwnedArgs;
use redstart_sys::clock::unix_ms;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::time::{Duration, Instant};

/// What was loaded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loaded {
    pub(super) base_bytes: u64,
    /// Bytes of all files but the last of those that hold changes.
    pub(super) complete_bytes: u64,
}

const READ_AT_ONCE: usize = 256 * 1024;

/// Takes over a file that was written by a version that had one alone.
pub(super) fn upgrade(shared: &Shared, folder: &Folder, manifest: &mut Manifest) -> Result<(), Failed> {
    let old = folder.beside(&folder.file_name);
    let unfinished = manifest.incremental.is_empty()
        && manifest.base.as_ref().is_some_and(|base| base.name == folder.file_name.as_bytes())
        && !folder.file(folder.file_name.as_bytes()).exists();
    if !old.is_file() || !(manifest.is_empty() || unfinished) {
        return Ok(());
    }
    let (name, path) = (&folder.file_name, folder.name());
    let fail = |what: String| Failed::because(shared, &what);
    folder.create().map_err(|error| fail(format!("Can't open or create append-only dir {path}: {}", words(&error))))?;
    manifest.adopt(name.as_bytes());
    folder
        .write_manifest(manifest)
        .map_err(|error| fail(format!("Can't write the AOF manifest: {}", words(&error))))?;
    std::fs::rename(old, folder.file(name.as_bytes())).map_err(|error| {
        let why = words(&error);
        fail(format!("Error trying to move the old AOF file {name} into dir {path}: {why}"))
    })?;
    let line = format!("Successfully migrated an old-style AOF file ({name}) into the AOF directory ({path}).");
    tell(shared, NOTICE, line);
    Ok(())
}

/// Loads what a manifest names, by one who has the keyspace for itself, or beside clients who are told to wait.
pub(super) fn load_files(
    shared: &Shared,
    folder: &Folder,
    manifest: &Manifest,
    pass: Option<&Pass<'_>>,
) -> Result<Loaded, Failed> {
    let files: Vec<&FileInfo> = manifest.files().collect();
    let (mut loaded, mut sizes) = (Loaded::default(), Vec::new());
    for info in &files {
        let name = String::from_utf8_lossy(&info.name).into_owned();
        let size = std::fs::metadata(folder.file(&info.name)).map(|data| data.len()).map_err(|error| {
            let why = words(&error);
            Failed::because(shared, &format!("Unable to obtain the AOF file {name} length. stat: {why}"))
        })?;
        let is_base = manifest.base.as_ref() == Some(info);
        sizes.push(size);
        loaded.base_bytes += if is_base { size } else { 0 };
        loaded.complete_bytes += if manifest.incremental.last() == Some(info) { 0 } else { size };
    }
    shared.loading.begin(sizes.iter().sum(), unix_ms());
    for (number, info) in files.iter().enumerate() {
        let name = String::from_utf8_lossy(&info.name).into_owned();
        // A rewrite that did not come to its end may have left an empty file behind the one that was written.
        let (began, last) = (Instant::now(), sizes[number + 1..].iter().all(|&size| size == 0));
        let mut loader = Loader::new(shared, folder, &name, last, pass);
        loader.before = sizes[..number].iter().sum();
        let outcome = loader.load(&folder.file(&info.name));
        loader.end();
        match outcome {
            Ok(()) => {
                let (kind, seconds) =
                    (if number == 0 && manifest.base.is_some() { "base" } else { "incr" }, began.elapsed());
                let line = format!("DB loaded from {kind} file {name}: {:.3} seconds", seconds.as_secs_f64());
                tell(shared, NOTICE, line);
            }
            Err(lines) => {
                lines.into_iter().for_each(|line| drop(tell(shared, WARNING, line)));
                return Err(Failed);
            }
        }
    }
    Ok(loaded)
}

/// Loads one file.
struct Loader<'a, 'p> {
    shared: &'a Shared,
    folder: &'a Folder,
    name: &'a str,
    /// No other file follows, so it may be cut off.
    last: bool,
    /// Who calls is alone in the keyspace; else it is entered for some commands at a time.
    pass: Option<&'p Pass<'p>>,
    /// Bytes of the files before this one.
    before: u64,
    session: Session,
    /// What came since MULTI.
    queue: Option<Vec<OwnedArgs>>,
    output: Vec<u8>,
    complaints: usize,
}

/// So many commands that answer with an error are told in the log.
const MOST_COMPLAINTS: usize = 10;

type Lines = Vec<String>;

/// Commands that are run under one entry into the keyspace.
const AT_ONCE: usize = 256;

/// Places in a file.
struct Place {
    /// Behind the last whole item.
    good: u64,
    /// Before the MULTI whose EXEC has not come.
    before_multi: u64,
}

impl<'a, 'p> Loader<'a, 'p> {
    fn new(shared: &'a Shared, folder: &'a Folder, name: &'a str, last: bool, pass: Option<&'p Pass<'p>>) -> Self {
        let origin = Origin {
            addr: "aof:0".to_owned(),
            laddr: "aof:0".to_owned(),
            fd: -1,
            worker: 0,
            unix: false,
            waker: Box::new(|_| ()),
        };
        let mut session = Session::new(shared.clients.add(origin, unix_ms()), Identity::owner());
        (session.no_block, session.no_touch) = (true, false);
        Self { shared, folder, name, last, pass, before: 0, session, queue: None, output: Vec::new(), complaints: 0 }
    }

    fn end(self) {
        self.shared.clients.remove(&self.session.info);
    }

    fn load(&mut self, path: &Path) -> Result<(), Lines> {
        let name = self.name;
        let opened = File::open(path);
        let file = opened.map_err(|error| {
            vec![format!("Fatal error: can't open the append log file {name} for reading: {}", words(&error))]
        })?;
        let mut input = BufReader::with_capacity(READ_AT_ONCE, file);
        let mut magic = [0; RDB_SIGNATURE];
        let refused = |error: io::Error| {
            vec![format!("Unrecoverable error reading the append only file {name}: {}", words(&error))]
        };
        let read = read_up_to(&mut input, &mut magic).map_err(refused)?;
        input.rewind().map_err(refused)?;
        let mut start = 0;
        if begins_as_rdb(&magic[..read]) {
            start = self.load_rdb(path)?;
            input.seek(io::SeekFrom::Start(start)).map_err(refused)?;
        }
        self.replay(Reader::new(input, start))
    }

    /// Loads the RDB file that a file is, or begins with; gives where it ends.
    fn load_rdb(&self, path: &Path) -> Result<u64, Lines> {
        let (name, old) = (self.name, self.name == self.folder.file_name);
        let (what, tail) = if old { ("preamble from AOF file", "...") } else { ("base file on AOF loading", "...") };
        tell(self.shared, NOTICE, format!("Reading RDB {what}{tail}"));
        let threads = self.shared.config.get(ids::THREADS).clamp(1, 128) as usize;
        let loaded = persistence::load_base(self.shared, path, (threads, self.pass));
        let summary = loaded.map_err(|error| {
            let what = if old { "RDB preamble of the AOF file" } else { "RDB base file" };
            vec![error.to_string(), format!("Error reading the {what} {name}, AOF loading aborted")]
        })?;
        if old {
            tell(self.shared, NOTICE, "Reading the remaining AOF tail...".to_owned());
        }
        Ok(summary.bytes)
    }

    /// Runs what a reader gives, to the end of the file.
    fn replay(&mut self, mut reader: Reader<BufReader<File>>) -> Result<(), Lines> {
        let mut place = Place { good: reader.offset(), before_multi: 0 };
        loop {
            let more = match self.pass {
                Some(pass) => self.replay_some(&mut reader, &mut place, pass)?,
                None => {
                    let pass = self.shared.keyspace.enter_exclusive();
                    self.replay_some(&mut reader, &mut place, &pass)?
                }
            };
            self.shared.loading.reached(self.before + place.good);
            if !more {
                return Ok(());
            }
            if let delay_us @ 1.. = self.shared.config.get(ids::KEY_LOAD_DELAY) {
                std::thread::sleep(Duration::from_micros(delay_us.unsigned_abs() * AT_ONCE as u64));
            }
            if self.shared.host().is_ending() {
                return Err(vec!["The server ends while it loads its data".to_owned()]);
            }
        }
    }

    /// Runs some commands; says whether there may be more.
    fn replay_some(
        &mut self,
        reader: &mut Reader<BufReader<File>>,
        place: &mut Place,
        pass: &Pass<'_>,
    ) -> Result<bool, Lines> {
        for _ in 0..AT_ONCE {
            match reader.next_item() {
                Ok(Some(Item::Command(args))) => {
                    let opened = self.queue.is_some();
                    self.take(args, pass)?;
                    if !opened && self.queue.is_some() {
                        place.before_multi = place.good;
                    }
                }
                Ok(Some(Item::Annotation(_))) => {}
                Ok(None) if self.queue.is_some() => {
                    let line = format!("Revert incomplete MULTI/EXEC transaction in AOF file {}", self.name);
                    tell(self.shared, WARNING, line);
                    return self.cut_off(place.before_multi).map(|()| false);
                }
                Ok(None) => return Ok(false),
                Err(ReadError::Truncated(_)) => {
                    let at = if self.queue.is_some() { place.before_multi } else { place.good };
                    return self.cut_off(at).map(|()| false);
                }
                Err(ReadError::Io(error)) => {
                    let (name, why) = (self.name, words(&error));
                    return Err(vec![format!("Unrecoverable error reading the append only file {name}: {why}")]);
                }
                Err(ReadError::Format(_) | ReadError::Alien) => {
                    let name = self.name;
                    return Err(vec![format!(
                        "Bad file format reading the append only file {name}: make a backup of your AOF file, then \
                         use ./redis-check-aof --fix <filename.manifest>"
                    )]);
                }
            }
            place.good = reader.offset();
        }
        Ok(true)
    }

    /// The file ends too early: it is cut off behind what is whole, where that is allowed.
    fn cut_off(&mut self, at: u64) -> Result<(), Lines> {
        let name = self.name;
        if self.shared.config.get(ids::AOF_LOAD_TRUNCATED) {
            let warn = |line| drop(tell(self.shared, WARNING, line));
            warn(format!("!!! Warning: short read while loading the AOF file {name}!!!"));
            warn(format!("!!! Truncating the AOF {name} at offset {at} !!!"));
            if !self.last {
                return Err(vec!["Fatal error: the truncated file is not the last file".to_owned()]);
            }
            let file = OpenOptions::new().write(true).open(self.folder.file(name.as_bytes()));
            match file.and_then(|file| file.set_len(at)) {
                Ok(()) => {
                    warn(format!("AOF {name} loaded anyway because aof-load-truncated is enabled"));
                    return Ok(());
                }
                Err(error) => warn(format!("Error truncating the AOF file {name}: {}", words(&error))),
            }
        }
        Err(vec![format!(
            "Unexpected end of file reading the append only file {name}. You can: 1) Make a backup of your AOF file, \
             then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the \
             'aof-load-truncated' configuration option to yes and restart the server."
        )])
    }

    /// Runs a command, or queues it behind MULTI.
    fn take(&mut self, args: &OwnedArgs, pass: &Pass<'_>) -> Result<(), Lines> {
        let words = args.args();
        let name = words[0].to_ascii_lowercase();
        match (name.as_slice(), &mut self.queue) {
            (b"multi", queue @ None) => *queue = Some(Vec::new()),
            (b"exec", queue @ Some(_)) => {
                for args in queue.take().unwrap_or_default() {
                    self.run(&args, pass)?;
                }
            }
            (b"discard", queue @ Some(_)) => *queue = None,
            (_, Some(queue)) => queue.push(args.clone()),
            (_, None) => self.run(args, pass)?,
        }
        Ok(())
    }

    fn run(&mut self, args: &OwnedArgs, pass: &Pass<'_>) -> Result<(), Lines> {
        let shared = self.shared;
        let mut args = args.args();
        let Some(command) = find(shared, &args) else {
            let (command, name) = (String::from_utf8_lossy(&args[0]), self.name);
            return Err(vec![format!("Unknown command '{command}' reading the append only file {name}")]);
        };
        self.output.clear();
        let outcome = {
            let (access, stats) = (Access::none(pass), shared.stats.last_fixed());
            let (session, now_ms) = (&mut self.session, REPLAY_MS);
            let parts = Parts { access, session, shared, stats, command, now_ms, hint: None };
            Context::new(parts).run_kept(command, &mut args, &mut self.output)
        };
        let Err(error) = outcome else { return Ok(()) };
        if command.flags.has(Flags::SELECTS_DATABASE) {
            return Err(vec![format!("{error} (SELECT, reading the append only file {})", self.name)]);
        }
        self.complaints += 1;
        if self.complaints <= MOST_COMPLAINTS {
            let (command, name) = (&command.full_name, self.name);
            let line =
                format!("A command of the append only file {name} answers with an error: '{error}' to '{command}'");
            tell(shared, WARNING, line);
        }
        Ok(())
    }
}

fn read_up_to(input: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < bytes.len() {
        match input.read(&mut bytes[got..])? {
            0 => break,
            more => got += more,
        }
    }
    Ok(got)
}

fn find<'s>(shared: &'s Shared, args: &Args<'_>) -> Option<&'s Registered> {
    let command = shared.registry.find(&args[0])?;
    let whole = if command.subcommands.is_empty() || args.len() < 2 {
        Some(command)
    } else {
        shared.registry.subcommand(command, &args[1])
    };
    whole.filter(|command| command.arity.allows(args.len()))
}
