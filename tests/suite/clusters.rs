//! The examples that spread a batch over machines: one of them is run and loses a shard, all of them name options that
//! there are.

#![cfg(unix)]

use crate::cli::{licit, stdout};
use crate::estates::repository;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

const SCENARIOS: &str = "examples/night.yaml";

#[test]
fn a_shard_that_is_killed_is_begun_again_and_the_answer_is_that_of_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.sqlite");
    let whole = licit(&["batch", "-q", SCENARIOS, "--format", "json", "--journal", whole.to_str().unwrap()]);
    let mut shards = Command::new(repository("examples/clusters/shards.sh"));
    shards.args(["3", folder.path().to_str().unwrap(), SCENARIOS]).current_dir(repository(""));
    shards.env("LICIT", repository("examples/clusters/lost.sh")).env("LOST_LICIT", env!("CARGO_BIN_EXE_licit"));
    let output = shards.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{said}");
    for expected in ["killed shard 2/3", "shard 2/3, attempt 1: exit code 137", "shard 2/3, attempt 2: exit code 0"] {
        assert!(said.contains(expected), "{said}");
    }
    assert!(fs::read(folder.path().join("all.json")).unwrap() == whole.stdout, "the bytes are the same");
    // What it had done before is not done again.
    let journal = Connection::open(folder.path().join("2.sqlite")).unwrap();
    let query = "SELECT count(*), sum(attempts) FROM result";
    let (count, attempts): (u64, u64) = journal.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert!(count > 1_000 && attempts < count + 100, "{count} results took {attempts} attempts");
}

/// The options in a text.
fn options(text: &str) -> BTreeSet<&str> {
    let is_in_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    text.split(|character| !is_in_word(character)).filter(|word| word.starts_with("--") && word.len() > 2).collect()
}

#[test]
fn every_option_that_an_example_names_is_there() {
    let [batch, merge] = ["batch", "merge"].map(|command| licit(&[command, "--help"]));
    let own: BTreeSet<&str> = [&batch, &merge].into_iter().flat_map(|help| options(stdout(help))).collect();
    // Options of other programs, as their manuals name them.
    let examples: [(&str, &[&str]); 8] = [
        ("kubernetes.yaml", &["--for", "--timeout"]),
        ("lost.sh", &[]),
        ("merge.sh", &[]),
        ("parallel.sh", &["--joblog", "--quote", "--retries", "--sshloginfile", "--workdir"]),
        ("ray_shards.py", &[]),
        ("shards.sh", &[]),
        ("slurm.sh", &["--array", "--dependency", "--job-name", "--output", "--parsable", "--wait"]),
        ("slurm-shard.sh", &["--job-name", "--open-mode", "--requeue"]),
    ];
    for (name, others) in examples {
        let text = fs::read_to_string(repository("examples/clusters").join(name)).unwrap();
        let unknown: Vec<&str> =
            options(&text).into_iter().filter(|option| !own.contains(option) && !others.contains(option)).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}
