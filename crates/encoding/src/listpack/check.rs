//! Whether a listpack is what its story says.

use super::Pack;
use super::codec::{Element, Encoded};
use super::validate::{self, Error};
use crate::check::{Broken, Container, Rules, Within};

const RULES: Rules = Rules(Container::Listpack);

impl Pack {
    /// Checks the invariants: total and count of the header, every length, every backlen, the end. O(n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        let bytes = self.as_bytes();
        let (invariant, offset) = match validate::validate(bytes) {
            Ok(()) => return Ok(()),
            Err(Error::Size) => ("there is room for a header and an end", bytes.len()),
            Err(Error::TotalBytes { claimed }) => {
                return RULES.count("the header's total is the number of bytes", claimed as usize, bytes.len());
            }
            Err(Error::Count { claimed, actual }) => {
                return RULES.count("the header's count is the number of elements", usize::from(claimed), actual);
            }
            Err(Error::Encoding { offset }) => ("an element begins with an encoding", offset),
            Err(Error::Overrun { offset }) => ("an element ends before the listpack does", offset),
            Err(Error::Backlen { offset }) => ("a backlen is the element's length", offset),
            Err(Error::TrailingBytes { offset }) => ("nothing follows the end", offset),
        };
        Err(Broken::new(RULES.0, invariant).within("offset", offset))
    }

    /// As [`Pack::check`], and that every element has the shortest form of an element of its kind. O(n).
    ///
    /// Listpacks from foreign bytes may have longer forms, which are kept as they are.
    ///
    /// # Errors
    /// An invariant does not hold.
    pub fn check_shortest(&self) -> Result<(), Broken> {
        self.check()?;
        let mut form = Vec::new();
        for (offset, element) in self.iter() {
            let encoded = Encoded::new(element);
            form.resize(encoded.total_len(), 0);
            encoded.write(&mut form);
            let shortest = self.as_bytes()[offset..].starts_with(&form);
            RULES.hold("an element has the shortest form", shortest).within("offset", offset)?;
        }
        Ok(())
    }

    /// As [`Pack::check_shortest`], and that every string which is an integer is stored as one: the bytes depend on the
    /// elements alone. O(n).
    ///
    /// # Errors
    /// An invariant does not hold, or the listpack was not written here.
    pub fn check_own(&self) -> Result<(), Broken> {
        self.check_shortest()?;
        for (offset, element) in self.iter() {
            let canonical = element.with_bytes(|bytes| Element::from_bytes(bytes) == element);
            RULES.hold("an integer is stored as one", canonical).within("offset", offset)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::room::Room;
    use super::super::{Listpack, TOTAL};
    use super::*;

    fn pack() -> Listpack {
        Listpack::from_elements(&[Element::Bytes(b"hello"), Element::Int(300), Element::Int(7)])
    }

    /// What is broken when the byte at this offset is another.
    fn broken(at: usize, byte: u8) -> Broken {
        let mut pack = pack();
        pack.body_mut()[at - TOTAL] = byte;
        pack.check().unwrap_err()
    }

    #[test]
    fn damage_is_found() {
        pack().check_own().unwrap();
        assert_eq!(broken(4, 5).numbers, Some((5, 3)));
        assert_eq!(
            (broken(6, 0xF5).invariant, broken(6, 0xBF).path[0]),
            ("an element begins with an encoding", ("offset", 6))
        );
        assert_eq!(broken(12, 9).invariant, "a backlen is the element's length");
        assert_eq!(broken(13, 0xFF).invariant, "nothing follows the end");
    }

    #[test]
    fn forms_that_only_others_write_are_told_apart() {
        // The number 42 as a string, and 7 in two bytes.
        let text = [11, 0, 0, 0, 1, 0, 0x82, b'4', b'2', 3, 0xFF];
        let text = Listpack::from_bytes_validated(&text).unwrap();
        text.check_shortest().unwrap();
        assert_eq!(text.check_own().unwrap_err().invariant, "an integer is stored as one");
        let wide = [10, 0, 0, 0, 1, 0, 0xC0, 7, 2, 0xFF];
        let wide = Listpack::from_bytes_validated(&wide).unwrap();
        wide.check().unwrap();
        assert_eq!(wide.check_shortest().unwrap_err().invariant, "an element has the shortest form");
    }
}
