//! What LATENCY GRAPH and LATENCY DOCTOR make of the samples.

use redstart_command::latency::{Events, Series};
use redstart_config::{Config, ids};
use std::fmt::Write;

/// Columns of a graph, one for a sample: what an ordinary terminal has.
const COLUMNS: usize = 80;
/// Rows of a graph.
const ROWS: u64 = 4;
/// A row is cut into so many steps, which these signs show.
const SIGNS: [char; 3] = ['_', 'o', '#'];

/// Draws the newest samples, with how long ago each was in letters from top to bottom.
pub(super) fn graph(name: &str, series: &Series, now_s: i64) -> String {
    let samples: Vec<_> = series.samples().skip(series.samples().len().saturating_sub(COLUMNS)).collect();
    let all = || series.samples().map(|sample| sample.ms);
    let (low, high) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    let mut text = format!(
        "{name} - high {high} ms, low {low} ms (all time high {} ms)\n{}\n",
        series.max_ms,
        "-".repeat(COLUMNS)
    );
    let steps = ROWS * SIGNS.len() as u64;
    let height = |ms: u64| ((ms - low) * (steps - 1)).checked_div(high - low).unwrap_or(0);
    for row in (0..ROWS).rev() {
        let line = samples.iter().map(|sample| {
            let (in_row, sign) = (height(sample.ms) / SIGNS.len() as u64, height(sample.ms) % SIGNS.len() as u64);
            match in_row.cmp(&row) {
                std::cmp::Ordering::Equal => SIGNS[sign as usize],
                std::cmp::Ordering::Greater => '|',
                std::cmp::Ordering::Less => ' ',
            }
        });
        let line: String = line.collect();
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let labels: Vec<String> = samples.iter().map(|sample| age(now_s - sample.time_s)).collect();
    let longest = labels.iter().map(String::len).max().unwrap_or(0);
    text.push('\n');
    for at in 0..longest {
        let line: String =
            labels.iter().map(|label| label.as_bytes().get(at).map_or(' ', |&byte| byte.into())).collect();
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Seconds in the largest unit that they fill.
fn age(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// What the samples of an event say together.
struct Figures {
    samples: usize,
    mean_ms: u64,
    /// The mean distance from the mean.
    deviation_ms: u64,
    period_s: i64,
    max_ms: u64,
}

impl Figures {
    fn new(series: &Series, now_s: i64) -> Self {
        let count = series.samples().len().max(1) as u64;
        let mean_ms = series.samples().map(|sample| sample.ms).sum::<u64>() / count;
        let deviation_ms = series.samples().map(|sample| sample.ms.abs_diff(mean_ms)).sum::<u64>() / count;
        let first_s = series.samples().next().map_or(now_s, |sample| sample.time_s);
        let period_s = (now_s - first_s).max(1);
        Self { samples: series.samples().len(), mean_ms, deviation_ms, period_s, max_ms: series.max_ms }
    }
}

/// Says in words what took long, and what may help.
pub(super) fn advice(events: &Events, config: &Config, now_s: i64) -> String {
    let bound_ms = config.get(ids::LATENCY_MONITOR_THRESHOLD);
    if bound_ms == 0 {
        return "Nothing is watched: latency-monitor-threshold is 0. With CONFIG SET latency-monitor-threshold \
                <milliseconds>, everything that takes at least so long is noted.\n"
            .to_owned();
    }
    if events.iter().len() == 0 {
        return format!("Nothing took {bound_ms} milliseconds or more. All is well.\n");
    }
    let mut text = String::from("These events took long:\n\n");
    for (number, (name, series)) in events.iter().enumerate() {
        let Figures { samples, mean_ms, deviation_ms, period_s, max_ms } = Figures::new(series, now_s);
        let _ = writeln!(
            text,
            "{}. {name}: {samples} samples within {period_s} seconds. Mean {mean_ms} ms, mean deviation {deviation_ms} \
             ms, longest ever {max_ms} ms.",
            number + 1
        );
    }
    text.push_str("\nWhat may help:\n\n");
    for line in hints(events, config) {
        let _ = writeln!(text, "- {line}");
    }
    text
}

fn hints(events: &Events, config: &Config) -> Vec<String> {
    let seen = |name: &str| events.get(name.as_bytes()).is_some();
    let mut hints = Vec::new();
    if seen("command") {
        let slower_us = config.get(ids::SLOWLOG_LOG_SLOWER_THAN);
        let bound_us = config.get(ids::LATENCY_MONITOR_THRESHOLD).saturating_mul(1000);
        match u64::try_from(slower_us) {
            Ok(slower_us) if slower_us <= bound_us => {
                hints.push("SLOWLOG GET shows which commands took long.".to_owned());
            }
            _ => hints.push(format!(
                "CONFIG SET slowlog-log-slower-than {bound_us}: then SLOWLOG shows which commands took long."
            )),
        }
        hints.push(
            "Work on large collections takes time for each element: ask for parts (SCAN, LRANGE, ZRANGE).".to_owned(),
        );
    }
    if seen("fast-command") {
        hints.push(
            "Commands that take constant time took long: look for a machine that is short of processors, or that \
             swaps."
                .to_owned(),
        );
    }
    if seen("expire-cycle") {
        hints.push("Large collections expired: lazyfree-lazy-expire has them freed beside the work.".to_owned());
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use redstart_command::latency::Sample;

    #[test]
    fn a_graph_has_a_column_a_sample() {
        let mut events = Events::default();
        for (time_s, ms) in [(10, 100), (30, 500), (3_000, 300)] {
            events.add("command", Sample { time_s, ms });
        }
        let (name, series) = events.get(b"command").expect("it was added");
        let text = graph(name, series, 3_600);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "command - high 500 ms, low 100 ms (all time high 500 ms)");
        assert_eq!(&lines[2..], [" #", " |", " |#", "_||", "", "551", "990", "mmm"]);
    }
}
