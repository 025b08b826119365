//! Loading a configuration: files with their includes, standard input, the environment, the command line. Each source
//! overrides the earlier ones.

use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::directive::{Directive, Flags, Kind, Special};
use crate::environment::{self, Ignored};
use crate::error::{LoadError, LoadErrorKind, Origin, Source};
use crate::files::{Files, expand};
use crate::id::ids;
use crate::line::split_arguments;
use crate::store::{Config, Host};
use crate::table::lookup;
use crate::value::Value;

/// The maximum depth of nested includes.
const MAX_INCLUDE_DEPTH: usize = 16;

/// The maximum number of included files, for files that include each other by wildcards.
const MAX_INCLUDED_FILES: usize = 1000;

/// Obsolete directives, which have no effect and cause no error if they have one argument.
const FORGOTTEN: [&[u8]; 4] =
    [b"list-max-ziplist-entries", b"list-max-ziplist-value", b"lua-replicate-commands", b"io-threads-do-reads"];

/// The sources of a configuration, in order of increasing precedence.
pub struct Sources<'a> {
    /// The file, if one is named.
    pub file: Option<&'a Path>,
    /// Standard input, if it is to be read.
    pub stdin: Option<&'a mut dyn Read>,
    /// The environment's variables.
    pub environment: Vec<(String, Vec<u8>)>,
    /// The options of the command line as lines (`CommandLine::options`).
    pub options: &'a [u8],
}

/// A `rename-command` line; only the caller knows the commands.
#[derive(Clone, Debug)]
pub struct Rename {
    /// The command.
    pub from: Vec<u8>,
    /// Its new name; empty to remove it.
    pub to: Vec<u8>,
    /// The line.
    pub origin: Origin,
}

/// A `user` line.
#[derive(Clone, Debug)]
pub struct UserLine {
    /// The user's name and rules: what ACL SETUSER takes.
    pub arguments: Vec<Vec<u8>>,
    /// The line.
    pub origin: Origin,
}

/// The result of loading.
#[derive(Debug)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// Commands to rename, in order.
    pub renames: Vec<Rename>,
    /// Users to define, in order.
    pub users: Vec<UserLine>,
    /// Environment variables with our prefix that were not used.
    pub ignored: Vec<Ignored>,
    /// Warnings for the log.
    pub warnings: Vec<String>,
}

/// Loads a configuration.
///
/// # Errors
/// The first invalid line, or the file that cannot be read.
pub fn load(host: &Host, sources: Sources<'_>, files: &dyn Files) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(host, files);
    if let Some(path) = sources.file {
        let path = host.directory.join(path);
        loader.file(&path, None)?;
        loader.loaded.config.set_file(path);
    }
    if let Some(stdin) = sources.stdin {
        let mut text = Vec::new();
        let read = stdin.read_to_end(&mut text);
        read.map_err(|error| LoadError { origin: None, kind: LoadErrorKind::Stdin(error) })?;
        loader.lines(&text, &Source::Stdin)?;
    }
    // As in redis-server, the command line's `save` options add to those of the file; they replace the environment's.
    loader.environment(sources.environment)?;
    loader.lines(sources.options, &Source::CommandLine)?;
    loader.finish()
}

/// Loads a text without a file: the embedded engine's configuration, and the fuzzer's input.
///
/// # Errors
/// Like [`load`].
pub fn load_text(host: &Host, text: &[u8], files: &dyn Files) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(host, files);
    loader.lines(text, &Source::Stdin)?;
    loader.finish()
}

/// Like [`load_text`], for a library: without a `save` line there are no save points, since a program that keeps its
/// data only in memory does not expect files.
///
/// # Errors
/// Like [`load`].
pub fn load_embedded(host: &Host, text: &[u8], files: &dyn Files) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(host, files);
    loader.loaded.config.clear_save_points();
    loader.lines(text, &Source::Stdin)?;
    loader.finish()
}

struct Loader<'a> {
    files: &'a dyn Files,
    loaded: Loaded,
    depth: usize,
    included: usize,
    /// The next `save` line replaces the earlier ones; later lines add to it.
    save_is_fresh: bool,
    /// After the end of an included file, each `save` line replaces all earlier ones, as in Redis.
    save_replaces: bool,
}

impl<'a> Loader<'a> {
    fn new(host: &Host, files: &'a dyn Files) -> Loader<'a> {
        let loaded = Loaded {
            config: Config::new(host),
            renames: Vec::new(),
            users: Vec::new(),
            ignored: Vec::new(),
            warnings: Vec::new(),
        };
        Loader { files, loaded, depth: 0, included: 0, save_is_fresh: true, save_replaces: false }
    }

    fn file(&mut self, path: &Path, named_at: Option<&Origin>) -> Result<(), LoadError> {
        let text = self.files.read(path).map_err(|error| LoadError {
            origin: named_at.cloned(),
            kind: LoadErrorKind::Open { path: path.to_path_buf(), error },
        })?;
        self.lines(&text, &Source::File(path.to_path_buf()))
    }

    fn lines(&mut self, text: &[u8], source: &Source) -> Result<(), LoadError> {
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let line = trim(line);
            if line.is_empty() || line[0] == b'#' {
                continue;
            }
            let origin = Origin { source: source.clone(), line: index + 1, text: line.to_vec() };
            self.line(&origin)?;
        }
        Ok(())
    }

