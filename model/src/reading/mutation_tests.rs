//! Thousands of damaged estates: reading never panics, and gives an estate or says what is wrong.
//!
//! Mutations follow from a seed, so that a failure names the input that caused it.

use super::*;
use std::fmt::Write as _;

const ESTATE: &str = include_str!("example.yaml");
const ROUNDS: u64 = 6_000;

/// Numbers that look random and follow from a seed: Vigna's splitmix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = (mixed ^ (mixed >> 31)) % u64::try_from(limit.max(1)).expect("a limit of 64 bits");
        usize::try_from(number).expect("a number below a limit")
    }
}

/// Characters that mean something in YAML, tables or references.
const TELLING: [&str; 24] = [
    "\t", "\n", "\r", "\"", "'", "[", "]", "{", "}", ":", ",", "- ", "#", "&a", "*a", "!x", "---\n", "@", "..", "-1",
    "\u{feff}", "\u{202e}", "0", "~",
];

fn damage(text: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        let end = (at + numbers.below(12)).min(bytes.len());
        match numbers.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << numbers.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            3 => {
                let telling = TELLING[numbers.below(TELLING.len())];
                bytes.splice(at..at, telling.bytes());
            }
            4 => bytes.truncate(at),
            _ => bytes = with_lines_exchanged(&bytes, numbers),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn with_lines_exchanged(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
    lines.swap(one, other);
    lines.join(&b'\n')
}

/// Reads, and says which input it was if that panics.
fn read_damaged(text: &str, options: &ReadOptions) -> Reading {
    let result = std::panic::catch_unwind(|| read_estate_text("estate.yaml", text, options));
    result.unwrap_or_else(|_| panic!("reading panics on:\n{text}"))
}

#[test]
fn damaged_estates_are_read_or_refused() {
    let whole = read_estate_text("estate.yaml", ESTATE, &ReadOptions::default());
    assert!(!whole.findings.has_errors(), "{:#?}", whole.findings.diagnostics());
    let mut refused = 0;
    for seed in 0..ROUNDS {
        let text = damage(ESTATE, &mut Numbers(seed));
        let reading = read_damaged(&text, &ReadOptions::default());
        assert_eq!(reading.estate.is_none(), reading.findings.has_errors(), "seed {seed}");
        refused += u64::from(reading.estate.is_none());
        for diagnostic in reading.findings.diagnostics() {
            let place = diagnostic.place;
            let line = text.split('\n').nth(place.line as usize - 1);
            assert!(line.is_some(), "seed {seed}: {diagnostic:?} is beyond the text");
        }
        if let Some(estate) = reading.estate {
            assert_eq!(estate.digest().len(), 64);
        }
    }
    // Most damage is noticed; some is in comments and names.
    assert!(refused > ROUNDS / 2 && refused < ROUNDS, "{refused}");
}

#[test]
fn damaged_tables_are_read_or_refused() {
    let folder = std::env::temp_dir().join(format!("licit-mutations-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the table");
    let mut table = String::from("version,quantity,asset,user,excluded,last_used\n");
    for row in 0..20 {
        let _ = writeln!(table, "office@2010,{row},PC-{row},\"user \"\"{row}\"\"\",,2026-01-{:02}", row + 1);
    }
    let estate =
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: office, versions: [2010]}]\ninstalls: {file: installs.csv}\n";
    let options = ReadOptions { folder: Some(folder.clone()), ..ReadOptions::default() };
    for seed in 0..ROUNDS / 3 {
        let damaged = damage(&table, &mut Numbers(seed));
        std::fs::write(folder.join("installs.csv"), &damaged).expect("the folder is there");
        let result = std::panic::catch_unwind(|| read_estate_text("estate.yaml", estate, &options));
        let reading = result.unwrap_or_else(|_| panic!("reading panics on:\n{damaged}"));
        assert_eq!(reading.estate.is_none(), reading.findings.has_errors(), "seed {seed}");
    }
    std::fs::remove_dir_all(&folder).expect("the folder is there");
}
