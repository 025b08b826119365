//! Why a file cannot be loaded, and where.

use super::super::Error as ValueError;
use std::fmt;
use std::io;

/// What is wrong with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// It cannot be read.
    Io(io::Error),
    /// It does not begin as an RDB file.
    Signature,
    /// It is of a version that is not known.
    Version(u32),
    /// It ends too soon.
    Truncated,
    /// There is a byte that is no type of anything.
    Opcode(u8),
    /// A value, or what stands around keys, is not what it must be.
    Value(ValueError),
    /// A value is of a module.
    Module(String),
    /// There are functions in the form of a version before the first release.
    EarlyLibrary,
    /// A library of functions does not load.
    Library(String),
    /// There is a database with a number that this server does not have.
    Database(u64),
    /// A key comes twice.
    Duplicate,
    /// The checksum is another than that of the bytes.
    Checksum {
        /// Of the bytes.
        computed: u64,
        /// At the end of the file.
        stored: u64,
    },
    /// Whoever asked for it asked to stop.
    Stopped,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "it cannot be read: {error}"),
            Self::Signature => f.write_str("it does not begin as an RDB file"),
            Self::Version(version) => write!(f, "RDB version {version} is not known"),
            Self::Truncated => f.write_str("the file ends too soon"),
            Self::Opcode(byte) => write!(f, "a type that is not known: {byte}"),
            Self::Value(error) => error.fmt(f),
            Self::Module(name) => write!(f, "a value of the module '{name}'"),
            Self::EarlyLibrary => f.write_str("functions in the form of a version before the first release"),
            Self::Library(why) => write!(f, "a library of functions that does not load: {why}"),
            Self::Database(number) => write!(f, "database {number}, which this server does not have"),
            Self::Duplicate => f.write_str("a key that comes twice"),
            Self::Checksum { computed, stored } => {
                write!(f, "the checksum is {stored:016x} and should be {computed:016x}")
            }
            Self::Stopped => f.write_str("stopped"),
        }
    }
}

impl From<ValueError> for Problem {
    fn from(error: ValueError) -> Self {
        if error == ValueError::Truncated { Self::Truncated } else { Self::Value(error) }
    }
}

/// Why a file cannot be loaded.
#[derive(Debug)]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// Where that begins: the key, or what is not one.
    pub offset: u64,
    /// The key with its database, where it is one's fault.
    pub key: Option<(u64, Vec<u8>)>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {}", self.problem, self.offset)?;
        if let Some((database, key)) = &self.key {
            write!(f, ", in key '{}' of database {database}", key.escape_ascii())?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for Error {}
