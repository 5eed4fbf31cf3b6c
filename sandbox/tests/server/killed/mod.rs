//! What was acknowledged survives a kill, and nothing is done by half.
//!
//! The program is killed while six connections write on its three surfaces,
//! every eighth time while it starts. After some kills everything is read back.
//! `JSONSQL_KILLS` is the number of kills on each storage.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::cluster;
use found::{compare, read};
use program::Program;
use writer::{Surface, Written, write};

mod found;
mod program;
mod writer;

/// The number of kills of one database.
const DATABASE: u64 = 50;

/// The connections that write at the same time.
const WRITERS: [Surface; 6] = [
    Surface::Iptvportal,
    Surface::Iptvportal,
    Surface::Iptvportal,
    Surface::Ministra,
    Surface::Ministra,
    Surface::Tvip,
];

fn kills() -> u64 {
    std::env::var("JSONSQL_KILLS").map_or(50, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_keeps_everything_acknowledged_before_a_kill() {
    let file = std::env::temp_dir().join(format!("jsonsql-killed-{}.db", std::process::id()));
    let remove = || {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    };
    let mut total = Total::default();
    while total.kills < kills() {
        remove();
        let most = DATABASE.min(kills() - total.kills);
        database(file.to_str().unwrap(), most, &mut total).await;
    }
    remove();
    total.report("a file");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_keeps_everything_acknowledged_before_a_kill() {
    let mut total = Total::default();
    while total.kills < kills() {
        let Some(url) = cluster::database().await else {
            return;
        };
        let most = DATABASE.min(kills() - total.kills);
        database(&url, most, &mut total).await;
    }
    total.report("PostgreSQL");
}

/// The counts over all databases.
#[derive(Default)]
struct Total {
    kills: u64,
    acknowledged: usize,
    unanswered: usize,
}

impl Total {
    fn report(&self, storage: &str) {
        crate::say(&format!(
            "{storage}: {} kills, {} writes acknowledged, {} cut off, none lost, none half done",
            self.kills, self.acknowledged, self.unanswered
        ));
        // Kills have to hit something, also on a machine that is busy otherwise.
        let kills = usize::try_from(self.kills).unwrap();
        assert!(self.acknowledged > 2 * kills && 2 * self.unanswered > kills);
    }
}

/// Kills a program on one database again and again, then compares.
async fn database(database: &str, kills: u64, total: &mut Total) {
    let mut written = Written::default();
    for life in 0..kills {
        total.kills += 1;
        if life % 8 == 7 {
            // Also while it makes or opens the database.
            let program = Program::spawn(database);
            tokio::time::sleep(Duration::from_millis(life * 13 % 60)).await;
            program.kill();
            continue;
        }
        let program = Program::start(database);
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let mut writers = Vec::new();
        for (number, surface) in WRITERS.into_iter().enumerate() {
            let first = life * 1_000_000 + u64::try_from(number).unwrap() * 100_000;
            let count = Arc::clone(&acknowledged);
            writers.push(tokio::spawn(write(program.address, surface, first, count)));
        }
        tokio::time::sleep(Duration::from_millis(25 + life * 37 % 60)).await;
        for _ in 0..400 {
            if acknowledged.load(Ordering::Relaxed) >= 10 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.kill();
        for writer in writers {
            written.add(writer.await.unwrap());
        }
    }
    total.acknowledged += written.acknowledged;
    total.unanswered += written.unanswered;
    let program = Program::start(database);
    compare(&written, &read(program.address).await);
    program.kill();
}
