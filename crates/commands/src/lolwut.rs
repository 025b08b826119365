//! LOLWUT: a picture, and the version. Redis's versions have pictures of their own, and so has this one: redstarts on
//! wires for 5, and hills for 6 and whatever comes.

use crate::parse::{int, is};
use crate::version::{REDIS_VERSION, REDSTART_VERSION};
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[LOLWUT]);

const LOLWUT: Command = Command {
    name: "lolwut",
    handler: lolwut,
    arity: Arity::AtLeast(1),
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs {
        summary: "Draws something, and names the version.",
        since: "5.0.0",
        group: Group::Server,
        args: &[Arg::int("version").token("VERSION").optional()],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// The largest picture, as Redis bounds it.
const WIDEST: i64 = 1000;
const HIGHEST: i64 = 200;

fn lolwut(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut version = None;
    let mut at = 1;
    if args.len() >= 3 && is(&args[1], "version") {
        version = Some(int(&args[2])?);
        at = 3;
    }
    let mut number = |default: i64, most: i64| -> Result<usize, Error> {
        let given = args.get(at).map(int).transpose()?.unwrap_or(default);
        at += 1;
        Ok(given.clamp(1, most) as usize)
    };
    let random = || context.stats.random();
    let mut text = match version {
        Some(..6) => wires(number(56, WIDEST)?, number(4, HIGHEST)?, random),
        _ => hills(number(64, WIDEST)?, number(12, HIGHEST)?, random),
    };
    text.push_str(&format!("\nRedstart {REDSTART_VERSION} sings, with the words of\nRedis ver. {REDIS_VERSION}\n"));
    reply.verbatim("txt", text.as_bytes());
    Ok(())
}

/// Redstarts on telegraph wires; no two flocks are alike.
fn wires(width: usize, wires: usize, mut random: impl FnMut() -> u64) -> String {
    const BIRDS: [&str; 4] = ["(o>", "<o)", "(o<", ">o)"];
    let mut text = String::new();
    for _ in 0..wires {
        let (mut above, mut wire) = (vec![b' '; width], vec![b'-'; width]);
        let mut at = (random() % 9) as usize;
        while at + 3 < width {
            let bird = BIRDS[(random() % BIRDS.len() as u64) as usize];
            above[at..at + 3].copy_from_slice(bird.as_bytes());
            wire[at + 1] = b'V';
            at += 4 + (random() % 12) as usize;
        }
        for line in [above, wire] {
            text.push_str(String::from_utf8_lossy(&line).trim_end());
            text.push('\n');
        }
    }
    text
}

/// Hills behind hills, with a bird above them.
fn hills(width: usize, height: usize, mut random: impl FnMut() -> u64) -> String {
    const RANGES: [u8; 3] = [b'.', b':', b'^'];
    let mut picture = vec![vec![b' '; width]; height];
    let mut unit = || (random() >> 11) as f64 / (1_u64 << 53) as f64;
    for (range, sign) in RANGES.into_iter().enumerate() {
        let waves: Vec<(f64, f64)> =
            (1..4).map(|wave| (unit() * 6.3, 2.0 * f64::from(wave) / width as f64 * (1.0 + unit()))).collect();
        for column in 0..width {
            let wave = waves.iter().map(|(phase, step)| (phase + step * 3.0 * column as f64).sin()).sum::<f64>() / 3.0;
            // The ranges in front are lower.
            let top = (0.45 + 0.25 * wave) * (RANGES.len() - range) as f64 / RANGES.len() as f64 * height as f64;
            for row in picture.iter_mut().rev().take(top as usize + usize::from(range + 1 == RANGES.len())) {
                row[column] = sign;
            }
        }
    }
    let (bird, at) = (b"\\o/", (unit() * width.saturating_sub(4) as f64) as usize);
    if let Some(place) = picture[0].get_mut(at..at + bird.len()) {
        place.copy_from_slice(bird);
    }
    let lines = picture.iter().map(|line| String::from_utf8_lossy(line).trim_end().to_owned() + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::{hills, wires};

    #[test]
    fn pictures_have_the_size_asked_for() {
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
            seed
        };
        for (width, height) in [(1, 1), (3, 2), (64, 12), (1000, 200)] {
            for (picture, lines) in
                [(wires(width, height, &mut random), 2 * height), (hills(width, height, &mut random), height)]
            {
                assert_eq!(picture.lines().count(), lines);
                assert!(picture.lines().all(|line| line.len() <= width));
            }
        }
    }
}
