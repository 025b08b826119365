//! Entries against a plain struct: every operation, every kind of value, key and value lengths at the limits of the
//! header's fields, of the size classes and of what stands inside.

use proptest::prelude::*;
use redstart_encoding::entry::INLINE_MAX;
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack, Pack, PackEdit, Where};
use redstart_encoding::{Entry, Field, FieldTable, Object, ObjectMut, Table, Taken, Value, ValueRef};
use std::collections::BTreeMap;

/// What an entry holds, as the test sees it.
#[derive(Clone, Debug, PartialEq)]
enum Content {
    Int(i64),
    Bytes(Vec<u8>),
    Pack(Vec<Vec<u8>>),
    Fields(BTreeMap<Vec<u8>, Vec<u8>>),
}

#[derive(Clone, Debug, PartialEq)]
struct Model {
    key: Vec<u8>,
    content: Content,
    expire_ms: Option<i64>,
    clock: u32,
    mark: bool,
    raw: bool,
}

/// One thing that is done to an entry.
#[derive(Clone, Debug)]
enum Step {
    Set(Content, bool),
    Edit(usize, u8),
    Increment,
    Expire(Option<i64>),
    Take,
    WithKey(usize),
    CopyAs(usize),
    SetObject(Content),
    ChangeObject(usize),
    Clock(u32),
    Mark(bool),
    Raw,
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 7 + length) as u8).collect()
}

fn object(content: &Content) -> Option<Object> {
    match content {
        Content::Int(_) | Content::Bytes(_) => None,
        Content::Pack(elements) => {
            let mut pack = Listpack::new();
            elements.iter().for_each(|element| pack.push_back(element));
            Some(Object::ListPack(pack))
        }
        Content::Fields(fields) => {
            let mut table = FieldTable::new();
            for (name, value) in fields {
                table.insert(hash(name), Field::new(name, value));
            }
            Some(Object::HashTable(Box::new(table)))
        }
    }
}

fn value(content: &Content, owned: bool) -> Value<'_> {
    match content {
        Content::Int(number) => Value::Int(*number),
        Content::Bytes(bytes) if owned => Value::Owned(bytes.clone()),
        Content::Bytes(bytes) => Value::Bytes(bytes),
        other => Value::Object(object(other).expect("the other kinds are collections")),
    }
}

fn elements(pack: &Pack) -> Content {
    Content::Pack(pack.iter().map(|(_, element)| element.to_vec()).collect())
}

fn fields(table: &FieldTable) -> Content {
    Content::Fields(table.iter().map(|field| (field.name().to_vec(), field.value().to_vec())).collect())
}

fn seen(entry: &Entry) -> Model {
    let (content, raw) = match entry.value() {
        ValueRef::Int(number) => (Content::Int(number), false),
        ValueRef::Bytes { bytes, raw } => (Content::Bytes(bytes.to_vec()), raw),
        ValueRef::ListPack(pack) => (elements(pack), false),
        ValueRef::HashTable(table) => (fields(table), false),
        #[allow(unreachable_patterns, reason = "kinds that this test does not make may come")]
        other => panic!("{other:?} was not put here"),
    };
    Model {
        key: entry.key().to_vec(),
        content,
        expire_ms: entry.expire_ms(),
        clock: entry.clock(),
        mark: entry.mark(),
        raw,
    }
}

impl Model {
    /// As an entry shows it: `raw` is said of strings alone, and of all that are longer than 44 bytes.
    fn shown(&self) -> Self {
        let raw = matches!(&self.content, Content::Bytes(bytes) if self.raw || bytes.len() > 44);
        Self { raw, ..self.clone() }
    }

    fn edit(&mut self, length: usize) -> bool {
        let mut text = match &self.content {
            Content::Int(number) => number.to_string().into_bytes(),
            Content::Bytes(bytes) => bytes.clone(),
            Content::Pack(_) | Content::Fields(_) => return false,
        };
        text.resize(length, 0);
        (self.content, self.raw) = (Content::Bytes(text), true);
        true
    }
}

