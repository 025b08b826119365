//! Plays every transcript of `tests/transcripts` against the binary under test, in RESP2 and RESP3.
//!
//!   `REDSTART_BIN=...`                 another server, for example the real Redis that the transcripts describe
//!   `REDSTART_TRANSCRIPTS=strings/`    only files whose path contains this
//!   `REDSTART_TRANSCRIPT_RECORD=1`     first complete commands that have no expectation (see `transcript`)

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use redstart_tests::server::{binary, root};
use redstart_tests::transcript::{record::record_file, run_file};

/// Files are mostly waiting for a server, so a few run at a time even on one core.
const AT_ONCE: usize = 4;

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of transcripts is readable") {
        let path = entry.expect("its entries are readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "t") {
            files.push(path);
        }
    }
}

fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&root().join("tests/transcripts"), &mut files);
    if let Ok(part) = std::env::var("REDSTART_TRANSCRIPTS") {
        files.retain(|file| file.to_string_lossy().contains(&part));
    }
    files.sort();
    files
}

#[test]
fn every_transcript_is_as_written() {
    let files = files();
    assert!(!files.is_empty(), "no transcript to play");
    let recording = std::env::var_os("REDSTART_TRANSCRIPT_RECORD").is_some();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if recording {
                        let written =
                            record_file(file, binary()).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
                        println!("{}: {written} lines recorded", file.display());
                    }
                    let found = run_file(file, binary());
                    failures.lock().unwrap().extend(found);
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort_by_key(|failure| (failure.file.clone(), failure.line));
    let list: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} differences in {} files:\n{}", list.len(), files.len(), list.join("\n"));
    println!("{} files as written", files.len());
}
