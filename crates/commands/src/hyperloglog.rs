//! HyperLogLog: estimates of how many different elements were seen, as strings in Redis's own form.

use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Entry, Error, Event, Expire, Flags, Group, Key,
    KeySpec, Reply, Value, ValueRef,
};
use redstart_config::ids;
use redstart_encoding::hyperloglog::{self as hll, REGISTERS, Raised, Registers, Run};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[PFADD, PFCOUNT, PFMERGE, PFDEBUG, PFSELFTEST]);

const PFADD: Command = Command {
    name: "pfadd",
    handler: pfadd,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::HYPERLOGLOG,
    docs: Docs {
        summary: "Adds elements to a HyperLogLog, which is made where it is missing.",
        since: "2.8.9",
        group: Group::HyperLogLog,
        complexity: "O(1) to add every element.",
        args: &[Arg::key("key"), Arg::string("element").optional().multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

const NOT_ONE: Error = Error::text("WRONGTYPE Key is not a valid HyperLogLog string value.");
const CORRUPT: Error = Error::text("INVALIDOBJ Corrupted HLL object detected");

fn refused(error: hll::Error) -> Error {
    match error {
        hll::Error::NotOne => NOT_ONE,
        hll::Error::Corrupt => CORRUPT,
    }
}

/// The bytes of a value that is a HyperLogLog.
fn bytes_of<'v>(value: &ValueRef<'v>) -> Result<&'v [u8], Error> {
    match value {
        ValueRef::Bytes { bytes, .. } => hll::check(bytes).map(|()| *bytes).map_err(refused),
        ValueRef::Int(_) => Err(NOT_ONE),
        _ => Err(Error::WrongType),
    }
}

/// The bytes under a key, to be changed; their number stays.
fn edit(found: &mut Entry) -> Result<&mut [u8], Error> {
    let length = bytes_of(&found.value())?.len();
    Ok(found.edit_string(length))
}

/// The most bytes of a sparse one's runs.
fn sparse_limit(context: &Context<'_>) -> usize {
    usize::try_from(context.shared.config.get(ids::HLL_SPARSE_MAX_BYTES)).unwrap_or(usize::MAX)
}

fn pfadd(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (limit, key) = (sparse_limit(context), context.key(&args[1]));
    let mut updated = 0;
    if let Some(mut found) = context.find_mut(key) {
        let dense = |bytes: &&mut [u8]| hll::check(bytes).is_ok() && hll::is_dense(bytes);
        if let Some(bytes) = found.text_mut().filter(dense) {
            updated = args.iter_from(2).filter(|element| raise_dense(bytes, element)).count();
            if updated > 0 {
                hll::forget_cached(bytes);
            }
        } else {
            let mut bytes = bytes_of(&found.value())?.to_vec();
            for element in args.iter_from(2) {
                updated += usize::from(raise(&mut bytes, element, limit)?);
            }
            if updated > 0 {
                hll::forget_cached(&mut bytes);
                found.edit_string(bytes.len()).copy_from_slice(&bytes);
            }
        }
    } else {
        let mut bytes = hll::new();
        for element in args.iter_from(2) {
            updated += usize::from(raise(&mut bytes, element, limit)?);
        }
        hll::forget_cached(&mut bytes);
        context.insert(key, Value::Owned(bytes), None);
        if let Some(mut made) = context.peek_mut(key) {
            made.set_raw();
        }
        updated += 1;
    }
    if updated > 0 {
        context.commit(key, Change::new(Event::STRING, "pfadd").count(updated));
    }
    reply.int(i64::from(updated > 0));
    Ok(())
}

fn raise_dense(bytes: &mut [u8], element: &[u8]) -> bool {
    let (index, value) = hll::place_of(element);
    hll::raise_dense(bytes, index, value)
}

/// Adds an element to one that may become dense; says whether a register rose.
fn raise(bytes: &mut Vec<u8>, element: &[u8], limit: usize) -> Result<bool, Error> {
    let (index, value) = hll::place_of(element);
    if !hll::is_dense(bytes) {
        match hll::raise_sparse(bytes, index, value, limit).map_err(refused)? {
            Raised::No => return Ok(false),
            Raised::Yes => return Ok(true),
            Raised::TooMuch => *bytes = hll::to_dense(bytes).map_err(refused)?,
        }
    }
    Ok(hll::raise_dense(bytes, index, value))
}

const PFCOUNT: Command = Command {
    name: "pfcount",
    handler: pfcount,
    keys: &[KeySpec::from(1, 1, Access::RW.with(Access::ACCESS))
        .note("RW because it may change the internal representation of the key, and propagate to replicas")],
    // The count that is kept in the key is no data of its own.
    flags: Flags::READONLY.with(Flags::MAY_REPLICATE),
    docs: Docs {
        summary: "Estimates how many different elements were added to HyperLogLogs together.",
        complexity: "O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.",
        args: &[Arg::key("key").multiple()],
        ..PFADD.docs
    },
    ..PFADD
};

fn pfcount(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 2 {
        let mut registers = Box::new([0; REGISTERS]);
        for name in args.iter_from(1) {
            merge(context, context.key(name), &mut registers)?;
        }
        reply.int(hll::count_registers(&registers).cast_signed());
        return Ok(());
    }
    let key = context.key(&args[1]);
    let Some(mut found) = context.find_counted(key) else {
        reply.int(0);
        return Ok(());
    };
    let bytes = bytes_of(&found.value())?;
    if let Some(count) = hll::cached(bytes) {
        reply.int(count.cast_signed());
        return Ok(());
    }
    let count = hll::count(bytes).map_err(refused)?;
    hll::set_cached(edit(&mut found)?, count);
    drop(found);
    context.commit(key, Change::silent());
    reply.int(count.cast_signed());
    Ok(())
}

/// Raises registers to those under a key; says whether they are dense there, `None` where there is nothing.
fn merge(context: &mut Context<'_>, key: Key<'_>, registers: &mut Registers) -> Result<Option<bool>, Error> {
    let Some(found) = context.find(key) else { return Ok(None) };
    let value = found.value();
    let bytes = bytes_of(&value)?;
    hll::merge(registers, bytes).map_err(refused)?;
    Ok(Some(hll::is_dense(bytes)))
}

const PFMERGE: Command = Command {
    name: "pfmerge",
    handler: pfmerge,
    keys: &[
        KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::INSERT)),
        KeySpec::from(2, 1, Access::RO.with(Access::ACCESS)),
    ],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Merges HyperLogLogs into the first of the keys.",
        complexity: "O(N) to merge N HyperLogLogs, but with high constant times.",
        args: &[Arg::key("destkey"), Arg::key_of("sourcekey", 1).optional().multiple()],
        ..PFADD.docs
    },
    ..PFADD
};

