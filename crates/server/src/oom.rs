//! `oom-score-adj`: the kernel's preference for killing this process when memory runs out.

use redstart::config::choices::OomScoreAdj;
use redstart::config::{Config, ids};
use std::io;

const FILE: &str = "/proc/self/oom_score_adj";
/// The kernel's range.
const RANGE: std::ops::RangeInclusive<i32> = -1000..=1000;

/// The score before it was changed here; `None` while unchanged.
#[derive(Debug, Default)]
pub(crate) struct OomScore {
    before: Option<i32>,
}

impl OomScore {
    /// Sets the score to the configured value, or back to the original one.
    pub(crate) fn apply(&mut self, config: &Config) -> io::Result<()> {
        let before = match (config.get(ids::OOM_SCORE_ADJ), self.before) {
            (OomScoreAdj::No, None) => return Ok(()),
            (OomScoreAdj::No, Some(before)) => {
                self.before = None;
                return set(before);
            }
            (_, Some(before)) => before,
            (_, None) => *self.before.insert(std::fs::read_to_string(FILE)?.trim().parse().unwrap_or(0)),
        };
        let values = config.text(ids::OOM_SCORE_ADJ_VALUES);
        let values = String::from_utf8_lossy(&values);
        // The first value is for a server that is not a replica.
        let own: i32 = values.split(' ').next().and_then(|value| value.parse().ok()).unwrap_or(0);
        let absolute = config.get(ids::OOM_SCORE_ADJ) == OomScoreAdj::Absolute;
        set(if absolute { own } else { own.saturating_add(before) })
    }
}

fn set(score: i32) -> io::Result<()> {
    std::fs::write(FILE, format!("{}\n", score.clamp(*RANGE.start(), *RANGE.end())))
}
