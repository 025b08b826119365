//! FUNCTION LIST and FUNCTION STATS: the libraries, and the running function.

use super::BASE;
use redstart_command::scripts::{Library, ScriptFlags};
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Reply};
use redstart_encoding::glob;
use redstart_sys::clock::{Ticks, ticks_per_us};
use std::sync::Arc;

pub(super) const LIST: Command = Command {
    name: "list",
    handler: list,
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Tells of all libraries.",
        complexity: "O(N) where N is the number of functions",
        args: &[
            Arg::string("library-name-pattern").token("LIBRARYNAME").optional(),
            Arg::flag("withcode", "WITHCODE").optional(),
        ],
        ..BASE.docs
    },
    tips: &["nondeterministic_output_order"],
    ..BASE
};

fn list(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (mut code, mut pattern, mut words) = (false, None, args.iter_from(2));
    while let Some(word) = words.next() {
        if !code && word.eq_ignore_ascii_case(b"withcode") {
            code = true;
        } else if pattern.is_none() && word.eq_ignore_ascii_case(b"libraryname") {
            pattern = Some(words.next().ok_or(Error::text("ERR library name argument was not given"))?);
        } else {
            return Err(Error::Bytes([b"ERR Unknown argument ", word].concat()));
        }
    }
    let libraries = context.shared.scripts.libraries();
    let wanted =
        |library: &&Arc<Library>| pattern.is_none_or(|pattern| glob::matches_ignore_case(pattern, &library.name));
    let wanted: Vec<_> = libraries.iter().filter(wanted).collect();
    reply.array(wanted.len());
    wanted.into_iter().for_each(|library| write(reply, library, code));
    Ok(())
}

fn write(reply: &mut Reply<'_>, library: &Library, code: bool) {
    reply.map(if code { 4 } else { 3 });
    reply.bulk(b"library_name");
    reply.bulk(&library.name);
    reply.bulk(b"engine");
    reply.bulk(b"LUA");
    reply.bulk(b"functions");
    reply.array(library.functions.len());
    for function in &library.functions {
        reply.map(3);
        reply.bulk(b"name");
        reply.bulk(&function.name);
        reply.bulk(b"description");
        match &function.description {
            Some(text) => reply.bulk(text),
            None => reply.null(),
        }
        reply.bulk(b"flags");
        let flags = || ScriptFlags::NAMES.into_iter().filter(|(_, flag)| function.flags.has(*flag));
        reply.set(flags().count());
        flags().for_each(|(name, _)| reply.simple(name));
    }
    if code {
        reply.bulk(b"library_code");
        reply.bulk(&library.code);
    }
}

pub(super) const STATS: Command = Command {
    name: "stats",
    handler: stats,
    arity: Arity::Exactly(2),
    flags: Flags::NO_SCRIPT.with(Flags::ALLOW_BUSY),
    docs: Docs { summary: "Tells of the function that runs, and of the engines that run functions.", ..BASE.docs },
    tips: &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
    ..BASE
};

fn stats(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let scripts = &context.shared.scripts;
    let running = scripts.running();
    if running.as_ref().is_some_and(|running| !running.function) {
        return Err(scripts.busy_error());
    }
    reply.map(2);
    reply.bulk(b"running_script");
    match running {
        None => reply.null(),
        Some(running) => {
            reply.map(3);
            reply.bulk(b"name");
            reply.bulk(&running.name);
            reply.bulk(b"command");
            reply.array(running.command.len());
            running.command.iter().for_each(|word| reply.bulk(word));
            reply.bulk(b"duration_ms");
            let ms = Ticks::now().since(running.started) as f64 / ticks_per_us() / 1000.0;
            reply.int(ms as i64);
        }
    }
    let libraries = scripts.libraries();
    reply.bulk(b"engines");
    reply.map(1);
    reply.bulk(b"LUA");
    reply.map(2);
    reply.bulk(b"libraries_count");
    reply.count(libraries.iter().len());
    reply.bulk(b"functions_count");
    reply.count(libraries.function_count());
    Ok(())
}
