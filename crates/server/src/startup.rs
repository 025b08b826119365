//! The program's version, help and start banner.

use redstart::config::{Config, ids};
use std::path::Path;

/// The version of Redis whose behaviour is followed; scripts and client libraries check it.
pub(crate) const REDIS_VERSION: &str = "8.0.6";
/// The version of this program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The output of `--version`. Called as redis-server, the program prints Redis's format.
pub(crate) fn version(program: &str) -> String {
    let name = Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or("redstart");
    if name == "redis-server" {
        return format!(
            "Redis server v={REDIS_VERSION} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=redstart-{VERSION}"
        );
    }
    format!("Redstart {VERSION} (speaks Redis {REDIS_VERSION}) bits=64 malloc=jemalloc-5.3.0")
}

/// Why the program does not run under this name: links like those of Redis's packages request another tool, not a
/// server.
pub(crate) fn refused_as(program: &str) -> Option<String> {
    let name = Path::new(program).file_name()?.to_str()?;
    let (_, tool) = name.split_once('-').filter(|(brand, _)| matches!(*brand, "redis" | "valkey" | "redstart"))?;
    let hint = match tool.split('-').next()? {
        "sentinel" => "Redstart has no sentinel mode; redis-sentinel watches over it",
        "cli" => "Redstart has no client of its own yet; redis-cli talks to it",
        "benchmark" => "Redstart has no load of its own; redis-benchmark measures it",
        _ => return None,
    };
    Some(format!("{name}: {hint}"))
}

/// The output of `--help`.
pub(crate) const HELP: &str = "\
Redstart: an in-memory data-structure store that speaks Redis's protocol.

Usage: redstart [FILE] [OPTIONS] [-]
       redstart -                          (reads the configuration from standard input)
       redstart check rdb FILE             (is an RDB file whole, and what is in it?)
       redstart check aof FILE [--fix | --truncate-to-timestamp SECOND]
       redstart --check-system
       redstart -v | --version
       redstart -h | --help

FILE is a redis.conf. Every directive of it can also be given as an option, and as an
environment variable (REDIS_PORT, REDIS_PASSWORD, REDIS_MAXMEMORY, ...): options win over
the environment, the environment wins over the file.

Examples:
       redstart                            (port 6379, all defaults)
       redstart /etc/redis/redis.conf
       redstart --port 7777 --threads 4
       redstart /etc/myredis.conf --loglevel verbose
       echo 'maxmemory 128mb' | redstart -

Options of its own, beside those of redis.conf:
       --threads N         threads that run commands, 1 to 128 (default: the number of cores;
                           io-threads is another name for it)
       --io-backend NAME   auto, uring or epoll (default: io_uring where the kernel allows it)
";

/// The output of `--check-system`, and whether all checks passed.
pub(crate) fn check_system() -> (String, bool) {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let mut text = String::new();
    let mut well = true;
    let mut check = |name: &str, good: bool, hint: &str| {
        text.push_str(&format!("[{name}]...{}\n", if good { "OK" } else { "WARNING" }));
        if !good {
            text.push_str(&format!("  {hint}\n"));
            well = false;
        }
    };
    let huge_pages = read("/sys/kernel/mm/transparent_hugepage/enabled");
    check(
        "THP",
        !huge_pages.contains("[always]"),
        "transparent huge pages are `always`: latency may suffer; `madvise` is better",
    );
    let clock = read("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    check(
        "slow-clocksource",
        !clock.contains("xen") && !clock.contains("acpi_pm"),
        "reading the clock is slow on this machine",
    );
    let backlog: u32 = read("/proc/sys/net/core/somaxconn").trim().parse().unwrap_or(511);
    check("somaxconn", backlog >= 511, "net.core.somaxconn is below the default tcp-backlog of 511");
    (text, well)
}

/// The banner: the version, the addresses, and a first command to try.
pub(crate) fn banner(config: &Config, threads: usize, backend: &str) -> String {
    let port = config.get(ids::PORT);
    let socket = config.path(ids::UNIXSOCKET);
    let mut lines = vec![
        format!("Redstart {VERSION} (speaks Redis {REDIS_VERSION})"),
        String::new(),
        format!("Port: {port}"),
        format!("PID: {}", std::process::id()),
        format!("Threads: {threads} ({backend})"),
    ];
    if let Some(socket) = &socket {
        lines.push(format!("Socket: {}", socket.display()));
    }
    lines.push(String::new());
    lines.push(match (port, socket) {
        (0, Some(socket)) => format!("Next: redis-cli -s {} ping", socket.display()),
        (6379, _) => "Next: redis-cli ping".to_owned(),
        (port, _) => format!("Next: redis-cli -p {port} ping"),
    });
    let bird = [r"    __     ", r"  >(o )___ ", r"   (  ._> /", r"    `---'  "];
    let mut text = String::from("\n");
    for (index, line) in lines.iter().enumerate() {
        let side = bird.get(index.wrapping_sub(2)).copied().unwrap_or("           ");
        text.push_str(format!("  {side}    {line}").trim_end());
        text.push('\n');
    }
    text.push('\n');
    text
}
