//! The server: a Redis-compatible in-memory data-structure store.
#![forbid(unsafe_code)]

mod client;
mod mailbox;
mod worker;

use mailbox::{Letter, Mailbox};
use redstart::{Engine, Options};
use redstart_sys::alloc::Counting;
use redstart_sys::net::{Backend, Driver, socket};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[global_allocator]
static ALLOCATOR: Counting<tikv_jemallocator::Jemalloc> = Counting(tikv_jemallocator::Jemalloc);

/// What all workers share.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) mailboxes: Vec<Mailbox>,
    next: AtomicUsize,
}

impl Server {
    /// Gives a new connection to the next worker in turn.
    pub(crate) fn accepted(&self, _listener: u32, socket: OwnedFd) {
        let worker = self.next.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.mailboxes[worker].post(Letter::Serve { socket, unix: false });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (mut port, mut threads, mut backend) = (6379, 2, Backend::Auto);
    while let Some(name) = args.next() {
        let value = args.next().unwrap_or_default();
        match name.as_str() {
            "--port" => port = value.parse()?,
            "--threads" => threads = value.parse()?,
            "--io-backend" => backend = if value == "epoll" { Backend::Epoll } else { Backend::Auto },
            _ => {}
        }
    }
    let engine = Engine::open(Options { threads, ..Options::default() })?;
    let drivers = (0..threads).map(|_| Driver::new(backend, Default::default())).collect::<Result<Vec<_>, _>>()?;
    let mailboxes = drivers.iter().map(|driver| Mailbox::new(driver.waker())).collect();
    let server = Arc::new(Server { engine, mailboxes, next: AtomicUsize::new(0) });
    let mut listener = Some(socket::listen_tcp(([127, 0, 0, 1], port).into(), 511)?);
    let threads: Vec<_> = drivers
        .into_iter()
        .enumerate()
        .map(|(index, driver)| {
            let server = Arc::clone(&server);
            let listener = listener.take();
            std::thread::spawn(move || {
                let mut worker = worker::Worker::new(server, index, driver);
                if let Some(listener) = listener {
                    worker.listen(0, listener);
                }
                worker.run()
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("workers do not panic")?;
    }
    Ok(())
}
