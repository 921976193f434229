//! Journals that end in every way.

use crate::{Detail, Event, Fault, Journal, JournalError};
use rusqlite::Connection;
use scenarios::batch::{Answer, Entry, Key, NoAnswer, Outcome, Row, Shard, Status};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the files of a test");
    let path = folder.path().join("journal.sqlite");
    (folder, path)
}

fn entry(file: usize, number: usize) -> Entry {
    // Sixteen digits say which shard a scenario is in.
    let key = Key { estate: "e".to_owned(), scenario: format!("{number:016x}{file}") };
    Entry { file, name: format!("s{number}"), key }
}

fn answered(plan: &str) -> Outcome {
    Outcome::Answered(Box::new(Answer {
        standing: "optimal".to_owned(),
        uncovered: 3,
        spend: "12.50".to_owned(),
        currency: Some("EUR".to_owned()),
        objective: "{\"uncovered\":3}".to_owned(),
        plan: plan.to_owned(),
    }))
}

/// A journal of two files with four and two scenarios.
fn listed(path: &Path, shard: Shard) -> Journal {
    let mut journal = Journal::open(path, "1").expect("it opens");
    let mut listing = journal.list(&["a.yaml".to_owned(), "b.yaml".to_owned()], shard).expect("it is listed");
    for entry in (0..4).map(|number| entry(0, number)).chain((0..2).map(|number| entry(1, number))) {
        listing.add(&entry).expect("it is added");
    }
    listing.finish().expect("it is listed");
    journal
}

fn write(journal: &mut Journal, key: &Key, outcome: &Outcome) {
    journal.write([Event::Started(key)]).expect("it is written");
    journal.write([Event::Ended { key, outcome, milliseconds: 7 }]).expect("it is written");
}

fn rows(journal: &Journal) -> Vec<Row> {
    let mut rows = Vec::new();
    let read = journal.rows::<JournalError>(Detail::Plans, |row| {
        rows.push(row);
        Ok(())
    });
    read.expect("it is read");
    rows
}

fn fault<T>(result: Result<T, JournalError>) -> Fault {
    match result {
        Ok(_) => panic!("it is refused"),
        Err(error) => error.fault,
    }
}

#[test]
fn what_was_written_is_read_back_and_what_is_done_is_not_pending() {
    let (_folder, path) = folder();
    let mut journal = listed(&path, Shard::WHOLE);
    let limit = Outcome::Unanswered(NoAnswer { status: Status::Limit, why: "too big".to_owned() });
    write(&mut journal, &entry(0, 1).key, &answered("{}"));
    write(&mut journal, &entry(0, 2).key, &limit);
    write(&mut journal, &entry(0, 2).key, &limit);
    journal.write([Event::Started(&entry(1, 0).key)]).expect("it is written");
    journal.close().expect("it is closed");
    let journal = Journal::open(&path, "1").expect("it opens");
    assert_eq!((journal.pending(0).ok(), journal.pending(1).ok()), (Some(vec![0, 2, 3]), Some(vec![0, 1])));
    assert_eq!(journal.done_count().ok(), Some(1));
    let rows = rows(&journal);
    let read = |row: &Row| (row.file.clone(), row.name.clone(), row.attempts, row.outcome.clone());
    let expected = [
        ("a.yaml", "s0", 0, None),
        ("a.yaml", "s1", 1, Some(answered("{}"))),
        ("a.yaml", "s2", 2, Some(limit)),
        ("a.yaml", "s3", 0, None),
        ("b.yaml", "s0", 1, None),
        ("b.yaml", "s1", 0, None),
    ];
    let expected =
        expected.map(|(file, name, attempts, outcome)| (file.to_owned(), name.to_owned(), attempts, outcome));
    assert_eq!(rows.iter().map(read).collect::<Vec<_>>(), expected);
    assert_eq!(journal.keys(1).ok(), Some(vec![entry(1, 0).key, entry(1, 1).key]));
}

#[test]
fn another_version_of_the_program_finds_nothing_done_and_loses_nothing() {
    let (_folder, path) = folder();
    write(&mut listed(&path, Shard::WHOLE), &entry(0, 0).key, &answered("{}"));
    let mut other = Journal::open(&path, "2").expect("it opens");
    let mut listing = other.list(&["a.yaml".to_owned()], Shard::WHOLE).expect("it is listed");
    listing.add(&entry(0, 0)).expect("it is added");
    listing.finish().expect("it is listed");
    assert_eq!(other.pending(0).ok(), Some(vec![0]));
    drop(other);
    assert_eq!(listed(&path, Shard::WHOLE).pending(0).ok(), Some(vec![1, 2, 3]));
}

