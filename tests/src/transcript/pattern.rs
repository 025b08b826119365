//! What a transcript expects of a reply: parsing and matching.
//!
//! Patterns speak RESP3. In RESP2 each also matches what a RESP2 connection receives in place of that type, so that
//! one line serves both protocols wherever the servers convert in the usual way.

use std::collections::HashMap;

use regex::bytes::Regex;

use super::quoting::double_quoted;
use crate::value::Value;
use crate::wire::Protocol;

/// Texts remembered by `%{name}`.
pub type Captures = HashMap<String, Vec<u8>>;

/// An expected reply.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// `...`
    Anything,
    /// `~regex`
    Text(Regex),
    /// `%{name}`
    Capture(String),
    /// `:1`, `:1..5`, `:*`
    Integer(i64, i64),
    /// Any scalar that is written out.
    Exact(Value),
    /// `(nil)`
    Nil,
    /// `(nil-array)`
    NilArray,
    /// `(nil-bulk)`: RESP2's, whatever the connection should be speaking
    NilBulk,
    /// `[...]`, `~[...]`, `>[...]`
    List(ListKind, Vec<Pattern>, Order),
    /// `{k: v}`
    Map(Vec<(Pattern, Pattern)>, Order),
}

/// Which bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// `[`
    Array,
    /// `~[`
    Set,
    /// `>[`
    Push,
}

/// How the elements are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// One by one.
    Given,
    /// As a multiset.
    Any,
    /// The first ones one by one, then whatever follows.
    Prefix,
}

impl Pattern {
    /// Parses one whole expectation.
    ///
    /// # Errors
    /// Says what is wrong with the notation.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let text = text.trim();
        // At the top these run to the end of the line, so that texts need no quotes.
        let open_ended = match text.as_bytes().first() {
            Some(b'+' | b'-') if text.as_bytes().get(1) == Some(&b'"') => None,
            Some(b'+') => Some(Pattern::Exact(Value::Simple(text.as_bytes()[1..].to_vec()))),
            Some(b'-') => Some(Pattern::Exact(Value::Error(text.as_bytes()[1..].to_vec()))),
            Some(b'~') if !text.starts_with("~[") && !text.starts_with("~\"") => {
                Some(Pattern::Text(regex(&text[1..])?))
            }
            _ => None,
        };
        if let Some(pattern) = open_ended {
            return Ok(pattern);
        }
        let mut parser = Parser { rest: text };
        let pattern = parser.pattern()?;
        if parser.rest.trim().is_empty() { Ok(pattern) } else { Err(format!("left over: {}", parser.rest)) }
    }

    /// Whether the reply is as expected; `%{name}` patterns note what they saw.
    pub fn matches(&self, value: &Value, protocol: Protocol, captures: &mut Captures) -> bool {
        let resp2 = protocol == Protocol::Resp2;
        match self {
            Pattern::Anything => true,
            Pattern::Text(regex) => value.text().is_some_and(|text| regex.is_match(&text)),
            Pattern::Capture(name) => capture(name, value, captures),
            Pattern::Integer(low, high) => matches!(value, Value::Integer(number) if (low..=high).contains(&number)),
            Pattern::Nil => *value == Value::Null || (resp2 && *value == Value::NullBulk),
            Pattern::NilArray => *value == Value::Null || (resp2 && *value == Value::NullArray),
            Pattern::NilBulk => *value == Value::NullBulk,
            Pattern::Exact(expected) => expected == value || (resp2 && downgraded(expected).as_ref() == Some(value)),
            Pattern::List(kind, items, order) => match (kind, value) {
                (ListKind::Array, Value::Array(got))
                | (ListKind::Set, Value::Set(got))
                | (ListKind::Push, Value::Push(got)) => list_matches(items, got, *order, protocol, captures),
                (_, Value::Array(got)) if resp2 => list_matches(items, got, *order, protocol, captures),
                _ => false,
            },
            Pattern::Map(pairs, order) => map_matches(pairs, value, *order, protocol, captures),
        }
    }
}

fn capture(name: &str, value: &Value, captures: &mut Captures) -> bool {
    let Some(text) = value.text() else { return false };
    captures.insert(name.to_owned(), text);
    true
}

