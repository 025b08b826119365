//! The two encodings of a list: looking at elements, adding and removing them, and turning one encoding into the other.

use crate::element::write;
use crate::parse::is;
use redstart_command::context::Writing;
use redstart_command::{Arg, Args, Context, Entry, Error, Object, ObjectMut, Reply, ValueRef};
use redstart_config::ids;
use redstart_encoding::listpack::{Element, Listpack, Pack, PackEdit, StackPack, Where};
use redstart_encoding::quicklist::{End, Fill, pop_from, remove_value_from, walk_pack};
use redstart_encoding::{PackMut, QuickList};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

/// A list to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List<'a> {
    Pack(&'a Pack),
    Quick(&'a QuickList),
}

impl<'a> List<'a> {
    /// The list that a value is.
    #[inline]
    pub(crate) fn of(value: ValueRef<'a>) -> Result<Self, Error> {
        match value {
            ValueRef::ListPack(pack) => Ok(Self::Pack(pack)),
            ValueRef::QuickList(list) => Ok(Self::Quick(list)),
            _ => Err(Error::WrongType),
        }
    }

    /// The number of elements.
    #[inline]
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Pack(pack) => pack.len(),
            Self::Quick(list) => list.len(),
        }
    }

    /// Lends the element at `index`.
    pub(super) fn get<R>(self, index: usize, look: impl FnOnce(Element<'_>) -> R) -> Option<R> {
        match self {
            Self::Pack(pack) => Some(look(pack.get(pack.seek(index as i64)?))),
            Self::Quick(list) => list.get(index, look),
        }
    }

    /// Shows up to `count` elements from the one at `index` on, which must be there, towards an end, until `show` breaks
    /// off.
    #[inline]
    pub(crate) fn walk<B>(
        self,
        index: usize,
        count: usize,
        towards: End,
        show: impl FnMut(Element<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match self {
            Self::Pack(pack) => {
                let there = if towards == End::Back { pack.len() - index } else { index + 1 };
                walk_pack(pack, index, count.min(there), towards, show)
            }
            Self::Quick(list) => list.walk(index, count, towards, show),
        }
    }

    /// Writes the `count` elements at an end, in the order in which taking them one by one would give them.
    pub(super) fn write_from(self, end: End, count: usize, reply: &mut Reply<'_>) {
        let (index, towards) = match end {
            End::Front => (0, End::Back),
            End::Back => (self.len() - 1, End::Front),
        };
        self.write(index, count, towards, reply);
    }

    /// Writes `count` elements from the one at `index` on.
    #[inline]
    pub(crate) fn write(self, index: usize, count: usize, towards: End, reply: &mut Reply<'_>) {
        reply.array(count);
        let _: ControlFlow<()> = self.walk(index, count, towards, |element| {
            write(element, reply);
            ControlFlow::Continue(())
        });
    }
}

/// What decides how a list is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    fill: Fill,
    depth: u64,
    large: u32,
}

impl Limits {
    /// As configured now.
    #[inline]
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let config = &context.shared.config;
        Self {
            fill: Fill::new(config.get(ids::LIST_MAX_LISTPACK_SIZE)),
            depth: config.get(ids::LIST_COMPRESS_DEPTH),
            large: context.shared.packed_threshold.load(Ordering::Relaxed),
        }
    }

    /// An empty large list.
    fn quick(self) -> QuickList {
        let mut list = QuickList::new(self.fill, self.depth);
        list.set_large(self.large);
        list
    }
}

/// A list to be changed.
pub(super) enum ListMut<'a> {
    Pack(PackMut<'a>),
    Quick(&'a mut QuickList),
}

/// The list that an entry holds, as it is kept now.
#[inline]
pub(super) fn list_mut<'f>(found: &'f mut Entry, limits: Limits) -> Result<ListMut<'f>, Error> {
    match found.object_mut() {
        Some(ObjectMut::ListPack(pack)) => Ok(ListMut::Pack(pack)),
        Some(ObjectMut::QuickList(list)) => {
            list.set_large(limits.large);
            Ok(ListMut::Quick(list))
        }
        _ => Err(Error::WrongType),
    }
}

