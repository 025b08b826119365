//! SORT and SORT_RO: the elements of a list, set or sorted set in another order, by themselves or by what other keys
//! hold.
//!
//! With BY or GET the keys that are read follow from the elements, so that the key specs cannot name them: such a call
//! runs alone.

use crate::element::write;
use crate::hash::edit::{FieldExpiry, refresh};
use crate::hash::fields::Fields;
use crate::list::elements::{Limits, List, new_list_of};
use crate::parse::{int, is, loose_f64};
use crate::set::members::Members as SetMembers;
use crate::sorted_set::members::Members as SortedMembers;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, Key,
    KeySpec, Reply, Shared, Value, ValueRef,
};
use redstart_encoding::int::IntText;
use redstart_encoding::listpack::Element;
use redstart_encoding::quicklist::End;
use std::cmp::Ordering;
use std::ops::{ControlFlow, Range};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[SORT, SORT_RO]);

const OTHERS: KeySpec = KeySpec::unknown(Access::RO.with(Access::ACCESS)).note(
    "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key \
     we sort",
);

const SORT: Command = Command {
    name: "sort",
    handler: |context, args, reply| sort(true, context, args, reply),
    arity: Arity::AtLeast(2),
    keys: &[
        KeySpec::at(1, Access::RO.with(Access::ACCESS)),
        OTHERS,
        KeySpec::unknown(Access::OW.with(Access::UPDATE)).note(
            "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear anywhere in the \
             argument array",
        ),
    ],
    locate: Some(store_key),
    alone: Some(reads_others),
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::MOVABLE_KEYS).with(Flags::TOUCHES_ARBITRARY_KEYS),
    acl: Acl::SET.with(Acl::SORTED_SET).with(Acl::LIST).with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Returns the elements of a list, set or sorted set sorted, or stores them as a list.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).",
        args: &[
            Arg::key("key"),
            BY,
            LIMIT,
            GET,
            ORDER,
            Arg::flag("sorting", "ALPHA").optional(),
            Arg::key_of("destination", 2).token("STORE").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

const BY: Arg = Arg::new("by-pattern", ArgKind::Pattern).display("pattern").of_spec(1).token("BY").optional();
const LIMIT: Arg = Arg::block("limit", &[Arg::int("offset"), Arg::int("count")]).token("LIMIT").optional();
const GET: Arg = Arg::new("get-pattern", ArgKind::Pattern)
    .display("pattern")
    .of_spec(1)
    .token("GET")
    .optional()
    .multiple()
    .multiple_token();
const ORDER: Arg = Arg::one_of("order", &[Arg::flag("asc", "ASC"), Arg::flag("desc", "DESC")]).optional();

const SORT_RO: Command = Command {
    name: "sort_ro",
    handler: |context, args, reply| sort(false, context, args, reply),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS)), OTHERS],
    locate: None,
    flags: Flags::READONLY.with(Flags::MOVABLE_KEYS).with(Flags::TOUCHES_ARBITRARY_KEYS),
    docs: Docs {
        summary: "Returns the elements of a list, set or sorted set sorted.",
        since: "7.0.0",
        args: &[Arg::key("key"), BY, LIMIT, GET, ORDER, Arg::flag("sorting", "ALPHA").optional()],
        ..SORT.docs
    },
    ..SORT
};

/// Whether the elements decide which other keys are read.
fn reads_others(_: &Shared, args: &Args<'_>) -> bool {
    args.iter_from(2).any(|word| is(word, "by") || is(word, "get"))
}

