//! `redstart check aof`, which is also what the program does where it is called `redis-check-aof`.

use redstart::{AofTask, check_aof};
use std::ffi::OsString;
use std::io::BufRead;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "[--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>";

/// Runs the check if that is what the program is called for: what it ends with.
pub(crate) fn invoked(program: &str, arguments: &[OsString]) -> Option<ExitCode> {
    let called = Path::new(program).file_name().is_some_and(|name| name == "redis-check-aof");
    let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        words if called => Some(run(program, words)),
        ["check", "aof", words @ ..] => Some(run(&format!("{program} check aof"), words)),
        _ => None,
    }
}

fn run(program: &str, words: &[&str]) -> ExitCode {
    let mut task = AofTask::default();
    let path = match words {
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