impl ListMut<'_> {
    /// The number of elements.
    #[inline]
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Pack(pack) => pack.len(),
            Self::Quick(list) => list.len(),
        }
    }

    /// Adds an element at an end.
    #[inline]
    pub(super) fn push(&mut self, end: End, value: &[u8]) {
        match (self, end) {
            (Self::Pack(pack), End::Front) => pack.push_front_element(Element::from_bytes(value)),
            (Self::Pack(pack), End::Back) => pack.push_back_element(Element::from_bytes(value)),
            (Self::Quick(list), end) => list.push(end, value),
        }
    }

    /// Takes the element at an end of a list that is not empty, and lends it before it goes.
    #[inline]
    pub(super) fn pop<R>(&mut self, end: End, show: impl FnOnce(Element<'_>) -> R) -> R {
        match self {
            Self::Pack(pack) => pop_from(pack, end, show),
            Self::Quick(list) => list.pop(end, show).expect("a list that is there has elements"),
        }
    }

    /// Removes up to `count` elements from the one at `index` on.
    pub(super) fn remove_range(&mut self, index: usize, count: usize) {
        match self {
            Self::Pack(pack) => {
                pack.delete_range(index as i64, count);
            }
            Self::Quick(list) => list.remove_range(index, count),
        }
    }

    /// Removes up to `most` elements that are `value`, from an end on; gives how many.
    pub(super) fn remove_value(&mut self, value: &[u8], most: usize, from: End) -> usize {
        match self {
            Self::Pack(pack) => remove_value_from(pack, value, most, from),
            Self::Quick(list) => list.remove_value(value, most, from),
        }
    }

    /// Adds an element beside the first that is `pivot`; says whether there is one.
    pub(super) fn insert_beside(&mut self, pivot: &[u8], place: Where, value: &[u8]) -> bool {
        match self {
            Self::Pack(pack) => {
                let found = pack.find(pivot, 0);
                if let Some(offset) = found {
                    pack.insert_element(offset, place, Element::from_bytes(value));
                }
                found.is_some()
            }
            Self::Quick(list) => list.insert_beside(pivot, place, value),
        }
    }

    /// Replaces the element at `index`, which is there.
    pub(super) fn replace(&mut self, index: usize, value: &[u8]) {
        match self {
            Self::Pack(pack) => {
                if let Some(offset) = pack.seek(index as i64) {
                    pack.replace(offset, value);
                }
            }
            Self::Quick(list) => {
                list.replace(index, value);
            }
        }
    }
}

/// Turns a small list into a large one, if it must be one with `count` elements of together `bytes` bytes more.
#[inline]
pub(super) fn grow(found: &mut Entry, bytes: usize, count: usize, limits: Limits) -> Result<(), Error> {
    match found.value() {
        ValueRef::ListPack(pack) if !limits.fill.exceeded(pack.byte_len() + bytes, pack.len() + count) => Ok(()),
        ValueRef::ListPack(pack) => {
            let mut list = limits.quick();
            list.append_pack(Listpack::copy_of(pack));
            found.set_object(Object::QuickList(Box::new(list)));
            Ok(())
        }
        ValueRef::QuickList(_) => Ok(()),
        _ => Err(Error::WrongType),
    }
}

/// Turns a large list into a small one, if it has become small enough.
#[inline]
pub(super) fn shrink(found: &mut Entry, limits: Limits) {
    let Some(ObjectMut::QuickList(list)) = found.object_mut() else { return };
    let small = list.only_pack().is_some_and(|pack| limits.fill.is_half(pack.byte_len(), pack.len()));
    if small && let Some(pack) = list.take_only_pack() {
        found.set_object(Object::ListPack(pack));
    }
}

/// After elements were removed: the list is made small where it can be, and a list without elements goes.
#[inline]
pub(super) fn removed(mut found: Writing<'_>, limits: Limits) -> Result<(), Error> {
    if List::of(found.value())?.len() == 0 {
        drop(found.remove());
    } else {
        shrink(&mut found, limits);
    }
    Ok(())
}

/// The event of a push at an end.
pub(super) fn pushed(end: End) -> &'static str {
    if end == End::Front { "lpush" } else { "rpush" }
}

/// The event of a pop at an end.
pub(super) fn popped(end: End) -> &'static str {
    if end == End::Front { "lpop" } else { "rpop" }
}

/// Elements that a listpack takes up in one go.
const AT_ONCE: usize = 16;

/// Adds elements to an end of a listpack, one by one as far as the order shows.
pub(super) fn push_each<'v>(pack: &mut impl PackEdit, end: End, values: impl Iterator<Item = &'v [u8]>) {
    let mut values = values.map(Element::from_bytes).peekable();
    while values.peek().is_some() {
        let mut room = [Element::Int(0); AT_ONCE];
        let mut taken = 0;
        for (place, element) in room.iter_mut().zip(values.by_ref()) {
            *place = element;
            taken += 1;
        }
        let some = &mut room[..taken];
        match end {
            End::Back => pack.append(some),
            End::Front => {
                some.reverse();
                pack.prepend(some);
            }
        }
    }
}

