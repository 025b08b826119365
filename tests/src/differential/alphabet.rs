//! The words a stream is made of: few keys, so that commands meet; values at the edges, so that they differ.

use super::random::Random;

const STRING_KEYS: [&[u8]; 5] = [b"s1", b"s2", b"s3", b"s4", b"n1"];
const HASH_KEYS: [&[u8]; 4] = [b"h1", b"h2", b"h3", b"{tag}h"];
const SET_KEYS: [&[u8]; 5] = [b"set1", b"set2", b"set3", b"set4", b"{tag}set"];
const LIST_KEYS: [&[u8]; 4] = [b"l1", b"l2", b"l3", b"{tag}l"];
const STREAM_KEYS: [&[u8]; 4] = [b"x1", b"x2", b"x3", b"{tag}x"];
const SORTED_KEYS: [&[u8]; 5] = [b"z1", b"z2", b"z3", b"big", b"{tag}z"];
const LEX_KEYS: [&[u8]; 3] = [b"lex1", b"lex2", b"biglex"];
const GEO_KEYS: [&[u8]; 4] = [b"geo1", b"geo2", b"biggeo", b"{tag}geo"];
const UNITS: [&str; 6] = ["m", "km", "ft", "mi", "KM", "Mi"];
const BAD_UNITS: [&str; 3] = ["", "yards", "meters"];
const REACHES: [&str; 14] =
    ["0", "0.1", "1", "10", "50", "100", "200", "500", "1000", "3000", "9000", "20000", "1e9", "inf"];
const BAD_REACHES: [&str; 4] = ["-1", "abc", "nan", ""];
const ODD_LONGITUDES: [&str; 9] = ["180", "-180", "179.99", "-179.99", "0", "180.1", "-200", "abc", "inf"];
const ODD_LATITUDES: [&str; 9] = ["85.05112878", "-85.05112878", "84.9", "-84.9", "0", "85.1", "90", "", "nan"];
const ODD_KEYS: [&[u8]; 4] =
    [b"", b"bin\x00\r\n\xff", b"missing", b"a key with spaces and a length beyond the small ones"];
const FIELDS: [&[u8]; 9] = [b"f1", b"f2", b"f3", b"f4", b"f5", b"n", b"", b"\x00\xff", b"12345"];
const INTEGERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "10",
    "100",
    "-100",
    "127",
    "-129",
    "32768",
    "9223372036854775807",
    "-9223372036854775808",
    "4294967296",
];
const BAD_INTEGERS: [&str; 12] =
    ["", "abc", "1.5", " 1", "1 ", "+1", "01", "-0", "0x10", "9223372036854775808", "-9223372036854775809", "1e3"];
const FLOATS: [&str; 16] = [
    "0",
    "1",
    "-1",
    "0.1",
    "0.2",
    "-0.5",
    "1.5",
    "3.14159",
    "100",
    "1e3",
    "-2.5e-3",
    "123456789.123",
    "0.00001",
    "5.0e3",
    "10.50",
    "-0",
];
const BAD_FLOATS: [&str; 9] = ["", "abc", "inf", "-inf", "nan", " 1", "1 ", "1.5.2", "1e"];
const SMALL_OFFSETS: [&str; 12] = ["0", "1", "2", "3", "-1", "-2", "-5", "5", "10", "30", "-100", "100"];
const WRITE_OFFSETS: [&str; 8] = ["0", "1", "2", "5", "10", "40", "-1", "536870912"];
const PATTERNS: [&str; 14] =
    ["*", "s*", "h?", "s[1-3]", "[^s]*", "s[13]", "\\*", "", "*1", "n1", "[a", "f[1-3]", "?", "**1"];
