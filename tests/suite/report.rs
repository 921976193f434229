//! `licit report`: a page says what the terminal and the JSON say, obeys no name, and is written whole or not at all.

use crate::cli::{code, folder_with, licit, stderr, stdout, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

const CONTOSO: &str = "examples/contoso.yaml";
const EXAMPLES: [&str; 3] = [CONTOSO, "examples/deficit-and-surplus.yaml", "examples/twenty-versions.yaml"];

/// Reads what a page shows, for tests: the text of each element that holds text alone, and the rows of each table.
pub(crate) struct Page {
    pub(crate) html: String,
}

impl Page {
    pub(crate) fn of(arguments: &[&str]) -> Self {
        let arguments = [&["report", "--quiet"], arguments].concat();
        let output = licit(&arguments);
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{arguments:?}");
        Self { html: stdout(&output).to_owned() }
    }

    /// The rows of the table in the box with an id, cells that are empty left out.
    pub(crate) fn rows(&self, id: &str) -> Vec<Vec<String>> {
        let (_, after) = self.html.split_once(&format!("<div class=\"table\" id=\"{id}\">")).expect("there is a table");
        let (table, _) = after.split_once("</tbody>").expect("a table has an end");
        let rows = table.split("<tr").skip(1);
        rows.map(|row| row.split("</t").map(plain).filter(|cell| !cell.is_empty()).collect()).collect()
    }

    /// The rows of all tables.
    fn all_rows(&self) -> Vec<Vec<String>> {
        let boxes = self.html.split("<div class=\"table\" id=\"").skip(1);
        let ids = boxes.map(|rest| rest.split_once('"').expect("an attribute has an end").0);
        ids.flat_map(|id| self.rows(id)).collect()
    }

    /// The text of all elements that hold text alone.
    pub(crate) fn texts(&self) -> Vec<String> {
        let (_, body) = self.html.split_once("<body>").expect("a page has a body");
        body.split('<').map(|piece| unescaped(piece.split_once('>').map_or("", |(_, text)| text).trim())).collect()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.texts().iter().any(|said| said == text)
    }
}

/// Text without the tags before it.
fn plain(cell: &str) -> String {
    let text: String = cell.split('<').map(|piece| piece.rsplit_once('>').map_or(piece, |(_, text)| text)).collect();
    let is_tag_end = cell.starts_with(['r', 'd', 'h', 'a']) && !cell.contains('>');
    if is_tag_end { String::new() } else { unescaped(text.trim()) }
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

/// The lines that a command prints.
fn lines(arguments: &[&str]) -> Vec<String> {
    let output = licit(&[arguments, &["--quiet"]].concat());
    assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
    stdout(&output).lines().map(str::to_owned).collect()
}

/// Cells of a line that a terminal shows, those that are empty left out.
fn cells(line: &str) -> Vec<String> {
    line.split("  ").map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect()
}

#[test]
fn a_page_says_every_line_that_a_terminal_shows() {
    for example in EXAMPLES {
        let page = Page::of(&[example]);
        let tables = ["versions-table", "licenses-table", "families-table", "publishers-table"];
        let present = tables.iter().filter(|id| page.html.contains(&format!("id=\"{id}\"")));
        let rows: Vec<Vec<String>> = present.flat_map(|id| page.rows(id)).collect();
        let headings = ["Families", "Publishers"];
        let mut count = 0;
        for line in lines(&["position", example]).iter().filter(|line| !line.is_empty()) {
            let cells = cells(line);
            let is_heading =
                headings.contains(&cells[0].as_str()) || ["Assignments", "Shortages"].contains(&line.as_str());
            let is_in_assignments = page.html.contains("assignments-table") && is_assignment(&page, line.trim());
            let is_said = rows.contains(&cells) || page.says(line.trim()) || is_heading || is_in_assignments;
            assert!(is_said, "{example}: {line}");
            count += 1;
        }
        assert!(count > 10, "{example}");
    }
}

/// Whether a row says what a terminal says of an assignment.
fn is_assignment(page: &Page, line: &str) -> bool {
    let is_same = |row: &Vec<String>| row.len() == 5 && format!("{} for {}: {}", row[0], row[1], row[4]) == line;
    page.rows("assignments-table").iter().any(is_same)
}

#[test]
fn a_page_explains_what_is_red_and_yellow_in_the_words_of_explain() {
    let page = Page::of(&[CONTOSO]);
    for version in ["project@2013", "acrobat@DC", "acrobat@XI", "office-pro@2016", "office-pro@2019", "sql@2019"] {
        for line in lines(&["explain", CONTOSO, version]).iter().filter(|line| !line.is_empty()) {
            assert!(page.says(line.trim()), "{version}: {line}");
        }
    }
    assert_eq!(page.html.matches("<article").count(), 6, "nothing green is explained");
    // Reds come first, and only so many as were asked for.
    let page = Page::of(&[CONTOSO, "--explanations", "1"]);
    assert_eq!(page.html.matches("<article").count(), 1);
    assert!(page.html.contains("project@2013: red, as of 2026-11-22"));
    assert!(page.says("5 versions are red or yellow beside these: `licit explain ESTATE VERSION` says why."));
}

#[test]
fn a_page_says_what_compare_says_of_simpler_methods() {
    for example in EXAMPLES {
        let page = Page::of(&[example]);
        let tables = ["methods-table", "best-fit", "lowest-sufficient", "priority-list", "per-title"];
        let present = tables.iter().filter(|id| page.html.contains(&format!("class=\"table\" id=\"{id}\"")));
        let rows: Vec<Vec<String>> = present.flat_map(|id| page.rows(id)).collect();
        // The search for the step that went wrong is left out, and the title is another.
        let is_left_out = |line: &str| line.trim().starts_with("went wrong") || line.contains("optimum and baselines");
        for line in lines(&["compare", example]).iter().filter(|line| !line.is_empty() && !is_left_out(line)) {
            assert!(rows.contains(&cells(line)) || page.says(line.trim()), "{example}: {line}");
        }
    }
}

#[test]
fn the_numbers_of_a_page_are_those_of_the_json() {
    for example in EXAMPLES {
        let page = Page::of(&[example]);
        let output = licit(&["position", example, "--format", "json"]);
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        let by_name: BTreeMap<String, Vec<String>> =
            page.rows("versions-table").into_iter().map(|row| (row[0].clone(), row)).collect();
        for title in result["titles"].as_array().unwrap() {
            for version in title["versions"].as_array().unwrap() {
                let name = format!("{}@{}", title["title"].as_str().unwrap(), version["version"].as_str().unwrap());
                let row = &by_name[&name];
                let keys = ["installed", "demand", "covered", "uncovered"];
                let said: Vec<String> = keys.map(|key| version[key].to_string()).into();
                assert_eq!(row[2..6], said, "{name}");
                assert!(row[1].starts_with(version["status"].as_str().unwrap()), "{name}");
            }
        }
        let digest = result["digest"].as_str().unwrap();
        assert!(page.says(&format!("Digest of the facts: {digest}")), "{example}");
    }
}

/// The pictures of where units go, as they stand under `tests/formats/`; `LICIT_BLESS=1` writes them anew.
#[test]
fn the_flows_of_an_example_are_as_they_were_read_last() {
    let page = Page::of(&[CONTOSO]);
    let pictures = page.html.split("<svg class=\"flow\"").skip(1);
    let pictures: Vec<&str> = pictures.map(|rest| rest.split_once("</svg>").expect("a picture has an end").0).collect();
    assert_eq!(pictures.len(), 6, "the estate and five titles");
    let drawn: String = pictures.iter().flat_map(|picture| ["<svg class=\"flow\"", picture, "</svg>\n"]).collect();
    let path = crate::estates::repository("tests/formats/contoso.flows.svg");
    if std::env::var_os("LICIT_BLESS").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    assert!(drawn == fs::read_to_string(&path).unwrap_or_default(), "{} differs:\n{drawn}", path.display());
}

#[test]
fn the_table_below_a_flow_adds_up_to_the_position() {
    let page = Page::of(&[CONTOSO]);
    let output = licit(&["position", CONTOSO, "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let sum = |id: &str, state: &str| -> u64 {
        let rows = page.rows(id).into_iter().filter(|row| row.last().is_some_and(|last| last == state));
        rows.map(|row| row[row.len() - 2].parse::<u64>().unwrap()).sum()
    };
    for state in ["idle", "uncovered", "unusable"] {
        assert_eq!(sum("flow-table", state), result["totals"][state].as_u64().unwrap(), "{state}");
    }
    // By title, from lots to versions.
    assert_eq!(
        page.rows("flow-3-table")[1..],
        [
            ["prj16", "project@2013", "3", "used"].map(str::to_owned).to_vec(),
            ["prj16", "project@2016", "9", "used"].map(str::to_owned).to_vec(),
            ["project@2013", "2", "uncovered"].map(str::to_owned).to_vec(),
        ]
    );
    assert!(page.html.contains("<text class=\"\" x=") && page.html.contains("S1 project@2013: 3 covered, 2 uncovered"));
}

#[test]
fn names_are_shown_and_not_obeyed() {
    let long = "x".repeat(500);
    let estate = format!(
        "licit: 1\nas_of: 2026-11-22\nname: \"</title><script>alert(1)</script>\"\n\
         titles: [{{id: \"<b onclick=x>\", name: \"<!-- &amp;\", versions: [\"{long}\", \"</script>\"]}}]\n\
         skus: [{{id: \"\\\"><img src=x>\", version: \"<b onclick=x>@</script>\"}}]\n\
         licenses: [{{id: \"{{{{ 7 * 7 }}}}\", sku: \"\\\"><img src=x>\", quantity: 1}}]\n\
         installs: [{{version: \"<b onclick=x>@</script>\", quantity: 3, asset: \"'javascript:x\"}}]\n"
    );
    let (_folder, path) = folder_with("estate.yaml", &estate);
    let page = Page::of(&[text(&path)]);
    for markup in ["<b onclick", "<img", "alert(1)</script>", "<!-- ", "\"'javascript"] {
        assert!(!page.html.contains(markup), "{markup}");
    }
    assert_eq!((page.html.matches("<script>").count(), page.html.matches("</script>").count()), (1, 1));
    assert!(page.html.contains("{{ 7 * 7 }}") && page.html.contains("&lt;!-- &amp;amp;") && page.html.contains(&long));
    assert!(page.html.contains("&lt;b onclick=x&gt;@&lt;/script&gt;"));
}

#[test]
fn names_that_are_left_out_are_nowhere_and_change_no_figure() {
    let page = Page::of(&[CONTOSO, "--redact", "users,assets"]);
    for name in ["alice", "bob", "carol", "DB-1", "DB-2", "LOBBY-1"] {
        assert!(!page.html.contains(name), "{name}");
    }
    let whole = Page::of(&[CONTOSO]);
    for id in ["versions-table", "licenses-table", "effective-table"] {
        assert_eq!(page.rows(id), whole.rows(id));
    }
    let digest = |page: &Page| page.texts().into_iter().find(|text| text.starts_with("Digest")).unwrap();
    assert_eq!(digest(&page), digest(&whole), "the digest is that of the facts");
    let outcomes = |page: &Page| page.rows("assignments-table").into_iter().map(|row| row[4].clone());
    assert!(outcomes(&page).eq(outcomes(&whole)));
    assert!(Page::of(&[CONTOSO, "--redact", "assets"]).html.contains("user alice"));
}

#[test]
fn a_page_is_one_file_that_asks_for_nothing() {
    for example in EXAMPLES {
        let page = Page::of(&[example]);
        for reference in [" src=", "href=\"h", "url(h", "@import", " style=", "<link", "<iframe", "<base"] {
            assert!(!page.html.contains(reference), "{example}: {reference}");
        }
        assert!(page.html.contains("default-src &#39;none&#39;; style-src &#39;sha256-"), "{example}");
        assert!(page.html == Page::of(&[example, "--jobs", "1"]).html, "the same facts give the same bytes");
    }
}

#[test]
fn a_page_goes_to_a_file_and_never_over_its_estate() {
    let estate = fs::read_to_string(crate::estates::repository("examples/deficit-and-surplus.yaml")).unwrap();
    let (folder, path) = folder_with("estate.yaml", &estate);
    let out = folder.path().join("report.html");
    let output = licit(&["report", text(&path), "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    let written = fs::read_to_string(&out).unwrap();
    assert!(written.starts_with("<!doctype html>\n") && written.ends_with("</html>\n"));
    assert_eq!(code(&licit(&["report", text(&path), "--out", text(&path)])), 2);
    assert_eq!(fs::read_to_string(&path).unwrap(), estate);
}

#[test]
fn a_refused_estate_has_no_page() {
    let (folder, path) = folder_with("estate.yaml", "licit: 1\n");
    let out = folder.path().join("report.html");
    let output = licit(&["report", text(&path), "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn a_page_of_a_renewal_says_every_line_that_a_terminal_shows() {
    for example in ["examples/renewal.yaml", "examples/growth.yaml", "examples/uncertain.yaml"] {
        let page = Page::of(&[example]);
        let mut rows = page.all_rows();
        // The last column has a heading on the page alone.
        for row in &mut rows {
            row.retain(|cell| cell != "Remark");
        }
        let mut count = 0;
        for line in lines(&["renew", example]).iter().filter(|line| !line.is_empty() && *line != "Comparison") {
            assert!(rows.contains(&cells(line)) || page.says(line.trim()), "{example}: {line}");
            count += 1;
        }
        assert!(count > 20, "{example}");
        assert!(
            page.says("licit verify SCENARIOS renewal.json --as-of 2027-04-01") || page.html.contains("licit verify")
        );
    }
}

#[test]
fn a_curve_is_drawn_with_its_breakpoints() {
    let page = Page::of(&["examples/growth.yaml"]);
    let breakpoints = page.rows("curve-0-spend-table");
    let said: Vec<[&str; 2]> = breakpoints[1..].iter().map(|row| [row[0].as_str(), row[1].as_str()]).collect();
    let expected = [
        ["0", "1305.00 EUR"],
        ["1", "1395.00 EUR"],
        ["8", "3075.00 EUR"],
        ["9", "3215.00 EUR"],
        ["11", "3395.00 EUR"],
        ["40", "9195.00 EUR"],
    ];
    assert_eq!(said, expected);
    assert_eq!(page.html.matches("<circle class=\"break\"").count(), 6);
    assert!(!page.html.contains("curve-0-uncovered"), "nothing is uncovered at any value");
}

#[test]
fn a_renewal_has_a_page_for_one_scenario_and_leaves_out_names() {
    let name = "apac hires, people=10";
    let page = Page::of(&["examples/renewal.yaml", "--scenario", name]);
    assert!(page.html.contains("<h1>apac hires, people=10: renewal as of 2027-04-01</h1>"));
    assert!(!page.html.contains("people=0") && page.html.contains("PC-9"));
    let redacted = Page::of(&["examples/renewal.yaml", "--redact", "assets"]);
    assert!(!redacted.html.contains("PC-9") && redacted.html.contains("nobody has used it"));
}

#[test]
fn a_saved_result_has_a_page_if_it_is_what_comes_of_the_facts() {
    for (facts, command) in [(CONTOSO, "position"), ("examples/renewal.yaml", "renew")] {
        let saved = licit(&[command, facts, "--format", "json", "--quiet"]);
        let (folder, path) = folder_with("result.json", stdout(&saved));
        let page = Page::of(&[facts, "--result", text(&path)]);
        assert!(page.html.contains("These are the figures of a saved result"), "{facts}");
        assert_eq!(page.all_rows(), Page::of(&[facts]).all_rows(), "{facts}");
        // A figure that is altered, and a result of other facts.
        let altered = stdout(&saved).replacen("\"covered\":", "\"covered\":9", 1);
        let other = folder.path().join("altered.json");
        fs::write(&other, altered).unwrap();
        for (facts, result, why) in
            [(facts, &other, "laws are broken"), ("examples/deficit-and-surplus.yaml", &path, "")]
        {
            let output = licit(&["report", facts, "--result", text(result), "--quiet"]);
            assert_eq!((code(&output), stdout(&output)), (2, ""), "{facts}");
            assert!(stderr(&output).contains(why) || stderr(&output).contains("law is broken"), "{}", stderr(&output));
        }
    }
}

#[test]
fn a_page_says_what_changed_since_an_earlier_result() {
    let results = ["examples/quarter-1.yaml", "examples/quarter-2.yaml"]
        .map(|estate| licit(&["position", estate, "--format", "json", "--quiet"]));
    let (folder, before) = folder_with("q1.json", stdout(&results[0]));
    let after = folder.path().join("q2.json");
    fs::write(&after, stdout(&results[1])).unwrap();
    let page = Page::of(&["examples/quarter-2.yaml", "--since", text(&before)]);
    let rows = page.all_rows();
    for line in lines(&["diff", text(&before), text(&after)]).iter().filter(|line| !line.is_empty()) {
        assert!(rows.contains(&cells(line)) || page.says(line.trim()), "{line}");
    }
    let redacted = Page::of(&["examples/quarter-2.yaml", "--since", text(&before), "--redact", "users"]);
    assert!(page.html.contains("alice") && !redacted.html.contains("alice"));
    let changes = |page: &Page| page.texts().into_iter().filter(|text| text.starts_with('[')).count();
    assert_eq!(changes(&redacted), changes(&page), "a name that is left out is no change");
    let same = Page::of(&["examples/quarter-1.yaml", "--since", text(&before)]);
    assert!(same.says("No differences."));
}

#[test]
fn what_is_for_positions_is_refused_for_renewals_and_the_other_way_round() {
    let refused = |arguments: &[&str], why: &str| {
        let output = licit(arguments);
        assert_eq!((code(&output), stdout(&output)), (2, ""));
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    };
    refused(&["report", CONTOSO, "-q", "--scenario", "x"], "`--scenario` is for a scenario file");
    refused(&["report", "examples/renewal.yaml", "-q", "--since", "x.json"], "`--since` is for an estate");
    refused(&["report", "examples/renewal.yaml", "-q", "--scenario", "x"], "names no scenario");
    refused(&["report", CONTOSO, "-q", "--since", CONTOSO], "no result of `position`");
}