/// What RESP2 has in place of a RESP3 scalar.
fn downgraded(value: &Value) -> Option<Value> {
    match value {
        Value::Double(text) | Value::BigNumber(text) => Some(Value::Bulk(text.clone().into_bytes())),
        Value::Boolean(truth) => Some(Value::Integer(i64::from(*truth))),
        Value::Verbatim(_, text) => Some(Value::Bulk(text.clone())),
        Value::BlobError(text) => Some(Value::Error(text.clone())),
        _ => None,
    }
}

fn list_matches(items: &[Pattern], got: &[Value], order: Order, protocol: Protocol, captures: &mut Captures) -> bool {
    match order {
        Order::Prefix if got.len() < items.len() => false,
        Order::Given | Order::Any if got.len() != items.len() => false,
        Order::Given | Order::Prefix => {
            items.iter().zip(got).all(|(item, value)| item.matches(value, protocol, captures))
        }
        Order::Any => {
            let mut left: Vec<&Value> = got.iter().collect();
            items.iter().all(|item| {
                let found = left.iter().position(|value| item.matches(value, protocol, captures));
                found.map(|index| left.swap_remove(index)).is_some()
            })
        }
    }
}

fn map_matches(
    pairs: &[(Pattern, Pattern)],
    value: &Value,
    order: Order,
    protocol: Protocol,
    captures: &mut Captures,
) -> bool {
    let got: Vec<(Value, Value)> = match value {
        Value::Map(got) => got.clone(),
        Value::Array(flat) if protocol == Protocol::Resp2 && flat.len() % 2 == 0 => {
            flat.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
        }
        _ => return false,
    };
    let mut pair_matches = |(key, item): &(Pattern, Pattern), (got_key, got_item): &(Value, Value)| {
        key.matches(got_key, protocol, captures) && item.matches(got_item, protocol, captures)
    };
    match order {
        Order::Prefix if got.len() < pairs.len() => false,
        Order::Given | Order::Any if got.len() != pairs.len() => false,
        Order::Given | Order::Prefix => pairs.iter().zip(&got).all(|(pair, entry)| pair_matches(pair, entry)),
        Order::Any => {
            let mut left: Vec<&(Value, Value)> = got.iter().collect();
            pairs.iter().all(|pair| {
                let found = left.iter().position(|entry| pair_matches(pair, entry));
                found.map(|index| left.swap_remove(index)).is_some()
            })
        }
    }
}

