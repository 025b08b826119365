//! Redis's and Valkey's own suites against the binary under test: every file of `tests/foreign/*.txt` must be clean.
//!
//! Many of their tests watch clocks and processor time. A file that fails is therefore run once more when all others are
//! through, both outcomes are printed, and only a second failure counts: what is really broken fails twice.
//!
//! One file by hand: `scripts/tcl-suite redis unit/type/string`. Only some: `REDSTART_FOREIGN=unit/type/`.

use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, binary};
use redstart_tests::tcl::{Unit, read_list, run_unit};

fn check(flavour: Flavour) {
    let name = flavour.name();
    let mut units = read_list(name).expect("the list is well-formed");
    if let Ok(part) = std::env::var("REDSTART_FOREIGN") {
        units.retain(|unit| unit.name.contains(&part));
    }
    let Some(peer) = peer(flavour).filter(|peer| peer.sources.is_some()) else {
        println!("NOT RUN: no sources of {name} on this machine (scripts/peers says why), so not its suite");
        return;
    };
    // The failing ones' summaries end the output as well, since whoever reads a log looks there first.
    let run = |unit: &Unit| match run_unit(name, unit, binary()) {
        Ok(summary) => {
            println!("{}", summary.lines().next().unwrap_or_default());
            None
        }
        Err(summary) => {
            println!("{summary}");
            Some(summary)
        }
    };
    let first: Vec<_> = units.iter().filter_map(|unit| Some((unit, run(unit)?))).collect();
    if !first.is_empty() {
        println!("== {} of {} files failed and are run once more", first.len(), units.len());
    }
    let failed: Vec<_> = first.iter().filter_map(|(unit, _)| run(unit)).collect();
    assert!(failed.is_empty(), "{} of {} {} files:\n{}", failed.len(), units.len(), peer.version, failed.join("\n"));
}

#[test]
fn redis_suite_is_clean() {
    check(Flavour::Redis);
}

#[test]
fn valkey_suite_is_clean() {
    check(Flavour::Valkey);
}