#[test]
fn a_list_that_is_not_finished_leaves_the_one_before() {
    let (_folder, path) = folder();
    let mut journal = listed(&path, Shard::WHOLE);
    let mut listing = journal.list(&["c.yaml".to_owned()], Shard::WHOLE).expect("it is listed");
    listing.add(&entry(0, 9)).expect("it is added");
    drop(listing);
    assert_eq!(rows(&journal).len(), 6);
}

#[test]
fn a_shard_has_its_own_scenarios_alone() {
    let (_folder, path) = folder();
    let journal = listed(&path, "2/2".parse().expect("it is a shard"));
    assert_eq!((journal.pending(0).ok(), journal.pending(1).ok()), (Some(vec![1, 3]), Some(vec![1])));
    assert_eq!(rows(&journal).len(), 3);
    let manifest = journal.manifest().expect("it is read");
    assert_eq!((manifest.open, manifest.first_open.as_deref()), (3, Some("s1")));
}

#[test]
fn shards_are_merged_into_the_whole() {
    let (folder, path) = folder();
    let whole = {
        let mut journal = listed(&path, Shard::WHOLE);
        for entry in [entry(0, 0), entry(0, 1), entry(0, 2), entry(0, 3), entry(1, 0), entry(1, 1)] {
            write(&mut journal, &entry.key, &answered(&entry.key.scenario));
        }
        rows(&journal)
    };
    let shards = ["1/2", "2/2"].map(|shard| {
        let path = folder.path().join(shard.replace('/', "-"));
        let mut journal = listed(&path, shard.parse().expect("it is a shard"));
        for row in rows(&journal) {
            write(&mut journal, &row.key, &answered(&row.key.scenario));
        }
        journal.close().expect("it is closed");
        Journal::open_existing(&path).expect("it opens")
    });
    let mut merged = Journal::create(&folder.path().join("merged"), "1").expect("it is made");
    merged.take_listing(&shards[1]).expect("it is taken");
    for shard in &shards {
        merged.take_results(shard).expect("they are taken");
    }
    assert_eq!(rows(&merged), whole);
    assert_eq!(merged.manifest().expect("it is read").listing, shards[0].manifest().expect("it is read").listing);
}

#[test]
fn a_journal_in_use_is_refused_until_it_is_left() {
    let (_folder, path) = folder();
    let journal = listed(&path, Shard::WHOLE);
    assert!(matches!(fault(Journal::open(&path, "1")), Fault::InUse));
    assert!(matches!(fault(Journal::open_existing(&path)), Fault::InUse));
    drop(journal);
    assert!(Journal::open(&path, "1").is_ok());
}

#[test]
fn what_is_no_journal_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let text = "licit: 1\nestate: estate.yaml\n".repeat(100);
    fs::write(&path, &text).expect("it is written");
    assert!(matches!(fault(Journal::open(&path, "1")), Fault::NoJournal));
    assert_eq!(fs::read_to_string(&path).ok(), Some(text));
    fs::remove_file(&path).expect("it is removed");
    let other = Connection::open(&path).expect("it opens");
    other.execute_batch("CREATE TABLE t (a)").expect("it has a table");
    drop(other);
    assert!(matches!(fault(Journal::open(&path, "1")), Fault::NoJournal));
    assert!(matches!(fault(Journal::open_existing(&path.with_extension("none"))), Fault::Missing));
    assert!(matches!(fault(Journal::open_existing(path.parent().expect("a folder"))), Fault::NoJournal));
}

#[test]
fn a_journal_of_another_format_is_refused_by_its_number() {
    let (_folder, path) = folder();
    let journal = listed(&path, Shard::WHOLE);
    journal.connection.pragma_update(None, "user_version", 7).expect("it is written");
    journal.close().expect("it is closed");
    let error = Journal::open(&path, "1").err().expect("it is refused");
    assert!(error.to_string().contains("has format 7 and this version of licit has format 2"), "{error}");
}

#[test]
fn a_disk_without_room_is_said_and_what_was_written_stays() {
    let (_folder, path) = folder();
    let mut journal = listed(&path, Shard::WHOLE);
    write(&mut journal, &entry(0, 0).key, &answered("{}"));
    let pages: i64 =
        journal.connection.pragma_query_value(None, "page_count", |row| row.get(0)).expect("pages are counted");
    journal.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).expect("it is limited");
    let (key, outcome) = (entry(0, 1).key, answered(&"x".repeat(100_000)));
    let written = journal.write([Event::Started(&key), Event::Ended { key: &key, outcome: &outcome, milliseconds: 1 }]);
    assert!(matches!(fault(written), Fault::Full));
    drop(journal);
    let rows = rows(&Journal::open(&path, "1").expect("it opens"));
    assert_eq!((&rows[0].outcome, &rows[1].outcome), (&Some(answered("{}")), &None));
}

