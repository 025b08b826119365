//! Changes in the middle of a list: inserting, replacing, removing, with the splits and joins of nodes that follow.

use super::directory::At;
use super::node::Node;
use super::{End, QuickList, Wanted};
use crate::listpack::{Element, Listpack, Pack, PackEdit, Where};

/// Inserting and replacing.
impl QuickList {
    /// Adds an element beside the first that is `pivot`; says whether there is one.
    pub fn insert_beside(&mut self, pivot: &[u8], place: Where, value: &[u8]) -> bool {
        let found = self.find(pivot);
        if let Some((at, index)) = found {
            self.insert(at, index, place, value);
        }
        found.is_some()
    }

    /// Adds an element beside the one with this index in the node at `at`.
    fn insert(&mut self, at: At, index: usize, place: Where, value: &[u8]) {
        let (node, towards) = (self.directory.get(at), if place == Where::Before { End::Back } else { End::Front });
        let edge = match place {
            Where::Before => index == 0,
            Where::After => index + 1 == node.count(),
        };
        let beside = match place {
            Where::Before => self.directory.prev(at),
            Where::After => self.directory.next(at),
        };
        if self.limits.is_large(value.len()) {
            self.insert_large(at, index, place, edge, value);
        } else if node.has_room_for(value.len(), self.limits) {
            self.edit_pack(at, |pack| {
                let offset = pack.seek(index as i64).expect("the element is there");
                pack.insert(offset, place, value);
                (1, ())
            });
        } else if !edge {
            self.split_for(at, index, place, value);
        } else if let Some(beside) = beside
            && self.directory.get(beside).has_room_for(value.len(), self.limits)
        {
            self.push_into(beside, towards, Element::from_bytes(value));
            self.settle(beside);
        } else {
            let new = self.directory.insert(at, place, Node::of(Element::from_bytes(value)));
            self.settle_around(new);
        }
    }

    /// Adds an element that has a node of its own.
    fn insert_large(&mut self, at: At, index: usize, place: Where, edge: bool, value: &[u8]) {
        let plain = Node::of_large(value);
        if edge {
            let new = self.directory.insert(at, place, plain);
            return self.settle_around(new);
        }
        let rest = self.split(at, index, place);
        let new = self.directory.insert(at, place, plain);
        let rest = self.directory.insert(new, place, rest);
        self.settle_around(match place {
            Where::Before => self.directory.next(rest).unwrap_or(rest),
            Where::After => self.directory.prev(rest).unwrap_or(rest),
        });
    }

    /// Splits a full node, adds the element to one half, and joins what fits together.
    fn split_for(&mut self, at: At, index: usize, place: Where, value: &[u8]) {
        let mut rest = self.split(at, index, place);
        let element = Element::from_bytes(value);
        rest.edit(|pack| {
            match place {
                Where::Before => pack.push_back_element(element),
                Where::After => pack.push_front_element(element),
            }
            (1, ())
        });
        let new = self.directory.insert(at, place, rest);
        let center = match place {
            Where::Before => self.directory.next(new),
            Where::After => self.directory.prev(new),
        };
        self.join_around(center.expect("the node that was split"));
    }

    /// Takes elements out of a node: those after the one with this index, or those before it.
    fn split(&mut self, at: At, index: usize, place: Where) -> Node {
        let first = if place == Where::Before { index } else { index + 1 };
        self.directory.edit(at, |node| {
            let rest = node.edit(|pack| {
                let offset = pack.seek(first as i64).expect("a node is split between two of its elements");
                let rest = pack.split_off(offset);
                (-(rest.len() as isize), rest)
            });
            let rest = Node::of_pack(rest);
            if place == Where::Before { std::mem::replace(node, rest) } else { rest }
        })
    }

    /// Replaces the element at `index`; says whether there is one.
    pub fn replace(&mut self, index: usize, value: &[u8]) -> bool {
        let Some((at, within)) = self.directory.seek(index) else { return false };
        match (self.directory.get(at).is_plain(), self.limits.is_large(value.len())) {
            (false, false) => self.edit_pack(at, |pack| {
                let offset = pack.seek(within as i64).expect("the element is there");
                pack.replace(offset, value);
                (0, ())
            }),
            (true, true) => {
                self.directory.edit(at, |node| *node = Node::of_large(value));
                self.settle(at);
            }
            (true, false) => self.shrink_plain(at, value),
            (false, true) => self.replace_by_large(at, within, value),
        }
        true
    }

