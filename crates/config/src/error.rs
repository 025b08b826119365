//! Why a configuration could not be loaded, and the line at fault.

use std::fmt;
use std::path::PathBuf;

/// The source of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, by the name given.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// An environment variable.
    Environment(String),
    /// Options of the command line.
    CommandLine,
}

/// A line of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The source.
    pub source: Source,
    /// The number of the line, counted from 1.
    pub line: usize,
    /// The text, without white space around it.
    pub text: Vec<u8>,
}

impl Origin {
    /// The error `message` about this line, for checks that only the caller can make (users, renamed commands).
    pub fn error(&self, message: impl Into<String>) -> LoadError {
        LoadError { origin: Some(self.clone()), kind: LoadErrorKind::Line(message.into()) }
    }
}

/// The kind of an error.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// A line is invalid, with the message.
    Line(String),
    /// A file could not be read.
    Open {
        /// The file.
        path: PathBuf,
        /// The error.
        error: std::io::Error,
    },
    /// Standard input could not be read.
    Stdin(std::io::Error),
    /// The lines are valid individually, but not together.
    Together(&'static str),
}

/// Why a configuration could not be loaded.
#[derive(Debug)]
pub struct LoadError {
    /// The line at fault, or the line that names the file at fault.
    pub origin: Option<Origin>,
    /// The error.
    pub kind: LoadErrorKind,
}

impl LoadError {
    /// Directives that are valid individually, but not together or not in this program.
    pub fn together(message: &'static str) -> LoadError {
        LoadError { origin: None, kind: LoadErrorKind::Together(message) }
    }

    /// The whole report for standard error, in the form that tools that start the server expect; `program` is the name
    /// and version in the first line (`Redis 8.0.6`).
    pub fn report(&self, program: &str) -> String {
        if let LoadErrorKind::Open { .. } | LoadErrorKind::Stdin(_) = &self.kind {
            return format!("{self}\n");
        }
        let mut report = format!("\n*** FATAL CONFIG FILE ERROR ({program}) ***\n");
        if let Some(origin) = &self.origin {
            report += &match &origin.source {
                Source::Environment(name) => format!("Reading the environment variable {name}\n"),
                Source::CommandLine => format!("Reading the command line, at option {}\n", origin.line),
                Source::File(_) | Source::Stdin => {
                    format!("Reading the configuration file, at line {}\n", origin.line)
                }
            };
            report += &format!(">>> '{}'\n", String::from_utf8_lossy(&origin.text));
        }
        report + &format!("{}\n", self.kind)
    }
}

impl fmt::Display for LoadErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadErrorKind::Line(message) => f.write_str(message),
            LoadErrorKind::Open { path, error } => {
                write!(f, "Fatal error, can't open config file '{}': {}", path.display(), os_error_text(error))
            }
            LoadErrorKind::Stdin(error) => write!(f, "Fatal error, can't read standard input: {error}"),
            LoadErrorKind::Together(message) => f.write_str(message),
        }
    }
}

/// The operating system's message, without the number that Rust appends.
pub fn os_error_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_string()
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            None => self.kind.fmt(f),
            Some(Origin { source: Source::File(path), line, .. }) => {
                write!(f, "{}:{line}: {}", path.display(), self.kind)
            }
            Some(Origin { source: Source::Stdin, line, .. }) => write!(f, "standard input:{line}: {}", self.kind),
            Some(Origin { source: Source::Environment(name), .. }) => write!(f, "{name}: {}", self.kind),
            Some(Origin { source: Source::CommandLine, line, .. }) => {
                write!(f, "command line, option {line}: {}", self.kind)
            }
        }
    }
}

impl std::error::Error for LoadError {}