fn pfmerge(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut registers = Box::new([0; REGISTERS]);
    let mut dense = false;
    for name in args.iter_from(1) {
        dense |= merge(context, context.key(name), &mut registers)?.unwrap_or(false);
    }
    let (limit, key) = (sparse_limit(context), context.key(&args[1]));
    let merged = if dense {
        let mut merged = hll::from_registers(&registers);
        if let Some(found) = context.peek(key) {
            hll::copy_cached(&mut merged, bytes_of(&found.value())?);
        }
        merged
    } else {
        sparse_with(context, key, &registers, limit)?
    };
    context.set(key, Value::Owned(merged), Expire::Keep);
    if let Some(mut made) = context.peek_mut(key) {
        made.set_raw();
    }
    context.commit(key, Change::new(Event::STRING, "pfadd"));
    reply.ok();
    Ok(())
}

/// The sparse one under a key, or a new one, with registers raised one by one, as Redis does: the runs are the same.
fn sparse_with(context: &mut Context<'_>, key: Key<'_>, registers: &Registers, limit: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = match context.peek(key) {
        Some(found) => bytes_of(&found.value())?.to_vec(),
        None => hll::new(),
    };
    for (index, &value) in registers.iter().enumerate().filter(|(_, value)| **value > 0) {
        if !hll::is_dense(&bytes) {
            let raised = hll::raise_sparse(&mut bytes, index, value, limit).map_err(refused)?;
            if raised != Raised::TooMuch {
                continue;
            }
            bytes = hll::to_dense(&bytes).map_err(refused)?;
        }
        hll::raise_dense(&mut bytes, index, value);
    }
    hll::forget_cached(&mut bytes);
    Ok(bytes)
}

