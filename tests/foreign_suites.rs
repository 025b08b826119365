//! Redis's and Valkey's own suites against the binary under test: every file of `tests/foreign/*.txt` must be clean.
//!
//! One file by hand: `scripts/tcl-suite redis unit/type/string`. Only some: `REDSTART_FOREIGN=unit/type/`.

use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, binary};
use redstart_tests::tcl::{read_list, run_unit};

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
    let mut failed = Vec::new();
    for unit in &units {
        match run_unit(name, unit, binary()) {
            Ok(summary) => print!("{summary}"),
            Err(summary) => failed.push(summary),
        }
    }
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
