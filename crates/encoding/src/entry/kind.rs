//! What the word or the tail of an entry is.

/// What a value is and where it lies. The integer kinds and the pointers stand in the word, the others behind the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Inline,
    Int,
    Text,
    HashPack,
    HashPackTimed,
    HashTable,
    ListPack,
    QuickList,
    SetPack,
    IntSet,
    SetTable,
    SortedPack,
    SortedSet,
    Stream,
    Array,
    /// A hash whose listpack stands where an inline string would; the next ones likewise.
    SmallHashPack,
    SmallHashPackTimed,
    SmallListPack,
    SmallSetPack,
    SmallSortedPack,
}

impl Kind {
    /// Whether the value stands in the word, as an integer or as a pointer, and not behind the key.
    #[inline]
    pub(crate) fn has_word(self) -> bool {
        self != Self::Inline && self.outside() == self
    }

    /// Whether the word is a pointer that owns something.
    #[inline]
    pub(crate) fn owns(self) -> bool {
        self != Self::Int && self.has_word()
    }

    /// Whether a listpack stands behind the key.
    #[inline]
    pub(crate) fn is_small_pack(self) -> bool {
        self.outside() != self
    }

    /// The kind of a listpack on the heap, for one that stands behind the key; all others as they are.
    #[inline]
    pub(crate) fn outside(self) -> Self {
        match self {
            Self::SmallHashPack => Self::HashPack,
            Self::SmallHashPackTimed => Self::HashPackTimed,
            Self::SmallListPack => Self::ListPack,
            Self::SmallSetPack => Self::SetPack,
            Self::SmallSortedPack => Self::SortedPack,
            other => other,
        }
    }

    /// The kind of a listpack behind the key, for one on the heap.
    #[inline]
    pub(crate) fn inside(self) -> Option<Self> {
        Some(match self {
            Self::HashPack => Self::SmallHashPack,
            Self::HashPackTimed => Self::SmallHashPackTimed,
            Self::ListPack => Self::SmallListPack,
            Self::SetPack => Self::SmallSetPack,
            Self::SortedPack => Self::SmallSortedPack,
            _ => return None,
        })
    }
}
