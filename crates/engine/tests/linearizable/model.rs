//! The keyspace as one thread sees it: two databases of a few keys, of which all calls use the first.

use crate::checker::Model;
use std::collections::BTreeMap;

/// A key, by its number.
pub(crate) type Key = u8;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Get(Key),
    Set(Key, i64),
    Incr(Key),
    GetDel(Key),
    SetNx(Key, i64),
    MSet(Vec<(Key, i64)>),
    MSetNx(Vec<(Key, i64)>),
    MGet(Vec<Key>),
    Del(Vec<Key>),
    Exists(Vec<Key>),
    Rename(Key, Key),
    Copy(Key, Key),
    Keys,
    DbSize,
    FlushDb,
    SwapDb,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Ok,
    Int(i64),
    Value(Option<i64>),
    Values(Vec<Option<i64>>),
    Keys(Vec<Key>),
    NoSuchKey,
}

type Database = BTreeMap<Key, i64>;

/// Both databases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Keyspace([Database; 2]);

impl Operation {
    /// The keys it names; those over the whole keyspace name none.
    pub(crate) fn keys(&self) -> Vec<Key> {
        match self {
            Self::Get(key) | Self::Set(key, _) | Self::Incr(key) | Self::GetDel(key) | Self::SetNx(key, _) => {
                vec![*key]
            }
            Self::MSet(pairs) | Self::MSetNx(pairs) => pairs.iter().map(|(key, _)| *key).collect(),
            Self::Del(keys) | Self::Exists(keys) | Self::MGet(keys) => keys.clone(),
            Self::Rename(from, to) | Self::Copy(from, to) => vec![*from, *to],
            Self::Keys | Self::DbSize | Self::FlushDb | Self::SwapDb => Vec::new(),
        }
    }
}

fn set_absent(database: &mut Database, pairs: &[(Key, i64)]) -> bool {
    let absent = pairs.iter().all(|(key, _)| !database.contains_key(key));
    if absent {
        database.extend(pairs.iter().copied());
    }
    absent
}

impl Model for Keyspace {
    type Operation = Operation;
    type Answer = Answer;

    fn apply(&mut self, operation: &Operation) -> Answer {
        let database = &mut self.0[0];
        match operation {
            Operation::Get(key) => Answer::Value(database.get(key).copied()),
            Operation::Set(key, value) => {
                database.insert(*key, *value);
                Answer::Ok
            }
            Operation::Incr(key) => {
                let value = database.entry(*key).or_insert(0);
                *value += 1;
                Answer::Int(*value)
            }
            Operation::Del(keys) => {
                Answer::Int(keys.iter().filter(|key| database.remove(key).is_some()).count() as i64)
            }
            Operation::Exists(keys) => Answer::Int(keys.iter().filter(|key| database.contains_key(key)).count() as i64),
            Operation::GetDel(key) => Answer::Value(database.remove(key)),
            Operation::SetNx(key, value) => Answer::Int(i64::from(set_absent(database, &[(*key, *value)]))),
            Operation::MSetNx(pairs) => Answer::Int(i64::from(set_absent(database, pairs))),
            Operation::MSet(pairs) => {
                database.extend(pairs.iter().copied());
                Answer::Ok
            }
            Operation::MGet(keys) => Answer::Values(keys.iter().map(|key| database.get(key).copied()).collect()),
            Operation::Rename(from, to) => {
                let Some(value) = database.remove(from) else { return Answer::NoSuchKey };
                database.insert(*to, value);
                Answer::Ok
            }
            Operation::Copy(from, to) => {
                let source = database.get(from).copied();
                let (Some(value), None) = (source, database.get(to)) else { return Answer::Int(0) };
                database.insert(*to, value);
                Answer::Int(1)
            }
            Operation::Keys => Answer::Keys(database.keys().copied().collect()),
            Operation::DbSize => Answer::Int(database.len() as i64),
            Operation::FlushDb => {
                database.clear();
                Answer::Ok
            }
            Operation::SwapDb => {
                self.0.swap(0, 1);
                Answer::Ok
            }
        }
    }
}
