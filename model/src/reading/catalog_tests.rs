//! Catalogs and names: what stands elsewhere counts as if it stood in the estate.

use super::*;
use crate::diagnostic::Code;
use std::fmt::Write as _;
use std::fs;

/// A folder of its own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("licit-catalog-{name}-{}", std::process::id()));
        fs::create_dir_all(path.join("shared")).expect("a folder can be made");
        Self(path)
    }

    fn write(&self, name: &str, contents: &str) {
        fs::write(self.0.join(name), contents).expect("the folder is there");
    }

    fn read(&self, sections: &str) -> Reading {
        let text = format!("licit: 1\nas_of: 2026-11-22\n{sections}\n");
        read_estate_text("estate.yaml", &text, &ReadOptions { folder: Some(self.0.clone()), ..ReadOptions::default() })
    }

    fn estate(&self, sections: &str) -> Estate {
        let reading = self.read(sections);
        assert!(reading.findings.is_empty(), "{:#?}", reading.findings.diagnostics());
        reading.estate.expect("no findings")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const TITLES: &str = "titles: [{id: t, versions: [\"1\", \"2 R2\", \"3\"]}]\n";
const SKUS: &str = "skus: [{id: A, version: t@3, covers: [t@1, t@2 R2]}, {id: B, version: t@2 R2, upgrades: [t@1]}]\n";
const LICENSES: &str = "licenses: [{id: L, sku: A, quantity: 1}]\ninstalls: [{name: Sample 1}]\n";

#[test]
fn what_stands_in_a_catalog_counts_as_if_it_stood_in_the_estate() {
    let folder = Folder::new("include");
    folder.write("shared/titles.yaml", &format!("licit: 1\n{TITLES}names: {{sample  1: t@1}}\n"));
    folder.write("skus.yml", &format!("\u{feff}licit: 1\n{SKUS}"));
    let shared = folder.estate(&format!("include: [skus.yml, shared/titles.yaml]\n{LICENSES}"));
    let whole = folder.estate(&format!("{TITLES}{SKUS}names: {{Sample 1: t@1}}\n{LICENSES}"));
    assert_eq!(shared, whole);
    assert_eq!(shared.digest(), whole.digest());
}

#[test]
fn skus_may_stand_in_tables_beside_the_file_that_names_them() {
    let folder = Folder::new("tables");
    folder.write("shared/titles.yaml", &format!("licit: 1\n{TITLES}skus: {{file: skus.csv}}\n"));
    folder.write("shared/skus.csv", "version,id,covers,upgrades\nt@3,A,t@1; t@2 R2,\nt@2 R2,B,,t@1\n");
    let table = folder.estate("include: [shared/titles.yaml]");
    assert_eq!(table, folder.estate(&format!("{TITLES}{SKUS}")));
}

#[test]
fn findings_in_a_catalog_show_its_lines() {
    let folder = Folder::new("lines");
    folder.write("c.yaml", "licit: 1\nskus:\n  - {id: A, version: x@1}\n");
    let reading = folder.read("include: [c.yaml]");
    let finding = &reading.findings.diagnostics()[0];
    assert_eq!((reading.findings.file_name(finding.place.file), finding.place.line), ("c.yaml", 3));
    assert_eq!(reading.findings.excerpt(finding.place).expect("it is kept").text, "  - {id: A, version: x@1}");
}

#[test]
fn nothing_is_said_about_names_that_an_unreadable_catalog_may_hold() {
    let folder = Folder::new("gap");
    let reading = folder.read(&format!("include: [missing.yaml]\n{LICENSES}"));
    let codes: Vec<Code> = reading.findings.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, [Code::NotFound]);
}

/// The versions of the installs, with their quantities, where names are as given.
fn named(names: &str, installs: &str) -> Vec<(String, u64)> {
    let licenses = "licenses: [{id: L, sku: A, unlimited: true}]";
    let sections = format!("{TITLES}{SKUS}{licenses}\nnames: {{{names}}}\ninstalls: [{installs}]");
    let estate = Folder::new("names").estate(&sections);
    let row =
        |install: &crate::estate::Install| (estate.versions[install.version].name.clone(), install.quantity.get());
    estate.installs.iter().map(row).collect()
}

#[test]
fn a_name_stands_for_its_version() {
    let rows = named("Sample 1: t@1", "{name: Sample 1}, {name: 'SAMPLE   1', quantity: 2}, {version: t@1}");
    assert_eq!(rows, [("1".to_owned(), 4)]);
}

#[test]
fn the_exact_name_wins_over_one_with_a_star() {
    assert_eq!(named("'Sample 1*': t@1, Sample 1.5: t@3", "{name: Sample 1.5}"), [("3".to_owned(), 1)]);
}

#[test]
fn the_longer_of_two_names_with_a_star_wins() {
    assert_eq!(named("'*': t@1, 'Sample*': t@3, '*ple*3*': t@1", "{name: Sample 3}"), [("3".to_owned(), 1)]);
}

#[test]
fn names_as_long_may_agree() {
    assert_eq!(named("'Sample*': t@1, '*ample 3': t@3, 'Sam*e 3': t@3", "{name: Sample 3}"), [("3".to_owned(), 1)]);
}

#[test]
fn unknown_names_are_kept_with_their_installs_in_any_order_of_rows() {
    let folder = Folder::new("unknown");
    let read = |rows: &str| folder.read(&format!("{TITLES}installs: [{rows}]")).estate.expect("warnings only");
    let one = read("{name: Other  b, quantity: 2}, {name: other B}, {name: A, quantity: 0}");
    let other = read("{name: other B, quantity: 1}, {name: A, quantity: 0}, {name: Other  b}, {name: OTHER b}");
    let kept: Vec<(&str, u64)> =
        one.unknown_names.iter().map(|unknown| (unknown.name.as_str(), unknown.quantity.get())).collect();
    assert_eq!(kept, [("A", 0), ("Other  b", 3)]);
    assert!(one.installs.is_empty());
    assert_eq!(other.unknown_names.len(), 2);
    assert_ne!(one.digest(), read("{name: A, quantity: 0}").digest());
}

#[test]
fn beyond_twenty_unknown_names_the_rest_is_counted() {
    let folder = Folder::new("many");
    let mut rows = String::from("name,quantity\n");
    for name in 0..50_000 {
        let _ = writeln!(rows, "Program {name},{}", name % 7 + 1);
        let _ = writeln!(rows, "Program {name},1");
    }
    folder.write("installs.csv", &rows);
    let mut names = String::from("names:\n");
    for name in 0..5_000 {
        let _ = writeln!(names, "  \"Sample {name} *\": t@1");
    }
    let reading = folder.read(&format!("{TITLES}{names}installs: {{file: installs.csv}}"));
    assert_eq!(reading.findings.warning_count(), 21);
    let rest = reading.findings.diagnostics().iter().find(|finding| finding.message.contains("49980 more"));
    assert!(rest.expect("the rest is counted").message.contains("in 99960 rows are not calculated"));
    assert_eq!(reading.estate.expect("warnings only").unknown_names.len(), 50_000);
}
