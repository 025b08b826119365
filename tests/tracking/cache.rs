//! A client that keeps what it reads.

use redstart_tests::changes::{KINDS, all_keys, change, read_of};
use redstart_tests::differential::random::Random;
use redstart_tests::value::Value;
use redstart_tests::wire::{Client, Protocol, encode};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

/// How a client tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mode {
    words: &'static str,
    /// Another connection hears instead, in this version of the protocol.
    redirect: Option<Protocol>,
}

impl Mode {
    pub(crate) const PLAIN: Mode = Mode { words: "", redirect: None };
    pub(crate) const NO_LOOP: Mode = Mode { words: "NOLOOP", redirect: None };
    /// All there are.
    pub(crate) const ALL: [Mode; 10] = [
        Mode::PLAIN,
        Mode::NO_LOOP,
        Mode { words: "OPTIN", redirect: None },
        Mode { words: "OPTIN NOLOOP", redirect: None },
        Mode { words: "OPTOUT", redirect: None },
        Mode { words: "BCAST", redirect: None },
        Mode { words: "BCAST NOLOOP PREFIX string PREFIX hash PREFIX list:plain", redirect: None },
        Mode { words: "", redirect: Some(Protocol::Resp2) },
        Mode { words: "NOLOOP", redirect: Some(Protocol::Resp3) },
        Mode { words: "BCAST PREFIX s PREFIX zset", redirect: Some(Protocol::Resp2) },
    ];

    fn has(self, word: &str) -> bool {
        self.words.split(' ').any(|other| other == word)
    }

    /// Whether the server promises to tell of changes to a key.
    fn covers(self, key: &str) -> bool {
        let mut prefixes = self.words.split(' ').collect::<Vec<_>>();
        prefixes.retain(|word| word.chars().any(char::is_lowercase));
        prefixes.is_empty() || prefixes.iter().any(|prefix| key.starts_with(prefix))
    }
}

/// The last commands, answers and invalidations that an error shows.
const STORY: usize = 60;

/// What a client keeps of the server's values.
pub(crate) struct Cache {
    mode: Mode,
    client: Client,
    /// The connection that hears instead.
    other: Option<Client>,
    kept: HashMap<String, String>,
    random: Random,
    keys: Vec<(usize, String)>,
    story: VecDeque<String>,
}

/// An answer in one form, whatever the order of members and the version of the protocol.
pub(crate) fn canonical(kind: usize, value: &Value) -> String {
    let items = |value: &Value| match value {
        Value::Array(items) | Value::Set(items) | Value::Push(items) => items.clone(),
        Value::Map(pairs) => {
            pairs.iter().map(|(name, value)| Value::Array(vec![name.clone(), value.clone()])).collect()
        }
        _ => Vec::new(),
    };
    if value.is_error() {
        return "an error".to_owned();
    }
    if KINDS[kind].0 == "string" {
        return value.text().map_or_else(|| "none".to_owned(), |text| String::from_utf8_lossy(&text).into_owned());
    }
    let mut all: Vec<String> = items(value).iter().map(|item| format!("{item}")).collect();
    if matches!(KINDS[kind].0, "hash" | "set") {
        all.sort();
    }
    all.join(" ")
}

impl Cache {
    pub(crate) fn connect(address: SocketAddr, mode: Mode, seed: u64) -> Cache {
        let mut client = Client::connect_as(address, Protocol::Resp3).expect("the server listens");
        let other = mode.redirect.map(|version| {
            let mut other = Client::connect_as(address, version).expect("the server listens");
            let id = other.command(&["CLIENT", "ID"]).expect("it answers").text_lossy();
            if version == Protocol::Resp2 {
                other.command(&["SUBSCRIBE", "__redis__:invalidate"]).expect("it answers");
            }
            (other, id)
        });
        let redirect = other.as_ref().map(|(_, id)| format!("REDIRECT {id}")).unwrap_or_default();
        let line = format!("CLIENT TRACKING ON {redirect} {}", mode.words);
        let words: Vec<&str> = line.split_whitespace().collect();
        let reply = client.command(&words).expect("it answers");
        assert_eq!(reply, Value::Simple(b"OK".to_vec()), "{line}");
        let (kept, keys, story) = (HashMap::new(), all_keys(), VecDeque::new());
        Cache { mode, client, other: other.map(|(other, _)| other), kept, random: Random::new(seed), keys, story }
    }