fn regex(text: &str) -> Result<Regex, String> {
    Regex::new(&format!("(?s){text}")).map_err(|error| error.to_string())
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn quoted(&mut self) -> Result<Vec<u8>, String> {
        if !self.eat("\"") {
            return Err(format!("a quoted text was expected before: {}", self.rest));
        }
        let (bytes, rest) = double_quoted(self.rest)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn token(&mut self) -> String {
        let end = self.rest.find([' ', ']', '}', ':']).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        token.to_owned()
    }

    fn pattern(&mut self) -> Result<Pattern, String> {
        if self.eat("any-order") {
            return match self.pattern()? {
                Pattern::List(kind, items, Order::Given) => Ok(Pattern::List(kind, items, Order::Any)),
                Pattern::Map(pairs, Order::Given) => Ok(Pattern::Map(pairs, Order::Any)),
                _ => Err("any-order wants a bracket without `...`".to_owned()),
            };
        }
        match self.aggregate()? {
            Some(pattern) => Ok(pattern),
            None => self.scalar(),
        }
    }

    fn aggregate(&mut self) -> Result<Option<Pattern>, String> {
        for (open, kind) in [("[", ListKind::Array), ("~[", ListKind::Set), (">[", ListKind::Push)] {
            if self.eat(open) {
                let (items, order) = self.items("]", Parser::pattern)?;
                return Ok(Some(Pattern::List(kind, items, order)));
            }
        }
        if self.eat("{") {
            let (pairs, order) = self.items("}", |parser| {
                let key = parser.pattern()?;
                if !parser.eat(":") {
                    return Err(format!("a colon was expected before: {}", parser.rest));
                }
                Ok((key, parser.pattern()?))
            })?;
            return Ok(Some(Pattern::Map(pairs, order)));
        }
        Ok(None)
    }

    fn items<T>(
        &mut self,
        close: &str,
        item: impl Fn(&mut Self) -> Result<T, String>,
    ) -> Result<(Vec<T>, Order), String> {
        let mut items = Vec::new();
        let follows = format!("...{close}");
        loop {
            self.rest = self.rest.trim_start();
            if self.eat(close) {
                return Ok((items, Order::Given));
            }
            if self.eat(&follows) {
                return Ok((items, Order::Prefix));
            }
            if self.rest.is_empty() {
                return Err(format!("{close} is missing"));
            }
            items.push(item(self)?);
        }
    }

    fn scalar(&mut self) -> Result<Pattern, String> {
        for (word, pattern) in [
            ("...", Pattern::Anything),
            ("(nil-array)", Pattern::NilArray),
            ("(nil-bulk)", Pattern::NilBulk),
            ("(nil)", Pattern::Nil),
        ] {
            if self.eat(word) {
                return Ok(pattern);
            }
        }
        if self.eat("%{") {
            let (name, rest) = self.rest.split_once('}').ok_or("%{ without }")?;
            self.rest = rest;
            return Ok(Pattern::Capture(name.to_owned()));
        }
        if self.rest.starts_with('"') {
            return Ok(Pattern::Exact(Value::Bulk(self.quoted()?)));
        }
        let kind = self.rest.chars().next().ok_or("an empty pattern")?;
        self.rest = &self.rest[kind.len_utf8()..];
        Ok(match kind {
            '+' => Pattern::Exact(Value::Simple(self.quoted()?)),
            '-' => Pattern::Exact(Value::Error(self.quoted()?)),
            '!' => Pattern::Exact(Value::BlobError(self.quoted()?)),
            '~' => Pattern::Text(regex(&String::from_utf8_lossy(&self.quoted()?))?),
            ':' => integer(&self.token())?,
            ',' => Pattern::Exact(Value::Double(self.token())),
            '(' => Pattern::Exact(Value::BigNumber(self.token())),
            '#' => Pattern::Exact(Value::Boolean(self.token() == "t")),
            '=' => {
                let format = self.token();
                self.eat(":");
                Pattern::Exact(Value::Verbatim(format, self.quoted()?))
            }
            _ => return Err(format!("no pattern begins with {kind}{}", self.rest)),
        })
    }
}

fn integer(text: &str) -> Result<Pattern, String> {
    let number = |digits: &str| digits.parse::<i64>().map_err(|_| format!("no integer: {digits}"));
    if text == "*" {
        return Ok(Pattern::Integer(i64::MIN, i64::MAX));
    }
    match text.split_once("..") {
        Some((low, high)) => Ok(Pattern::Integer(number(low)?, number(high)?)),
        None => number(text).map(|exact| Pattern::Integer(exact, exact)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, value: &Value, protocol: Protocol) -> bool {
        Pattern::parse(pattern).unwrap().matches(value, protocol, &mut Captures::new())
    }

    #[test]
    fn a_value_matches_its_own_notation() {
        let value = Value::Map(vec![
            (Value::Bulk(b"a\0".to_vec()), Value::Array(vec![Value::Integer(-3), Value::Double("1.5".to_owned())])),
            (Value::Simple(b"s".to_vec()), Value::Set(vec![Value::Boolean(true), Value::Null])),
            (Value::Bulk(b"e".to_vec()), Value::Error(b"ERR no".to_vec())),
        ]);
        assert!(check(&value.to_string(), &value, Protocol::Resp3), "{value}");
    }

    #[test]
    fn resp2_takes_the_older_types_and_resp3_does_not() {
        let flat = Value::Array(vec![Value::Bulk(b"k".to_vec()), Value::Bulk(b"1.5".to_vec())]);
        assert!(check(r#"{"k": ,1.5}"#, &flat, Protocol::Resp2));
        assert!(!check(r#"{"k": ,1.5}"#, &flat, Protocol::Resp3));
        assert!(check("(nil)", &Value::NullBulk, Protocol::Resp2));
        assert!(!check("(nil)", &Value::NullArray, Protocol::Resp2), "the null array is another reply");
    }

    #[test]
    fn order_prefix_and_ranges() {
        let list = Value::Array(vec![Value::Integer(1), Value::Integer(2), Value::Integer(3)]);
        assert!(check("[:1 :1..2 :*]", &list, Protocol::Resp3));
        assert!(check("any-order [:3 :1 :2]", &list, Protocol::Resp3));
        assert!(check("[:1 ...]", &list, Protocol::Resp3));
        assert!(!check("[:1 :2]", &list, Protocol::Resp3));
        assert!(!check("any-order [:3 :1 :1]", &list, Protocol::Resp3));
    }
}