    /// Replaces a plain node by an element that goes into the listpack behind it, or into a new one.
    fn shrink_plain(&mut self, mut at: At, value: &[u8]) {
        let element = Element::from_bytes(value);
        match self.directory.next(at) {
            Some(next) if self.directory.get(next).has_room_for(value.len(), self.limits) => {
                self.push_into(next, End::Front, element);
            }
            _ => {
                let new = self.directory.insert(at, Where::After, Node::of(element));
                at = self.directory.prev(new).expect("the plain node");
            }
        }
        match self.directory.remove(at) {
            Some(new) => self.settle_around(new),
            None => self.settle_ends(),
        }
    }

    /// Replaces an element of a listpack by one that has a node of its own.
    fn replace_by_large(&mut self, at: At, within: usize, value: &[u8]) {
        let count = self.directory.get(at).count();
        let rest = (within + 1 < count).then(|| self.split(at, within, Where::After));
        let mut new = self.directory.insert(at, Where::After, Node::of_large(value));
        if let Some(rest) = rest {
            let rest = self.directory.insert(new, Where::After, rest);
            new = self.directory.prev(rest).expect("the large element");
        }
        let old = self.directory.prev(new).expect("the node that held the element");
        if within == 0 {
            if let Some(new) = self.directory.remove(old) {
                self.settle_around(new);
            }
            return;
        }
        self.directory.edit(old, |node| node.edit(|pack| (-(pack.delete_range(-1, 1) as isize), ())));
        self.join_around(new);
    }
}

/// Removing.
impl QuickList {
    /// Removes up to `count` elements from the one at `index` on.
    pub fn remove_range(&mut self, index: usize, count: usize) {
        let Some((mut at, mut within)) = self.directory.seek(index) else { return };
        let mut left = count.min(self.len() - index);
        while left > 0 {
            let there = self.directory.get(at).count();
            let gone = left.min(there - within);
            let next = if gone == there {
                self.directory.remove(at)
            } else {
                self.edit_pack(at, |pack| (-(pack.delete_range(within as i64, gone) as isize), ()));
                self.directory.next(at)
            };
            (left, within) = (left - gone, 0);
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        self.settle_ends();
    }

    /// Removes up to `most` elements that are `value`, from an end on; gives how many.
    pub fn remove_value(&mut self, value: &[u8], most: usize, from: End) -> usize {
        let wanted = Wanted::new(value);
        let mut removed = 0;
        let mut place = self.end(from);
        while let Some(at) = place
            && removed < most
        {
            let matches = self.matches(at, wanted, most - removed, from);
            removed += matches.len();
            let gone = !matches.is_empty() && matches.len() == self.directory.get(at).count();
            if gone {
                let following = self.directory.remove(at);
                place = match (from, following) {
                    (End::Front, following) => following,
                    (End::Back, Some(following)) => self.directory.prev(following),
                    (End::Back, None) => self.directory.back(),
                };
                continue;
            }
            if !matches.is_empty() {
                self.edit_pack(at, |pack| (-(matches.len() as isize), remove_all(pack, &matches)));
            }
            place = if from == End::Front { self.directory.next(at) } else { self.directory.prev(at) };
        }
        if removed > 0 {
            self.settle_ends();
        }
        removed
    }

    /// The offsets in a node's listpack of up to `most` elements that are wanted, in the order met from an end on; a
    /// plain node's element has offset 0.
    fn matches(&self, at: At, wanted: Wanted<'_>, most: usize, from: End) -> Vec<usize> {
        let view = self.directory.get(at).view();
        let Some(pack) = view.pack() else {
            return if wanted.is(view.plain()) { vec![0] } else { Vec::new() };
        };
        matches_in(pack, wanted, most, from)
    }
}

/// The offsets of up to `most` elements that are wanted, in descending order: so the first can be removed without
/// moving the others.
pub(super) fn matches_in(pack: &Pack, wanted: Wanted<'_>, most: usize, from: End) -> Vec<usize> {
    match from {
        End::Front => {
            let mut found: Vec<_> =
                pack.iter().filter(|&(_, element)| wanted.is(element)).map(|(offset, _)| offset).take(most).collect();
            found.reverse();
            found
        }
        End::Back => std::iter::successors(pack.last(), |&at| pack.prev(at))
            .filter(|&at| wanted.is(pack.get(at)))
            .take(most)
            .collect(),
    }
}

fn remove_all<P: PackEdit>(pack: &mut P, descending: &[usize]) {
    for &offset in descending {
        PackEdit::remove(pack, offset, 1);
    }
}

/// Removes up to `most` elements of a listpack that are `value`, from an end on; gives how many.
pub fn remove_value_from<P: PackEdit>(pack: &mut P, value: &[u8], most: usize, from: End) -> usize {
    let matches = matches_in(pack, Wanted::new(value), most, from);
    remove_all(pack, &matches);
    matches.len()
}

/// Joining and compressing.
impl QuickList {
    /// Changes a node's listpack, compressed or not, and leaves it as compressed as its place asks for.
    fn edit_pack<R>(&mut self, at: At, change: impl FnOnce(&mut Listpack) -> (isize, R)) -> R {
        let result = self.directory.edit(at, |node| node.edit(change));
        self.settle(at);
        result
    }

