//! A reply as it stood on the wire: every RESP2 and RESP3 type, kept so exactly that two servers' bytes can be
//! compared.
//!
//! Doubles and big numbers keep their text: `,1.0` and `,1` are different replies.

use std::fmt;

/// One RESP value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// `+OK`
    Simple(Vec<u8>),
    /// `-ERR text`, without the dash
    Error(Vec<u8>),
    /// RESP3 `!<len>`
    BlobError(Vec<u8>),
    /// `:1`
    Integer(i64),
    /// `$<len>`
    Bulk(Vec<u8>),
    /// RESP2 `$-1`
    NullBulk,
    /// RESP2 `*-1`
    NullArray,
    /// RESP3 `_`
    Null,
    /// `*<n>`
    Array(Vec<Value>),
    /// RESP3 `%<n>`, in the order received
    Map(Vec<(Value, Value)>),
    /// RESP3 `~<n>`, in the order received
    Set(Vec<Value>),
    /// RESP3 `><n>`
    Push(Vec<Value>),
    /// RESP3 `,<text>`
    Double(String),
    /// RESP3 `(<digits>`
    BigNumber(String),
    /// RESP3 `#t` or `#f`
    Boolean(bool),
    /// RESP3 `=<len>`: three letters of format, then the text
    Verbatim(String, Vec<u8>),
    /// RESP3 `|<n>`: pairs about the value that follows them
    Attribute(Vec<(Value, Value)>, Box<Value>),
}

impl Value {
    /// The bytes of a scalar as a client library would show them; none for aggregates and nulls.
    #[must_use]
    pub fn text(&self) -> Option<Vec<u8>> {
        match self {
            Value::Simple(bytes) | Value::Bulk(bytes) | Value::Verbatim(_, bytes) => Some(bytes.clone()),
            Value::Error(bytes) | Value::BlobError(bytes) => Some([b"-", bytes.as_slice()].concat()),
            Value::Integer(number) => Some(number.to_string().into_bytes()),
            Value::Double(text) | Value::BigNumber(text) => Some(text.clone().into_bytes()),
            Value::Boolean(truth) => Some(if *truth { b"1".to_vec() } else { b"0".to_vec() }),
            _ => None,
        }
    }

    /// The same, as text with invalid UTF-8 replaced.
    #[must_use]
    pub fn text_lossy(&self) -> String {
        self.text().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Whether this is an error reply.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self, Value::Error(_) | Value::BlobError(_))
    }

    /// The elements of an array, set or push; a map's keys and values in turn.
    #[must_use]
    pub fn elements(&self) -> Option<Vec<Value>> {
        match self {
            Value::Array(items) | Value::Set(items) | Value::Push(items) => Some(items.clone()),
            Value::Map(pairs) => Some(pairs.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect()),
            _ => None,
        }
    }
}

/// Writes bytes between quotes, as redis-cli shows them: printable ASCII as it is, the rest as `\xNN`.
#[must_use]
pub fn quote(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x20..=0x7e => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text.push('"');
    text
}

/// An argument as one would type it: quoted only where it must be.
#[must_use]
pub fn quote_argument(bytes: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'\\');
    if !bytes.is_empty() && bytes.iter().all(plain) {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        quote(bytes)
    }
}

/// A whole command as one would type it.
#[must_use]
pub fn quote_command(arguments: &[Vec<u8>]) -> String {
    arguments.iter().map(|argument| quote_argument(argument)).collect::<Vec<_>>().join(" ")
}

/// Errors and simple strings run to the end of the line at the top, so inside brackets they are quoted.
fn nested(value: &Value) -> String {
    match value {
        Value::Simple(text) => format!("+{}", quote(text)),
        Value::Error(text) => format!("-{}", quote(text)),
        _ => value.to_string(),
    }
}

fn write_items(f: &mut fmt::Formatter<'_>, open: &str, items: &[Value]) -> fmt::Result {
    let items: Vec<String> = items.iter().map(nested).collect();
    write!(f, "{open}{}]", items.join(" "))
}

fn write_pairs(f: &mut fmt::Formatter<'_>, open: &str, pairs: &[(Value, Value)]) -> fmt::Result {
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{}: {}", nested(key), nested(value))).collect();
    write!(f, "{open}{}}}", pairs.join(" "))
}

/// Text up to the end of a line; quoted where a reader or an editor would lose something.
fn line(text: &[u8]) -> String {
    let plain =
        text.iter().all(|byte| matches!(byte, b' '..=b'~')) && !text.ends_with(b" ") && !text.starts_with(b"\"");
    if plain { String::from_utf8_lossy(text).into_owned() } else { quote(text) }
}

/// The notation of transcripts.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Simple(text) => write!(f, "+{}", line(text)),
            Value::Error(text) => write!(f, "-{}", line(text)),
            Value::BlobError(text) => write!(f, "!{}", quote(text)),
            Value::Integer(number) => write!(f, ":{number}"),
            Value::Bulk(bytes) => f.write_str(&quote(bytes)),
            Value::NullBulk | Value::Null => f.write_str("(nil)"),
            Value::NullArray => f.write_str("(nil-array)"),
            Value::Array(items) => write_items(f, "[", items),
            Value::Set(items) => write_items(f, "~[", items),
            Value::Push(items) => write_items(f, ">[", items),
            Value::Map(pairs) => write_pairs(f, "{", pairs),
            Value::Double(text) => write!(f, ",{text}"),
            Value::BigNumber(text) => write!(f, "({text}"),
            Value::Boolean(truth) => f.write_str(if *truth { "#t" } else { "#f" }),
            Value::Verbatim(format, text) => write!(f, "={format}:{}", quote(text)),
            Value::Attribute(pairs, value) => {
                write_pairs(f, "|{", pairs)?;
                write!(f, " {value}")
            }
        }
    }
}
