//! Whether a list is what its story says.

use super::QuickList;
use super::directory::At;
use super::node::Node;
use crate::check::{Broken, Container, Rules};

pub(super) const RULES: Rules = Rules(Container::QuickList);

impl QuickList {
    /// Checks the invariants: chunks and their sums, the nodes and their counts, which nodes are compressed. O(n); each
    /// node far from the ends is compressed once for it.
    ///
    /// How much a node holds is not looked at: what is appended whole, or grows in its place, may be beyond the fill.
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        self.directory.check(|at, node| {
            node.check()?;
            self.check_compression(at, node)
        })
    }

    fn check_compression(&self, at: At, node: &Node) -> Result<(), Broken> {
        let depth = usize::from(self.depth);
        if depth == 0 || !self.directory.is_inside(at, depth) {
            return RULES.hold("a node near an end is not compressed", !node.is_compressed());
        }
        let mut again = node.clone();
        again.compress();
        let settled = node.is_compressed() == again.is_compressed();
        RULES.hold("a node far from the ends is compressed where it pays", settled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{End, Fill};
    use super::*;

    /// A list of nodes that are worth to be compressed.
    fn list(depth: u64) -> QuickList {
        let mut list = QuickList::new(Fill::new(10), depth);
        (0..100).for_each(|_| list.push(End::Back, b"the same again and again"));
        list.check().unwrap();
        list
    }

    #[test]
    fn nodes_that_are_compressed_in_the_wrong_place_are_found() {
        let mut list = list(2);
        let inside = list.directory.seek(50).unwrap().0;
        list.directory.edit(inside, Node::decompress);
        let found = list.check().unwrap_err();
        assert_eq!(found.invariant, "a node far from the ends is compressed where it pays");
        assert_eq!(found.path.last(), Some(&("node", list.directory.seek(50).unwrap().0.numbers().1)));
        list.directory.edit(inside, Node::compress);
        list.check().unwrap();
        let end = list.directory.back().unwrap();
        list.directory.edit(end, Node::compress);
        assert_eq!(list.check().unwrap_err().invariant, "a node near an end is not compressed");
    }
}