#[test]
fn a_journal_that_cannot_be_made_is_refused_with_the_reason() {
    let (folder, path) = folder();
    let missing = folder.path().join("none").join("journal.sqlite");
    assert!(matches!(fault(Journal::open(&missing, "1")), Fault::Refused(_)));
    assert!(matches!(fault(Journal::open(folder.path(), "1")), Fault::Refused(_)));
    fs::write(&path, "").expect("it is written");
    assert!(matches!(fault(Journal::create(&path, "1")), Fault::Refused(_)));
}

#[test]
fn a_new_journal_that_is_discarded_leaves_nothing_and_an_old_one_stays() {
    let (folder, path) = folder();
    listed(&path, Shard::WHOLE).discard();
    assert_eq!(fs::read_dir(folder.path()).map(Iterator::count).ok(), Some(0));
    listed(&path, Shard::WHOLE).close().expect("it is closed");
    Journal::open(&path, "1").expect("it opens").discard();
    assert_eq!(rows(&Journal::open(&path, "1").expect("it opens")).len(), 6);
}

#[test]
fn a_closed_journal_is_one_file_with_a_view_for_other_programs() {
    let (folder, path) = folder();
    let mut journal = listed(&path, Shard::WHOLE);
    let plan = (0..200).map(|line| format!("line {line} of a plan\n")).collect::<Vec<_>>().concat();
    write(&mut journal, &entry(0, 0).key, &answered(&plan));
    journal.close().expect("it is closed");
    assert_eq!(fs::read_dir(folder.path()).map(Iterator::count).ok(), Some(1));
    let other = Connection::open(&path).expect("it opens");
    let query = "SELECT group_concat(name || ' ' || status) FROM summary WHERE file = 'a.yaml'";
    let text: String = other.query_row(query, [], |row| row.get(0)).expect("it is read");
    assert_eq!(text, "s0 done,s1 open,s2 open,s3 open");
    let query = "SELECT plan FROM summary WHERE status = 'done'";
    let text: String = other.query_row(query, [], |row| row.get(0)).expect("it is read");
    assert_eq!(text, plan);
}

fn found(journal: &mut Journal, digest: &str, plan: &[u8]) {
    journal.write([Event::PartFound { digest, plan }]).expect("it is written");
}

#[test]
fn plans_of_parts_are_kept_for_the_version_that_found_them() {
    let (_folder, path) = folder();
    let mut journal = listed(&path, Shard::WHOLE);
    found(&mut journal, "p", b"first");
    found(&mut journal, "p", b"second");
    assert_eq!(journal.part("p").ok(), Some(Some(b"second".to_vec())));
    assert_eq!(journal.part("q").ok(), Some(None));
    journal.close().expect("it is closed");
    assert_eq!(Journal::open(&path, "2").expect("it opens").part("p").ok(), Some(None));
    assert_eq!(Journal::open(&path, "1").expect("it opens").part("p").ok(), Some(Some(b"second".to_vec())));
}

#[test]
fn where_plans_of_parts_take_too_much_room_those_go_that_nobody_has_asked_for_the_longest() {
    let (_folder, path) = folder();
    let has = |journal: &Journal, digest: &str| journal.part(digest).expect("it is read").is_some();
    let mut journal = listed(&path, Shard::WHOLE);
    for digest in ["a", "b", "c", "d"] {
        found(&mut journal, digest, &[7; 10]);
    }
    drop(journal);
    let mut journal = Journal::open(&path, "1").expect("it opens");
    journal.parts.bytes_max = 60;
    assert!(has(&journal, "b"));
    found(&mut journal, "e", &[7; 10]);
    found(&mut journal, "f", &[7; 10]);
    // No more than 60 bytes: nothing is removed yet.
    assert!(has(&journal, "e") && has(&journal, "f"));
    drop(journal);
    let mut journal = Journal::open(&path, "1").expect("it opens");
    journal.parts.bytes_max = 60;
    found(&mut journal, "g", &[7; 10]);
    // At most 45 bytes: of this run, then of the one before.
    let kept = ["a", "b", "c", "d", "e", "f", "g"].map(|digest| has(&journal, digest));
    assert_eq!(kept, [false, true, false, false, true, true, true]);
}