/// Where the key behind STORE stands; the last one counts.
fn store_key(args: &Args<'_>) -> Option<usize> {
    let (mut at, mut found) = (2, None);
    while at < args.len() {
        match &args[at] {
            word if is(word, "limit") => at += 2,
            word if is(word, "get") || is(word, "by") => at += 1,
            word if is(word, "store") && at + 1 < args.len() => {
                at += 1;
                found = Some(at);
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[derive(Debug, Default)]
struct Options<'a> {
    by: Option<&'a [u8]>,
    get: Vec<&'a [u8]>,
    store: Option<&'a [u8]>,
    descending: bool,
    alpha: bool,
    /// The elements stay in the order they are in: BY has no star.
    as_is: bool,
    limit: Option<(i64, i64)>,
}

impl<'a> Options<'a> {
    /// `all_keys` tells whether the user may read every key, which is where BY and GET lead.
    fn parse(args: &'a Args<'_>, may_store: bool, all_keys: bool) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut at = 2;
        while at < args.len() {
            let (word, value) = (&args[at], args.get(at + 1));
            match value {
                _ if is(word, "asc") => options.descending = false,
                _ if is(word, "desc") => options.descending = true,
                _ if is(word, "alpha") => options.alpha = true,
                Some(start) if is(word, "limit") && at + 2 < args.len() => {
                    options.limit = Some((int(start)?, int(&args[at + 2])?));
                    at += 2;
                }
                Some(key) if may_store && is(word, "store") => {
                    options.store = Some(key);
                    at += 1;
                }
                Some(pattern) if is(word, "by") && pattern.contains(&b'*') && !all_keys => return Err(denied("BY")),
                Some(pattern) if is(word, "by") => {
                    options.by = Some(pattern);
                    options.as_is |= !pattern.contains(&b'*');
                    at += 1;
                }
                Some(_) if is(word, "get") && !all_keys => return Err(denied("GET")),
                Some(pattern) if is(word, "get") => {
                    options.get.push(pattern);
                    at += 1;
                }
                _ => return Err(Error::Syntax),
            }
            at += 1;
        }
        Ok(options)
    }

    /// Which of `count` elements are shown.
    fn range(&self, count: usize) -> Range<usize> {
        let Some((start, length)) = self.limit else { return 0..count };
        let start = usize::try_from(start.max(0)).map_or(count, |start| start.min(count));
        match usize::try_from(length) {
            Ok(length) => start..start.saturating_add(length).min(count),
            Err(_) => start..count,
        }
    }
}

#[cold]
fn denied(option: &str) -> Error {
    Error::Text(format!("ERR {option} option of SORT denied due to insufficient ACL permissions.").into())
}

/// The elements to be sorted, in the order they are in; and whether they are a set's, which is in none.
fn elements(context: &mut Context<'_>, key: Key<'_>) -> Result<(Vec<Vec<u8>>, bool), Error> {
    let now_ms = context.now_ms;
    let Some(found) = context.find(key) else { return Ok((Vec::new(), false)) };
    let mut elements = Vec::new();
    match found.value() {
        value @ (ValueRef::ListPack(_) | ValueRef::QuickList(_)) => {
            let list = List::of(value)?;
            let _: ControlFlow<()> = list.walk(0, list.len(), End::Back, |element| {
                elements.push(element.to_vec());
                ControlFlow::Continue(())
            });
        }
        value @ (ValueRef::SortedPack(_) | ValueRef::SortedSet(_)) => {
            SortedMembers::of(value)?.each(|member, _| elements.push(member.to_vec()));
        }
        value => {
            SetMembers::of(value, now_ms)?.each(|member| elements.push(member.to_vec()));
            return Ok((elements, true));
        }
    }
    Ok((elements, false))
}

/// What an element is sorted by.
enum Weight {
    Number(f64),
    Text(Option<Vec<u8>>),
    /// The element itself, as text.
    Own,
}

fn sort(may_store: bool, context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let all_keys = context.may_read_all_keys(args);
    let mut options = Options::parse(args, may_store, all_keys)?;
    let (mut elements, unordered) = elements(context, context.key(&args[1]))?;
    if options.as_is && unordered && (options.store.is_some() || context.session.in_script) {
        // What is stored, or what a script goes on with, must not hang on the order a set happens to have.
        (options.as_is, options.alpha, options.by) = (false, true, None);
    }
    if !options.as_is {
        elements = sorted(context, elements, &options)?;
    } else if options.descending && !unordered {
        elements.reverse();
    }
    let shown = &elements[options.range(elements.len())];
    match options.store {
        None => answer(context, shown, &options, reply),
        Some(destination) => {
            let count = store(context, shown, &options, context.key(destination));
            reply.count(count);
        }
    }
    Ok(())
}

fn sorted(context: &mut Context<'_>, elements: Vec<Vec<u8>>, options: &Options<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let mut weighed = Vec::with_capacity(elements.len());
    let mut not_numbers = false;
    for element in elements {
        let by = options.by.map(|pattern| look_up(context, pattern, &element));
        let weight = match by {
            None if options.alpha => Weight::Own,
            Some(text) if options.alpha => Weight::Text(text),
            by => {
                let text = by.unwrap_or_else(|| Some(element.clone()));
                let number = text.map_or(Some(0.0), |text| loose_f64(&text));
                not_numbers |= number.is_none();
                Weight::Number(number.unwrap_or(0.0))
            }
        };
        weighed.push((weight, element));
    }
    if not_numbers {
        return Err(Error::text("ERR One or more scores can't be converted into double"));
    }
    weighed.sort_by(|one, other| {
        let order = compare(one, other);
        if options.descending { order.reverse() } else { order }
    });
    Ok(weighed.into_iter().map(|(_, element)| element).collect())
}

fn compare((weight, element): &(Weight, Vec<u8>), (other_weight, other): &(Weight, Vec<u8>)) -> Ordering {
    match (weight, other_weight) {
        (Weight::Number(number), Weight::Number(other_number)) => {
            // None of them is not a number. Elements of equal weight are in the order of their bytes.
            number.partial_cmp(other_number).unwrap_or(Ordering::Equal).then_with(|| element.cmp(other))
        }
        (Weight::Text(text), Weight::Text(other_text)) => text.cmp(other_text),
        _ => element.cmp(other),
    }
}

/// What the key that a pattern makes of an element holds.
fn look_up(context: &mut Context<'_>, pattern: &[u8], element: &[u8]) -> Option<Vec<u8>> {
    if pattern == b"#" {
        return Some(element.to_vec());
    }
    let star = pattern.iter().position(|&byte| byte == b'*')?;
    let (before, after) = (&pattern[..star], &pattern[star + 1..]);
    let arrow = after.windows(2).position(|two| two == b"->").filter(|&at| at + 2 < after.len());
    let (after, field) = match arrow {
        Some(at) => (&after[..at], Some(&after[at + 2..])),
        None => (after, None),
    };
    let name = [before, element, after].concat();
    let (now_ms, expiry) = (context.now_ms, FieldExpiry::of(context));
    let found = refresh(context.find(context.key(&name))?, expiry, field.into_iter())?;
    match (field, found.value()) {
        (Some(field), value) => Fields::of(value, now_ms).ok()?.get(field).map(|value| value.to_vec()),
        (None, ValueRef::Int(number)) => Some(IntText::new(number).as_bytes().to_vec()),
        (None, ValueRef::Bytes { bytes, .. }) => Some(bytes.to_vec()),
        (None, _) => None,
    }
}

fn answer(context: &mut Context<'_>, shown: &[Vec<u8>], options: &Options<'_>, reply: &mut Reply<'_>) {
    reply.array(shown.len() * options.get.len().max(1));
    for element in shown {
        if options.get.is_empty() {
            write(Element::Bytes(element), reply);
        }
        for pattern in &options.get {
            match look_up(context, pattern, element) {
                Some(value) => reply.bulk(&value),
                None => reply.null(),
            }
        }
    }
}

/// Stores what is shown as a list; a null becomes an empty string. Returns how long the list is.
fn store(context: &mut Context<'_>, shown: &[Vec<u8>], options: &Options<'_>, destination: Key<'_>) -> usize {
    let mut values: Vec<Vec<u8>> = Vec::with_capacity(shown.len() * options.get.len().max(1));
    for element in shown {
        if options.get.is_empty() {
            values.push(element.clone());
        }
        for pattern in &options.get {
            values.push(look_up(context, pattern, element).unwrap_or_default());
        }
    }
    if values.is_empty() {
        if context.delete(destination) {
            context.commit(destination, Change::deleted());
        }
        return 0;
    }
    let list = new_list_of(values.iter().map(Vec::as_slice), Limits::of(context));
    context.set(destination, Value::Object(list), Expire::Never);
    context.commit(destination, Change::new(Event::LIST, "sortstore").count(values.len()));
    values.len()
}