fn taken(entry: &mut Entry) -> Content {
    match entry.take_value() {
        Taken::Int(number) => Content::Int(number),
        Taken::Bytes(bytes) => Content::Bytes(bytes),
        Taken::Object(Object::ListPack(pack)) => elements(&pack),
        Taken::Object(Object::HashTable(table)) => fields(&table),
        #[allow(unreachable_patterns, reason = "kinds that this test does not make may come")]
        other => panic!("{other:?} was not put here"),
    }
}

/// Adds a field to a collection in place.
fn change(entry: &mut Entry, model: &mut Model, length: usize) {
    let (name, text) = (bytes(length % 30), bytes(length));
    match (entry.object_mut(), &mut model.content) {
        (None, Content::Int(_) | Content::Bytes(_)) => {}
        (Some(ObjectMut::ListPack(mut pack)), Content::Pack(elements)) => {
            pack.append(&[Element::from_bytes(&text)]);
            elements.push(text);
        }
        (Some(ObjectMut::HashTable(table)), Content::Fields(fields)) => {
            table.upsert(hash(&name), Field::new(&name, &text));
            fields.insert(name, text);
        }
        (there, _) => panic!("{there:?} is not what was put"),
    }
}

/// Does `step` to both; collections and strings each have steps that are not for them.
fn apply(mut entry: Entry, model: &mut Model, step: Step) -> Entry {
    match step {
        Step::Set(content, owned) => {
            entry.set_value(value(&content, owned));
            (model.content, model.raw) = (content, false);
        }
        Step::Edit(length, byte) => {
            if model.edit(length) {
                let lent = entry.edit_string(length);
                assert_eq!(Content::Bytes(lent.to_vec()), model.content);
                if let (Some(last), Content::Bytes(text)) = (lent.last_mut(), &mut model.content) {
                    *last = byte;
                    *text.last_mut().expect("as long as what was lent") = byte;
                }
            }
        }
        Step::Increment => {
            if let (Some(number), Content::Int(counted)) = (entry.int_mut(), &mut model.content) {
                *number = number.wrapping_add(1);
                *counted = counted.wrapping_add(1);
            }
        }
        Step::Expire(at) => {
            entry.set_expire_ms(at);
            model.expire_ms = at;
        }
        Step::Take => {
            assert_eq!(taken(&mut entry), model.content);
            // What is left is some string; it is given a new value, as callers do.
            entry.set_value(Value::Int(5));
            (model.content, model.raw) = (Content::Int(5), false);
        }
        Step::WithKey(length) => {
            model.key = bytes(length);
            entry = entry.with_key(&model.key);
        }
        Step::CopyAs(length) => {
            model.key = bytes(length);
            entry = entry.copy_as(&model.key);
        }
        Step::SetObject(content) => {
            let collection = entry.object_mut().is_some();
            if let (true, Some(object)) = (collection, object(&content)) {
                entry.set_object(object);
                model.content = content;
            }
        }
        Step::ChangeObject(length) => change(&mut entry, model, length),
        Step::Clock(clock) => {
            entry.set_clock(clock);
            model.clock = clock & 0x00FF_FFFF;
        }
        Step::Mark(mark) => {
            entry.set_mark(mark);
            model.mark = mark;
        }
        Step::Raw => {
            if matches!(model.content, Content::Bytes(_)) {
                entry.set_raw();
                model.raw = true;
            }
        }
    }
    entry
}

fn key_length() -> impl Strategy<Value = usize> {
    prop_oneof![0_usize..600, 0_usize..40, 240_usize..270, Just(254_usize), Just(255), Just(256)]
}

/// Lengths around size classes, around what is called `embstr`, and around what stands inside.
fn value_length() -> impl Strategy<Value = usize> {
    prop_oneof![
        0_usize..60,
        100_usize..140,
        460_usize..530,
        0_usize..2000,
        Just(INLINE_MAX),
        Just(if cfg!(miri) { 3000 } else { 70_000 })
    ]
}

