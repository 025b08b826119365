//! The shape of COMMAND INFO: ten elements for a command, nested for its subcommands.

use redstart_command::{Begin, Find, Flags, KeySpec, Registered, Registry, Reply};

/// Writes one command.
pub(super) fn write(registry: &Registry, command: &Registered, reply: &mut Reply<'_>) {
    let spec = command.command;
    let range = Range::of(spec.keys);
    reply.array(10);
    reply.bulk(command.full_name.as_bytes());
    reply.int(spec.arity.as_int());
    let flags = if range.movable { spec.flags.with(Flags::MOVABLE_KEYS) } else { spec.flags };
    write_names(flags.names(), reply);
    for number in [range.first, range.last, range.step] {
        reply.int(number);
    }
    let categories: Vec<String> = command.acl.names().map(|name| format!("@{name}")).collect();
    write_names(categories.iter().map(String::as_str), reply);
    reply.set(spec.tips.len());
    for tip in spec.tips {
        reply.bulk(tip.as_bytes());
    }
    reply.set(spec.keys.len());
    for key in spec.keys {
        write_key_spec(key, reply);
    }
    if command.subcommands.is_empty() {
        return reply.set(0);
    }
    reply.array(command.subcommands.len());
    for subcommand in command.subcommands.iter().filter_map(|&id| registry.get(id)) {
        write(registry, subcommand, reply);
    }
}

/// Writes names as a set of simple strings.
pub(super) fn write_names<'a>(names: impl Iterator<Item = &'a str>, reply: &mut Reply<'_>) {
    let names: Vec<&str> = names.collect();
    reply.set(names.len());
    for name in names {
        reply.simple(name);
    }
}

/// First key, last key and step, as clients that know no key specs are told; all 0 where there is nothing to tell.
#[derive(Debug, Default, PartialEq, Eq)]
struct Range {
    first: i64,
    last: i64,
    step: i64,
    /// The three numbers do not say it all.
    movable: bool,
}

impl Range {
    fn of(specs: &[KeySpec]) -> Self {
        use redstart_command::Access;
        if let [KeySpec { begin: Begin::Index(first), find: Find::Range { last, step, .. }, access, .. }] = specs {
            let first = *first as i64;
            let last = if *last >= 0 { first + last } else { *last };
            return Self { first, last, step: *step as i64, movable: access.has(Access::INCOMPLETE) };
        }
        let mut range = Self::default();
        for spec in specs {
            range.movable |= spec.access.has(Access::INCOMPLETE);
            match (spec.begin, spec.find) {
                (Begin::Index(first), Find::Range { last, step: 1, .. }) if range.joins(first as i64) => {
                    range.take(first as i64, last);
                }
                _ => range.movable = true,
            }
        }
        range
    }

    /// Whether keys from `first` on follow those that are known already.
    fn joins(&self, first: i64) -> bool {
        self.last == 0 || self.last == first - 1
    }

    fn take(&mut self, first: i64, last: i64) {
        self.first = if self.first == 0 { first } else { self.first.min(first) };
        let last = if last >= 0 { first + last } else { last };
        // A last key counted from the end is behind any other.
        self.last = if self.last < 0 || last < 0 { self.last.min(last) } else { self.last.max(last) };
        self.step = 1;
    }
}

fn write_key_spec(spec: &KeySpec, reply: &mut Reply<'_>) {
    reply.map(3 + usize::from(spec.notes.is_some()));
    if let Some(notes) = spec.notes {
        reply.bulk(b"notes");
        reply.bulk(notes.as_bytes());
    }
    reply.bulk(b"flags");
    write_names(spec.access.names(), reply);
    reply.bulk(b"begin_search");
    match spec.begin {
        Begin::Index(index) => write_spec("index", &[("index", index as i64)], reply),
        Begin::Unknown => write_spec("unknown", &[], reply),
        Begin::Keyword { keyword, from } => {
            write_type("keyword", 2, reply);
            reply.bulk(b"keyword");
            reply.bulk(keyword.as_bytes());
            write_number("startfrom", from, reply);
        }
    }
    reply.bulk(b"find_keys");
    match spec.find {
        Find::Unknown => write_spec("unknown", &[], reply),
        Find::Range { last, step, limit } => {
            write_spec("range", &[("lastkey", last), ("keystep", step as i64), ("limit", limit as i64)], reply);
        }
        Find::KeyNum { number_at, first, step } => {
            let numbers = [("keynumidx", number_at as i64), ("firstkey", first as i64), ("keystep", step as i64)];
            write_spec("keynum", &numbers, reply);
        }
    }
}

fn write_spec(kind: &str, numbers: &[(&str, i64)], reply: &mut Reply<'_>) {
    write_type(kind, numbers.len(), reply);
    for &(name, number) in numbers {
        write_number(name, number, reply);
    }
}

fn write_type(kind: &str, fields: usize, reply: &mut Reply<'_>) {
    reply.map(2);
    reply.bulk(b"type");
    reply.bulk(kind.as_bytes());
    reply.bulk(b"spec");
    reply.map(fields);
}

fn write_number(name: &str, number: i64, reply: &mut Reply<'_>) {
    reply.bulk(name.as_bytes());
    reply.int(number);
}

#[cfg(test)]
mod tests {
    use super::*;
    use redstart_command::Access;

    fn check(specs: &[KeySpec], first: i64, last: i64, step: i64, movable: bool) {
        assert_eq!(Range::of(specs), Range { first, last, step, movable });
    }

    #[test]
    fn ranges_are_told_as_far_as_three_numbers_can() {
        let at = |index| KeySpec::at(index, Access::RO);
        check(&[], 0, 0, 0, false);
        check(&[at(1)], 1, 1, 1, false);
        check(&[KeySpec::from(1, 2, Access::RO)], 1, -1, 2, false);
        check(&[at(1), at(2)], 1, 2, 1, false);
        check(&[at(1), KeySpec::from(2, 1, Access::RO)], 1, -1, 1, false);
        check(&[at(1), KeySpec::counted(2, 1, Access::RO)], 1, 1, 1, true);
        check(&[KeySpec::counted(1, 1, Access::RO)], 0, 0, 0, true);
    }
}
