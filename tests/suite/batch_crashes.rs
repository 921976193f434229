//! Batches that are killed or interrupted, and go on.

#![cfg(unix)]

use crate::batch::{answer_in, night};
use crate::cli::command;
use model::generate::SplitMix64;
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const ARGUMENTS: [&str; 6] = ["batch", "-q", "a.yaml", "b.yaml", "--format", "json"];
/// Scenarios of a batch, of which each takes about a millisecond.
const COUNT: usize = 1_000;
/// What a test waits for at most.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often a batch is killed; `LICIT_KILLS` asks for another number.
fn kill_count() -> u64 {
    std::env::var("LICIT_KILLS").ok().map_or(6, |text| text.parse().unwrap())
}

fn begin(folder: &Path) -> Child {
    let mut command = command(&ARGUMENTS);
    command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until the batch has written so many bytes.
fn wait_for_bytes(folder: &Path, child: &mut Child, bytes: u64) {
    let begun = Instant::now();
    let written = || fs::metadata(folder.join("licit-batch.sqlite-wal")).map_or(0, |file| file.len());
    while written() < bytes {
        assert!(begun.elapsed() < PATIENCE, "the batch writes nothing");
        assert_eq!(child.try_wait().unwrap(), None, "the batch has ended");
        thread::sleep(Duration::from_millis(2));
    }
}

/// How many scenarios of a journal have ended.
fn ended(folder: &Path) -> u64 {
    let journal = Connection::open(folder.join("licit-batch.sqlite")).unwrap();
    journal.query_row("SELECT count(*) FROM result WHERE status = 'done'", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_batch_that_is_killed_again_and_again_ends_as_if_nothing_had_happened() {
    let folder = night(COUNT - 3);
    let begun = Instant::now();
    let undisturbed = answer_in(folder.path(), &[&ARGUMENTS[..], &["--journal", "undisturbed.sqlite"]].concat());
    let long = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let mut random = SplitMix64::new(7);
    let mut progress = vec![0];
    for _ in 0..kill_count() {
        let mut child = begin(folder.path());
        thread::sleep(Duration::from_micros(random.below(usize::try_from(long).unwrap()) as u64 / 2));
        child.kill().unwrap();
        child.wait().unwrap();
        if folder.path().join("licit-batch.sqlite").exists() {
            progress.push(ended_if_readable(folder.path()));
        }
    }
    assert!(progress.is_sorted(), "nothing is lost: {progress:?}");
    assert_eq!(answer_in(folder.path(), &ARGUMENTS), undisturbed);
    assert_eq!(ended(folder.path()), COUNT as u64);
}

/// The same; none before the tables are there.
fn ended_if_readable(folder: &Path) -> u64 {
    let journal = Connection::open(folder.join("licit-batch.sqlite")).unwrap();
    let query = "SELECT count(*) FROM sqlite_schema WHERE name = 'result'";
    let is_there: bool = journal.query_row(query, [], |row| row.get(0)).unwrap();
    if is_there { ended(folder) } else { 0 }
}

#[test]
fn a_batch_that_is_killed_while_it_writes_keeps_what_had_ended() {
    let folder = night(COUNT - 3);
    let mut child = begin(folder.path());
    wait_for_bytes(folder.path(), &mut child, 1 << 20);
    child.kill().unwrap();
    child.wait().unwrap();
    let before = ended(folder.path());
    assert!(0 < before && before < COUNT as u64, "{before} had ended");
    answer_in(folder.path(), &ARGUMENTS);
    let journal = Connection::open(folder.path().join("licit-batch.sqlite")).unwrap();
    let query = "SELECT count(*), sum(attempts) FROM result WHERE status = 'done'";
    let (count, attempts): (u64, u64) = journal.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(count, COUNT as u64);
    // Begun again is what had begun and not ended, and what had ended and was not written: a message or two a thread.
    assert!(attempts <= count + 200, "{attempts} attempts");
}

#[test]
fn an_interrupted_batch_ends_what_has_begun_and_goes_on_later() {
    for signal in ["INT", "TERM"] {
        let folder = night(COUNT - 3);
        let mut child = begin(folder.path());
        wait_for_bytes(folder.path(), &mut child, 1 << 20);
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b""[..]), "{stderr}");
        let lines: Vec<&str> = stderr.lines().collect();
        assert!(lines[0].starts_with("interrupted: what has begun is brought to an end"), "{stderr}");
        assert!(lines[1].ends_with("the same command goes on from `licit-batch.sqlite`"), "{stderr}");
        // One file is left, in which nothing is half done.
        assert!(!folder.path().join("licit-batch.sqlite-wal").exists());
        let journal = Connection::open(folder.path().join("licit-batch.sqlite")).unwrap();
        let running: u64 =
            journal.query_row("SELECT count(*) FROM result WHERE status = 'running'", [], |row| row.get(0)).unwrap();
        drop(journal);
        assert_eq!(running, 0);
        let undisturbed = answer_in(folder.path(), &[&ARGUMENTS[..], &["--journal", "undisturbed.sqlite"]].concat());
        assert_eq!(answer_in(folder.path(), &ARGUMENTS), undisturbed);
    }
}
