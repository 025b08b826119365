//! A value on cache lines of its own.

use std::ops::{Deref, DerefMut};

/// A value that shares its cache lines with nothing. It has two of them, since processors fetch lines in pairs. For words
/// that one thread writes often beside words that other threads read.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Padded<T>(pub T);

impl<T> Deref for Padded<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Padded<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
