//! MEMORY DOCTOR: what is unusual about the memory in use, in words.

use super::figures::{Figures, difference, ratio};
use std::fmt::Write;

const MIB: usize = 1 << 20;

/// With less in use nothing can be said.
const LITTLE: usize = 5 * MIB;
/// Differences below this are of no interest.
const SMALL: i64 = 10 * MIB as i64;

/// Says what is unusual, and what it may come from.
pub(super) fn advice(figures: &Figures, clients: usize) -> String {
    if figures.used < LITTLE {
        return "There is hardly any data, so that nothing can be said about its memory.\n".to_owned();
    }
    let found = findings(figures, clients);
    if found.is_empty() {
        return "Nothing is unusual about the memory in use.\n".to_owned();
    }
    let mut text = String::from("This is unusual about the memory in use:\n\n");
    for line in found {
        let _ = writeln!(text, "- {line}");
    }
    text
}

fn findings(figures: &Figures, clients: usize) -> Vec<String> {
    let Figures { used, peak, resident, allocator, .. } = *figures;
    let mut found = Vec::new();
    if ratio(peak, used) > 1.5 {
        found.push(format!(
            "The peak was {:.1} times of what is in use now. What was given up then may still be kept by the \
             allocator, which shows as fragmentation; MEMORY PURGE gives it back.",
            ratio(peak, used)
        ));
    }
    let mut wide = |what: &str, (large, small): (usize, usize), bound: f64, why: &str| {
        if ratio(large, small) > bound && difference(large, small) > SMALL {
            found.push(format!("{what} is {:.1}, more than {bound}. {why}", ratio(large, small)));
        }
    };
    wide("Memory of the process by memory in use", (resident, used), 1.4, "The lines below may say where it is.");
    wide(
        "The allocator's fragmentation",
        (allocator.active, allocator.allocated),
        1.1,
        "Pages are partly empty: many values of other sizes came and went. It goes as new values fill the holes.",
    );
    wide(
        "What the allocator keeps, by what it uses",
        (allocator.resident, allocator.active),
        1.1,
        "Pages that were given up are not back with the kernel yet; MEMORY PURGE sees to that.",
    );
    wide(
        "Memory of the process by the allocator's",
        (resident, allocator.resident),
        1.1,
        "Something in the process takes memory past the allocator.",
    );
    if clients > 0 && figures.clients / clients > 200 * 1024 {
        found.push(format!(
            "Clients take {} KiB each. Some read their answers slowly, or send commands in small pieces; CLIENT LIST \
             shows omem and qbuf, and maxmemory-clients bounds them.",
            figures.clients / clients / 1024
        ));
    }
    found
}
