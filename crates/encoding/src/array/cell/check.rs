//! Whether a cell of an array is what its story says.

use super::super::check::RULES;
use super::Cell;
use crate::check::Broken;

impl Cell {
    /// Checks that the cell has the form that its string gets.
    pub(in crate::array) fn check(&self) -> Result<(), Broken> {
        let Some(item) = self.item() else { return Ok(()) };
        if self.is_pointer() {
            let field = self.field();
            field.check()?;
            let bare = field.value().is_empty() && field.expire_ms().is_none();
            RULES.hold("a long string is a field of a name alone", bare)?;
        }
        let fresh = Self::new(&item.to_vec());
        let same = fresh.0 == self.0 || fresh.is_pointer() && self.is_pointer();
        RULES.hold("a cell has the form that its string gets", same)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FLOAT, INT, SHORT, TAG};
    use super::*;

    #[test]
    fn forms_that_a_string_does_not_get_are_found() {
        for string in [b"".as_slice(), b"7", b"-1.5", b"0.1", b"short", b"a longer string"] {
            Cell::new(string).check().unwrap();
        }
        let short = |digit: u8| Cell(u64::from(digit) << 8 | 1 << 2 | SHORT);
        short(b'x').check().unwrap();
        // A number as a string, and a double that is shown as another text than an integer of its value.
        assert!(short(b'7').check().is_err());
        // A string of no byte, and something behind it.
        assert!(Cell(SHORT | 1 << 16).check().is_err());
        assert!(Cell(f64::NAN.to_bits() & !TAG | FLOAT).check().is_err());
        Cell(7 << 2 | INT).check().unwrap();
    }
}
