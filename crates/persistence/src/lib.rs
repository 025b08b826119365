//! Data as bytes that others read: RDB files and the values in them, the payloads of DUMP and RESTORE, the files of the
//! append-only file. No keyspace, no commands, no configuration.
//!
//! Start reading at [`rdb`] or [`aof`].
#![forbid(unsafe_code)]

pub mod aof;
pub mod checksum;
pub mod libraries;
pub mod payload;
pub mod rdb;
