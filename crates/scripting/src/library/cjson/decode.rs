//! JSON to values: a tokenizer, and an explicit stack of the open arrays and objects, so that nesting uses no processor
//! stack.

use super::{DEPTH_MAX, Options, number};
use crate::vm::raise;
use crate::vm::{memory, pace};
use bstr::ByteSlice;
use mlua::{Lua, LuaString, Result, Table, Value};

/// A token of the text.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    /// The string is in the reader's buffer.
    String,
    Number(f64),
    Boolean(bool),
    Null,
    Colon,
    Comma,
    End,
    Error(&'static str),
}

impl Token {
    fn name(&self) -> &'static str {
        match self {
            Self::ObjectBegin => "T_OBJ_BEGIN",
            Self::ObjectEnd => "T_OBJ_END",
            Self::ArrayBegin => "T_ARR_BEGIN",
            Self::ArrayEnd => "T_ARR_END",
            Self::String => "T_STRING",
            Self::Number(_) => "T_NUMBER",
            Self::Boolean(_) => "T_BOOLEAN",
            Self::Null => "T_NULL",
            Self::Colon => "T_COLON",
            Self::Comma => "T_COMMA",
            Self::End => "T_END",
            Self::Error(words) => words,
        }
    }
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    /// Where the last token began, or the position of an error.
    token_at: usize,
    string: Vec<u8>,
    invalid_numbers: bool,
}

impl Reader<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        // As in C, the text ends with a zero byte.
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at.min(self.text.len())..]
    }

    fn next(&mut self) -> Token {
        while matches!(self.byte(0), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.token_at = self.at;
        let simple = match self.byte(0) {
            b'{' => Token::ObjectBegin,
            b'}' => Token::ObjectEnd,
            b'[' => Token::ArrayBegin,
            b']' => Token::ArrayEnd,
            b',' => Token::Comma,
            b':' => Token::Colon,
            0 => return Token::End,
            b'"' => return self.string(),
            b'-' | b'0'..=b'9' => return self.number(),
            b'f' | b'i' | b'I' | b'n' | b'N' | b't' | b'+' => return self.word(),
            _ => return Token::Error("invalid token"),
        };
        self.at += 1;
        simple
    }

    fn error(&mut self, words: &'static str) -> Token {
        self.token_at = self.at;
        Token::Error(words)
    }

    fn number(&mut self) -> Token {
        if !self.invalid_numbers && self.is_invalid_number() {
            return self.error("invalid number");
        }
        match number::read(self.rest()) {
            Some((value, length)) => {
                self.at += length;
                Token::Number(value)
            }
            None => self.error("invalid number"),
        }
    }

    /// Whether this is a number in C but not in JSON.
    fn is_invalid_number(&self) -> bool {
        let rest = self.rest();
        if rest.first() == Some(&b'+') {
            return true;
        }
        let rest = rest.strip_prefix(b"-").unwrap_or(rest);
        match rest.first().copied().unwrap_or(0) {
            b'0' => rest.get(1).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'x') || byte.is_ascii_digit()),
            byte if byte <= b'9' => false,
            _ => rest.len() >= 3 && [b"inf", b"nan"].iter().any(|word| rest[..3].eq_ignore_ascii_case(*word)),
        }
    }

    fn word(&mut self) -> Token {
        let words = [("true", Token::Boolean(true)), ("false", Token::Boolean(false)), ("null", Token::Null)];
        for (word, token) in words {
            if self.rest().starts_with(word.as_bytes()) {
                self.at += word.len();
                return token;
            }
        }
        if self.invalid_numbers && self.is_invalid_number() {
            return self.number();
        }
        self.error("invalid token")
    }

    fn string(&mut self) -> Token {
        self.at += 1;
        self.string.clear();
        loop {
            // Bytes without special meaning are taken at once.
            let plain = self.rest().find_byteset(b"\"\\\0").unwrap_or(self.rest().len());
            let (at, end) = (self.at, self.at + plain);
            self.string.extend_from_slice(&self.text[at..end]);
            self.at = end;
            match self.byte(0) {
                0 => return self.error("unexpected end of string"),
                b'"' => {
                    self.at += 1;
                    return Token::String;
                }
                _ => {
                    if let Err(words) = self.escape() {
                        return self.error(words);
                    }
                }
            }
        }
    }

    fn escape(&mut self) -> std::result::Result<(), &'static str> {
        let byte = match self.byte(1) {
            byte @ (b'"' | b'\\' | b'/') => byte,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'f' => 12,
            b'r' => b'\r',
            b'u' => return self.unicode().ok_or("invalid unicode escape code"),
            _ => return Err("invalid escape code"),
        };
        self.string.push(byte);
        self.at += 2;
        Ok(())
    }

    fn unicode(&mut self) -> Option<()> {
        let (mut code, mut length) = (self.hex4(2)?, 6);
        if code & 0xF800 == 0xD800 {
            let low = if self.byte(6) == b'\\' && self.byte(7) == b'u' { self.hex4(8)? } else { return None };
            if code & 0x400 != 0 || low & 0xFC00 != 0xDC00 {
                return None;
            }
            code = ((code & 0x3FF) << 10 | (low & 0x3FF)) + 0x1_0000;
            length = 12;
        }
        let mut buffer = [0; 4];
        self.string.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut buffer).as_bytes());
        self.at += length;
        Some(())
    }

    fn hex4(&self, ahead: usize) -> Option<u32> {
        let digits = (0..4).map(|index| char::from(self.byte(ahead + index)).to_digit(16));
        digits.fuse().try_fold(0, |value, digit| Some(value << 4 | digit?))
    }
}