fn content() -> impl Strategy<Value = Content> {
    let text = || value_length().prop_map(|length| bytes(length.min(3000)));
    prop_oneof![
        1 => any::<i64>().prop_map(Content::Int),
        4 => value_length().prop_map(|length| Content::Bytes(bytes(length))),
        1 => prop::collection::vec(text(), 0..6).prop_map(Content::Pack),
        1 => prop::collection::btree_map(text(), text(), 0..12).prop_map(Content::Fields),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (content(), any::<bool>()).prop_map(|(content, owned)| Step::Set(content, owned)),
        4 => (value_length(), any::<u8>()).prop_map(|(length, byte)| Step::Edit(length, byte)),
        1 => Just(Step::Increment),
        3 => prop::option::of(any::<i64>()).prop_map(Step::Expire),
        1 => Just(Step::Take),
        1 => key_length().prop_map(Step::WithKey),
        1 => key_length().prop_map(Step::CopyAs),
        2 => content().prop_map(Step::SetObject),
        2 => value_length().prop_map(Step::ChangeObject),
        1 => any::<u32>().prop_map(Step::Clock),
        1 => any::<bool>().prop_map(Step::Mark),
        1 => Just(Step::Raw),
    ]
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: if cfg!(miri) { 3 } else { 256 }, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn entries_agree_with_a_struct(
        length in key_length(),
        start in content(),
        expire_ms in prop::option::of(any::<i64>()),
        steps in prop::collection::vec(step(), 0..if cfg!(miri) { 12 } else { 30 }),
    ) {
        let mut model = Model { key: bytes(length), content: start, expire_ms, clock: 0, mark: false, raw: false };
        let mut entry = Entry::new(&model.key, value(&model.content, false), expire_ms);
        prop_assert_eq!(seen(&entry), model.shown());
        for step in steps {
            let told = format!("{step:?}");
            entry = apply(entry, &mut model, step);
            entry.check().unwrap_or_else(|broken| panic!("{broken} after {told}"));
            prop_assert_eq!(seen(&entry), model.shown(), "after {}", told);
            prop_assert_eq!(entry.hash(), hash(&model.key));
        }
    }

    #[test]
    fn fields_agree_with_two_strings(
        name in prop_oneof![key_length(), Just(if cfg!(miri) { 700 } else { 70_000 })],
        values in prop::collection::vec(prop_oneof![value_length(), Just(65_534_usize), Just(65_535), Just(65_536)], 1..if cfg!(miri) { 5 } else { 20 }),
    ) {
        let name = bytes(name);
        let mut field = Field::new(&name, b"");
        for length in values {
            let value = bytes(length);
            field.set_value(&value);
            field.check().unwrap();
            prop_assert_eq!((field.name(), field.value()), (&name[..], &value[..]));
            prop_assert!(field.block_size() >= name.len() + value.len());
        }
    }
}

/// A name so long that its block has room for more than an inline length can say: the value once lost its upper bits.
#[test]
fn long_names_do_not_make_long_inline_values() {
    for key in [70_000, 530_000] {
        let key = bytes(if cfg!(miri) { key / 100 } else { key });
        let lengths = [INLINE_MAX, INLINE_MAX + 1, 65_535, 65_536, 70_000];
        for &length in &lengths[..if cfg!(miri) { 2 } else { 5 }] {
            let mut entry = Entry::new(&key, Value::Bytes(b""), None);
            entry.edit_string(length).fill(b'x');
            let ValueRef::Bytes { bytes, .. } = entry.value() else { panic!("a string was edited") };
            assert_eq!(bytes.len(), length);
            assert!(bytes.iter().all(|&byte| byte == b'x') && entry.key() == key);
            entry.check().unwrap();
        }
    }
}

