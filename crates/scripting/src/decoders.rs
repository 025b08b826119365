//! The decoders of the script libraries without a script: the target of fuzzing.

use crate::library;
use mlua::{Function, Lua, LuaOptions, MultiValue, Result, StdLib, Table, Value};

/// An interpreter with only `cjson`, `cmsgpack` and `struct`.
#[derive(Debug)]
pub struct Decoders {
    lua: Lua,
    cjson: Table,
    cmsgpack: Table,
    packing: Table,
}

impl Decoders {
    /// Creates an instance for any number of inputs.
    ///
    /// # Errors
    /// There is no memory.
    pub fn new() -> Result<Self> {
        let lua = Lua::new_with(StdLib::NONE, LuaOptions::default())?;
        let (cjson, cmsgpack, packing) = (library::cjson(&lua)?, library::cmsgpack(&lua)?, library::packing(&lua)?);
        Ok(Self { lua, cjson, cmsgpack, packing })
    }

    fn call(&self, library: &Table, name: &str, args: Vec<Value>) -> Result<MultiValue> {
        library.raw_get::<Function>(name)?.call(MultiValue::from_vec(args))
    }

    fn string(&self, bytes: &[u8]) -> Result<Value> {
        self.lua.create_string(bytes).map(Value::String)
    }

    /// Decodes JSON, encodes the value, and repeats both with the result; returns the two encodings.
    ///
    /// # Errors
    /// The input is not JSON.
    pub fn json(&self, input: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        let first = self.rewritten(&self.cjson, "decode", "encode", input)?;
        let again = self.rewritten(&self.cjson, "decode", "encode", &first)?;
        Ok((first, again))
    }

    /// Decodes MessagePack, and encodes the value again.
    ///
    /// # Errors
    /// The input is not MessagePack.
    pub fn message_pack(&self, input: &[u8]) -> Result<Vec<u8>> {
        self.rewritten(&self.cmsgpack, "unpack", "pack", input)
    }

    fn rewritten(&self, library: &Table, read: &str, write: &str, input: &[u8]) -> Result<Vec<u8>> {
        let values = self.call(library, read, vec![self.string(input)?])?;
        let written = self.call(library, write, values.into_vec())?;
        Ok(written.front().and_then(Value::as_string).map(|text| text.as_bytes().to_vec()).unwrap_or_default())
    }

    /// Unpacks bytes with a format of `struct`; returns the number of values.
    ///
    /// # Errors
    /// The bytes do not match the format.
    pub fn unpack(&self, format: &[u8], bytes: &[u8]) -> Result<usize> {
        let args = vec![self.string(format)?, self.string(bytes)?];
        self.call(&self.packing, "unpack", args).map(|values| values.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_input_is_refused_and_not_believed() {
        let decoders = Decoders::new().unwrap();
        for deep in [b"[".as_slice(), b"{\"a\":"] {
            assert!(decoders.json(&deep.repeat(100_000)).is_err());
        }
        // Arrays and maps that claim four billion elements, and nests of them.
        for claim in [b"\xdd\xff\xff\xff\xff".as_slice(), b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff"] {
            assert!(decoders.message_pack(claim).is_err());
            assert!(decoders.message_pack(&claim.repeat(10_000)).is_err());
        }
        assert!(decoders.message_pack(&b"\x91".repeat(100_000)).is_err());
        assert!(decoders.message_pack(&b"\x01".repeat(100_000)).is_err());
        assert!(decoders.unpack(&b"b".repeat(100_000), &[0; 100_000]).is_err());
        assert!(decoders.unpack(b"c2147483647c2147483647", b"abc").is_err());
        assert!(decoders.unpack(b"!1073741824 b i4", b"abc").is_err());
    }

    #[test]
    fn what_is_read_is_written_alike() {
        let decoders = Decoders::new().unwrap();
        let json = decoders.json(br#"[1,{"a":[true,null,"x\u0001"]},-1.5e+30]"#).unwrap();
        assert_eq!(json.0, json.1);
        assert_eq!(decoders.message_pack(b"\x93\x01\xa1a\xc3").unwrap(), b"\x93\x01\xa1a\xc3");
    }
}
