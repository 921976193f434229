//! Tables: the same facts whatever the format, the order of columns and the quoting.

use super::*;
use std::fs;
use std::io::Write as _;

/// A folder of its own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("licit-tables-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    fn write(&self, name: &str, contents: &[u8]) {
        fs::write(self.0.join(name), contents).expect("the folder is there");
    }

    fn write_packed(&self, name: &str, contents: &str) {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(contents.as_bytes()).expect("memory takes all");
        self.write(name, &packer.finish().expect("memory takes all"));
    }

    fn estate(&self, sections: &str) -> Estate {
        let text = format!(
            "licit: 1\nas_of: 2026-11-22\ntitles: [{{id: t, versions: [1, 2]}}]\nskus: [{{id: S, version: t@1}}]\n{sections}\n"
        );
        let options = ReadOptions { folder: Some(self.0.clone()), ..ReadOptions::default() };
        let reading = read_estate_text("estate.yaml", &text, &options);
        assert!(!reading.findings.has_errors(), "{:#?}", reading.findings.diagnostics());
        reading.estate.expect("no errors")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const TABLE: &str = "version,quantity,asset,excluded\nt@1,2,PC-1,\nt@2,,PC-2,\"old, \"\"very\"\" old\"\nt@1,3,PC-1,\n";
const IN_YAML: &str =
    "installs: [{version: t@2, asset: PC-2, excluded: 'old, \"very\" old'}, {version: t@1, quantity: 5, asset: PC-1}]";

#[test]
fn a_table_states_the_same_facts_as_rows_in_the_estate() {
    let folder = Folder::new("same");
    let expected = folder.estate(IN_YAML);
    let windows = format!("\u{feff}{}\n", TABLE.replace('\n', "\r\n"));
    let semicolons = "asset;version;quantity;excluded\nPC-1;\"t@1\";5;\nPC-2;t@2;1;\"old, \"\"very\"\" old\"";
    folder.write("plain.csv", TABLE.as_bytes());
    folder.write("windows.csv", windows.as_bytes());
    folder.write("semicolons.csv", semicolons.as_bytes());
    folder.write("tabs.csv", semicolons.replace(';', "\t").as_bytes());
    folder.write_packed("packed.csv.gz", TABLE);
    for source in [
        "{file: plain.csv}",
        "{file: windows.csv}",
        "{file: semicolons.csv, delimiter: \";\"}",
        "{file: tabs.csv, delimiter: tab}",
        "{file: packed.csv.gz}",
    ] {
        let estate = folder.estate(&format!("installs: {source}"));
        assert_eq!(estate, expected, "{source}");
        assert_eq!(estate.digest(), expected.digest());
    }
}

#[test]
fn several_tables_are_one_section() {
    let folder = Folder::new("several");
    folder.write("a.csv", b"version,quantity,asset\nt@1,2,PC-1\n");
    folder.write_packed(
        "b.csv.gz",
        "asset,version,excluded,quantity\nPC-2,t@2,\"old, \"\"very\"\" old\",\nPC-1,t@1,,3\n",
    );
    assert_eq!(folder.estate("installs: {files: [b.csv.gz, ./a.csv]}"), folder.estate(IN_YAML));
}

#[test]
fn licenses_and_assignments_may_stand_in_tables() {
    let folder = Folder::new("all");
    folder.write("licenses.csv", b"sku,id,quantity,unlimited,end\nS,L1,5,,2027-01-01\nS,L2,,true,\n");
    folder.write("assignments.csv", b"licence,title,user,version\nL1,,alice,\n,t,bob,2\n");
    let tables = folder.estate("licences: {file: licenses.csv}\nassignments: {file: assignments.csv}");
    let rows = "licenses: [{id: L2, sku: S, unlimited: true}, {id: L1, sku: S, quantity: 5, end: 2027-01-01}]\n\
                assignments: [{title: t, user: bob, version: 2}, {license: L1, user: alice}]";
    assert_eq!(tables, folder.estate(rows));
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_text() {
    let folder = Folder::new("formula");
    folder.write("installs.csv", b"version,asset,user\nt@1,=HYPERLINK('x'),@SUM(1)\n");
    let estate = folder.estate("installs: {file: installs.csv}");
    assert_eq!(estate.assets.as_slice(), ["=HYPERLINK('x')"]);
    assert_eq!(estate.users.as_slice(), ["@SUM(1)"]);
}
