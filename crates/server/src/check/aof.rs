//! `redstart check aof`; also runs if the program is called as `redis-check-aof`.

use redstart::{AofTask, check_aof};
use std::ffi::OsString;
use std::io::BufRead;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "[--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>";

pub(super) const HELP: &str = "\
Usage: redstart check aof [--fix | --truncate-to-timestamp SECOND] FILE
       redis-check-aof ...                 (where the program, or a link to it, has that name)
";

/// Runs the check with these arguments; returns the exit code.
pub(super) fn run(program: &str, arguments: &[OsString]) -> ExitCode {
    let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut task = AofTask::default();
    let path = match words.as_slice() {
        ["-v" | "--version"] => {
            println!("redis-check-aof {}", crate::startup::REDIS_VERSION);
            return ExitCode::SUCCESS;
        }
        ["--fix", path] | [path, "--fix"] => {
            task.fix = true;
            path
        }
        ["--truncate-to-timestamp", second, path] | [path, "--truncate-to-timestamp", second] => {
            let Ok(second) = second.parse() else {
                println!("Invalid timestamp, aborting...");
                return ExitCode::FAILURE;
            };
            task.until_s = second;
            path
        }
        [path] if !path.starts_with("--") => path,
        _ => {
            println!("Usage: {program} {USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let mut ask = || {
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        read.is_ok() && answer.starts_with(['y', 'Y'])
    };
    match check_aof(Path::new(path), task, &mut std::io::stdout(), &mut ask) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
