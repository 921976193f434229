//! Parquet tables: what other programs write says the same as CSV, and nothing that is damaged ends the program.
//!
//! The files of `tests/parquet/` were written by its `write.py`. `LICIT_PARQUET` sets how often each is damaged.

use crate::agreement::count;
use crate::estates::{read, repository};
use model::diagnostic::Code;
use model::estate::Estate;
use model::generate::SplitMix64;
use model::synthetic::{self, File, Shape, Size, Tables};
use model::{ReadOptions, Reading, read_estate_text};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Reads an estate whose section is a table of a folder.
fn read_table(folder: &Path, section: &str, table: &str) -> Reading {
    let text = format!(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{{id: t, versions: [1, 2, 3]}}]\nskus: [{{id: S, version: t@3, covers: [t@..2]}}]\n\
         {section}: {{file: {table}}}\n"
    );
    read_estate_text("estate.yaml", &text, &ReadOptions { folder: Some(folder.to_owned()), ..ReadOptions::default() })
}

fn table(folder: &Path, section: &str, table: &str) -> Estate {
    let Reading { estate, findings } = read_table(folder, section, table);
    estate.unwrap_or_else(|| panic!("{table}: {:?}", findings.diagnostics()))
}

/// The Parquet files of other programs, each with the section it holds.
fn tables() -> Vec<(PathBuf, String, &'static str)> {
    let names = fs::read_dir(repository("tests/parquet")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".parquet"));
    names.sort();
    let section = |name: &str| if name.starts_with("installs") { "installs" } else { "licenses" };
    let tables = names.into_iter().map(|name| (repository("tests/parquet"), name.clone(), section(&name)));
    tables.collect()
}

#[test]
fn what_other_programs_write_says_the_same_as_csv() {
    let tables = tables();
    assert!(tables.len() >= 14, "{tables:?}");
    for (folder, name, section) in tables {
        let expected = table(&folder, section, &format!("{section}.csv"));
        let estate = table(&folder, section, &name);
        assert_eq!(estate, expected, "{name}");
        assert_eq!(estate.digest(), expected.digest(), "{name}");
    }
}

#[test]
fn the_same_facts_in_any_format_have_the_same_answer() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size::new(3_000, 60, Size::TIGHTNESS_PERCENT).unwrap();
    let drawn = synthetic::draw(5, &size, Shape::Mixed);
    let write = |name: &str, tables: Tables| {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        for file in File::ALL {
            drawn.write(file, tables, &mut fs::File::create(folder.join(file.name(tables))).unwrap()).unwrap();
        }
        folder
    };
    let (csv, parquet, packed) =
        (write("csv", Tables::Csv), write("parquet", Tables::Parquet), write("packed", Tables::Csv));
    for file in [File::Installs, File::Licenses, File::Assignments] {
        let name = packed.join(file.name(Tables::Csv));
        let out = fs::File::create(name.with_extension("csv.gz")).unwrap();
        let mut out = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
        out.write_all(&fs::read(&name).unwrap()).unwrap();
        out.finish().unwrap();
        fs::remove_file(name).unwrap();
    }
    let estate = packed.join("estate.yaml");
    fs::write(&estate, fs::read_to_string(&estate).unwrap().replace(".csv", ".csv.gz")).unwrap();
    let answers = [csv, packed, parquet].map(|folder| {
        let estate = read(&folder.join("estate.yaml"));
        let position = solver::position(&estate).unwrap();
        (estate.digest(), report::json(&position, &model::findings::Findings::new()))
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[test]
fn the_same_estate_gives_the_same_parquet() {
    let size = Size::new(2_000, 40, Size::TIGHTNESS_PERCENT).unwrap();
    let bytes = |seed| {
        let mut bytes = Vec::new();
        synthetic::draw(seed, &size, Shape::Sites).write(File::Installs, Tables::Parquet, &mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

/// Changes bits, or cuts bytes off or out.
fn damage(bytes: &mut Vec<u8>, random: &mut SplitMix64) {
    for _ in 0..=random.below(2) {
        let at = random.below(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        match random.below(10) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len()))),
            2 if !bytes.is_empty() => bytes[at] = [0, 0x7f, 0x80, 0xff][random.below(4)],
            _ if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            _ => {}
        }
    }
}

#[test]
fn damaged_files_are_read_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rounds = count("LICIT_PARQUET", 150);
    let (mut read, mut refused, mut damaged_count) = (0, 0, 0);
    for (position, (from, name, section)) in tables().into_iter().enumerate() {
        let whole = fs::read(from.join(&name)).unwrap();
        for round in 0..rounds {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut SplitMix64::new(round << 8 | position as u64));
            fs::write(folder.path().join("damaged.parquet"), &bytes).unwrap();
            let result = std::panic::catch_unwind(|| read_table(folder.path(), section, "damaged.parquet"));
            let reading = result.unwrap_or_else(|_| panic!("{name} in round {round} ends the program"));
            assert_eq!(reading.estate.is_none(), reading.findings.has_errors(), "{name}, round {round}");
            let findings = reading.findings.diagnostics();
            damaged_count += u64::from(findings.iter().any(|finding| finding.code == Code::Parquet));
            *(if reading.estate.is_some() { &mut read } else { &mut refused }) += 1;
        }
    }
    // Some damage is in names, in statistics, or makes another value of a value.
    assert!(read > 0 && refused > read / 2 && damaged_count > refused / 4, "{read}, {refused}, {damaged_count}");
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(repository("tests/parquet/licenses-duckdb.parquet")).unwrap();
    for end in 0..whole.len() {
        fs::write(folder.path().join("cut.parquet"), &whole[..end]).unwrap();
        let reading = read_table(folder.path(), "licenses", "cut.parquet");
        let findings = reading.findings.diagnostics();
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::Parquet], "{end}");
    }
}

/// A file with a footer alone, whose schema is these elements.
fn with_schema(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut count = elements.len();
    // Version 1, and a list of structs.
    let mut footer = vec![0x15, 2, 0x19, 0xfc];
    while count >= 0x80 {
        footer.push(0x80 | u8::try_from(count % 0x80).unwrap());
        count /= 0x80;
    }
    footer.push(u8::try_from(count).unwrap());
    footer.extend(elements.concat());
    // No rows, in no groups.
    footer.extend([0x16, 0, 0x19, 0x0c, 0]);
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1", &footer[..], &length, b"PAR1"].concat()
}

#[test]
fn a_schema_that_nests_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let codes = |depth: usize, group: &[u8]| {
        let leaf = vec![0x15, 12, 0x25, 2, 0x18, 1, b'a', 0];
        let elements = [vec![group.to_vec(); depth], vec![leaf]].concat();
        fs::write(folder.path().join("nested.parquet"), with_schema(&elements)).unwrap();
        let reading = read_table(folder.path(), "installs", "nested.parquet");
        reading.findings.diagnostics().iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    // Optional, with the name `a` and one child; and as short as it may be, without a name.
    let (group, shortest) = ([0x35, 2, 0x18, 1, b'a', 0x15, 2, 0], [0x48, 0, 0x15, 2, 0]);
    assert_eq!(codes(2, &group), [Code::Column; 2], "a column of another name");
    assert_eq!(codes(30_000, &group), [Code::Size]);
    assert_eq!(codes(200_000, &shortest), [Code::Parquet]);
}
