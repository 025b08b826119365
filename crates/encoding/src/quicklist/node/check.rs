//! Whether a node of a list is what its story says.

use super::super::check::RULES;
use super::{LEAST_COMPRESSED, LEAST_SAVED, Lzf, Node, PREFIX};
use crate::check::Broken;
use crate::listpack::{Listpack, Pack};
use crate::lzf;

impl Node {
    /// Checks that the listpack is one and has as many elements as the node says, and that compressed bytes can be
    /// decompressed.
    pub(in crate::quicklist) fn check(&self) -> Result<(), Broken> {
        match self {
            Self::Pack { pack, count } => check_pack(pack, *count),
            Self::Plain(_) => Ok(()),
            Self::PackLzf { lzf, count } => {
                lzf.check()?;
                let pack = Listpack::from_bytes_validated(&lzf.plain());
                let pack = pack.map_err(|_| Broken::new(RULES.0, "what is compressed is a listpack"))?;
                check_pack(&pack, *count)
            }
            Self::PlainLzf(lzf) => lzf.check(),
        }
    }
}

fn check_pack(pack: &Pack, count: u32) -> Result<(), Broken> {
    pack.check()?;
    RULES.hold("no node is empty", count > 0)?;
    RULES.count("a node's count is that of its listpack", count as usize, pack.len())
}

impl Lzf {
    fn check(&self) -> Result<(), Broken> {
        RULES.hold("compressed bytes have their length before them", self.0.len() > PREFIX)?;
        let length = self.raw_len();
        let pays = length >= LEAST_COMPRESSED && self.compressed().len() + LEAST_SAVED < length;
        RULES.hold("a node is compressed only where it pays", pays)?;
        let plain = lzf::decompress(self.compressed(), length);
        RULES.hold("compressed bytes can be decompressed", plain.is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listpack::Element;

    #[test]
    fn damaged_nodes_are_found() {
        let pack = Listpack::from_elements(&[Element::Bytes(b"x"); 100]);
        let mut node = Node::of_pack(pack.clone());
        node.check().unwrap();
        node = Node::Pack { pack, count: 99 };
        assert_eq!(node.check().unwrap_err().numbers, Some((99, 100)));
        assert_eq!(Node::of_pack(Listpack::new()).check().unwrap_err().invariant, "no node is empty");
    }

    #[test]
    fn damaged_compressed_bytes_are_found() {
        let mut node = Node::of_large(&b"abc".repeat(100));
        node.compress();
        node.check().unwrap();
        let Node::PlainLzf(mut lzf) = node else { panic!("it is worth to be compressed") };
        let whole = lzf.0.clone();
        // A length that is not that of what is decompressed, and one that is too short to pay.
        lzf.0[0] ^= 1;
        assert_eq!(Node::PlainLzf(lzf.clone()).check().unwrap_err().invariant, "compressed bytes can be decompressed");
        lzf.0[..PREFIX].copy_from_slice(&7_u32.to_le_bytes());
        assert_eq!(Node::PlainLzf(lzf).check().unwrap_err().invariant, "a node is compressed only where it pays");
        let text = Lzf(whole);
        let found = Node::PackLzf { lzf: text, count: 1 }.check().unwrap_err();
        assert_eq!(found.invariant, "what is compressed is a listpack");
    }
}
