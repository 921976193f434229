//! Bad input and the answer it gets: every kind of finding has a file here or input made on the spot.
//!
//! Places are asserted here; words are in `tests/invalid/messages.txt`, which `LICIT_BLESS=1` writes anew.

use model::diagnostic::{Code, Diagnostic};
use model::findings::Findings;
use model::{ReadOptions, Reading, read_estate, read_estate_text};
use report::diagnostics::{Color, text};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Findings in the order of their places: `CODE line:column` in the estate file, `CODE table:line:column` in a table, of
/// Parquet its row and column.
const FIXTURES: &[(&str, &[&str])] = &[
    ("anchor.yaml", &["E-ANCHOR 4:11", "E-ANCHOR 5:24", "E-ANCHOR 6:24"]),
    ("bom-inside.yaml", &["E-BOM 3:8"]),
    ("boolean.yaml", &["E-BOOL 5:51", "E-BOOL 6:51"]),
    ("choice.yaml", &["E-CHOICE 4:43", "E-CHOICE 4:62"]),
    ("control-bidi.yaml", &["E-CTRL 3:12", "E-CTRL 3:13"]),
    ("control-escaped.yaml", &["E-CTRL 3:7"]),
    ("control.yaml", &["E-CTRL 3:8"]),
    ("currency-missing.yaml", &["E-CURRENCY 8:34", "E-CURRENCY 12:38", "E-MINOR 13:38"]),
    ("currency-near.yaml", &["E-CURRENCY 3:11"]),
    ("currency.yaml", &["E-CURRENCY 3:11"]),
    ("cycle-scopes.yaml", &["E-CYCLE 5:21", "E-CYCLE 9:24"]),
    ("cycle-upgrades.yaml", &["E-CYCLE 6:27"]),
    ("date-ambiguous.yaml", &["E-DATE-AMBIGUOUS 8:46"]),
    ("date-as-of.yaml", &["E-DATE 2:8"]),
    ("date-order.yaml", &["E-DATE-ORDER 8:63"]),
    ("date-zone.yaml", &["E-DATE-TZ 8:44"]),
    (
        "date.yaml",
        &["E-DATE 8:46", "E-DATE 9:46", "E-DATE 10:46", "E-DATE 11:46", "E-DATE 12:46", "E-DATE 13:46", "E-DATE 14:46"],
    ),
    ("depth.yaml", &["E-DEPTH 3:39"]),
    ("duplicate-assignment.yaml", &["E-DUP 11:5", "E-DUP 12:5"]),
    ("duplicate-id-all.yaml", &["E-DUP-ID 3:24", "E-DUP-ID 6:10", "E-DUP-ID 9:10"]),
    ("duplicate-id.yaml", &["E-DUP-ID 9:10"]),
    ("duplicate-key-spellings.yaml", &["E-DUP-KEY 8:1"]),
    ("duplicate-key.yaml", &["E-DUP-KEY 8:39"]),
    ("duplicate-transfer.yaml", &["E-DUP 11:5"]),
    ("duplicate-version.yaml", &["E-DUP 4:32"]),
    ("empty-comments.yaml", &["E-EMPTY 1:1"]),
    ("empty-document.yaml", &["E-EMPTY 1:1"]),
    ("empty-list.yaml", &["E-EMPTY-LIST 4:13", "E-EMPTY-LIST 7:27"]),
    ("empty.yaml", &["E-EMPTY 1:1"]),
    ("format-version.yaml", &["E-LICIT 1:8"]),
    ("fraction.yaml", &["E-FRACTION 8:38", "E-FRACTION 9:38"]),
    ("id.yaml", &["E-ID 4:10", "E-ID 5:28", "E-ID 5:36", "E-ID 5:42"]),
    (
        "include-duplicate.yaml",
        &[
            "E-DUP-ID catalogs/titles.yaml:3:10",
            "E-DUP-ID catalogs/titles.yaml:5:3",
            "E-DUP-ID catalogs/titles.yaml:7:10",
        ],
    ),
    (
        "include-keys.yaml",
        &[
            "E-MISSING catalogs/keys.yaml:1:1",
            "E-KEY catalogs/keys.yaml:1:1",
            "E-KEY catalogs/keys.yaml:2:1",
            "E-REF catalogs/keys.yaml:6:22",
        ],
    ),
    (
        "extent.yaml",
        &["E-RANGE 5:54", "E-MISSING 6:56", "E-CHOICE 7:35", "E-EMPTY-LIST 8:27", "E-DUP 9:27", "E-DUP 10:47"],
    ),
    ("include-list.yaml", &["E-TYPE 3:10"]),
    (
        "include.yaml",
        &[
            "E-DUP 5:5",
            "E-NOT-FOUND 6:5",
            "E-PATH 7:5",
            "E-FORMAT 8:5",
            "E-TYPE 9:5",
            "E-DUP-ID catalogs/titles.yaml:7:10",
        ],
    ),
    ("merge.yaml", &["E-KEY 3:1", "E-ANCHOR 3:14", "E-MISSING 5:5", "E-MERGE 5:6", "E-ANCHOR 5:10"]),
    ("missing.yaml", &["E-MISSING 1:1", "E-MISSING 1:1", "E-MISSING 3:5", "E-MISSING 3:5", "E-MISSING 5:5"]),
    (
        "money.yaml",
        &[
            "E-MINOR 9:34",
            "E-NEG 10:35",
            "E-NUM-FORM 11:34",
            "E-NUM-FORM 12:35",
            "E-NUM-FORM 13:35",
            "E-RANGE 14:35",
            "E-NUM-FORM 15:34",
            "E-NUM-FORM 16:34",
        ],
    ),
    ("names-ambiguous.yaml", &["E-AMBIGUOUS 10:12"]),
    ("names-type.yaml", &["E-TYPE 4:3"]),
    ("names.yaml", &["E-DUP-ID 7:3", "E-REF 8:13", "E-REF-FORM 9:13", "E-TYPE 10:13", "E-ONE-OF 12:12"]),
    ("negative.yaml", &["E-NEG 8:38"]),
    (
        "number-form.yaml",
        &[
            "E-NUM-FORM 8:36",
            "E-NUM-FORM 9:36",
            "E-NUM-FORM 10:36",
            "E-NUM-FORM 11:36",
            "E-NUM-FORM 12:36",
            "E-NUM-FORM 13:36",
            "E-NUM-FORM 14:36",
            "E-NUM-FORM 15:36",
            "E-NUM-FORM 16:36",
            "E-NUM-FORM 17:36",
            "E-NUM-FORM 18:37",
            "E-NUM-FORM 19:37",
        ],
    ),
    (
        "one-of.yaml",
        &[
            "E-ONE-OF 8:5",
            "E-ONE-OF 9:36",
            "E-ONE-OF 11:26",
            "E-ONE-OF 12:5",
            "E-ONE-OF 13:38",
            "E-ONE-OF 14:5",
            "E-ONE-OF 15:28",
        ],
    ),
    ("range.yaml", &["E-RANGE 8:38", "E-RANGE 9:38", "E-RANGE 10:28", "E-RANGE 10:49"]),
    ("reference-empty.yaml", &["E-REF 4:22"]),
    ("reference-form-list.yaml", &["E-REF-FORM 5:36", "E-REF-FORM 5:42"]),
    (
        "reference-form.yaml",
        &["E-REF-FORM 8:15", "E-REF-FORM 9:15", "E-REF-FORM 10:15", "E-REF-FORM 11:15", "E-REF-FORM 13:30"],
    ),
    ("reference-scope.yaml", &["E-REF 5:24"]),
    (
        "reference.yaml",
        &["E-REF 8:19", "E-REF 8:46", "E-REF 10:15", "E-REF 11:15", "E-REF 13:15", "E-REF 14:13", "E-REF 15:30"],
    ),
    ("reversed.yaml", &["E-REVERSED 5:36"]),
    ("scope.yaml", &["E-SCOPE 7:5", "E-SCOPE 9:5", "E-SCOPE 11:5"]),
    ("self-upgrade.yaml", &["E-SELF-UPGRADE 5:27"]),
    ("several-documents.yaml", &["E-MULTIDOC 3:1"]),
    ("space.yaml", &["E-SPACE 4:10", "E-TYPE 5:10"]),
    ("syntax-colon.yaml", &["E-SYNTAX 3:14"]),
    ("syntax.yaml", &["E-SYNTAX 3:7"]),
    ("tab.yaml", &["E-TAB 4:1"]),
    ("table-assignments.yaml", &["E-REF tables/assignments.csv:2:1"]),
    ("table-column-missing.yaml", &["E-COLUMN tables/column-missing.csv:1:1"]),
    (
        "table-columns.yaml",
        &[
            "E-COLUMN tables/columns.csv:1:1",
            "E-COLUMN tables/columns.csv:1:1",
            "E-COLUMN tables/columns.csv:1:11",
            "E-COLUMN tables/columns.csv:1:34",
        ],
    ),
    (
        "table-control.yaml",
        &["E-CTRL tables/control.csv:2:15", "E-CTRL tables/control.csv:3:15", "E-BOM tables/control.csv:4:14"],
    ),
    ("table-decimal-comma.yaml", &["E-NUM-FORM tables/decimal-comma.csv:2:13"]),
    ("table-delimiter-comma.yaml", &["E-DELIM tables/delimiter-comma.csv:1:8"]),
    ("table-delimiter-tab.yaml", &["E-DELIM tables/delimiter-tab.csv:1:8"]),
    ("table-delimiter-wrong.yaml", &["E-CHOICE 7:57"]),
    ("table-delimiter.yaml", &["E-DELIM tables/delimiter.csv:1:8"]),
    ("table-duplicate-id.yaml", &["E-DUP-ID tables/duplicate-id.csv:4:1"]),
    ("table-empty.yaml", &["E-EMPTY tables/empty.csv:1:1"]),
    ("table-excel.yaml", &["E-FORMAT 7:18"]),
    ("table-gzip-cut.yaml", &["E-GZIP tables/gzip-cut.csv.gz:1215:1"]),
    ("table-gzip.yaml", &["E-GZIP tables/gzip.csv.gz:1:1"]),
    ("table-not-found.yaml", &["E-NOT-FOUND 7:18"]),
    ("table-one-of.yaml", &["E-ONE-OF 7:11", "E-ONE-OF 8:11", "E-TYPE 9:21"]),
    (
        "table-parquet-columns.yaml",
        &[
            "E-COLUMN tables/parquet-columns.parquet:1:1",
            "E-COLUMN tables/parquet-columns.parquet:1:1",
            "E-COLUMN tables/parquet-columns.parquet:1:3",
            "E-TYPE tables/parquet-columns.parquet:1:4",
            "E-TYPE tables/parquet-columns.parquet:1:5",
        ],
    ),
    (
        "table-parquet-types.yaml",
        &[
            "E-TYPE tables/parquet-types.parquet:1:3",
            "E-TYPE tables/parquet-types.parquet:1:4",
            "E-TYPE tables/parquet-types.parquet:2:2",
            "E-TYPE tables/parquet-types.parquet:3:5",
        ],
    ),
    (
        "table-parquet-values.yaml",
        &[
            "E-DATE-TZ tables/parquet-values.parquet:1:5",
            "E-REF tables/parquet-values.parquet:2:1",
            "E-CTRL tables/parquet-values.parquet:2:3",
            "E-UTF8 tables/parquet-values.parquet:2:4",
            "E-MISSING tables/parquet-values.parquet:3:1",
            "E-NEG tables/parquet-values.parquet:3:2",
            "E-SPACE tables/parquet-values.parquet:3:3",
        ],
    ),
    (
        "table-parquet.yaml",
        &[
            "E-PARQUET tables/parquet.parquet:1:1",
            "E-PARQUET tables/parquet-text.parquet:1:1",
            "E-PARQUET tables/parquet-encrypted.parquet:1:1",
            "E-PARQUET tables/parquet-damaged.parquet:1:1",
            "E-PARQUET tables/parquet-packed.parquet:1:1",
        ],
    ),
    ("table-path.yaml", &["E-PATH 7:20", "E-PATH 7:36", "E-PATH 7:53"]),
    (
        "table-quote.yaml",
        &["E-QUOTE tables/quote.csv:2:13", "E-QUOTE tables/quote.csv:3:13", "E-QUOTE tables/quote.csv:4:15"],
    ),
    (
        "table-row-length.yaml",
        &[
            "E-ROW-LEN tables/row-length.csv:2:13",
            "E-ROW-LEN tables/row-length.csv:3:20",
            "E-ROW-LEN tables/row-length.csv:4:17",
        ],
    ),
    (
        "table-skus.yaml",
        &[
            "E-REF-FORM tables/skus.csv:3:7",
            "E-REF tables/skus.csv:4:7",
            "E-REF-FORM tables/skus.csv:4:7",
            "E-REF tables/skus.csv:4:16",
            "E-REF-FORM tables/skus.csv:5:19",
        ],
    ),
    ("table-twice.yaml", &["E-PATH 7:37", "E-DUP 7:64"]),
    ("table-utf8.yaml", &["E-UTF8 tables/utf8.csv:2:16"]),
    (
        "table-values.yaml",
        &[
            "E-NUM-FORM tables/values.csv:2:13",
            "E-NUM-FORM tables/values.csv:3:13",
            "E-DATE tables/values.csv:3:17",
            "E-REF tables/values.csv:3:28",
            "E-REF tables/values.csv:4:1",
            "E-NEG tables/values.csv:4:16",
            "E-DATE tables/values.csv:4:19",
        ],
    ),
    ("tag-placeholder.yaml", &["E-TAG 3:7"]),
    ("tag.yaml", &["E-TAG 3:7", "E-TAG 4:11"]),
    ("type-key.yaml", &["E-TYPE 3:3"]),
    ("type-root.yaml", &["E-TYPE 1:1"]),
    ("type.yaml", &["E-TYPE 3:9", "E-TYPE 4:7", "E-TYPE 6:5", "E-TYPE 7:23", "E-TYPE 8:1", "E-TYPE 9:11"]),
    ("unknown-key.yaml", &["E-KEY 8:26", "E-KEY 9:1"]),
    ("utf16.yaml", &["E-UTF8 1:1"]),
    ("utf8.yaml", &["E-UTF8 3:8"]),
    ("version.yaml", &["E-DATE-AMBIGUOUS 4:49", "E-KEY 4:72", "E-MISSING 4:94", "E-DUP 5:40"]),
    ("warn-duplicate-lot.yaml", &["W-DUP-LOT 10:10"]),
    ("warn-expired.yaml", &["W-EXPIRED 15:15", "W-EXPIRED 18:5"]),
    (
        "warn-include.yaml",
        &[
            "W-NO-USE 6:10",
            "W-NO-LICENSE 10:12",
            "W-PUBLISHER catalogs/rights.yaml:8:42",
            "W-PUBLISHER tables/warn-skus.csv:2:14",
        ],
    ),
    ("warn-maintenance.yaml", &["W-RELEASED 6:36", "W-MAINTENANCE 8:10"]),
    ("warn-name.yaml", &["W-NAME 8:12", "W-NAME 10:12", "W-NAME 11:12", "W-NO-LICENSE 12:12", "W-SENTINEL 13:29"]),
    ("warn-no-base.yaml", &["W-NO-BASE 16:10", "W-NO-BASE 17:10", "W-NO-BASE 18:10", "W-NO-LICENSE 20:15"]),
    ("warn-no-license.yaml", &["W-NO-LICENSE 16:15", "W-NO-LICENSE 18:15", "W-NO-LICENSE 19:15"]),
    ("warn-no-use.yaml", &["W-NO-USE 14:10", "W-NO-USE 15:10", "W-NO-USE 16:10", "W-NO-USE 18:10"]),
    (
        "warn-not-installed.yaml",
        &[
            "W-NOT-INSTALLED 20:5",
            "W-NOT-INSTALLED 21:5",
            "W-NOT-INSTALLED 22:5",
            "W-NOT-INSTALLED 25:5",
            "W-NOT-INSTALLED 26:5",
        ],
    ),
    ("warn-publisher.yaml", &["W-PUBLISHER 9:79", "W-PUBLISHER 10:72"]),
    ("warn-sentinel.yaml", &["W-SENTINEL 8:36", "W-SENTINEL 9:36", "W-SENTINEL 11:38"]),
    (
        "warn-table.yaml",
        &[
            "W-DUP-LOT tables/warn-licenses.csv:3:1",
            "W-NOT-INSTALLED tables/warn-assignments.csv:2:1",
            "W-NO-LICENSE tables/warn-installs.csv:3:3",
            "W-SENTINEL tables/warn-installs.csv:4:1",
        ],
    ),
    ("warn-version-twins.yaml", &["W-VERSION-TWINS 4:31"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid")
}

fn read(path: &Path) -> Reading {
    read_estate(path, &ReadOptions::default())
}

fn read_fixture(name: &str) -> Reading {
    let mut reading = read(&folder().join(name));
    let folder = format!("{}/", folder().display());
    reading.findings.rename_files(|file| file.strip_prefix(&folder).unwrap_or(file).to_owned());
    reading
}

fn places(findings: &Findings, estate: &str) -> Vec<String> {
    let place_of = |diagnostic: &Diagnostic| {
        let place = diagnostic.place;
        let file = findings.file_name(place.file);
        let table = if file == estate { String::new() } else { format!("{file}:") };
        format!("{} {table}{}:{}", diagnostic.code, place.line, place.column)
    };
    findings.diagnostics().iter().map(place_of).collect()
}

/// A folder of its own for input that cannot be committed; removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("licit-invalid-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, contents).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Asserts that reading finds exactly this.
#[track_caller]
fn assert_finds(path: &Path, expected: &[&str]) {
    let reading = read(path);
    assert_eq!(places(&reading.findings, &path.to_string_lossy()), expected);
    assert!(reading.estate.is_none());
}

#[test]
fn every_fixture_is_answered_at_its_place() {
    for (name, expected) in FIXTURES {
        let reading = read_fixture(name);
        assert_eq!(places(&reading.findings, name), *expected, "{name}");
        assert_eq!(reading.estate.is_some(), expected.iter().all(|finding| finding.starts_with('W')), "{name}");
    }
}

#[test]
fn every_fixture_file_is_listed() {
    let listed: BTreeSet<&str> = FIXTURES.iter().map(|(name, _)| *name).collect();
    let there: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    assert_eq!(listed, there.iter().map(String::as_str).collect());
}

#[test]
fn the_words_of_every_answer_are_as_agreed() {
    let mut rendered = String::new();
    for (name, _) in FIXTURES {
        let _ = writeln!(rendered, "=== {name}\n{}", text(&read_fixture(name).findings, Color::Never));
    }
    let path = folder().join("messages.txt");
    if std::env::var_os("LICIT_BLESS").is_some() {
        fs::write(&path, &rendered).unwrap();
    }
    let agreed = fs::read_to_string(&path).unwrap();
    for (number, (agreed, rendered)) in agreed.lines().zip(rendered.lines()).enumerate() {
        assert_eq!(rendered, agreed, "line {} of messages.txt", number + 1);
    }
    assert_eq!(agreed.len(), rendered.len());
}

/// Codes that only input made on the spot gives, each by a test below.
const MADE_ON_THE_SPOT: &[Code] = &[Code::Io, Code::NotAFile];

#[test]
fn every_code_has_input_that_gives_it() {
    let in_fixtures: BTreeSet<&str> = (FIXTURES.iter().chain(crate::scenarios::FIXTURES))
        .flat_map(|(_, findings)| findings.iter().filter_map(|finding| finding.split(' ').next()))
        .collect();
    for code in Code::ALL {
        assert!(in_fixtures.contains(code.as_str()) != MADE_ON_THE_SPOT.contains(code), "{code}");
    }
}

#[test]
fn codes_are_told_apart_by_their_text() {
    let texts: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(texts.len(), Code::ALL.len());
}

#[test]
fn a_missing_file_is_no_estate() {
    let scratch = Scratch::new("missing");
    assert_finds(&scratch.path("estate.yaml"), &["E-NOT-FOUND 1:1"]);
}

#[test]
fn a_path_through_a_file_cannot_be_read() {
    let scratch = Scratch::new("through");
    let file = scratch.write("file", "");
    assert_finds(&file.join("estate.yaml"), &["E-IO 1:1"]);
}

#[test]
fn a_folder_is_not_a_file() {
    assert_finds(&folder(), &["E-NOT-A-FILE 1:1"]);
}

#[cfg(unix)]
#[test]
fn a_device_without_end_is_not_a_file() {
    assert_finds(Path::new("/dev/zero"), &["E-NOT-A-FILE 1:1"]);
}

#[cfg(unix)]
#[test]
fn a_socket_is_not_a_file() {
    let scratch = Scratch::new("socket");
    let path = scratch.path("estate.yaml");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert_finds(&path, &["E-NOT-A-FILE 1:1"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let scratch = Scratch::new("pipe");
    let path = scratch.path("estate.yaml");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.is_ok_and(|status| status.success()));
    assert_finds(&path, &["E-NOT-A-FILE 1:1"]);
}

#[test]
fn a_huge_file_is_refused_by_its_size() {
    let scratch = Scratch::new("huge");
    let path = scratch.path("estate.yaml");
    File::create(&path).unwrap().set_len(1 << 30).unwrap();
    assert_finds(&path, &["E-SIZE 1:1"]);
}

#[test]
fn a_line_beyond_the_limit_is_refused() {
    let scratch = Scratch::new("line");
    let long = "x".repeat(model::limits::LINE_BYTES_MAX);
    let estate = scratch.write("estate.yaml", format!("licit: 1\nas_of: 2026-11-22\n# {long}\n"));
    assert_finds(&estate, &["E-SIZE 3:1"]);
    scratch.write("installs.csv", format!("version,asset\nt@1,{long}\n"));
    let estate = scratch.write(
        "estate.yaml",
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [1]}]\ninstalls: {file: installs.csv}\n",
    );
    let table = scratch.path("installs.csv");
    assert_finds(&estate, &[&format!("E-SIZE {}:2:1", table.display())]);
}

#[test]
fn brackets_without_end_are_too_deep_and_nothing_worse() {
    let reading = read_estate_text("estate.yaml", &"[".repeat(100_000), &ReadOptions::default());
    assert_eq!(places(&reading.findings, "estate.yaml"), ["E-DEPTH 1:33"]);
    let mut nested = String::new();
    for depth in 0..1_000 {
        let _ = writeln!(nested, "{}a:", " ".repeat(depth));
    }
    let reading = read_estate_text("estate.yaml", &nested, &ReadOptions::default());
    assert_eq!(places(&reading.findings, "estate.yaml"), ["E-DEPTH 33:33"]);
}

#[test]
fn more_values_than_the_limit_are_refused_where_they_begin() {
    // The mapping, its key and the list come before the items.
    let items = model::limits::YAML_NODES_MAX - 3;
    let text = format!("x:\n{}", "- a\n".repeat(items + 1_000));
    let reading = read_estate_text("estate.yaml", &text, &ReadOptions::default());
    assert_eq!(places(&reading.findings, "estate.yaml"), [format!("E-SIZE {}:3", items + 2)]);
}

#[test]
fn scopes_may_nest_as_deep_as_the_limit_and_no_deeper() {
    let depth = model::limits::SCOPE_DEPTH_MAX;
    let mut text = String::from("licit: 1\nas_of: 2026-11-22\nscopes:\n  - {id: s0}\n");
    for scope in 1..depth {
        let _ = writeln!(text, "  - {{id: s{scope}, parent: s{}}}", scope - 1);
    }
    assert!(read_estate_text("estate.yaml", &text, &ReadOptions::default()).estate.is_some());
    for scope in depth..depth + 1_000 {
        let _ = writeln!(text, "  - {{id: s{scope}, parent: s{}}}", scope - 1);
    }
    let reading = read_estate_text("estate.yaml", &text, &ReadOptions::default());
    assert_eq!(places(&reading.findings, "estate.yaml"), [format!("E-DEPTH {}:23", depth + 4)]);
}

#[test]
fn a_sum_beyond_the_limit_names_the_largest_rows() {
    let scratch = Scratch::new("total");
    let mut rows = String::from("version,quantity\n");
    rows.push_str(&"t@1,999999999\n".repeat(1_000_001));
    rows.push_str("t@1,1000000000\n");
    scratch.write("installs.csv", rows);
    let estate = scratch.write(
        "estate.yaml",
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [1]}]\ninstalls: {file: installs.csv}\n",
    );
    let table = scratch.path("installs.csv");
    let reading = read(&estate);
    let place = format!("E-RANGE-TOTAL {}:1000003:5", table.display());
    assert_eq!(places(&reading.findings, &estate.to_string_lossy()), [place]);
    let diagnostic = &reading.findings.diagnostics()[0];
    assert!(diagnostic.message.contains("1000001998999999 units"), "{}", diagnostic.message);
    let related: Vec<u32> = diagnostic.related.iter().map(|related| related.place.line).collect();
    assert_eq!(related, [2, 3]);
}

