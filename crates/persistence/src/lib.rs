//! Data as bytes that others read: values as RDB files hold them, and the payloads of DUMP and RESTORE. No keyspace, no
//! commands, no I/O.
//!
//! Start reading at [`rdb`].
#![forbid(unsafe_code)]

pub mod checksum;
pub mod libraries;
pub mod payload;
pub mod rdb;