    fn line(&mut self, origin: &Origin) -> Result<(), LoadError> {
        let unbalanced = "Unbalanced quotes in configuration line";
        let words = split_arguments(&origin.text).ok_or_else(|| origin.error(unbalanced))?;
        let Some((name, arguments)) = words.split_first() else { return Ok(()) };
        match lookup(name) {
            Some((index, directive)) => self.directive(index, directive, arguments, origin),
            None => self.special(&name.to_ascii_lowercase(), arguments, origin),
        }
    }

    fn directive(
        &mut self,
        index: usize,
        directive: &Directive,
        arguments: &[Vec<u8>],
        origin: &Origin,
    ) -> Result<(), LoadError> {
        let current = self.loaded.config.value(index);
        // A single argument with all values, as a shell passes `--save "900 1 300 10"`.
        let split = match arguments {
            [only] if directive.is(Flags::MULTI) && !only.is_empty() => {
                Some(split_arguments(only).ok_or_else(|| origin.error("Unbalanced quotes in configuration line"))?)
            }
            _ => None,
        };
        let arguments = split.as_deref().unwrap_or(arguments);
        let mut value = directive.parse(arguments, &current).map_err(|error| origin.error(error.to_string()))?;
        if let Kind::Special(Special::Save) = directive.kind {
            value = self.merge_save(&current, value);
        }
        self.loaded.config.store(index, value);
        Ok(())
    }

    /// The first `save` of a source replaces the value, an empty one clears it, and others add to it, unless an include
    /// precedes them.
    fn merge_save(&mut self, current: &Value, new: Value) -> Value {
        let is_first = std::mem::replace(&mut self.save_is_fresh, false);
        match (current, &new) {
            (Value::Text(old), Value::Text(more))
                if !is_first && !self.save_replaces && !old.is_empty() && !more.is_empty() =>
            {
                Value::text([old, b" ".as_slice(), more].concat())
            }
            _ => new,
        }
    }

    fn special(&mut self, name: &[u8], arguments: &[Vec<u8>], origin: &Origin) -> Result<(), LoadError> {
        match (name, arguments) {
            (b"include", [path]) => self.include(path, origin),
            (b"rename-command", [from, to]) => {
                let rename = Rename { from: from.clone(), to: to.clone(), origin: origin.clone() };
                self.loaded.renames.push(rename);
                Ok(())
            }
            (b"user", [_, ..]) => {
                self.loaded.users.push(UserLine { arguments: arguments.to_vec(), origin: origin.clone() });
                Ok(())
            }
            (b"loadmodule", [_, ..]) => Err(origin.error("loadmodule: Redstart has no loadable modules")),
            (b"sentinel", []) => Err(origin.error("Redstart has no sentinel mode")),
            (b"sentinel", _) => Err(origin.error("sentinel directive while not in sentinel mode")),
            (name, [_]) if FORGOTTEN.contains(&name) => Ok(()),
            _ => Err(origin.error("Bad directive or wrong number of arguments")),
        }
    }

    fn include(&mut self, path: &[u8], origin: &Origin) -> Result<(), LoadError> {
        if self.depth == MAX_INCLUDE_DEPTH || self.included >= MAX_INCLUDED_FILES {
            return Err(origin.error("Includes are nested too deeply or name too many files"));
        }
        let base = self.loaded.config.path(ids::DIR).unwrap_or_default();
        let path = base.join(PathBuf::from(std::ffi::OsStr::from_bytes(path)));
        self.depth += 1;
        for file in expand(self.files, &path) {
            self.included += 1;
            self.save_replaces = false;
            self.file(&file, Some(origin))?;
            self.save_replaces = true;
        }
        self.depth -= 1;
        Ok(())
    }

    fn environment(&mut self, variables: Vec<(String, Vec<u8>)>) -> Result<(), LoadError> {
        let (overrides, ignored) = environment::read(variables);
        self.loaded.ignored = ignored;
        for variable in overrides {
            let is_save = matches!(variable.directive.kind, Kind::Special(Special::Save));
            self.save_is_fresh |= is_save;
            let origin = Origin { source: Source::Environment(variable.name), line: 1, text: variable.value.clone() };
            self.directive(variable.index, variable.directive, &[variable.value], &origin)?;
            self.save_is_fresh |= is_save;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Loaded, LoadError> {
        let config = &self.loaded.config;
        if config.get(ids::CLUSTER_ENABLED) {
            if !config.text(ids::REPLICAOF).is_empty() {
                return Err(LoadError::together("replicaof directive not allowed in cluster mode"));
            }
            let databases = config.get(ids::DATABASES);
            if databases > 1 {
                let note =
                    format!("WARNING: Changing databases number from {databases} to 1 since we are in cluster mode");
                self.loaded.warnings.push(note);
                config.replace_number(ids::DATABASES, 1);
            }
        }
        for directive in self.loaded.config.without_effect() {
            let note = format!("WARNING: the directive '{}' is accepted but has no effect yet", directive.name);
            self.loaded.warnings.push(note);
        }
        Ok(self.loaded)
    }
}

fn trim(line: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    let start = line.iter().position(|byte| !is_blank(byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    &line[start..end]
}