const SCORES: [&str; 20] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "10",
    "1.5",
    "-0.5",
    "0.1",
    "1e3",
    "1e17",
    "1152921504606846976",
    "inf",
    "-inf",
    "+inf",
    "3.0000000000000004",
    "1e-7",
    "123456.789",
    "9007199254740993",
    "1.7976931348623157e308",
];
/// Neither negative nor zero, which would make negative zeros: a small sorted set forgets their sign, and the servers
/// do not agree on when one is small while it is built.
const WEIGHTS: [&str; 7] = ["1", "2", "0.5", "10", "1e3", "inf", "3.0000000000000004"];
const BAD_SCORES: [&str; 8] = ["", "abc", "nan", " 1", "1 ", "1e400", "1.5.2", "--1"];
const BOUNDS: [&str; 18] = [
    "0", "1", "-1", "(1", "(0", "2", "(2", "10", "(10", "-inf", "+inf", "inf", "(inf", "1.5", "(1.5", "1e400", "", "(",
];
const BAD_BOUNDS: [&str; 7] = ["abc", "nan", " 1", "1x", "((1", "1 ", "(nan"];
const NAMES: [&str; 13] = ["-", "+", "[a", "(a", "[b", "(b", "[m", "(m", "[", "(", "[member:5", "(member:5", "[zz"];
const BAD_NAMES: [&str; 6] = ["", "a", "-1", "++", "-x", "*"];
const DATABASES: [&str; 8] = ["0", "0", "0", "1", "1", "2", "99", "x"];
const TYPES: [&str; 5] = ["string", "hash", "list", "STRING", "nonsense"];
const GROUPS: [&str; 6] = ["g1", "g1", "g2", "g2", "", "none"];
const CONSUMERS: [&str; 5] = ["alice", "bob", "carol", "", "nobody"];
const BAD_IDS: [&str; 12] = [
    "",
    "-",
    "+",
    "$",
    ">",
    "*",
    "1-",
    "abc",
    "1-1-1",
    "18446744073709551615-18446744073709551615",
    "18446744073709551616",
    "0-0",
];
const COUNTS: [&str; 8] = ["0", "1", "2", "3", "10", "-1", "-3", "-10"];
const HYPERLOGLOG_KEYS: [&[u8]; 3] = [b"pf1", b"pf2", b"{tag}pf"];
const WIDTHS: [&str; 14] = ["u1", "u2", "u5", "u8", "u16", "u32", "u63", "i1", "i7", "i8", "i16", "i63", "i64", "u64"];
const EXTRA_WORDS: [&str; 10] = ["NX", "XX", "GET", "EX", "KEEPTTL", "GT", "LT", "MATCH", "COUNT", "nonsense"];

/// 2100-01-01: far enough that nothing expires during a run, and the same for both servers.
const FAR_FUTURE_SECONDS: u64 = 4_102_444_800;

/// The source of words of one stream.
#[derive(Debug)]
pub struct Alphabet {
    /// Its randomness.
    pub random: Random,
    /// Times are handed out once each, so that GT and LT never hang on the millisecond a command ran in.
    times: u64,
    /// Ids of entries are handed out in order, so that most can be added.
    ids: u64,
}

impl Alphabet {
    /// Begins at a seed.
    #[must_use]
    pub fn new(seed: u64) -> Alphabet {
        Alphabet { random: Random::new(seed), times: 0, ids: 0 }
    }