const PFDEBUG: Command = Command {
    name: "pfdebug",
    handler: pfdebug,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(2, Access::RW.with(Access::ACCESS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::ADMIN),
    docs: Docs {
        summary: "Shows how a HyperLogLog is kept.",
        complexity: "N/A",
        args: &[Arg::string("subcommand"), Arg::key("key")],
        system: true,
        ..PFADD.docs
    },
    ..PFADD
};

fn pfdebug(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let name = &args[1];
    if is(name, "simd") {
        let on = is(&args[2], "on");
        if !on && !is(&args[2], "off") {
            return Err(Error::text("ERR Argument must be ON or OFF"));
        }
        hll::use_wide(on);
        reply.simple(if on { "enabled" } else { "disabled" });
        return Ok(());
    }
    let key = context.key(&args[2]);
    let Some(mut found) = context.find_mut(key) else {
        return Err(Error::text("ERR The specified key does not exist"));
    };
    let bytes = bytes_of(&found.value())?;
    let dense = hll::is_dense(bytes);
    let changes = if is(name, "getreg") {
        let mut registers = Box::new([0; REGISTERS]);
        hll::merge(&mut registers, bytes).map_err(refused)?;
        reply.array(REGISTERS);
        registers.iter().for_each(|&register| reply.int(i64::from(register)));
        make_dense(&mut found)?
    } else if is(name, "decode") {
        if dense {
            return Err(Error::text("ERR HLL encoding is not sparse"));
        }
        let mut text = Vec::new();
        hll::each_run(bytes, |run| text.push(show(run))).map_err(refused)?;
        reply.bulk(text.join(" ").as_bytes());
        false
    } else if is(name, "encoding") {
        reply.simple(if dense { "dense" } else { "sparse" });
        false
    } else if is(name, "todense") {
        let changed = make_dense(&mut found)?;
        reply.int(i64::from(changed));
        changed
    } else {
        let text = [b"ERR Unknown PFDEBUG subcommand '".as_slice(), crate::parse::until_nul(name), b"'"].concat();
        return Err(Error::Bytes(text));
    };
    drop(found);
    if changes {
        context.commit(key, Change::silent().beside());
    }
    Ok(())
}

fn show(run: Run) -> String {
    match run {
        Run::Zeros(length) => format!("z:{length}"),
        Run::FarZeros(length) => format!("Z:{length}"),
        Run::Values(value, length) => format!("v:{value},{length}"),
    }
}

/// Makes a sparse one dense; says whether it was sparse.
fn make_dense(found: &mut Entry) -> Result<bool, Error> {
    let value = found.value();
    let bytes = bytes_of(&value)?;
    if hll::is_dense(bytes) {
        return Ok(false);
    }
    let dense = hll::to_dense(bytes).map_err(refused)?;
    found.edit_string(dense.len()).copy_from_slice(&dense);
    Ok(true)
}

const PFSELFTEST: Command = Command {
    name: "pfselftest",
    handler: pfselftest,
    arity: Arity::Exactly(1),
    keys: &[],
    flags: Flags::ADMIN,
    docs: Docs {
        summary: "Checks that registers keep what is put there, and that estimates are near enough.",
        complexity: "N/A",
        args: &[],
        system: true,
        ..PFADD.docs
    },
    ..PFADD
};

/// Elements that the self-test adds; it looks at the estimate at each tenfold.
const TESTED: u64 = 1_000_000;

fn pfselftest(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let failed = |what: String| Err(Error::Text(format!("ERR TESTFAILED {what}").into()));
    let mut dense = hll::from_registers(&[0; REGISTERS]);
    let mut sparse = hll::new();
    let seed = context.stats.random();
    let mut next = 10;
    for number in 1..=TESTED {
        let element = (seed ^ number).to_le_bytes();
        raise_dense(&mut dense, &element);
        if number <= 1000 {
            raise(&mut sparse, &element, sparse_limit(context))?;
        }
        if number == next {
            next *= 10;
            let estimate = hll::count(&dense).map_err(refused)?;
            // Five times the standard error, and something for few elements.
            let most = (number as f64 * 0.0081 * 5.0).ceil() as u64 + 2;
            if estimate.abs_diff(number) > most {
                return failed(format!("Too big error. card:{number} est:{estimate}"));
            }
            if number == 1000 && hll::count(&sparse) != Ok(estimate) {
                return failed(format!("sparse and dense disagree at {number}"));
            }
        }
    }
    reply.ok();
    Ok(())
}