/// What an entry points to is freed once: Miri and the leak count of a sanitizer see this, and a table of them is the
/// way they live.
#[test]
fn entries_of_all_kinds_live_in_a_table() {
    let mut table: Table<Entry> = Table::new();
    let kinds = [
        Content::Int(-1),
        Content::Bytes(bytes(10)),
        Content::Bytes(bytes(5000)),
        Content::Pack(vec![bytes(3), bytes(300)]),
        Content::Fields((0..20).map(|number| (bytes(number), bytes(number * 10))).collect()),
    ];
    for (number, content) in kinds.iter().cycle().take(200).enumerate() {
        let key = number.to_string().into_bytes();
        table.insert(hash(&key), Entry::new(&key, value(content, false), (number % 3 == 0).then_some(number as i64)));
    }
    for (number, content) in kinds.iter().cycle().take(200).enumerate() {
        let key = number.to_string().into_bytes();
        let mut entry = table.get_mut(hash(&key), &key).expect("inserted above");
        assert_eq!(&seen(&entry).content, content);
        if number % 2 == 0 {
            assert_eq!(&taken(&mut entry.remove()), content);
        } else {
            entry.set_expire_ms((number % 5 == 0).then_some(7));
        }
    }
    table.check_with(Entry::check).unwrap();
    assert_eq!((table.len(), table.expiring()), (100, 20));
}

/// One change of a small list: what to do, where, with how long an element.
type Change = (u8, usize, usize);

/// Does a change to a listpack in its entry; the vector is what it must hold.
fn change_list(entry: &mut Entry, model: &mut Vec<Vec<u8>>, (what, at, length): Change) {
    let Some(ObjectMut::ListPack(mut pack)) = entry.object_mut() else { panic!("a small list was put") };
    let text = bytes(length);
    let element = Element::from_bytes(&text);
    let index = at % model.len().max(1);
    match (what % 6, pack.seek(index as i64)) {
        (0, _) => {
            pack.push_front_element(element);
            model.insert(0, text);
        }
        (1, _) => {
            pack.append(&[element, Element::Int(at as i64)]);
            model.extend([text, at.to_string().into_bytes()]);
        }
        (2, _) => {
            pack.prepend(&[Element::Int(at as i64), element]);
            model.splice(..0, [at.to_string().into_bytes(), text]);
        }
        (3, Some(offset)) => {
            pack.remove(offset, 1 + at % 3);
            model.drain(index..model.len().min(index + 1 + at % 3));
        }
        (4, Some(offset)) => {
            pack.replace(offset, &text);
            model[index] = text;
        }
        (_, Some(offset)) => {
            pack.insert_element(offset, Where::After, element);
            model.insert(index + 1, text);
        }
        (_, None) => {}
    }
    assert_eq!(elements(&pack), Content::Pack(model.clone()), "before it goes back");
}

proptest! {
    #![proptest_config(config())]

    /// Small enough to stand inside the entry, and beyond, and back.
    #[test]
    fn a_list_changes_where_it_stands(
        key in prop_oneof![0_usize..40, 250_usize..260],
        expire_ms in prop::option::of(any::<i64>()),
        changes in prop::collection::vec((any::<u8>(), 0_usize..300, prop_oneof![0_usize..12, 0_usize..70]), 0..if cfg!(miri) { 12 } else { 60 }),
    ) {
        let key = bytes(key);
        let mut entry = Entry::new(&key, Object::ListPack(Listpack::new()).into(), expire_ms);
        let mut model = Vec::new();
        for change in changes {
            change_list(&mut entry, &mut model, change);
            let ValueRef::ListPack(pack) = entry.value() else { panic!("still a small list") };
            prop_assert_eq!(elements(pack), Content::Pack(model.clone()));
            pack.check_own().unwrap();
            entry.check().unwrap();
            prop_assert_eq!((entry.key(), entry.expire_ms()), (&key[..], expire_ms));
        }
    }
}
