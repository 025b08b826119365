//! Whether the directory of a list is what its story says.

use super::super::check::RULES;
use super::{At, Directory, MOST, Node};
use crate::check::{Broken, Within};

impl Directory {
    /// Checks the chunks and the sums; gives each node with its place to `check_node`.
    pub(in crate::quicklist) fn check(
        &self,
        mut check_node: impl FnMut(At, &Node) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let (mut nodes, mut elements) = (0, 0);
        for (index, chunk) in self.chunks.iter().enumerate() {
            let some = (1..=MOST).contains(&chunk.nodes.len());
            RULES.hold("a chunk has some nodes, and not too many", some).within("chunk", index)?;
            for (node, it) in chunk.nodes.iter().enumerate() {
                check_node(At { chunk: index, node }, it).within("node", node).within("chunk", index)?;
            }
            let sum = chunk.nodes.iter().map(Node::count).sum();
            RULES.count("a chunk's elements are those of its nodes", chunk.elements, sum).within("chunk", index)?;
            (nodes, elements) = (nodes + chunk.nodes.len(), elements + sum);
        }
        RULES.count("the nodes are counted", self.nodes, nodes)?;
        RULES.count("the elements are counted", self.elements, elements)
    }
}

impl At {
    /// The numbers of chunk and node.
    #[cfg(test)]
    pub(in crate::quicklist) fn numbers(self) -> (u64, u64) {
        (self.chunk as u64, self.node as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listpack::Element;
    use std::collections::VecDeque;

    fn broken(directory: &Directory) -> &'static str {
        directory.check(|_, node| node.check()).unwrap_err().invariant
    }

    #[test]
    fn sums_that_are_wrong_are_found() {
        let mut directory = Directory::default();
        (0..3 * MOST).for_each(|number| directory.push_back(Node::of(Element::Int(number as i64))));
        directory.check(|_, node| node.check()).unwrap();
        directory.elements -= 1;
        assert_eq!(broken(&directory), "the elements are counted");
        directory.nodes += 1;
        assert_eq!(broken(&directory), "the nodes are counted");
        directory.chunks[1].elements += 1;
        assert_eq!(broken(&directory), "a chunk's elements are those of its nodes");
        directory.chunks[1].nodes = VecDeque::new();
        assert_eq!(broken(&directory), "a chunk has some nodes, and not too many");
    }
}
