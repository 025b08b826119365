//! The command line: `redstart [redis.conf] [--name value ...] [-]`, as in redis-server.
//!
//! The options become configuration lines, read after the file and standard input. An option's values are the arguments
//! up to the next one that starts with `--`. The first argument after an option's name is always its value, even if it
//! starts with `--` (`--requirepass --secret--`), except after `--save`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::line::{quoted, split_arguments};

/// The requested action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// Print the version.
    Version,
    /// Print the usage.
    Help,
    /// Check the machine for harmful settings.
    CheckSystem,
    /// Run the server.
    Run(CommandLine),
    /// A function of redis-server that this program lacks, with the text that explains that.
    Refused(&'static str),
}

/// The command line of a server.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CommandLine {
    /// The configuration file.
    pub file: Option<PathBuf>,
    /// Whether standard input also contains configuration.
    pub stdin: bool,
    /// The options, as configuration lines.
    pub options: Vec<u8>,
}

/// Parses the arguments, without the program's own name.
pub fn parse_command_line(arguments: impl IntoIterator<Item = OsString>) -> Invocation {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let arguments: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_bytes()).collect();
    match arguments.first() {
        Some(&(b"-v" | b"--version")) => Invocation::Version,
        Some(&(b"-h" | b"--help")) => Invocation::Help,
        Some(&b"--check-system") => Invocation::CheckSystem,
        Some(&b"--test-memory") => Invocation::Refused("--test-memory: use a memory tester such as memtester"),
        _ if arguments.contains(&b"--sentinel".as_slice()) => {
            Invocation::Refused("--sentinel: Redstart has no sentinel mode; redis-sentinel watches over it")
        }
        _ => Invocation::Run(run(&arguments)),
    }
}

/// The usage, for `--help`.
pub fn usage(program: &str) -> String {
    format!(
        "Usage: {program} [/path/to/redis.conf] [options] [-]
       {program} - (read config from stdin)
       {program} -v or --version
       {program} -h or --help
       {program} --check-system

Examples:
       {program} (run the server with default conf)
       echo 'maxmemory 128mb' | {program} -
       {program} /etc/redis/6379.conf
       {program} --port 7777
       {program} --port 7777 --replicaof 127.0.0.1 8888
       {program} /etc/myredis.conf --loglevel verbose -

Any directive of redis.conf is an option, and an environment variable: REDIS_MAXMEMORY=1gb. Options win over the
environment, the environment over the file.
"
    )
}

fn run(arguments: &[&[u8]]) -> CommandLine {
    let mut line = CommandLine::default();
    let mut start = 0;
    if let Some(first) = arguments.first().filter(|first| !first.starts_with(b"-")) {
        line.file = Some(PathBuf::from(std::ffi::OsStr::from_bytes(first)));
        start = 1;
    }
    let last = arguments.len().saturating_sub(1);
    let mut value_is_due = false;
    for (index, argument) in arguments.iter().enumerate().skip(start) {
        if *argument == b"-" && (index == 0 || index == last) {
            line.stdin = true;
        } else if !value_is_due && argument.starts_with(b"--") {
            value_is_due = option(&mut line.options, argument, arguments.get(index + 1).copied());
        } else {
            line.options.extend(quoted(argument));
            line.options.push(b' ');
            value_is_due = false;
        }
    }
    line
}

/// Begins an option's line; returns whether the next argument is its value in any case.
fn option(options: &mut Vec<u8>, argument: &[u8], next: Option<&[u8]>) -> bool {
    if !options.is_empty() {
        options.push(b'\n');
    }
    options.extend(&argument[2..]);
    options.push(b' ');
    // `--port 6380` may be a single argument.
    if split_arguments(argument).is_none_or(|words| words.len() != 1) {
        return false;
    }
    let next_is_option = next.is_some_and(|next| next.starts_with(b"--"));
    let is_save = argument.eq_ignore_ascii_case(b"--save");
    if is_save && (next_is_option || next.is_none()) {
        options.extend(b"\"\"");
    }
    !(is_save && next_is_option)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> (Option<String>, bool, String) {
        let Invocation::Run(line) = parse_command_line(arguments.iter().map(OsString::from)) else {
            panic!("{arguments:?} runs the server")
        };
        let file = line.file.map(|file| file.display().to_string());
        (file, line.stdin, String::from_utf8(line.options).unwrap())
    }

    #[test]
    fn options_become_lines() {
        let lines = |arguments: &[&str]| options(arguments).2;
        assert_eq!(lines(&["--port", "6380"]), "port \"6380\" ");
        assert_eq!(lines(&["--port 6380", "--loglevel", "debug"]), "port 6380 \nloglevel \"debug\" ");
        assert_eq!(lines(&["--save", "900", "1", "300", "10"]), "save \"900\" \"1\" \"300\" \"10\" ");
        assert_eq!(lines(&["--save", ""]), "save \"\" ");
        assert_eq!(lines(&["--save", "--port", "1"]), "save \"\"\nport \"1\" ");
        assert_eq!(lines(&["--port", "1", "--save"]), "port \"1\" \nsave \"\"");
        assert_eq!(lines(&["--requirepass", "--x--", "--port", "1"]), "requirepass \"--x--\" \nport \"1\" ");
    }

    #[test]
    fn file_and_stdin() {
        assert_eq!(options(&[]), (None, false, String::new()));
        assert_eq!(options(&["-"]), (None, true, String::new()));
        assert_eq!(options(&["a.conf", "-"]), (Some("a.conf".into()), true, String::new()));
        let mixed = options(&["a.conf", "--port", "1", "-"]);
        assert_eq!(mixed, (Some("a.conf".into()), true, "port \"1\" ".into()));
        assert!(!options(&["a.conf", "-", "--port", "1"]).1);
    }

    #[test]
    fn other_ways_to_call() {
        let parse = |argument: &str| parse_command_line([OsString::from(argument)]);
        assert_eq!(parse("-v"), Invocation::Version);
        assert_eq!(parse("--version"), Invocation::Version);
        assert_eq!(parse("-h"), Invocation::Help);
        assert_eq!(parse("--check-system"), Invocation::CheckSystem);
        assert!(matches!(parse("--test-memory"), Invocation::Refused(_)));
        assert!(matches!(parse("--sentinel"), Invocation::Refused(_)));
    }
}