    /// Joins the node at `center` and its neighbours, as far as they fit together: the two before it, the two behind
    /// it, then it with what is before it, then with what is behind it.
    fn join_around(&mut self, mut center: At) {
        if let Some(prev) = self.directory.prev(center)
            && let Some(before) = self.directory.prev(prev)
            && let Some(joined) = self.join_next(before)
        {
            center = self.directory.next(joined).expect("the center is behind");
        }
        if let Some(next) = self.directory.next(center)
            && let Some(joined) = self.join_next(next)
        {
            center = self.directory.prev(joined).expect("the center is before");
        }
        if let Some(prev) = self.directory.prev(center)
            && let Some(joined) = self.join_next(prev)
        {
            center = joined;
        }
        let center = self.join_next(center).unwrap_or(center);
        self.settle_around(center);
    }

    /// Joins a node with the next one, if they fit together; gives the place of both.
    fn join_next(&mut self, at: At) -> Option<At> {
        let next = self.directory.next(at)?;
        if !self.directory.get(at).may_join(self.directory.get(next), self.limits) {
            return None;
        }
        let (taken, following) = self.directory.take(next);
        let at = match following {
            Some(following) => self.directory.prev(following),
            None => self.directory.back(),
        }?;
        self.directory.edit(at, |node| node.join(&taken));
        Some(at)
    }

    /// Leaves the node at `at` as compressed as its place asks for.
    fn settle(&mut self, at: At) {
        if self.depth > 0 && self.directory.is_inside(at, usize::from(self.depth)) {
            self.directory.edit(at, Node::compress);
        }
    }

    /// As `settle`, for the node, its neighbours and the ends.
    fn settle_around(&mut self, at: At) {
        if self.depth == 0 {
            return;
        }
        for at in [Some(at), self.directory.prev(at), self.directory.next(at)].into_iter().flatten() {
            self.settle(at);
        }
        self.settle_ends();
    }

    /// After up to two nodes were added, or any removed: those near the ends are not compressed, those just beyond are.
    pub(super) fn settle_ends(&mut self) {
        if self.depth == 0 {
            return;
        }
        let depth = usize::from(self.depth);
        for (start, step) in [(self.directory.front(), End::Back), (self.directory.back(), End::Front)] {
            let mut place = start;
            for nth in 0..depth + 2 {
                let Some(at) = place else { break };
                if nth < depth {
                    self.directory.edit(at, Node::decompress);
                } else {
                    self.settle(at);
                }
                place = if step == End::Back { self.directory.next(at) } else { self.directory.prev(at) };
            }
        }
    }
}
