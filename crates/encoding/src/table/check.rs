//! Whether a table is what its story says.

use super::{Found, Item, Ref, Table, Timed};
use crate::check::{Broken, Container, Rules, Within};
use crate::hash::hash;
use crate::table::buckets::{self, Buckets};

const RULES: Rules = Rules(Container::Table);

impl<T: Item> Table<T> {
    /// Checks the invariants: each item's tag, flag, distance and spill marks; that it is found by its key; the counts;
    /// how far a move is. The items themselves are the business of [`Table::check_with`]. O(n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        self.check_with(|_| Ok(()))
    }

    /// As [`Table::check`], and gives each item to `check_item`.
    ///
    /// # Errors
    /// An invariant of the table does not hold, or one of an item.
    pub fn check_with(&self, mut check_item: impl FnMut(&T) -> Result<(), Broken>) -> Result<(), Broken> {
        let (mut len, mut timed) = (0, Timed::default());
        for (found, item) in self.found().zip(self.iter()) {
            self.check_place(found, &item).within("bucket", found.place.bucket())?;
            check_item(&item)?;
            len += 1;
            timed.add(item.times());
        }
        RULES.count("the length is the number of items", self.len, len)?;
        RULES.count("the items that expire are counted", self.timed.expire, timed.expire)?;
        RULES.count("the items of which parts expire are counted", self.timed.parts, timed.parts)?;
        let fits = self.len <= buckets::limit(self.main.count());
        RULES.hold("a table has no more items than its size is for", fits)?;
        self.sides().try_for_each(Buckets::check_rest)?;
        let Some(moving) = &self.moving else { return Ok(()) };
        RULES.hold("a move is not past its end", moving.cursor <= moving.old.count())?;
        let emptied = (0..moving.cursor).all(|home| moving.old.items_of_home(home).next().is_none());
        RULES.hold("homes below the cursor of a move are in the new buckets only", emptied)
    }

    fn check_place(&self, found: Found, item: &Ref<'_, T>) -> Result<(), Broken> {
        let hash = hash(item.key());
        self.side(found.old).check_word(found.place, hash, item.times().any())?;
        RULES.hold("an item is found by its key, once", self.locate(hash, item.key()) == Some(found))
    }

    fn sides(&self) -> impl Iterator<Item = &Buckets> {
        self.moving.iter().map(|moving| &moving.old).chain([&self.main])
    }

    /// Where all items are, in the order of [`Table::iter`].
    fn found(&self) -> impl Iterator<Item = Found> {
        let old = self.moving.iter().flat_map(|moving| moving.old.taken());
        let old = old.map(|place| Found { old: true, place });
        old.chain(self.main.taken().map(|place| Found { old: false, place }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::buckets::Place;
    use super::super::buckets::check::bits;
    use super::super::{AT_ONCE, WIDTH};
    use super::*;
    use crate::field::Field;

    fn table(count: usize) -> Table<Field> {
        let mut table = Table::new();
        for number in 0..count {
            let name = format!("key:{number}").into_bytes();
            table.insert(hash(&name), Field::with(&name, b"value", (number % 7 == 0).then_some(9)));
        }
        table.check_with(Field::check).unwrap();
        table
    }

    /// What is broken once bits of a word are flipped. The bits are put back, so that the table is freed as it was.
    fn broken(table: &mut Table<Field>, place: Place, bits: u64) -> &'static str {
        table.main.flip(place, bits);
        let found = table.check().unwrap_err();
        table.main.flip(place, bits);
        table.check().unwrap();
        found.invariant
    }

    #[test]
    fn changed_words_are_found() {
        let mut table = table(500);
        let taken = table.main.taken().next().unwrap();
        assert_eq!(broken(&mut table, taken, bits::SOME_TAG), "a word has the tag of its item's hash");
        assert_eq!(broken(&mut table, taken, bits::FLAGGED), "a word is flagged when its item has times");
        let distance = broken(&mut table, taken, bits::DISTANCE_LOW);
        assert_eq!(distance, "an item's distance is true");
        let (_, home) = table.main.some_spilled();
        assert_eq!(broken(&mut table, home, bits::SPILL), "each bucket between home and place spills");
        let hole = table.main.some_hole();
        assert_eq!(broken(&mut table, hole, bits::SOME_TAG), "an empty word has no tag, flag or distance");
        let second = table.main.taken().find(|place| place.index() == 1).unwrap();
        assert_eq!(broken(&mut table, second, bits::SPILL), "only the first word says that a bucket spills");
    }

    #[test]
    fn wrong_counts_are_found() {
        let mut table = table(100);
        table.len += 1;
        assert_eq!(table.check().unwrap_err().numbers, Some((101, 100)));
        table.len -= 1;
        table.timed.expire -= 1;
        assert_eq!(table.check().unwrap_err().numbers, Some((14, 15)));
        table.timed.expire += 1;
        table.timed.parts += 1;
        assert_eq!(table.check().unwrap_err().invariant, "the items of which parts expire are counted");
    }

    #[test]
    fn an_item_that_is_there_twice_is_found() {
        let mut table = table(100);
        let field = Field::new(b"key:5", b"again");
        table.len += 1;
        let raw = field.into_raw();
        assert!(table.main.insert(hash(b"key:5"), raw, false));
        assert_eq!(table.check().unwrap_err().invariant, "an item is found by its key, once");
    }

    #[test]
    #[cfg_attr(miri, ignore = "a table is large before it moves in steps")]
    fn a_move_that_left_something_behind_is_found() {
        let mut table = table(AT_ONCE * WIDTH);
        while table.moving.is_none() {
            let name = table.len().to_string().into_bytes();
            table.insert(hash(&name), Field::new(&name, b"value"));
        }
        table.check().unwrap();
        let moving = table.moving.as_mut().unwrap();
        let cursor = std::mem::replace(&mut moving.cursor, moving.old.count());
        let found = table.check().unwrap_err();
        assert_eq!(found.invariant, "homes below the cursor of a move are in the new buckets only");
        table.moving.as_mut().unwrap().cursor = cursor;
    }
}
