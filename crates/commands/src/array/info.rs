//! ARINFO.

use super::{DOCS, READING, array_of};
use crate::parse::is;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Reply};
use redstart_encoding::Array;
use redstart_encoding::array::Layout;
use redstart_encoding::float::F64Text;

/// ARINFO. Its slices are the pages of this server's arrays; the map over them has one entry for each (`directory-size`)
/// and no map above it (`super-dir-entries`).
pub(super) const ARINFO: Command = Command {
    name: "arinfo",
    handler: arinfo,
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Tells of an array's size and how it is kept.",
        complexity: "O(1), or O(N) with FULL option where N is the number of slices.",
        args: &[Arg::key("key"), Arg::flag("full", "FULL").optional()],
        ..DOCS
    },
    ..READING
};

fn arinfo(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let full = match args.len() {
        2 => false,
        3 if is(&args[2], "full") => true,
        _ => return Err(Error::Syntax),
    };
    let key = context.key(&args[1]);
    let found = context.find(key).ok_or(Error::NoSuchKey)?;
    let array = array_of(&found)?;
    reply.map(if full { 12 } else { 7 });
    let pages = array.page_count() as u64;
    for (name, number) in [
        ("count", array.len() as u64),
        ("len", array.span()),
        ("next-insert-index", array.next_index().unwrap_or(0)),
        ("slices", pages),
        ("directory-size", pages),
        ("super-dir-entries", 0),
        ("slice-size", Array::page_size()),
    ] {
        reply.bulk(name.as_bytes());
        reply.unsigned(number);
    }
    if full {
        write_layout(reply, &array.layout());
    }
    Ok(())
}

fn write_layout(reply: &mut Reply<'_>, layout: &Layout) {
    for (name, count) in [("dense-slices", layout.dense), ("sparse-slices", layout.sparse)] {
        reply.bulk(name.as_bytes());
        reply.count(count);
    }
    for (name, sum, count) in [
        ("avg-dense-size", layout.dense_cells, layout.dense),
        ("avg-dense-fill", layout.dense_set, layout.dense_cells),
        ("avg-sparse-size", layout.sparse_cells, layout.sparse),
    ] {
        reply.bulk(name.as_bytes());
        let mean = if count == 0 { 0.0 } else { sum as f64 / count as f64 };
        reply.double(F64Text::new(mean).as_bytes());
    }
}
