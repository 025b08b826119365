//! The configuration: the definition of every directive, and how values are loaded, read and changed.
//!
//! Start with `table/`: one line per directive drives everything. [`load()`] reads a `redis.conf`, the environment and
//! the command line into a [`Config`]. The engine reads values by the typed names in [`ids`]. CONFIG GET, SET and
//! REWRITE are [`Config::get_matching`], [`Config::set`] and [`Config::rewrite`].
//!
//! Must not know sockets, commands, clients or the engine: the hook passed to [`Config::set`] decides what a value
//! does, and whether the machine allows it. Reads no files but those named, and no environment or arguments but those
//! passed in.
//!
//! ```
//! use redstart_config::{Host, NoFiles, ids, load_text};
//!
//! let host = Host { cores: 2, directory: "/".into() };
//! let loaded = load_text(&host, b"maxmemory 100mb\nappendonly yes\n", &NoFiles)?;
//! assert_eq!(loaded.config.get(ids::MAXMEMORY), 100 << 20);
//! assert!(loaded.config.get(ids::APPENDONLY));
//! # Ok::<(), redstart_config::LoadError>(())
//! ```

#![forbid(unsafe_code)]

mod check;
pub mod choices;
mod command_line;
mod directive;
mod environment;
mod error;
mod files;
mod id;
mod line;
mod load;
mod number;
mod replace;
mod rewrite;
mod runtime;
mod special;
mod store;
mod table;
mod value;

pub use command_line::{CommandLine, Invocation, parse_command_line, usage};
pub use directive::{Directive, Flags, IntKind, Kind, Special, Status, Unit};
pub use environment::Ignored;
pub use error::{LoadError, LoadErrorKind, Origin, Source, os_error_text};
pub use files::{Disk, Files, NoFiles};
pub use id::{Id, Scalar, Text, ids};
pub use line::{quoted, split_arguments};
pub use load::{Loaded, Rename, Sources, UserLine, load, load_embedded, load_text};
pub use replace::replace_file;
pub use runtime::{ApplyError, Change, SetContext, SetError};
pub use special::{ClientClass, SavePoint};
pub use store::{Config, Host};
pub use table::{DIRECTIVES, THEMES, Theme};
pub use value::{OutputBufferLimit, Value, ValueError};