#[cfg(unix)]
#[test]
fn a_link_may_not_lead_out_of_the_folder() {
    let scratch = Scratch::new("link");
    fs::create_dir_all(scratch.path("inside")).unwrap();
    scratch.write("installs.csv", "version\nt@1\n");
    std::os::unix::fs::symlink("../installs.csv", scratch.path("inside/installs.csv")).unwrap();
    let estate = scratch.write(
        "inside/estate.yaml",
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [1]}]\ninstalls: {file: installs.csv}\n",
    );
    assert_finds(&estate, &["E-PATH 4:18"]);
}

#[cfg(unix)]
#[test]
fn a_catalog_is_a_regular_file_in_the_folder() {
    let scratch = Scratch::new("catalog");
    fs::create_dir_all(scratch.path("inside/folder.yaml")).unwrap();
    scratch.write("outside.yaml", "licit: 1\n");
    std::os::unix::fs::symlink("../outside.yaml", scratch.path("inside/link.yaml")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(scratch.path("inside/pipe.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()));
    File::create(scratch.path("inside/huge.yaml")).unwrap().set_len(1 << 30).unwrap();
    let estate = scratch.write(
        "inside/estate.yaml",
        "licit: 1\nas_of: 2026-11-22\ninclude: [link.yaml, folder.yaml, pipe.yaml, huge.yaml]\n",
    );
    let file = |name: &str| scratch.path("inside").join(name).display().to_string();
    let expected = [
        "E-PATH 3:11".to_owned(),
        format!("E-NOT-A-FILE {}:1:1", file("folder.yaml")),
        format!("E-NOT-A-FILE {}:1:1", file("pipe.yaml")),
        format!("E-SIZE {}:1:1", file("huge.yaml")),
    ];
    assert_finds(&estate, &expected.each_ref().map(String::as_str));
}

#[test]
fn too_many_catalogs_and_patterns_are_refused_at_once() {
    let included = "c.yaml, ".repeat(model::limits::INCLUDED_MAX + 1);
    let mut names = String::from("names:\n");
    for name in 0..=model::limits::PATTERNS_MAX {
        let _ = writeln!(names, "  \"*{name}*\": t@1");
    }
    let head = "licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [1]}]\n";
    let text = format!("{head}include: [{included}]\n{names}");
    let reading = read_estate_text("estate.yaml", &text, &ReadOptions::default());
    assert_eq!(places(&reading.findings, "estate.yaml"), ["E-SIZE 4:10", "E-SIZE 10006:3"]);
}

#[test]
fn text_without_a_folder_names_no_tables() {
    let text = "licit: 1\nas_of: 2026-11-22\ninstalls: {file: installs.csv}\n";
    let reading = read_estate_text("estate.yaml", text, &ReadOptions::default());
    assert_eq!(places(&reading.findings, "estate.yaml"), ["E-PATH 3:18"]);
}
