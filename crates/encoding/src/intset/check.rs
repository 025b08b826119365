//! Whether an intset is what its story says.

use super::IntSet;
use crate::check::{Broken, Container, Rules, Within};

const RULES: Rules = Rules(Container::IntSet);

impl IntSet {
    /// Checks the invariants: the width is one that there is, and the integers ascend. O(n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        let (width, count) = self.header();
        RULES.hold("the width is 2, 4 or 8", matches!(width, 2 | 4 | 8))?;
        for index in 1..count {
            RULES.hold("the integers ascend", self.get(index - 1) < self.get(index)).within("index", index)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_out_of_order_are_found() {
        let mut set = IntSet::from_integers(vec![1, 5, 70_000]);
        set.check().unwrap();
        IntSet::new().check().unwrap();
        set.put(1, 1);
        assert_eq!(set.check(), Err(Broken::new(RULES.0, "the integers ascend").within("index", 1)));
    }

    #[test]
    fn a_width_that_there_is_not_is_found() {
        let mut set = IntSet::from_integers(vec![1]);
        // As many bytes as before, by which it is freed.
        set.write_header(1, 2);
        assert_eq!(set.check().unwrap_err().invariant, "the width is 2, 4 or 8");
    }
}