    /// A word of that kind (`key`, `value`, ...), or none if there is no such kind.
    pub fn word(&mut self, kind: &str) -> Option<Vec<u8>> {
        let random = &mut self.random;
        Some(match kind {
            "key" => self.any_key(),
            "skey" => self.mostly(&STRING_KEYS),
            "hkey" => self.mostly(&HASH_KEYS),
            "lkey" => self.mostly(&LIST_KEYS),
            "setkey" => self.mostly(&SET_KEYS),
            "xkey" => self.mostly(&STREAM_KEYS),
            "group" => text(random.pick(&GROUPS)),
            "consumer" => text(random.pick(&CONSUMERS)),
            "newid" => self.new_id(),
            "xid" => self.old_id(),
            "idle" => self.either(&["0", "0", "1000000", "-1"], &["abc", "", "9223372036854775807"]),
            "zkey" => self.mostly(&SORTED_KEYS),
            // Never a sorted set of different scores, whose names are in no order.
            "lexkey" => match random.below(12) {
                0 => b"missing lex".to_vec(),
                _ => random.pick(&LEX_KEYS).to_vec(),
            },
            // Never another sorted set, whose scores would be many members at the same place.
            "geokey" => match random.below(12) {
                0 => random.pick(&STRING_KEYS).to_vec(),
                _ => random.pick(&GEO_KEYS).to_vec(),
            },
            "unit" => self.either(&UNITS, &BAD_UNITS),
            "reach" => self.either(&REACHES, &BAD_REACHES),
            "lon" => self.coordinate(&[13, 15, 2, -122, 179], &ODD_LONGITUDES),
            "lat" => self.coordinate(&[37, 38, 48, -33, 70], &ODD_LATITUDES),
            // Valkey misses members of polygons whose middle is far from where most of them is.
            "cornerlon" => self.coordinate(&[12, 13, 14, 15], &["13"]),
            "cornerlat" => self.coordinate(&[36, 37, 38], &["abc", "86"]),
            "score" => self.either(&SCORES, &BAD_SCORES),
            "weight" => self.either(&WEIGHTS, &BAD_SCORES),
            "bound" => self.either(&BOUNDS, &BAD_BOUNDS),
            "name" => self.either(&NAMES, &BAD_NAMES),
            "letter" => self.letter(),
            "pfkey" => self.mostly(&HYPERLOGLOG_KEYS),
            "pfelement" => random.below(3000).to_string().into_bytes(),
            "bit" => random.below(120).to_string().into_bytes(),
            "place" => format!("{}{}", random.pick(&["", "#"]), random.below(20)).into_bytes(),
            "width" => text(random.pick(&WIDTHS)),
            "field" => self.field(),
            "member" => {
                if self.random.chance(60) {
                    text(random_small(&mut self.random))
                } else {
                    self.value()
                }
            }
            "element" => self.element(),
            "value" => self.value(),
            "int" => self.either(&INTEGERS, &BAD_INTEGERS),
            "float" => self.either(&FLOATS, &BAD_FLOATS),
            "offset" => self.either(&SMALL_OFFSETS, &INTEGERS),
            "woffset" => text(random.pick(&WRITE_OFFSETS)),
            "pattern" => text(random.pick(&PATTERNS)),
            "db" => text(random.pick(&DATABASES)),
            "type" => text(random.pick(&TYPES)),
            "count" => text(random.pick(&COUNTS)),
            "extra" => text(random.pick(&EXTRA_WORDS)),
            "seconds" => self.relative(1),
            "ms" => self.relative(1000),
            "at" => self.absolute(1),
            "atms" => self.absolute(1000),
            _ => return None,
        })
    }

    fn any_key(&mut self) -> Vec<u8> {
        match self.random.below(10) {
            0 => self.random.pick(&ODD_KEYS).to_vec(),
            1..=3 => self.random.pick(&STRING_KEYS).to_vec(),
            4 => self.random.pick(&STREAM_KEYS).to_vec(),
            5 => self.random.pick(&SET_KEYS).to_vec(),
            6 => self.random.pick(&LIST_KEYS).to_vec(),
            7 => self.random.pick(&SORTED_KEYS).to_vec(),
            _ => self.random.pick(&HASH_KEYS).to_vec(),
        }
    }

    /// A key of that type, and now and then of another.
    fn mostly(&mut self, keys: &[&[u8]]) -> Vec<u8> {
        if self.random.chance(85) { self.random.pick(keys).to_vec() } else { self.any_key() }
    }

    fn either(&mut self, usual: &[&str], odd: &[&str]) -> Vec<u8> {
        let words = if self.random.chance(88) { usual } else { odd };
        text(self.random.pick(words))
    }

    /// Near one of a few, and so precise that no two distances are the same.
    fn coordinate(&mut self, near: &[i32], odd: &[&str]) -> Vec<u8> {
        if self.random.chance(5) {
            return text(self.random.pick(odd));
        }
        let (whole, fraction) = (self.random.pick(near), self.random.below(100_000_000));
        format!("{whole}.{fraction:08}").into_bytes()
    }