/// A new list of one element that is small enough to stand in its entry, as most new lists are.
#[inline]
pub(super) fn new_small(value: &[u8], limits: Limits) -> Option<StackPack> {
    let whole = !limits.fill.exceeded(Listpack::EMPTY + value.len(), 1);
    if whole { StackPack::of(&[Element::from_bytes(value)]) } else { None }
}

/// A new list of the arguments from `from` on, pushed one by one.
pub(super) fn new_list(args: &Args<'_>, from: usize, end: End, limits: Limits) -> Object {
    let bytes: usize = args.iter_from(from).map(<[u8]>::len).sum();
    if limits.fill.exceeded(Listpack::EMPTY + bytes, args.len() - from) {
        let mut list = limits.quick();
        args.iter_from(from).for_each(|value| list.push(end, value));
        return Object::QuickList(Box::new(list));
    }
    if args.len() == from + 1 {
        return Object::ListPack(Listpack::from_elements(&[Element::from_bytes(&args[from])]));
    }
    let mut pack = Listpack::new();
    push_each(&mut pack, end, args.iter_from(from));
    Object::ListPack(pack)
}

/// A new list of values, as small as it can be.
pub(crate) fn new_list_of<'v>(values: impl Iterator<Item = &'v [u8]>, limits: Limits) -> Object {
    let mut list = limits.quick();
    values.for_each(|value| list.push(End::Back, value));
    let small = list.only_pack().is_some_and(|pack| !limits.fill.exceeded(pack.byte_len(), pack.len()));
    if small && let Some(pack) = list.take_only_pack() {
        return Object::ListPack(pack);
    }
    Object::QuickList(Box::new(list))
}

/// A new list of one element, which counts for so many bytes.
pub(super) fn new_single(value: &[u8], counted: usize, limits: Limits) -> Object {
    if limits.fill.exceeded(Listpack::EMPTY + counted, 1) {
        let mut list = limits.quick();
        list.push(End::Back, value);
        return Object::QuickList(Box::new(list));
    }
    Object::ListPack(Listpack::from_elements(&[Element::from_bytes(value)]))
}

/// `LEFT` or `RIGHT`.
pub(super) fn end_named(argument: &[u8]) -> Result<End, Error> {
    if is(argument, "left") {
        Ok(End::Front)
    } else if is(argument, "right") {
        Ok(End::Back)
    } else {
        Err(Error::Syntax)
    }
}

/// `LEFT` or `RIGHT` in the documentation.
pub(super) const ENDS: &[Arg] = &[Arg::flag("left", "LEFT"), Arg::flag("right", "RIGHT")];

/// The index that a number means in a list of `length` elements; negative ones count from the end.
pub(super) fn index_in(length: usize, number: i64) -> Option<usize> {
    let index = if number < 0 { number.checked_add(i64::try_from(length).ok()?)? } else { number };
    usize::try_from(index).ok().filter(|&index| index < length)
}

/// The elements from `start` to `stop` of a list of `length`: the first's index, and how many; `None` for none.
pub(super) fn range_in(length: usize, start: i64, stop: i64) -> Option<(usize, usize)> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |number: i64| if number < 0 { number + length } else { number };
    let (first, last) = (from_end(start).max(0), from_end(stop).min(length - 1));
    (first <= last).then(|| (first as usize, (last - first) as usize + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_places_in_the_list() {
        assert_eq!(index_in(3, 2), Some(2));
        assert_eq!(index_in(3, -3), Some(0));
        for outside in [3, -4, i64::MAX, i64::MIN] {
            assert_eq!(index_in(3, outside), None);
        }
        assert_eq!(range_in(3, 0, -1), Some((0, 3)));
        assert_eq!(range_in(3, -100, 100), Some((0, 3)));
        assert_eq!(range_in(3, 1, 1), Some((1, 1)));
        assert_eq!(range_in(3, i64::MIN, i64::MAX), Some((0, 3)));
        for (start, stop) in [(2, 1), (3, 9), (0, -4), (i64::MAX, i64::MIN)] {
            assert_eq!(range_in(3, start, stop), None);
        }
    }

    #[test]
    fn many_elements_come_in_the_order_of_single_pushes() {
        let values: Vec<Vec<u8>> = (0..40).map(|number| format!("element {number}").into_bytes()).collect();
        for end in [End::Front, End::Back] {
            let (mut together, mut single) = (Listpack::new(), Listpack::new());
            push_each(&mut together, end, values.iter().map(Vec::as_slice));
            for value in &values {
                if end == End::Front { single.push_front(value) } else { single.push_back(value) }
            }
            assert_eq!(together.as_bytes(), single.as_bytes());
        }
    }
}
