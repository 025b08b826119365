//! Whether a field is what its story says.

use super::{EXPIRES, FULL, FULL_HEADER, Field, LONG_NAME, LONG_VALUE, SMALL};
use crate::check::{Broken, Container, Rules};

const RULES: Rules = Rules(Container::Field);

impl Field {
    /// Checks the invariants: the form is the first that can hold the field, and its lengths stand where they should.
    /// O(1).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        let (first, shape) = (self.first(), self.shape());
        RULES.hold("a block lies on a multiple of eight", self.0.addr().get().is_multiple_of(8))?;
        RULES.hold("the first form that can hold a member is its form", (first < SMALL) == shape.is_member())?;
        let small = (SMALL..FULL).contains(&first);
        let expected = shape.is_small() && !shape.is_member();
        RULES.hold("the first form that can hold a field is its form", small == expected)?;
        if first < FULL {
            return Ok(());
        }
        RULES.hold("the last form has no bit but that of the time", first & !(FULL | EXPIRES) == 0)?;
        let lengths = 4 * (usize::from(shape.name >= LONG_NAME) + usize::from(shape.value >= LONG_VALUE));
        let header = FULL_HEADER + if self.expire_ms().is_some() { 8 } else { 0 } + lengths;
        RULES.count("the name follows times and lengths", shape.name_at(), header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the header's first bytes, looks, and puts back what was there: by it the block is freed.
    fn broken(field: &Field, header: [u8; 2]) -> &'static str {
        // SAFETY: every block has eight bytes at least, and this one has no other owner.
        let before = unsafe { field.0.cast::<[u8; 2]>().replace(header) };
        let found = field.check();
        // SAFETY: as above.
        unsafe { field.0.cast::<[u8; 2]>().write(before) };
        field.check().unwrap();
        found.unwrap_err().invariant
    }

    #[test]
    fn forms_that_are_not_the_first_are_found() {
        let small = Field::new(b"\x01\0me", b"v");
        assert_eq!(broken(&small, [SMALL | 4, 0]), "the first form that can hold a member is its form");
        assert_eq!(broken(&small, [FULL | 2, 4]), "the first form that can hold a field is its form");
        let full = Field::with(b"name", b"v", Some(7));
        assert_eq!(broken(&full, [FULL | EXPIRES | 2, 4]), "the last form has no bit but that of the time");
    }
}
