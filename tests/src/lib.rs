//! Black-box harnesses that drive a running server binary.
#![forbid(unsafe_code)]
