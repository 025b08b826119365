//! The peers' own Tcl suites: the lists of files that must be clean, and `scripts/tcl-suite` run for one of them.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::server::root;

/// A file of a suite that must be clean.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    /// `unit/type/string`
    pub name: String,
    /// What else `scripts/tcl-suite` is told, such as `--tls`.
    pub options: Vec<String>,
    /// Tests left out, by exact name, with the reason.
    pub skipped: Vec<(String, String)>,
}

/// Reads `tests/foreign/<peer>.txt`.
///
/// # Errors
/// Says which line is neither a unit nor a `skip` with its reason.
pub fn read_list(peer: &str) -> Result<Vec<Unit>, String> {
    let path = root().join(format!("tests/foreign/{peer}.txt"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut units: Vec<Unit> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') || line.starts_with("tags:") {
            continue;
        }
        let wrong = || format!("{}:{}: no `UNIT`, `  skip NAME :: reason` or `  omit ...`", path.display(), index + 1);
        if line.starts_with("  omit ") && line.contains(" :: ") {
            continue;
        }
        match line.strip_prefix("  skip ") {
            Some(rest) => {
                let (name, reason) = rest.split_once(" :: ").ok_or_else(wrong)?;
                let unit = units.last_mut().ok_or_else(wrong)?;
                unit.skipped.push((name.to_owned(), reason.to_owned()));
            }
            None if line.starts_with(' ') => return Err(wrong()),
            None => {
                let mut words = line.split_whitespace().map(str::to_owned);
                let name = words.next().ok_or_else(wrong)?;
                units.push(Unit { name, options: words.collect(), skipped: Vec::new() });
            }
        }
    }
    Ok(units)
}

/// Runs one unit, beside others in other slots. `Ok` is the script's summary of a clean run, `Err` that of any other.
///
/// # Errors
/// The summary, when a test failed, or a name in the list stands for no test any more.
pub fn run_unit(peer: &str, unit: &Unit, binary: &Path, slot: usize) -> Result<String, String> {
    let output = Command::new(root().join("scripts/tcl-suite"))
        .args([peer, &unit.name, "--bin"])
        .arg(binary)
        .args(["--slot", &slot.to_string()])
        .args(&unit.options)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("scripts/tcl-suite: {error}"))?;
    let summary = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{summary}{}", String::from_utf8_lossy(&output.stderr)));
    }
    match unit.skipped.iter().find(|(name, _)| !summary.contains(&format!("left out: {name}"))) {
        Some((name, _)) => Err(format!("{summary}   the list leaves out `{name}`, which is no test of this file")),
        None => Ok(summary),
    }
}
