//! Redis's and Valkey's own suites against the binary under test: every file of `tests/foreign/*.txt` must be clean.
//!
//! Files of both suites run side by side, [`AT_ONCE`] at a time: most of their time is spent waiting. Many of their
//! tests watch clocks and processor time. A file that fails is therefore run once more, alone, when all others are
//! through; both outcomes are printed, and only a second failure counts: what is really broken fails twice.
//!
//! One file by hand: `scripts/tcl-suite redis unit/type/string`. Only some: `REDSTART_FOREIGN=unit/type/`. Another
//! number at once: `REDSTART_FOREIGN_AT_ONCE=1`.

use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, binary};
use redstart_tests::tcl::{Unit, read_list, run_unit};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Instant;

/// Files that run at the same time.
const AT_ONCE: usize = 4;

/// A file of one of the suites.
struct Job {
    peer: &'static str,
    unit: Unit,
}

/// What is to run: the files of all suites that are there.
fn jobs() -> VecDeque<Job> {
    let mut jobs = VecDeque::new();
    for flavour in [Flavour::Redis, Flavour::Valkey] {
        let name = flavour.name();
        if peer(flavour).is_none_or(|peer| peer.sources.is_none()) {
            println!("NOT RUN: no sources of {name} on this machine (scripts/peers says why), so not its suite");
            continue;
        }
        let units = read_list(name).expect("the list is well-formed");
        jobs.extend(units.into_iter().map(|unit| Job { peer: name, unit }));
    }
    if let Ok(part) = std::env::var("REDSTART_FOREIGN") {
        jobs.retain(|job| job.unit.name.contains(&part));
    }
    jobs
}

/// Runs a file; its summary if it is not clean.
fn run(job: &Job, slot: usize) -> Option<String> {
    let began = Instant::now();
    let outcome = run_unit(job.peer, &job.unit, binary(), slot);
    let seconds = began.elapsed().as_secs();
    match outcome {
        Ok(summary) => {
            println!("{} ({seconds} s)", summary.lines().next().unwrap_or_default());
            None
        }
        Err(summary) => {
            println!("{summary}");
            Some(summary)
        }
    }
}

#[test]
fn the_suites_of_the_peers_are_clean() {
    let jobs = jobs();
    let count = jobs.len();
    let at_once = std::env::var("REDSTART_FOREIGN_AT_ONCE").ok().and_then(|text| text.parse().ok());
    let (queue, failed) = (Mutex::new(jobs), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for slot in 0..at_once.unwrap_or(AT_ONCE) {
            let (queue, failed) = (&queue, &failed);
            scope.spawn(move || {
                loop {
                    let Some(job) = queue.lock().expect("nobody panics with it").pop_front() else { break };
                    if run(&job, slot).is_some() {
                        failed.lock().expect("nobody panics with it").push(job);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("nobody panics with it");
    if !failed.is_empty() {
        println!("== {} of {count} files failed and are run once more, alone", failed.len());
    }
    // Their summaries end the output as well: that is where a reader of a log looks first.
    let failed: Vec<String> = failed.iter().filter_map(|job| run(job, 0)).collect();
    assert!(failed.is_empty(), "{} of {count} files:\n{}", failed.len(), failed.join("\n"));
}
