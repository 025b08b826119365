//! `redstart check`: checks the integrity of files, without a server. Called by the name of one of Redis's tools, the
//! program acts as that tool.

mod aof;
mod rdb;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// A check: its name, the equivalent tools of Redis and Valkey, its function and its usage.
struct Tool {
    name: &'static str,
    aliases: &'static [&'static str],
    /// Takes the name of the program and the arguments.
    run: fn(&str, &[OsString]) -> ExitCode,
    help: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool { name: "aof", aliases: &["redis-check-aof"], run: aof::run, help: aof::HELP },
    Tool { name: "rdb", aliases: &["redis-check-rdb", "valkey-check-rdb"], run: rdb::run, help: rdb::HELP },
];

/// Runs a check if the program was asked for one, and returns its exit code.
pub(crate) fn asked(program: &str, arguments: &[OsString]) -> Option<ExitCode> {
    let called = Path::new(program).file_name().unwrap_or_default();
    if let Some(tool) = TOOLS.iter().find(|tool| tool.aliases.iter().any(|alias| called == *alias)) {
        return Some((tool.run)(program, arguments));
    }
    let (first, rest) = arguments.split_first()?;
    if first != "check" {
        return None;
    }
    let tool = rest.first().and_then(|name| TOOLS.iter().find(|tool| name == tool.name));
    Some(match tool {
        Some(tool) => (tool.run)(&format!("{program} check {}", tool.name), &rest[1..]),
        None => {
            TOOLS.iter().for_each(|tool| eprint!("{}", tool.help));
            ExitCode::FAILURE
        }
    })
}
