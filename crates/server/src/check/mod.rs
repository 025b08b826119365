//! `redstart check`: looks whether files are whole, without a server. Called by the name of one of Redis's tools, the
//! program is that tool.

mod rdb;

use crate::startup;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// What can be checked: its name, the tools of others that do so, what runs it, and how it is called.
struct Tool {
    name: &'static str,
    aliases: &'static [&'static str],
    run: fn(&Path) -> bool,
    help: &'static str,
}

const TOOLS: &[Tool] =
    &[Tool { name: "rdb", aliases: &["redis-check-rdb", "valkey-check-rdb"], run: rdb::check, help: rdb::HELP }];

/// Checks files, if the program was asked for that; what it ends with then.
pub(crate) fn asked(program: &str, arguments: &[OsString]) -> Option<ExitCode> {
    let called = Path::new(program).file_name().unwrap_or_default();
    if let Some(tool) = TOOLS.iter().find(|tool| tool.aliases.iter().any(|alias| called == *alias)) {
        return Some(run(tool, arguments));
    }
    let (first, rest) = arguments.split_first()?;
    if first != "check" {
        return None;
    }
    let tool = rest.first().and_then(|name| TOOLS.iter().find(|tool| name == tool.name));
    Some(match tool {
        Some(tool) => run(tool, &rest[1..]),
        None => {
            TOOLS.iter().for_each(|tool| eprint!("{}", tool.help));
            ExitCode::FAILURE
        }
    })
}

fn run(tool: &Tool, arguments: &[OsString]) -> ExitCode {
    match arguments {
        [one] if one == "-v" || one == "--version" => println!("{}", startup::version("redstart check")),
        [one] if one == "-h" || one == "--help" => print!("{}", tool.help),
        [file] => return if (tool.run)(Path::new(file)) { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        _ => {
            eprint!("{}", tool.help);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
