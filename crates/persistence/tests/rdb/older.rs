//! Files as other and older servers wrote them, put together byte by byte.

use crate::sink::{Contents, read};
use redstart_encoding::{Entry, Value};
use redstart_persistence::checksum::checksum;
use redstart_persistence::payload;
use redstart_persistence::rdb::WriteOptions;
use redstart_persistence::rdb::file::{Checked, Problem, Summary};

/// A short string of the format.
fn string(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u32;
    let head = if length < 64 { vec![length as u8] } else { [&[0x80][..], &length.to_be_bytes()].concat() };
    [&head, bytes].concat()
}

/// A ziplist of short strings; those that are small numbers are kept as such.
fn ziplist(elements: &[&str]) -> Vec<u8> {
    let (mut body, mut before, mut last) = (Vec::new(), 0_u8, 0);
    for element in elements {
        last = body.len();
        body.push(before);
        match element.parse::<i16>() {
            Ok(small @ 0..=12) => body.push(0xF1 + small as u8),
            Ok(number) => body.extend([&[0xC0][..], &number.to_le_bytes()].concat()),
            Err(_) => body.extend([&[element.len() as u8], element.as_bytes()].concat()),
        }
        before = (body.len() - last) as u8;
    }
    let total = (10 + body.len() + 1) as u32;
    let head = [total.to_le_bytes(), (10 + last as u32).to_le_bytes()].concat();
    [&head, &(elements.len() as u16).to_le_bytes()[..], &body, &[0xFF]].concat()
}

/// A zipmap, with some free bytes behind each value.
fn zipmap(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = vec![pairs.len() as u8];
    for (field, value) in pairs {
        bytes.extend(
            [&[field.len() as u8], field.as_bytes(), &[value.len() as u8, 2], value.as_bytes(), b"zz"].concat(),
        );
    }
    [bytes, vec![0xFF]].concat()
}

/// A file with a header and these parts, its checksum included where its version has one.
fn file(header: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = [header.as_bytes(), &parts.concat(), &[0xFF]].concat();
    if !header.starts_with("REDIS000") || header >= "REDIS0005" {
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
    }
    bytes
}

fn key(kind: u8, name: &str, value: &[u8]) -> Vec<u8> {
    [&[kind], &string(name.as_bytes())[..], value].concat()
}

fn of(header: &str, parts: &[Vec<u8>]) -> (Contents, Summary) {
    read(&file(header, parts), 0).unwrap_or_else(|error| panic!("{header}: {error}"))
}

/// What DUMP writes for a value that was loaded from a file of today.
fn dumped(value: Value<'static>) -> Vec<u8> {
    let mut bytes = payload::dump(&Entry::new(b"", value, None).value(), WriteOptions { compress: false });
    bytes.truncate(bytes.len() - payload::FOOTER);
    bytes
}

#[test]
fn the_first_versions_had_seconds_and_no_checksum() {
    let parts = [
        vec![254, 2, 253],
        2_000_000_000_i32.to_le_bytes().to_vec(),
        key(0, "expires", &string(b"soon")),
        key(
            3,
            "scores",
            &[
                &[4][..],
                &string(b"a"),
                b"\x041e10",
                &string(b"b"),
                &[254],
                &string(b"c"),
                &[255],
                &string(b"d"),
                b"\x03-.5",
            ]
            .concat(),
        ),
        key(1, "list", &[&[2][..], &string(b"one"), &string(b"two")].concat()),
        key(2, "set", &[&[2][..], &string(b"x"), &string(b"y")].concat()),
        key(4, "hash", &[&[1][..], &string(b"field"), &string(b"value")].concat()),
        key(0, "small", &[0xC1, 0x39, 0x30]),
    ];
    for header in ["REDIS0001", "REDIS0003", "REDIS0004", "REDIS0005"] {
        let (contents, summary) = of(header, &parts);
        assert_eq!(summary.keys, 6);
        assert_eq!(summary.checksum, if header == "REDIS0005" { Checked::Right } else { Checked::Older });
        assert_eq!(contents.key(2, b"expires").expire_ms, Some(2_000_000_000_000));
        assert_eq!(contents.key(2, b"small").value, dumped(Value::Int(12345)));
        let scores = contents.key(2, b"scores").value;
        let text = String::from_utf8_lossy(&scores).into_owned();
        let order = ["c", "d", "a", "b"].map(|member| text.find(&format!("\u{1}{member}")).or(text.find(member)));
        assert!(order.is_sorted(), "{}", scores.escape_ascii());
    }
}

#[test]
fn small_collections_were_ziplists_and_zipmaps() {
    let packs = [ziplist(&["a", "1", "13", "-300"]), ziplist(&["b"])];
    let nodes = [&[2][..], &string(&packs[0]), &string(&packs[1])].concat();
    let parts = [
        key(9, "zipmap", &string(&zipmap(&[("f", "v"), ("number", "12")]))),
        key(10, "list", &string(&packs[0])),
        key(12, "scores", &string(&ziplist(&["m", "1", "n", "2"]))),
        key(13, "hash", &string(&ziplist(&["f", "v", "number", "12"]))),
        key(14, "nodes", &nodes),
        key(11, "ints", &string(&[2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 9, 0])),
    ];
    let (contents, summary) = of("REDIS0007", &parts);
    assert_eq!(summary.keys, 6);
    assert_eq!(contents.key(0, b"zipmap").value, contents.key(0, b"hash").value);
    for (name, kind, text) in [("list", 18, "a"), ("scores", 17, "n"), ("hash", 16, "number"), ("nodes", 18, "b")] {
        let value = contents.key(0, name.as_bytes()).value;
        assert_eq!(value[0], kind, "{name}");
        assert!(String::from_utf8_lossy(&value).contains(text), "{name}");
    }
}

