//! Makes a failing stream small: leaves out ever smaller parts as long as the rest still shows a difference.

use std::time::{Duration, Instant};

use super::Generated;
use super::pair::{Difference, Pair};
use crate::value::quote_command;

/// Enough for a stream of 20,000 commands; a stream that is not yet minimal is still printed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A small stream that shows a difference (not always the first one), and that difference.
///
/// # Errors
/// When a server cannot be brought up again.
pub fn shrink(
    pair: &mut Pair,
    stream: &[Generated],
    first: Difference,
) -> Result<(Vec<Generated>, Difference), String> {
    let deadline = Instant::now() + PATIENCE;
    let mut small: Vec<Generated> = stream.iter().take(first.index + 1).cloned().collect();
    let mut difference = first;
    let mut part = small.len().div_ceil(2);
    while part > 0 && Instant::now() < deadline {
        let mut start = 0;
        while start < small.len() && Instant::now() < deadline {
            let mut rest = small.clone();
            rest.drain(start..(start + part).min(small.len()));
            match pair.play(&rest)? {
                Some(found) => {
                    rest.truncate(found.index + 1);
                    small = rest;
                    difference = found;
                }
                None => start += part,
            }
        }
        part = if part == 1 { 0 } else { part.div_ceil(2) };
    }
    Ok((small, difference))
}

/// The commands as a transcript would have them, and the difference they end in.
#[must_use]
pub fn report(stream: &[Generated], difference: &Difference) -> String {
    let lines: Vec<String> = stream.iter().map(|command| format!("> {}", quote_command(&command.arguments))).collect();
    format!("{}\n{}", lines.join("\n"), difference.what)
}
