//! Compact containers: what values are made of, as bytes in memory.
//!
//! One of the two crates that may hold `unsafe` (the other is `sys`). It must not know databases, commands, protocols
//! or time. Start reading at [`table`] (how a key is found) and [`entry`] (what it finds).

pub mod array;
pub mod bits;
pub mod check;
pub mod entry;
pub mod field;
pub mod float;
pub mod glob;
pub mod hash;
pub mod hyperloglog;
pub mod int;
pub mod intset;
pub mod listpack;
pub mod lzf;
pub mod object;
pub mod quicklist;
pub mod sorted;
pub mod stream;
pub mod table;

pub use array::Array;
pub use check::Broken;
pub use entry::{Entry, ObjectMut, PackMut, Taken, Value, ValueRef};
pub use field::Field;
pub use intset::IntSet;
pub use object::{FieldTable, Object};
pub use quicklist::QuickList;
pub use sorted::SortedSet;
pub use stream::Stream;
pub use table::Table;
