//! Is a history of concurrent calls one that a single thread could have given?
//!
//! The search of J. Wing and C. Gong ("Testing and Verifying Concurrent Objects", 1993) with G. Lowe's memory of what
//! was tried ("Testing for linearizability", 2017): at each step any call may come next that began before all calls
//! still open had ended, and whose answer is what the model gives in this state. A set of calls done together with the
//! state they led to is searched once.

use std::collections::HashSet;
use std::hash::Hash;

/// What the calls act on, as a single thread sees it.
pub(crate) trait Model: Clone + Eq + Hash {
    /// What is asked.
    type Operation: Clone + std::fmt::Debug;
    /// What is answered.
    type Answer: Clone + PartialEq + std::fmt::Debug;
    /// Does it, and answers.
    fn apply(&mut self, operation: &Self::Operation) -> Self::Answer;
}

/// One call: it took effect at some moment between `began` and `ended`.
#[derive(Clone, Debug)]
pub(crate) struct Call<M: Model> {
    pub(crate) began: u64,
    pub(crate) ended: u64,
    /// An earlier call of the same pipeline, by its number in the history: it took effect before this one.
    pub(crate) after: Option<usize>,
    pub(crate) operation: M::Operation,
    pub(crate) answer: M::Answer,
}

/// The most calls of one history.
pub(crate) const MOST: usize = 128;

struct Search<'h, M: Model> {
    calls: &'h [Call<M>],
    tried: HashSet<(u128, M)>,
}

impl<M: Model> Search<'_, M> {
    /// Whether the calls that are not in `done` can follow.
    fn rest(&mut self, done: u128, state: &M) -> bool {
        let open = |index: &usize| done & 1 << *index == 0;
        let Some(horizon) = (0..self.calls.len()).filter(open).map(|index| self.calls[index].ended).min() else {
            return true;
        };
        for index in (0..self.calls.len()).filter(open) {
            let call = &self.calls[index];
            if call.began > horizon || call.after.is_some_and(|earlier| open(&earlier)) {
                continue;
            }
            let mut next = state.clone();
            if next.apply(&call.operation) != call.answer {
                continue;
            }
            let done = done | 1 << index;
            if self.tried.insert((done, next.clone())) && self.rest(done, &next) {
                return true;
            }
        }
        false
    }
}

/// Whether `calls`, begun in state `start`, are linearizable.
///
/// # Panics
/// If there are more than [`MOST`].
pub(crate) fn linearizable<M: Model>(start: &M, calls: &[Call<M>]) -> bool {
    assert!(calls.len() <= MOST, "a set of calls is one u128");
    Search { calls, tried: HashSet::new() }.rest(0, start)
}

/// The calls that `keep` names, as a history of their own.
pub(crate) fn part<M: Model>(calls: &[Call<M>], keep: impl Fn(&M::Operation) -> bool) -> Vec<Call<M>> {
    let mut numbers = vec![None; calls.len()];
    let mut part: Vec<Call<M>> = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        // Where the call before is left out, the one before that still came first.
        let after = call.after.and_then(|earlier| numbers[earlier]);
        numbers[index] = after;
        if keep(&call.operation) {
            numbers[index] = Some(part.len());
            part.push(Call { after, ..call.clone() });
        }
    }
    part
}
