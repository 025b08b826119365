//! The families of commands that streams are made of; a new one is its file and its name here.

mod bitmaps;
mod geo;
mod hashes;
mod hyperloglogs;
mod keys;
mod lists;
mod sets;
mod sorted_sets;
mod streams;
mod strings;
mod transactions;
mod users;

use super::Family;

/// All of them.
pub const FAMILIES: &[Family] = &[
    bitmaps::FAMILY,
    geo::FAMILY,
    strings::FAMILY,
    keys::FAMILY,
    hashes::FAMILY,
    hyperloglogs::FAMILY,
    lists::FAMILY,
    sets::FAMILY,
    sorted_sets::FAMILY,
    streams::FAMILY,
    transactions::FAMILY,
    users::FAMILY,
];
