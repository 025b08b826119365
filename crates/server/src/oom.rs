//! `oom-score-adj`: how soon the kernel ends this process when memory runs out.

use redstart::config::choices::OomScoreAdj;
use redstart::config::{Config, ids};
use std::io;

const FILE: &str = "/proc/self/oom_score_adj";
/// What the kernel takes.
const RANGE: std::ops::RangeInclusive<i32> = -1000..=1000;

/// What the score was before it was changed here; `None` while it was not.
#[derive(Debug, Default)]
pub(crate) struct OomScore {
    before: Option<i32>,
}

impl OomScore {
    /// Makes the score what the configuration says, or what it was before.
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
        // The first is for a server that is nobody's replica.
        let own: i32 = values.split(' ').next().and_then(|value| value.parse().ok()).unwrap_or(0);
        let absolute = config.get(ids::OOM_SCORE_ADJ) == OomScoreAdj::Absolute;
        set(if absolute { own } else { own.saturating_add(before) })
    }
}

fn set(score: i32) -> io::Result<()> {
    std::fs::write(FILE, format!("{}\n", score.clamp(*RANGE.start(), *RANGE.end())))
}
