//! The journal on a disk of its own, which can be full or refuse to sync.

use super::*;
use redstart_config::{Host, SetContext};
use std::io::IoSlice;

/// A disk that takes so many bytes, and what it holds.
#[derive(Debug, Default)]
struct Disk {
    room: usize,
    bytes: Vec<u8>,
    synced: usize,
    sync_fails: bool,
}

#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<Disk>>);

impl Storage for Shared {
    fn write(&mut self, parts: &mut [IoSlice<'_>]) -> Result<(), (io::Error, usize)> {
        let bytes: Vec<u8> = parts.iter().flat_map(|part| part.to_vec()).collect();
        let mut disk = self.0.lock();
        if disk.room < bytes.len() {
            return Err((io::ErrorKind::StorageFull.into(), 0));
        }
        disk.room -= bytes.len();
        disk.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<Sync> {
        let disk = Arc::clone(&self.0);
        Ok(Box::new(move || {
            let mut disk = disk.lock();
            if disk.sync_fails {
                return Err(io::Error::other("no"));
            }
            disk.synced = disk.bytes.len();
            Ok(())
        }))
    }
}

fn config(fsync: AppendFsync) -> Config {
    let config = Config::new(&Host { cores: 1, directory: "/".into() });
    let word: &[u8] = if fsync == AppendFsync::Always { b"always" } else { b"everysec" };
    assert!(config.set(&[(b"appendfsync", word)], SetContext::default(), |_, _| Ok(())).is_ok());
    config
}

fn del(journal: &Journal, config: &Config, key: &str) {
    let mut effects = Effects::begin();
    effects.push(0, [b"DEL".as_slice(), key.as_bytes()].into_iter());
    journal.append(config, &effects);
    effects.end();
}

const DEL: &str = "*2\r\n$3\r\nDEL\r\n$1\r\n";

#[test]
fn what_is_settled_is_written_and_with_always_on_the_disk() {
    for (fsync, on_disk) in [(AppendFsync::EverySecond, false), (AppendFsync::Always, true)] {
        let (journal, config, disk) = (Journal::default(), config(fsync), Shared::default());
        disk.0.lock().room = 1000;
        assert!(journal.begin(Box::new(disk.clone())).is_ok_and(|old| old.is_none()));
        del(&journal, &config, "a");
        assert!(!journal.is_settled(&config));
        assert!(journal.settle(&config).is_none() && journal.is_settled(&config));
        let disk = disk.0.lock();
        let expected = format!("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n{DEL}a\r\n");
        assert_eq!(String::from_utf8_lossy(&disk.bytes), expected);
        assert_eq!(disk.synced == disk.bytes.len(), on_disk);
    }
}

#[test]
fn what_was_rescued_is_there_once() {
    let (journal, config, disk) = (Journal::default(), config(AppendFsync::EverySecond), Shared::default());
    disk.0.lock().room = 1000;
    assert!(journal.begin(Box::new(disk.clone())).is_ok());
    del(&journal, &config, "a");
    assert!(journal.rescue(&config));
    let synced = |disk: &Disk| disk.synced == disk.bytes.len();
    assert!(synced(&disk.0.lock()));
    // Another thread goes on while the report is written.
    del(&journal, &config, "b");
    assert!(journal.settle(&config).is_none());
    let bytes = String::from_utf8_lossy(&disk.0.lock().bytes).into_owned();
    assert!(bytes.ends_with(&format!("{DEL}a\r\n{DEL}b\r\n")) && bytes.matches("DEL").count() == 2, "{bytes}");
}

#[test]
fn a_full_disk_stops_writes_until_there_is_room() {
    let (journal, config, disk) = (Journal::default(), config(AppendFsync::EverySecond), Shared::default());
    assert!(journal.begin(Box::new(disk.clone())).is_ok());
    del(&journal, &config, "a");
    assert!(matches!(journal.settle(&config), Some(Trouble::Retried(Some(_)))));
    assert!(matches!(journal.settle(&config), Some(Trouble::Retried(None))), "the log is told now and then");
    assert!(!journal.is_well() && journal.failure().is_some());
    del(&journal, &config, "b");
    disk.0.lock().room = 1000;
    assert!(matches!(journal.settle(&config), Some(Trouble::Over)));
    assert!(journal.is_well() && journal.failure().is_none());
    let bytes = String::from_utf8_lossy(&disk.0.lock().bytes).into_owned();
    assert!(bytes.ends_with(&format!("{DEL}a\r\n{DEL}b\r\n")), "nothing is lost or twice: {bytes}");
}

#[test]
fn with_always_nothing_is_promised_that_cannot_be_kept() {
    let (journal, config, disk) = (Journal::default(), config(AppendFsync::Always), Shared::default());
    assert!(journal.begin(Box::new(disk.clone())).is_ok());
    del(&journal, &config, "a");
    assert!(matches!(journal.settle(&config), Some(Trouble::Fatal(_))), "it cannot be written");
    (disk.0.lock().room, disk.0.lock().sync_fails) = (1000, true);
    assert!(matches!(journal.settle(&config), Some(Trouble::Fatal(_))), "it cannot be synced");
    assert!(!journal.is_settled(&config));
}

#[test]
fn another_file_begins_with_its_database_and_the_old_one_is_synced_first() {
    let (journal, config) = (Journal::default(), config(AppendFsync::EverySecond));
    let [first, second] = [Shared::default(), Shared::default()];
    for disk in [&first, &second] {
        disk.0.lock().room = 1000;
    }
    assert!(journal.begin(Box::new(first.clone())).is_ok());
    del(&journal, &config, "a");
    assert!(journal.begin(Box::new(second.clone())).is_ok_and(|old| old.is_some()));
    del(&journal, &config, "b");
    assert!(journal.settle(&config).is_none() && journal.sync().is_none());
    let (first, second) = (first.0.lock(), second.0.lock());
    assert!(first.synced == first.bytes.len() && String::from_utf8_lossy(&first.bytes).ends_with("a\r\n"));
    assert!(String::from_utf8_lossy(&second.bytes).starts_with("*2\r\n$6\r\nSELECT"));
    assert_eq!(journal.durable(), journal.appended());
}

#[test]
fn what_only_replicas_get_is_neither_written_nor_synced() {
    let (journal, config, disk) = (Journal::default(), config(AppendFsync::Always), Shared::default());
    disk.0.lock().room = 1000;
    assert!(journal.begin(Box::new(disk.clone())).is_ok());
    del(&journal, &config, "a");
    assert!(journal.settle(&config).is_none());
    let written = disk.0.lock().bytes.len();
    disk.0.lock().sync_fails = true;
    let mut unit = journal.log.begin_unit();
    unit.aside(crate::log::Audience::REPLICAS, b"*1\r\n$4\r\nPING\r\n");
    unit.finish();
    assert!(!journal.is_settled(&config));
    assert!(journal.settle(&config).is_none() && journal.is_settled(&config), "no sync was called");
    assert_eq!(disk.0.lock().bytes.len(), written);
}