/// An open array or object.
enum Open {
    Array(Table, usize),
    /// With the key that waits for its value.
    Object(Table, LuaString),
}

/// Decodes a text.
pub(super) fn decode(lua: &Lua, options: &Options, text: &[u8]) -> Result<Value> {
    if text.len() >= 2 && (text[0] == 0 || text[1] == 0) {
        return Err(raise::text(lua, "JSON parser does not support UTF-16 or UTF-32"));
    }
    memory::look_for(text.len())?;
    let string = Vec::new();
    let reader = Reader { text, at: 0, token_at: 0, string, invalid_numbers: options.decode_invalid };
    let mut decoder = Decoder { lua, values: 0, options, reader, open: Vec::new() };
    let value = decoder.document()?;
    match decoder.reader.next() {
        Token::End => Ok(value),
        other => Err(decoder.unexpected("the end", &other)),
    }
}

/// Units of work per value.
const VALUE_WORK: usize = 32;
/// After this many values, the decoder checks for memory for as many more, at this many bytes per value.
const LOOK_VALUES: usize = 4096;
const VALUE_BYTES: usize = 64;

struct Decoder<'a> {
    lua: &'a Lua,
    /// The number of values read.
    values: usize,
    options: &'a Options,
    reader: Reader<'a>,
    open: Vec<Open>,
}

impl Decoder<'_> {
    fn unexpected(&self, wanted: &str, found: &Token) -> mlua::Error {
        let at = self.reader.token_at + 1;
        raise::text(self.lua, format!("Expected {wanted} but found {} at character {at}", found.name()))
    }

    fn document(&mut self) -> Result<Value> {
        let mut token = self.reader.next();
        loop {
            let Some(mut value) = self.value(&token)? else {
                // An array or object was opened, and its first value follows.
                token = self.reader.next();
                continue;
            };
            // The value is added to the open array or object, which it may complete.
            loop {
                let Some(open) = self.open.pop() else { return Ok(value) };
                match self.place(open, value)? {
                    Some(closed) => value = closed,
                    None => break,
                }
            }
            token = self.reader.next();
        }
    }

    /// The value that a token is or begins; `None` if it opens a non-empty array or object.
    fn value(&mut self, token: &Token) -> Result<Option<Value>> {
        pace::work(VALUE_WORK)?;
        self.values += 1;
        if self.values.is_multiple_of(LOOK_VALUES) {
            memory::look_for(LOOK_VALUES * VALUE_BYTES)?;
        }
        Ok(Some(match token {
            Token::String => Value::String(memory::string(self.lua, &self.reader.string)?),
            Token::Number(number) => Value::Number(*number),
            Token::Boolean(boolean) => Value::Boolean(*boolean),
            Token::Null => Value::NULL,
            Token::ObjectBegin => {
                let table = self.descend()?;
                match self.reader.next() {
                    Token::ObjectEnd => Value::Table(table),
                    first => {
                        let key = self.key(&first)?;
                        self.open.push(Open::Object(table, key));
                        return Ok(None);
                    }
                }
            }
            Token::ArrayBegin => {
                let table = self.descend()?;
                if let Some(metatable) = &self.options.array_metatable {
                    table.set_metatable(Some(metatable.clone()))?;
                }
                let before = (self.reader.at, self.reader.token_at);
                if self.reader.next() == Token::ArrayEnd {
                    return Ok(Some(Value::Table(table)));
                }
                (self.reader.at, self.reader.token_at) = before;
                self.open.push(Open::Array(table, 0));
                return Ok(None);
            }
            other => return Err(self.unexpected("value", other)),
        }))
    }

    fn descend(&self) -> Result<Table> {
        let depth = self.open.len() + 1;
        if depth > self.options.decode_depth as usize || depth > DEPTH_MAX {
            let at = self.reader.at;
            let words = format!("Found too many nested data structures ({depth}) at character {at}");
            return Err(raise::text(self.lua, words));
        }
        self.lua.create_table()
    }

    fn key(&mut self, token: &Token) -> Result<LuaString> {
        if *token != Token::String {
            return Err(self.unexpected("object key string", token));
        }
        let key = memory::string(self.lua, &self.reader.string)?;
        match self.reader.next() {
            Token::Colon => Ok(key),
            other => Err(self.unexpected("colon", &other)),
        }
    }

    /// Adds a value to the open array or object; returns that if it is complete.
    fn place(&mut self, open: Open, value: Value) -> Result<Option<Value>> {
        match open {
            Open::Array(table, count) => {
                table.raw_seti(count + 1, value)?;
                match self.reader.next() {
                    Token::ArrayEnd => return Ok(Some(Value::Table(table))),
                    Token::Comma => self.open.push(Open::Array(table, count + 1)),
                    other => return Err(self.unexpected("comma or array end", &other)),
                }
            }
            Open::Object(table, key) => {
                table.raw_set(key, value)?;
                match self.reader.next() {
                    Token::ObjectEnd => return Ok(Some(Value::Table(table))),
                    Token::Comma => {
                        let token = self.reader.next();
                        let key = self.key(&token)?;
                        self.open.push(Open::Object(table, key));
                    }
                    other => return Err(self.unexpected("comma or object end", &other)),
                }
            }
        }
        Ok(None)
    }
}