    fn tell(&mut self, what: String) {
        if self.story.len() == STORY {
            self.story.pop_front();
        }
        self.story.push_back(what);
    }

    /// One random command, or a few that belong together.
    pub(crate) fn step(&mut self) {
        match self.random.below(100) {
            0..45 => self.read_one(),
            45..55 => self.read_several(),
            55..65 => self.read_in_transaction(),
            65..75 => self.read_in_script(),
            75..83 => self.wait_for_stream(),
            83..97 => self.change(),
            97 => self.begin_anew(),
            _ => self.listen(),
        }
    }

    fn some_key(&mut self) -> (usize, String) {
        self.random.pick(&self.keys).clone()
    }

    /// What goes before a read that is to be kept, or not: whether it is, and how many answers there are.
    fn prepare(&mut self) -> (Vec<u8>, bool, usize) {
        let chance = self.random.chance(30);
        match (self.mode.has("OPTIN"), self.mode.has("OPTOUT")) {
            (true, _) if !chance => (encode(&["CLIENT", "CACHING", "YES"]), true, 1),
            (true, _) => (Vec::new(), false, 0),
            (_, true) if chance => (encode(&["CLIENT", "CACHING", "NO"]), false, 1),
            _ => (Vec::new(), true, 0),
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.tell(format!("> {}", String::from_utf8_lossy(bytes).replace("\r\n", " ")));
        self.client.send_raw(bytes).expect("the server reads");
    }

    /// The next answer; invalidations before it are obeyed.
    fn answer(&mut self) -> Value {
        loop {
            let value =
                self.client.receive().unwrap_or_else(|error| panic!("{:?}: {error}\n{:?}", self.mode, self.story));
            self.tell(format!("< {value}"));
            let Value::Push(items) = &value else { return value };
            self.obey(items);
        }
    }

    /// An invalidation: `invalidate` and keys, or in version 2 a message on a channel.
    fn obey(&mut self, items: &[Value]) {
        match items.last() {
            Some(Value::Array(keys)) => keys.iter().for_each(|key| _ = self.kept.remove(&key.text_lossy())),
            _ => self.kept.clear(),
        }
    }

    /// Keeps what was read, unless that is not tracked; then what was kept before is no longer looked after.
    fn keep(&mut self, kind: usize, key: &str, value: &Value, tracked: bool) {
        if tracked && self.mode.covers(key) {
            self.kept.insert(key.to_owned(), canonical(kind, value));
        } else {
            self.kept.remove(key);
        }
    }

    fn read_one(&mut self) {
        let ((kind, key), (mut bytes, tracked, before)) = (self.some_key(), self.prepare());
        bytes.extend(encode(&read_of(kind, &key)));
        self.send(&bytes);
        (0..before).for_each(|_| _ = self.answer());
        let value = self.answer();
        self.keep(kind, &key, &value, tracked);
    }

    fn read_several(&mut self) {
        let (mut bytes, tracked, before) = self.prepare();
        let keys: Vec<String> =
            (0..3).map(|_| self.random.below(5)).map(|at| self.keys[at as usize].1.clone()).collect();
        let words: Vec<&str> = ["MGET"].into_iter().chain(keys.iter().map(String::as_str)).collect();
        bytes.extend(encode(&words));
        self.send(&bytes);
        (0..before).for_each(|_| _ = self.answer());
        let values = self.answer().elements().expect("MGET answers with an array");
        // MGET takes another type for a missing key, where GET refuses it.
        for (key, value) in keys.iter().zip(&values) {
            self.keep(0, key, value, tracked && value.text().is_some());
        }
    }

    fn read_in_transaction(&mut self) {
        let (mut bytes, tracked, before) = self.prepare();
        let keys = [self.some_key(), self.some_key()];
        bytes.extend(encode(&["MULTI"]));
        keys.iter().for_each(|(kind, key)| bytes.extend(encode(&read_of(*kind, key))));
        bytes.extend(encode(&["EXEC"]));
        self.send(&bytes);
        (0..before + 3).for_each(|_| _ = self.answer());
        let values = self.answer().elements().expect("EXEC answers with an array");
        for ((kind, key), value) in keys.iter().zip(&values) {
            self.keep(*kind, key, value, tracked);
        }
    }

    fn read_in_script(&mut self) {
        let ((kind, key), (mut bytes, tracked, before)) = (self.some_key(), self.prepare());
        let calls = ["EVAL", "EVAL_RO"];
        let name = *self.random.pick(&calls);
        let script = "redis.setresp(3) local r = redis.pcall(unpack(ARGV)) return r";
        let read = read_of(kind, &key);
        // Some declare their key, and some need the whole keyspace for it.
        let numkeys = if self.random.chance(70) { vec!["1", &key] } else { vec!["0"] };
        let head = [name, script].into_iter().chain(numkeys);
        let words: Vec<&str> = head.chain(read.iter().map(String::as_str)).collect();
        bytes.extend(encode(&words));
        self.send(&bytes);
        (0..before).for_each(|_| _ = self.answer());
        let value = self.answer();
        self.keep(kind, &key, &value, tracked);
    }

    /// Waits until a stream that is missing or empty has entries. What comes is all that it holds.
    fn wait_for_stream(&mut self) {
        let (mut bytes, tracked, before) = self.prepare();
        let streams: Vec<String> =
            self.keys.iter().filter(|(kind, _)| *kind == 5).map(|(_, key)| key.clone()).collect();
        let key = self.random.pick(&streams).clone();
        bytes.extend(encode(&["XREAD", "BLOCK", "25", "STREAMS", &key, "0"]));
        self.send(&bytes);
        (0..before).for_each(|_| _ = self.answer());
        let value = self.answer();
        let entries = match &value {
            Value::Map(streams) => streams.first().map(|(_, entries)| entries.clone()),
            _ => None,
        };
        // Nothing came in time: the stream may be another by now.
        let tracked = tracked && entries.is_some();
        self.keep(5, &key, &entries.unwrap_or(Value::Null), tracked);
    }

    /// Changes keys itself. With NOLOOP it knows what it changed, and is not told.
    fn change(&mut self) {
        let mut random = Random::new(self.random.next_u64());
        let (words, changed) = change(&mut random);
        if self.mode.has("NOLOOP") {
            changed.iter().for_each(|key| _ = self.kept.remove(key));
        }
        self.send(&encode(&words));
        self.answer();
    }

    /// Stops tracking and begins again.
    fn begin_anew(&mut self) {
        if self.other.is_some() {
            return;
        }
        let line = format!("CLIENT TRACKING ON {}", self.mode.words);
        let words: Vec<&str> = line.split_whitespace().collect();
        self.send(&[encode(&["CLIENT", "TRACKING", "OFF"]), encode(&words)].concat());
        self.answer();
        self.kept.clear();
        self.answer();
    }

    /// Takes the invalidations that have come.
    fn listen(&mut self) {
        self.send(&encode(&["PING"]));
        while self.answer() != Value::Simple(b"PONG".to_vec()) {}
        let Some(mut other) = self.other.take() else { return };
        other.send(&["PING"]).expect("the server reads");
        loop {
            let value = other.receive().expect("the server answers");
            self.tell(format!("other< {value}"));
            match &value {
                Value::Simple(_) => break,
                Value::Array(items) if items.first().is_some_and(|word| word.text_lossy() == "pong") => break,
                Value::Array(items) | Value::Push(items) => self.obey(&items.clone()),
                _ => panic!("an invalidation is expected: {value}"),
            }
        }
        self.other = Some(other);
    }

    /// A key of which another value is kept than the server has, with all that led there.
    pub(crate) fn difference(&mut self, values: &HashMap<String, String>) -> Option<(String, String)> {
        self.listen();
        let wrong = self.kept.iter().filter(|(key, kept)| values[*key] != **kept);
        // Those that never expire come first.
        let (key, kept) = wrong.min_by_key(|(key, _)| (!key.contains("plain"), key.as_str()))?;
        let story: Vec<&str> = self.story.iter().map(String::as_str).collect();
        let text = format!(
            "{:?}: {key} is kept as {kept:?}, the server has {:?}\n{}",
            self.mode,
            values[key],
            story.join("\n")
        );
        Some((key.clone(), text))
    }
}
