//! Counts how often it was started: `cargo run -p redstart --example visits -- FOLDER`.
//!
//! The data is in the append-only file of that folder, so it is there also where the process was killed.

use redis::Commands;
use redstart::Engine;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("give a folder")?;
    std::fs::create_dir_all(&folder)?;
    let engine = Engine::open(Engine::load(&format!("dir \"{folder}\"\nappendonly yes\nappendfsync always\n"))?)?;
    let mut connection = engine.connection();
    let visits: u64 = connection.incr("visits", 1)?;
    println!("started {visits} times");
    // Dropping the engine does the same, but could not tell of an error.
    engine.shutdown()?;
    Ok(())
}
