//! The format from outside: values (`values`), files as they are written (`file`), files as older servers wrote them
//! (`older`), damaged files (`damage`).

#![allow(missing_docs)]

mod damage;
mod file;
mod older;
mod sample;
mod sink;
mod values;
