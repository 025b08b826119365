//! Whether the words of buckets are what the table's story says.

use super::{Buckets, DISTANCE, FLAGGED, POINTER, Place, SPILL, TAG_SHIFT, WIDTH, tag};
use crate::check::{Broken, Container, Rules, Within};

const RULES: Rules = Rules(Container::Table);

impl Place {
    pub(in crate::table) fn bucket(self) -> u32 {
        self.bucket
    }

    #[cfg(test)]
    pub(in crate::table) fn index(self) -> u32 {
        self.index
    }
}

impl Buckets {
    /// The places that hold an item, in the order of [`Buckets::items`].
    pub(in crate::table) fn taken(&self) -> impl Iterator<Item = Place> + '_ {
        let places =
            (0..self.count() as u32).flat_map(|bucket| (0..WIDTH as u32).map(move |index| Place { bucket, index }));
        places.filter(|&place| self.word(place) & POINTER != 0)
    }

    fn word(&self, place: Place) -> u64 {
        self.words(place.bucket as usize)[place.index as usize]
    }

    /// Checks what a word says of its item, which has this hash and is flagged or not.
    pub(in crate::table) fn check_word(&self, place: Place, hash: u64, flagged: bool) -> Result<(), Broken> {
        let (word, home) = (self.word(place), self.home(hash));
        let distance = (word & DISTANCE) as usize;
        RULES.hold("a word has the tag of its item's hash", word >> TAG_SHIFT == tag(hash) >> TAG_SHIFT)?;
        RULES.hold("a word is flagged when its item has times", (word & FLAGGED != 0) == flagged)?;
        RULES.hold("an item lies within reach", distance <= self.reach())?;
        RULES.hold("an item's distance is true", self.after(home, distance) == place.bucket as usize)?;
        for passed in 0..distance {
            let bucket = self.after(home, passed);
            let spills = self.words(bucket)[0] & SPILL != 0;
            RULES.hold("each bucket between home and place spills", spills).within("bucket", bucket)?;
        }
        Ok(())
    }

    /// Checks that words without an item say nothing, and that only the first word of a bucket says that it spills.
    pub(in crate::table) fn check_rest(&self) -> Result<(), Broken> {
        for bucket in 0..self.count() {
            for (index, &word) in self.words(bucket).iter().enumerate() {
                let (spills, empty) = (word & SPILL != 0, word & POINTER == 0);
                let silent = !empty || word & !SPILL == 0;
                RULES.hold("an empty word has no tag, flag or distance", silent).within("bucket", bucket)?;
                let first = !spills || index == 0;
                RULES.hold("only the first word says that a bucket spills", first).within("bucket", bucket)?;
            }
        }
        Ok(())
    }

    /// Flips bits of a word, none of them of the pointer.
    #[cfg(test)]
    pub(in crate::table) fn flip(&mut self, place: Place, bits: u64) {
        assert_eq!(bits & POINTER, 0);
        self.words_mut(place.bucket as usize)[place.index as usize] ^= bits;
    }

    /// A word that is empty.
    #[cfg(test)]
    pub(in crate::table) fn some_hole(&self) -> Place {
        (0..self.count()).find_map(|bucket| self.hole(bucket)).expect("there is room")
    }

    /// An item away from its home, and the word of its home that says so.
    #[cfg(test)]
    pub(in crate::table) fn some_spilled(&self) -> (Place, Place) {
        let spilled = self.taken().find(|&place| self.word(place) & DISTANCE == 1).expect("some home is full");
        let home = (spilled.bucket as usize + self.count() - 1) % self.count();
        (spilled, Place { bucket: home as u32, index: 0 })
    }
}

/// The bits by their names, for tests.
#[cfg(test)]
pub(in crate::table) mod bits {
    pub(in crate::table) const FLAGGED: u64 = super::FLAGGED;
    pub(in crate::table) const SPILL: u64 = super::SPILL;
    pub(in crate::table) const DISTANCE_LOW: u64 = 1;
    pub(in crate::table) const SOME_TAG: u64 = 1 << 60;
}