    fn field(&mut self) -> Vec<u8> {
        match self.random.below(30) {
            0 => vec![b'F'; 70],
            _ => self.random.pick(&FIELDS).to_vec(),
        }
    }

    /// An id above all handed out before, whole or in part.
    fn new_id(&mut self) -> Vec<u8> {
        self.ids += 1 + self.random.below(3);
        let (ms, seq) = (self.ids / 4, self.ids % 4);
        match self.random.below(20) {
            0 => text(self.random.pick(&["18446744073709551615-*", "0-*", "1", "5-5", "abc", ""])),
            1..=3 => format!("{ms}-*").into_bytes(),
            // An hour later in between, so that differences grow beyond one byte.
            4 => {
                self.ids += 14_400_000;
                format!("{}-{seq}", self.ids / 4).into_bytes()
            }
            _ => format!("{ms}-{seq}").into_bytes(),
        }
    }

    /// An id handed out not long ago.
    fn old_id(&mut self) -> Vec<u8> {
        if self.random.chance(6) {
            return text(self.random.pick(&BAD_IDS));
        }
        let id = self.ids.saturating_sub(self.random.below(60));
        if self.random.chance(90) { format!("{}-{}", id / 4, id % 4).into_bytes() } else { text((id / 4).to_string()) }
    }

    /// A member of few, for ranges of names.
    fn letter(&mut self) -> Vec<u8> {
        match self.random.below(4) {
            0 => text(format!("member:{}", self.random.below(300))),
            1 => self.value(),
            _ => text(self.random.pick(&["a", "aa", "ab", "b", "ba", "c", "m", "z", ""])),
        }
    }

    fn value(&mut self) -> Vec<u8> {
        match self.random.below(12) {
            0..=3 => text(self.random.pick(&INTEGERS)),
            4 => text(self.random.pick(&BAD_INTEGERS)),
            5 => text(self.random.pick(&FLOATS)),
            6 => b"\x00\r\n\xff binary".to_vec(),
            7 => Vec::new(),
            // Around the lengths where encodings change.
            8 => vec![b'x'; *self.random.pick(&[43, 44, 45, 63, 64, 65, 200])],
            _ => text(self.random.pick(&["hello", "world", "ohmytext", "mynewtext", "A", "foo bar"])),
        }
    }

    /// Few, so that searches find some; now and then one so long that a list's nodes fill up, or that it has one alone.
    fn element(&mut self) -> Vec<u8> {
        match self.random.below(20) {
            0 => vec![b'y'; *self.random.pick(&[500, 1000, 3000])],
            1 => vec![b'z'; *self.random.pick(&[4085, 4090, 8176, 8184, 8192, 8193, 9000])],
            2..=6 => self.value(),
            _ => text(random_small(&mut self.random)),
        }
    }

    fn relative(&mut self, unit: u64) -> Vec<u8> {
        if self.random.chance(15) {
            return self.either(&["0", "-1", "1000000"], &["9223372036854775807", "-9223372036854775808", "abc", ""]);
        }
        self.times += 1;
        // Distinct and in no order: 7919 and 100003 are primes.
        let distinct = self.times * 7919 % 100_003;
        (unit * (1000 + 7 * distinct)).to_string().into_bytes()
    }

    fn absolute(&mut self, unit: u64) -> Vec<u8> {
        if self.random.chance(15) {
            return self.either(&["1", "0", "-5"], &["9223372036854775807", "-9223372036854775808", "abc", ""]);
        }
        (unit * FAR_FUTURE_SECONDS + self.random.below(1000)).to_string().into_bytes()
    }
}

/// An integer of few, so that sets meet.
fn random_small(random: &mut Random) -> String {
    random.below(40).to_string()
}

fn text(word: impl AsRef<str>) -> Vec<u8> {
    word.as_ref().as_bytes().to_vec()
}
