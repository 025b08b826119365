//! BITOP.

use super::with_bytes;
use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, KeySpec, Reply,
    Value, ValueRef,
};
use redstart_encoding::bits::{self, Combine};
use redstart_encoding::int::IntText;

/// BITOP.
pub(super) const BITOP: Command = Command {
    name: "bitop",
    handler: bitop,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(2, Access::OW.with(Access::UPDATE)), KeySpec::from(3, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::BITMAP,
    docs: Docs {
        summary: "Combines strings bit by bit and stores the result.",
        since: "2.6.0",
        group: Group::Bitmap,
        complexity: "O(N)",
        args: &[
            Arg::one_of(
                "operation",
                &[
                    Arg::flag("and", "AND"),
                    Arg::flag("or", "OR"),
                    Arg::flag("xor", "XOR"),
                    Arg::flag("not", "NOT"),
                    Arg::flag("diff", "DIFF"),
                    Arg::flag("diff1", "DIFF1"),
                    Arg::flag("andor", "ANDOR"),
                    Arg::flag("one", "ONE"),
                ],
            ),
            Arg::key("destkey"),
            Arg::key_of("key", 1).multiple(),
        ],
        history: &[("8.2.0", "Added the `DIFF`, `DIFF1`, `ANDOR` and `ONE` operations.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

const OPERATIONS: [(&str, Combine); 8] = [
    ("and", Combine::And),
    ("or", Combine::Or),
    ("xor", Combine::Xor),
    ("not", Combine::Not),
    ("diff", Combine::Diff),
    ("diff1", Combine::Diff1),
    ("andor", Combine::AndOr),
    ("one", Combine::One),
];

fn bitop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let operation = OPERATIONS.iter().find(|(name, _)| is(&args[1], name));
    let &(name, operation) = operation.ok_or(Error::Syntax)?;
    let sources = args.len() - 3;
    match operation {
        Combine::Not if sources != 1 => {
            return Err(Error::text("ERR BITOP NOT must be called with a single source key."));
        }
        Combine::Diff | Combine::Diff1 | Combine::AndOr if sources < 2 => {
            let name = name.to_ascii_uppercase();
            return Err(Error::Text(format!("ERR BITOP {name} must be called with at least two source keys.").into()));
        }
        _ => {}
    }
    let result = combined(operation, context, args)?;
    let destination = context.key(&args[2]);
    let length = result.len();
    if length > 0 {
        context.set(destination, Value::Owned(result), Expire::Never);
        if let Some(mut made) = context.peek_mut(destination) {
            made.set_raw();
        }
        context.commit(destination, Change::new(Event::STRING, "set"));
    } else if context.delete(destination) {
        context.commit(destination, Change::deleted());
    }
    reply.count(length);
    Ok(())
}

fn combined(operation: Combine, context: &mut Context<'_>, args: &Args<'_>) -> Result<Vec<u8>, Error> {
    let keyspace = &context.shared.keyspace;
    let keys = (3..args.len()).map(|at| keyspace.key(&args[at]));
    let entries = context.find_all(keys, |value| with_bytes(&value, |_| ()))?;
    let digits: Vec<Option<IntText>> = entries
        .iter()
        .map(|entry| match entry.as_ref().map(|entry| entry.value()) {
            Some(ValueRef::Int(number)) => Some(IntText::new(number)),
            _ => None,
        })
        .collect();
    let sources: Vec<&[u8]> = entries
        .iter()
        .zip(&digits)
        .map(|(entry, digits)| match (entry.as_ref().map(|entry| entry.value()), digits) {
            (Some(ValueRef::Bytes { bytes, .. }), _) => bytes,
            (_, Some(digits)) => digits.as_bytes(),
            _ => &[],
        })
        .collect();
    Ok(bits::combine(operation, &sources))
}
