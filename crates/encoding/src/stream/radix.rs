//! How many nodes a radix tree over ids would have: Redis keeps a stream's blocks in one, and shows its size in XINFO.
//!
//! Such a tree over keys of sixteen bytes has a node for each key's end, one for each place where keys part, and one for
//! each stretch of bytes between those that belongs to all keys below it.

use super::StreamId;

const KEY: usize = 16;

/// Beyond so many keys the first of them stand for all.
const COUNTED: usize = 4096;

/// The nodes of a tree over `keys`, which ascend and of which there are `count`.
pub(super) fn nodes(keys: impl Iterator<Item = StreamId>, count: usize) -> usize {
    let counted = count.min(COUNTED);
    let nodes = exactly(keys.take(counted));
    if count == counted { nodes } else { (nodes as f64 * count as f64 / counted as f64) as usize }
}

fn exactly(keys: impl Iterator<Item = StreamId>) -> usize {
    let mut nodes = 0;
    // The depths at which the path to the last key parts from other keys, ascending.
    let mut path: Vec<usize> = Vec::with_capacity(KEY);
    let mut last: Option<[u8; KEY]> = None;
    for key in keys {
        let key = key.to_bytes();
        if let Some(last) = last.replace(key) {
            let shared = last.iter().zip(key).take_while(|&(&one, other)| one == other).count();
            // Behind where the new key parts, the path of the last one is complete.
            let mut below = KEY;
            while let Some(depth) = path.pop_if(|depth| *depth > shared) {
                nodes += stretch(depth + 1, below);
                below = depth;
            }
            nodes += stretch(shared + 1, below);
            if path.last() != Some(&shared) {
                path.push(shared);
                nodes += 1;
            }
        }
        nodes += 1;
    }
    if last.is_none() {
        return 1;
    }
    let mut below = KEY;
    while let Some(depth) = path.pop() {
        nodes += stretch(depth + 1, below);
        below = depth;
    }
    nodes + stretch(0, below)
}

/// The node of the bytes from `from` to `to`, where there are any.
fn stretch(from: usize, to: usize) -> usize {
    usize::from(to > from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ids: &[(u64, u64)]) -> usize {
        nodes(ids.iter().map(|&(ms, seq)| StreamId::new(ms, seq)), ids.len())
    }

    #[test]
    fn as_redis_shows_them() {
        assert_eq!(of(&[]), 1);
        assert_eq!(of(&[(1, 1)]), 2);
        assert_eq!(of(&[(1, 1), (1, 2)]), 4);
        assert_eq!(of(&[(1, 1), (2, 1)]), 6);
        assert_eq!(of(&[(1, 1), (1, 2), (1, 3)]), 5);
        assert_eq!(of(&[(1, 1), (1, 2), (1, 257)]), 7);
        assert_eq!(of(&[(1, 1), (1, 2), (1, 257), (1, 258), (9, 9)]), 12);
    }
}
