//! Whether an array is what the stories of its files say.

use super::{Array, MAX_INDEX, POSITIONS};
use crate::check::{Broken, Container, Rules, Within};

pub(super) const RULES: Rules = Rules(Container::Array);

impl Array {
    /// Checks the invariants: the form of each page and each cell, the counts, the bytes outside, the cursor. O(n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        let (mut count, mut outside) = (0, 0);
        for (&number, page) in &self.pages {
            outside += page.check().within("page", number)?;
            count += page.count() as u64;
            let last = number.checked_mul(POSITIONS).and_then(|first| first.checked_add(u64::from(page.last())));
            let most = last.is_some_and(|index| index <= MAX_INDEX);
            RULES.hold("no index is above the highest", most).within("page", number)?;
        }
        RULES.count("what is set is counted", self.count, count)?;
        RULES.count("the bytes of long strings are counted", self.outside, outside)?;
        RULES.hold("the cursor is an index", self.cursor.is_none_or(|cursor| cursor <= MAX_INDEX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array() -> Array {
        let mut array = Array::new();
        for index in (0..200).chain([5_000, 6_000, 9_000]) {
            array.set(index, if index % 3 == 0 { b"a string that stands outside" } else { b"7" });
        }
        array.check().unwrap();
        array
    }

    fn broken(change: impl FnOnce(&mut Array)) -> &'static str {
        let mut array = array();
        change(&mut array);
        array.check().unwrap_err().invariant
    }

    #[test]
    fn counts_that_are_wrong_are_found() {
        assert_eq!(broken(|array| array.count += 1), "what is set is counted");
        assert_eq!(broken(|array| array.outside -= 8), "the bytes of long strings are counted");
        assert_eq!(broken(|array| array.cursor = Some(u64::MAX)), "the cursor is an index");
        let last = MAX_INDEX / POSITIONS;
        let far = |array: &mut Array| {
            let page = array.pages.remove(&2).unwrap();
            array.pages.insert(last + 1, page);
        };
        assert_eq!(broken(far), "no index is above the highest");
    }
}
