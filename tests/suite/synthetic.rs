//! Synthetic estates: networks with the answer that was planted in them.
//!
//! `LICIT_SYNTHETIC` sets how many seeds each shape and size is tried at.

use crate::agreement::count;
use crate::estates::{parse, read};
use crate::statement::derived::when_expiring;
use model::synthetic::{self, File, Shape, Size, Synthetic, Tables};
use solver::Shortage;
use solver::position::{Reason, Status};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Installs and versions: nothing, next to nothing, small estates as they are solved by the thousand, larger ones.
const SIZES: [(u64, usize); 8] = [(0, 0), (0, 1), (1, 1), (1, 3), (60, 4), (200, 8), (500, 40), (3_000, 120)];

fn size(installs: u64, versions: usize) -> Size {
    Size::new(installs, versions, Size::TIGHTNESS_PERCENT).unwrap()
}

/// Estates of the given shapes, of all sizes, at several seeds, each with a name.
fn estates(shapes: &[Shape]) -> impl Iterator<Item = (String, Synthetic)> {
    let seeds = count("LICIT_SYNTHETIC", 8);
    shapes.iter().flat_map(move |&shape| {
        SIZES.into_iter().flat_map(move |(installs, versions)| {
            let seeds = if installs > 1_000 { seeds.div_ceil(8) } else { seeds };
            (0..seeds).map(move |seed| {
                let name = format!("{}, {installs} installs, {versions} versions, seed {seed}", shape.name());
                (name, synthetic::draw(seed, &size(installs, versions), shape))
            })
        })
    })
}

#[test]
fn every_synthetic_estate_is_a_network() {
    for (name, drawn) in estates(&[Shape::Assigned, Shape::Mixed]) {
        let estate = parse(&drawn.to_yaml());
        solver::answer(&estate).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn without_assignments_what_was_planted_is_covered() {
    for (name, drawn) in estates(&[Shape::Plain, Shape::Upgrades, Shape::Sites]) {
        let estate = parse(&drawn.to_yaml());
        let position = solver::answer(&estate).unwrap_or_else(|error| panic!("{name}: {error}"));
        let covered = position.figures().totals.covered.get();
        assert!(covered >= drawn.planted(), "{name}: {covered} covered, {} planted", drawn.planted());
    }
}

#[test]
fn a_version_expires_as_the_position_of_that_day_says() {
    let mut expiring_count = 0;
    for (name, drawn) in estates(&[Shape::Sites, Shape::Mixed]) {
        let estate = parse(&drawn.to_yaml());
        let later = when_expiring(&estate);
        let (now, then) = (solver::position(&estate).unwrap(), solver::position(&later).unwrap());
        for (version, row) in now.derived.versions.enumerate().filter(|(_, row)| row.status != Status::Red) {
            let is_expiring = row.reasons.contains(&Reason::Expiring);
            expiring_count += u32::from(is_expiring);
            // Which of the versions that may be short are short, nothing says.
            match then.derived.versions[version].shortage {
                Some(Shortage::Must) => assert!(is_expiring, "{name}: {}", estate.version_text(version)),
                Some(Shortage::Never) => assert!(!is_expiring, "{name}: {}", estate.version_text(version)),
                Some(Shortage::May) | None => {}
            }
        }
    }
    assert!(expiring_count > 0);
}

#[test]
fn tables_say_the_same_as_one_file() {
    let folder = tempfile::tempdir().unwrap();
    for shape in Shape::ALL {
        let drawn = synthetic::draw(3, &size(500, 40), shape);
        for file in File::ALL {
            let mut out = fs::File::create(folder.path().join(file.name(Tables::Csv))).unwrap();
            drawn.write(file, Tables::Csv, &mut out).unwrap();
        }
        let tables = read(&folder.path().join(File::Estate.name(Tables::Csv)));
        assert_eq!(tables.digest(), parse(&drawn.to_yaml()).digest(), "{}", shape.name());
    }
}

/// Runs `licit generate` into a folder.
fn generate(out: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_licit"));
    command.arg("generate").args(arguments).arg("--out").arg(out).output().unwrap()
}

/// The files of a folder with their bytes, by name.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn generate_writes_an_estate_that_is_solved_and_says_how() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("estate");
    let output = generate(&out, &["--installs", "300", "--versions", "20", "--shape", "sites"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    let names: Vec<String> = contents(&out).into_keys().collect();
    assert_eq!(names, ["assignments.csv", "estate.yaml", "installs.csv", "licenses.csv"]);
    for name in names {
        assert!(said.contains(&format!("wrote {}", out.join(name).display())), "{said}");
    }
    let next = said.lines().last().unwrap().strip_prefix("next: licit ").unwrap();
    let mut next_command = Command::new(env!("CARGO_BIN_EXE_licit"));
    assert_eq!(next_command.args(next.split(' ')).output().unwrap().status.code(), Some(0), "{next}");
}

#[test]
fn generate_gives_the_same_bytes_for_the_same_arguments_only() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |name: &str, arguments: &[&str]| {
        let out = folder.path().join(name);
        assert_eq!(generate(&out, arguments).status.code(), Some(0), "{arguments:?}");
        contents(&out)
    };
    let first = bytes("first", &["--seed", "7"]);
    assert_eq!(first, bytes("again", &["--seed", "7"]));
    let others: [&[&str]; 4] =
        [&["--seed", "8"], &["--seed", "7", "--tightness", "60"], &["--seed", "7", "--installs", "999"], &[]];
    for (index, arguments) in others.into_iter().enumerate() {
        assert_ne!(first, bytes(&index.to_string(), arguments), "{arguments:?}");
    }
}

#[test]
fn generate_touches_no_folder_that_holds_something() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "before").unwrap();
    let missing = folder.path().join("missing").join("estate");
    for out in [folder.path(), &folder.path().join("mine"), &missing] {
        let output = generate(out, &[]);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{}", out.display());
        assert!(String::from_utf8(output.stderr).unwrap().contains("--out"), "{}", out.display());
    }
    assert_eq!(contents(folder.path()), BTreeMap::from([("mine".to_owned(), b"before".to_vec())]));
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert_eq!(generate(&empty, &["--quiet"]).stdout, b"");
    assert_eq!(contents(&empty).len(), 4);
}

#[test]
fn generate_refuses_a_size_that_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("estate");
    let refused: [(&[&str], &str); 5] = [
        (&["--versions", "0"], "expected at least one version"),
        (&["--installs", "100000001"], "at most 100000000 installs"),
        (&["--versions", "100001"], "at most 100000 versions"),
        (&["--tightness", "201"], "at most 200 per cent"),
        (&["--installs=-1"], "--installs"),
    ];
    for (arguments, message) in refused {
        let output = generate(&out, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(message) && !out.exists(), "{said}");
    }
}

#[test]
fn generate_takes_a_size_by_name_in_place_of_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let (first, again) = (folder.path().join("first"), folder.path().join("again"));
    for out in [&first, &again] {
        let output = generate(out, &["--size", "S", "--tables", "parquet"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8(output.stdout).unwrap().contains("installs.parquet (8000 rows)"));
    }
    assert_eq!(contents(&first), contents(&again));
    let estate = read(&first.join("estate.yaml"));
    assert_eq!((estate.assets.len(), estate.assignments.len()), (200, 0));
    let refused = generate(&folder.path().join("both"), &["--size", "S", "--installs", "10"]);
    assert_eq!(refused.status.code(), Some(2));
}