/// Of a stream with one group and one consumer, in its three forms.
fn stream(form: u8, block: &[u8]) -> Vec<u8> {
    let id = |ms: u64, seq: u64| [ms.to_be_bytes(), seq.to_be_bytes()].concat();
    let mut bytes = [&[1][..], &string(&id(1, 1)), &string(block), &[2, 2, 1]].concat();
    if form >= 19 {
        bytes.extend([1, 1, 0, 0, 2]);
    }
    bytes.extend([&[1][..], &string(b"group"), &[1, 1]].concat());
    if form >= 19 {
        bytes.push(1);
    }
    bytes.extend([&[1][..], &id(1, 1), &77_u64.to_le_bytes(), &[3]].concat());
    bytes.extend([&[1][..], &string(b"consumer"), &88_u64.to_le_bytes()].concat());
    if form >= 21 {
        bytes.extend(88_u64.to_le_bytes());
    }
    [&bytes, &[1][..], &id(1, 1)].concat()
}

#[test]
fn streams_of_all_forms_are_the_same() {
    // What a stream of today writes gives the block.
    let mut today = redstart_encoding::Stream::new();
    for ms in [1, 2] {
        let pairs = [(b"f".as_slice(), b"v".as_slice())];
        let limits = redstart_encoding::stream::BlockLimits { bytes: 4096, entries: 100 };
        today.log.append(redstart_encoding::stream::StreamId::new(ms, 1), pairs.into_iter(), limits);
    }
    let block = today.log.blocks().next().expect("there are entries").1.to_vec();
    let forms = [15, 19, 21].map(|form| key(form, &format!("form {form}"), &stream(form, &block)));
    let (contents, summary) = of("REDIS0011", &forms);
    assert_eq!(summary.keys, 3);
    let newest = contents.key(0, b"form 21").value;
    assert_eq!(contents.key(0, b"form 19").value, newest);
    assert_eq!(contents.key(0, b"form 15").value, newest);
}

#[test]
fn fields_with_times_came_in_several_forms() {
    let at = 4_000_000_000_000_i64;
    let time = |ms: i64| [&[0x81][..], &ms.to_be_bytes()].concat();
    let fields =
        |one: Vec<u8>| [&[2][..], &one, &string(b"f"), &string(b"v"), &[0], &string(b"g"), &string(b"w")].concat();
    let of_valkey = [
        &[2][..],
        &string(b"f"),
        &string(b"v"),
        &at.to_le_bytes(),
        &string(b"g"),
        &string(b"w"),
        &(-1_i64).to_le_bytes(),
    ]
    .concat();
    let early = of("REDIS0012", &[key(22, "h", &fields(time(at)))]).0;
    let today = of("REDIS0012", &[key(24, "h", &[&at.to_le_bytes()[..], &fields(vec![1])].concat())]).0;
    let valkey = of("VALKEY080", &[key(22, "h", &of_valkey)]).0;
    assert_eq!(early.key(0, b"h"), today.key(0, b"h"));
    assert_eq!(valkey.key(0, b"h"), today.key(0, b"h"));
}

#[test]
fn what_is_of_no_use_is_passed_by() {
    // The number of a module called "aaaaaaaaa", in its eight-byte form.
    let module = (0..9).fold(0_u64, |number, _| number << 6 | 26) << 10;
    let module = [&[0x81][..], &module.to_be_bytes()].concat();
    let note = [
        &[247][..],
        &module,
        &[2, 1, 1, 5, 2, 6, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0],
        &[5],
        &string(b"text"),
        &[0],
    ]
    .concat();
    let parts = [
        [&[250][..], &string(b"%note"), &string(b"of somebody")].concat(),
        note,
        vec![244, 5, 1, 0, 251, 1, 0],
        key(0, "key", &string(b"value")),
        key(2, "nothing inside", &[0]),
        key(13, "nothing either", &string(&ziplist(&[]))),
    ];
    let (contents, summary) = of("REDIS0012", &parts);
    assert_eq!((summary.keys, summary.empty), (1, 2));
    let about = contents.about.into_inner();
    let expected = [
        "%note=of somebody",
        "module aaaaaaaaa",
        "1 keys and 0 volatile in 0",
        "empty nothing inside",
        "empty nothing either",
    ];
    assert_eq!(about, expected);
    let import = [&[243][..], &string(&[b'a'; 40]), &[1, 3, 5]].concat();
    assert_eq!(of("VALKEY080", &[import.clone(), key(0, "key", &string(b"value"))]).1.keys, 1);
    let refused = read(&file("REDIS0012", &[import]), 0).unwrap_err();
    assert!(matches!(refused.problem, Problem::Opcode(243)) && refused.offset == 9);
    let refused =
        read(&file("REDIS0012", &[key(0, "a", &string(b"x")), key(7, "m", &[&module[..], &[0]].concat())]), 2);
    let refused = refused.unwrap_err();
    assert_eq!(refused.to_string(), "a value of the module 'aaaaaaaaa' (at byte 14, in key 'm' of database 0)");
}
