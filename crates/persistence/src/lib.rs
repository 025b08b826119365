//! Data as bytes that others read: RDB files and the values in them, the payloads of DUMP and RESTORE. No keyspace, no
//! commands, no I/O.
//!
//! Start reading at [`rdb`].
#![forbid(unsafe_code)]

pub mod checksum;
pub mod libraries;
pub mod payload;
pub mod rdb;
