//! When two replies are the same.

use crate::value::Value;

/// Seconds two servers may be apart when a time to live is asked.
const SECONDS_APART: i64 = 2;
/// The same in milliseconds.
const MILLISECONDS_APART: i64 = 2500;

/// How the replies of a rule are compared. Errors always have to be the same to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// To the byte.
    Exact,
    /// Elements in any order.
    Unordered,
    /// Pairs in any order: a map, or the flat array that RESP2 has for it.
    Pairs,
    /// Type, length and the types of the elements: what is random has no other sameness.
    Shape,
    /// Answers of any commands, of which some are random and some have no order: the shape of each.
    Answers,
    /// A cursor and elements in any order.
    Cursor,
    /// A cursor and pairs in any order.
    CursorPairs,
    /// Times anywhere inside, nearly.
    Times,
    /// Rows whose third element is a time.
    IdleRows,
    /// A number of seconds, nearly.
    Seconds,
    /// A number of milliseconds, nearly.
    Milliseconds,
}

/// Whether both servers said the same.
#[must_use]
pub fn same(how: Reply, left: &Value, right: &Value) -> bool {
    if left.is_error() || right.is_error() {
        return left == right;
    }
    match how {
        Reply::Exact => left == right,
        Reply::Shape | Reply::Answers => shape(left) == shape(right),
        Reply::Seconds => near(left, right, SECONDS_APART),
        Reply::Milliseconds => near(left, right, MILLISECONDS_APART),
        Reply::Times => timeless(left, right),
        Reply::IdleRows => idle_rows(left, right),
        Reply::Unordered => sorted(left) == sorted(right),
        Reply::Pairs => sorted_pairs(left) == sorted_pairs(right),
        Reply::Cursor => cursor(left, sorted) == cursor(right, sorted),
        Reply::CursorPairs => cursor(left, sorted_pairs) == cursor(right, sorted_pairs),
    }
}

/// -1 and -2 are answers of their own, never near a time.
fn near(left: &Value, right: &Value, apart: i64) -> bool {
    match (left, right) {
        (Value::Integer(one), Value::Integer(other)) if *one > 0 && *other > 0 => {
            one.abs_diff(*other) <= apart.unsigned_abs()
        }
        _ => left == right,
    }
}

/// The same but for numbers that may be times.
fn timeless(left: &Value, right: &Value) -> bool {
    let all = |one: &[Value], other: &[Value]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| timeless(one, other))
    };
    match (left, right) {
        (Value::Integer(one), Value::Integer(other)) => one.abs_diff(*other) <= MILLISECONDS_APART.unsigned_abs(),
        (Value::Array(one), Value::Array(other)) => all(one, other),
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| timeless(&one.0, &other.0) && timeless(&one.1, &other.1))
        }
        _ => left == right,
    }
}

fn idle_rows(left: &Value, right: &Value) -> bool {
    let row = |one: &Value, other: &Value| match (one, other) {
        (Value::Array(one), Value::Array(other)) if one.len() == 4 && other.len() == 4 => {
            one[..2] == other[..2] && one[3] == other[3] && timeless(&one[2], &other[2])
        }
        _ => one == other,
    };
    match (left, right) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| row(one, other))
        }
        _ => left == right,
    }
}

fn shape(value: &Value) -> String {
    let inside = |items: &[Value]| items.iter().map(shape).collect::<Vec<_>>().join(" ");
    match value {
        Value::Array(items) => format!("[{}]", inside(items)),
        Value::Set(items) => format!("~[{}]", inside(items)),
        Value::Push(items) => format!(">[{}]", inside(items)),
        Value::Map(pairs) => format!("{{{}}}", pairs.len()),
        Value::Bulk(_) => "$".to_owned(),
        Value::Integer(_) => ":".to_owned(),
        Value::Double(_) => ",".to_owned(),
        other => other.to_string(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items = items.clone();
            items.sort();
            Value::Array(items)
        }
        Value::Set(items) => {
            let mut items = items.clone();
            items.sort();
            Value::Set(items)
        }
        other => other.clone(),
    }
}

fn sorted_pairs(value: &Value) -> Value {
    match value {
        Value::Map(pairs) => {
            let mut pairs = pairs.clone();
            pairs.sort();
            Value::Map(pairs)
        }
        Value::Array(flat) if flat.len() % 2 == 0 => {
            let mut pairs: Vec<&[Value]> = flat.chunks(2).collect();
            pairs.sort();
            Value::Array(pairs.concat())
        }
        other => other.clone(),
    }
}

fn cursor(value: &Value, order: fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(both) if both.len() == 2 => Value::Array(vec![both[0].clone(), order(&both[1])]),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulks(words: &[&str]) -> Value {
        Value::Array(words.iter().map(|word| Value::Bulk(word.as_bytes().to_vec())).collect())
    }

    #[test]
    fn order_counts_only_where_it_is_promised() {
        let (one, other) = (bulks(&["a", "1", "b", "2"]), bulks(&["b", "2", "a", "1"]));
        assert!(!same(Reply::Exact, &one, &other));
        assert!(same(Reply::Unordered, &one, &other));
        assert!(same(Reply::Pairs, &one, &other));
        assert!(!same(Reply::Pairs, &one, &bulks(&["a", "2", "b", "1"])), "values stay with their keys");
        assert!(same(Reply::Shape, &one, &bulks(&["x", "x", "x", "x"])));
        assert!(!same(Reply::Shape, &one, &bulks(&["x"])));
    }

    #[test]
    fn times_are_near_but_their_absence_is_exact() {
        assert!(same(Reply::Seconds, &Value::Integer(100), &Value::Integer(99)));
        assert!(!same(Reply::Seconds, &Value::Integer(-1), &Value::Integer(-2)));
        assert!(!same(Reply::Seconds, &Value::Integer(1), &Value::Integer(-1)));
    }
}
