//! Whether a HyperLogLog of this server's own making is what its story says.

use super::{DENSE_BYTES, HEADER, MAGIC, MOST, REGISTERS, cached, check, count, dense_get, each_run, is_dense};
use crate::check::{Broken, Container, Rules, Within};

const RULES: Rules = Rules(Container::HyperLogLog);

/// Checks the invariants of a string that was made here: its length, its registers, and that a count which is not out of
/// date is the one that they give. Strings of clients may look like one and be none. O(registers).
///
/// # Errors
/// One does not hold.
pub fn check_registers(bytes: &[u8]) -> Result<(), Broken> {
    RULES.hold("it begins as one, and has the length of one", check(bytes).is_ok())?;
    debug_assert!(bytes.starts_with(MAGIC));
    if is_dense(bytes) {
        RULES.count("a dense one has six bits a register", bytes.len(), DENSE_BYTES)?;
        for index in 0..REGISTERS {
            let possible = dense_get(&bytes[HEADER..], index) <= MOST;
            RULES.hold("no register is above 51", possible).within("register", index)?;
        }
    } else {
        RULES.hold("the runs are all registers", each_run(bytes, |_| ()).is_ok())?;
    }
    let true_count = cached(bytes).is_none_or(|kept| count(bytes) == Ok(kept));
    RULES.hold("a count that is kept is true", true_count)
}

#[cfg(test)]
mod tests {
    use super::super::{Raised, new, raise_dense, raise_sparse, set_cached, to_dense};
    use super::*;

    #[test]
    fn what_is_wrong_is_found() {
        let broken = |bytes: &[u8]| check_registers(bytes).unwrap_err().invariant;
        let mut sparse = new();
        check_registers(&sparse).unwrap();
        assert_eq!(raise_sparse(&mut sparse, 77, 3, 3_000), Ok(Raised::Yes));
        assert_eq!(broken(&sparse), "a count that is kept is true");
        let counted = count(&sparse).unwrap();
        set_cached(&mut sparse, counted);
        check_registers(&sparse).unwrap();
        assert_eq!(broken(&sparse[..sparse.len() - 1]), "the runs are all registers");
        let mut dense = to_dense(&sparse).unwrap();
        check_registers(&dense).unwrap();
        raise_dense(&mut dense, 5, 63);
        assert_eq!(broken(&dense), "no register is above 51");
        dense.pop();
        assert_eq!(broken(&dense), "it begins as one, and has the length of one");
    }
}
