//! The errors that commands return. The texts are Redis's, error code first.

use std::borrow::Cow;
use std::fmt;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The key holds a value of another type.
    WrongType,
    /// The arguments violate the command's grammar.
    Syntax,
    /// An argument or a value is not a 64-bit integer.
    NotInteger,
    /// An argument or a value is not a floating point number.
    NotFloat,
    /// An index or count is out of range.
    IndexOutOfRange,
    /// The required key does not exist.
    NoSuchKey,
    /// The command does not take this number of arguments.
    WrongArity(Cow<'static, str>),
    /// Any other error, as sent to the client.
    Text(Cow<'static, str>),
    /// Like `Text`, with bytes sent by the client.
    Bytes(Vec<u8>),
    /// Like `Bytes`, already counted by the command of a script that returned it.
    Counted(Vec<u8>),
}

impl Error {
    /// An error with a fixed text.
    #[must_use]
    pub const fn text(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// `ERR invalid expire time in 'set' command`.
    #[must_use]
    pub fn invalid_expire(command: &str) -> Self {
        Self::Text(format!("ERR invalid expire time in '{command}' command").into())
    }

    /// The whole line without the leading minus.
    #[must_use]
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(match self {
            Self::WrongType => b"WRONGTYPE Operation against a key holding the wrong kind of value",
            Self::Syntax => b"ERR syntax error",
            Self::NotInteger => b"ERR value is not an integer or out of range",
            Self::NotFloat => b"ERR value is not a valid float",
            Self::IndexOutOfRange => b"ERR index out of range",
            Self::NoSuchKey => b"ERR no such key",
            Self::WrongArity(name) => {
                return format!("ERR wrong number of arguments for '{name}' command").into_bytes().into();
            }
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) | Self::Counted(bytes) => bytes,
        })
    }
}

/// The bytes up to the first zero byte, as in Redis's texts.
#[must_use]
pub fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

impl std::error::Error for Error {}
