//! Whether a page of an array is what its story says.

use super::super::check::RULES;
use super::{POSITIONS, Page};
use crate::check::{Broken, Within};

impl Page {
    /// Checks the page and its cells; gives the bytes that its long strings take.
    pub(in crate::array) fn check(&self) -> Result<usize, Broken> {
        let set = self.cells.iter().filter(|cell| !cell.is_empty()).count();
        RULES.hold("a page has something set", set > 0)?;
        RULES.count("a page's count is that of its cells", self.count(), set)?;
        if self.is_dense() {
            let ends = [self.cells.first(), self.cells.last()];
            RULES.hold("a window ends with what is set", ends.iter().flatten().all(|cell| !cell.is_empty()))?;
            RULES.hold("a window is at most four times as long as what is set", self.span() <= 4 * self.count())?;
        } else {
            RULES.count("a sparse page has a cell for each offset", self.offsets.len(), self.cells.len())?;
            RULES.hold("a sparse page has only what is set", self.count() == self.cells.len())?;
            RULES.hold("offsets ascend", self.offsets.is_sorted_by(|one, next| one < next))?;
            RULES.hold("a window more than twice as long as what is set is sparse", self.span() > 2 * self.count())?;
        }
        RULES.hold("a page has 4,096 positions", u64::from(self.first()) + self.span() as u64 <= POSITIONS)?;
        let mut outside = 0;
        for (at, cell) in self.cells.iter().enumerate() {
            cell.check().within("cell", at)?;
            outside += cell.outside();
        }
        Ok(outside)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;

    fn page(offsets: &[u16]) -> Page {
        let mut page = Page::new(offsets[0], Cell::new(b"x"));
        offsets[1..].iter().for_each(|&offset| _ = page.set(offset, Cell::new(b"x")));
        page.check().unwrap();
        page
    }

    fn broken(mut page: Page, change: impl FnOnce(&mut Page)) -> &'static str {
        change(&mut page);
        page.check().unwrap_err().invariant
    }

    #[test]
    fn forms_that_are_wrong_are_found() {
        let dense = || page(&[10, 11, 14]);
        assert_eq!(broken(dense(), |page| page.count = 2), "a page's count is that of its cells");
        assert_eq!(broken(dense(), |page| page.cells.push(Cell::EMPTY)), "a window ends with what is set");
        let wide = "a window is at most four times as long as what is set";
        let stretch = |page: &mut Page| _ = page.cells.splice(1..1, std::iter::repeat_n(Cell::EMPTY, 10));
        assert_eq!(broken(dense(), stretch), wide);
        assert_eq!(broken(dense(), |page| page.first = 4_092), "a page has 4,096 positions");
        let sparse = || page(&[10, 1_000, 4_000]);
        assert_eq!(broken(sparse(), |page| _ = page.offsets.pop()), "a sparse page has a cell for each offset");
        assert_eq!(broken(sparse(), |page| page.offsets[1] = 10), "offsets ascend");
        let close = "a window more than twice as long as what is set is sparse";
        assert_eq!(broken(sparse(), |page| page.offsets = vec![10, 11, 14]), close);
        let hole = |page: &mut Page| {
            page.cells[1] = Cell::EMPTY;
            page.count -= 1;
        };
        assert_eq!(broken(sparse(), hole), "a sparse page has only what is set");
        assert_eq!(broken(page(&[7]), |page| page.cells.clear()), "a page has something set");
    }
}
