//! README is a promise: its commands are run and must print what it shows. The paths that
//! ARCHITECTURE names are there.

use crate::estates::repository;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A command and what README shows below it.
struct Shown {
    command: String,
    output: String,
}

/// The commands of all blocks fenced as `console`.
fn console_blocks(readme: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut is_in_block = false;
    for line in readme.lines() {
        match line {
            "```console" => is_in_block = true,
            "```" => is_in_block = false,
            _ if !is_in_block => {}
            line => match line.strip_prefix("$ ") {
                Some(command) => shown.push(Shown { command: command.to_owned(), output: String::new() }),
                None => shown.last_mut().unwrap().output.extend([line, "\n"]),
            },
        }
    }
    shown
}

/// A folder with the examples in it, where README's commands may write.
fn copy_of_examples() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("examples")).unwrap();
    for entry in fs::read_dir(repository("examples")).unwrap() {
        let from = entry.unwrap().path();
        if from.is_file() {
            fs::copy(&from, folder.path().join("examples").join(from.file_name().unwrap())).unwrap();
        }
    }
    folder
}

#[test]
#[cfg(unix)]
fn every_command_in_readme_prints_what_it_shows() {
    let shown = console_blocks(&fs::read_to_string(repository("README.md")).unwrap());
    assert!(shown.len() >= 4, "README shows the program at work");
    let folder = copy_of_examples();
    let programs = Path::new(env!("CARGO_BIN_EXE_licit")).parent().unwrap();
    let path = env::join_paths(
        std::iter::once(programs.to_owned()).chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    for Shown { command, output } in shown {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(folder.path())
            .env("PATH", path.as_ref().unwrap());
        let printed = String::from_utf8(shell.output().unwrap().stdout).unwrap();
        assert_eq!(printed, output, "{command}");
    }
}

#[test]
fn every_path_in_architecture_is_there() {
    let architecture = fs::read_to_string(repository("ARCHITECTURE.md")).unwrap();
    // Pictures stand between fences; names stand in backticks in the text around them.
    let prose: String = architecture.split("```").step_by(2).collect();
    let quoted = prose.split('`').skip(1).step_by(2);
    let is_in_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let is_path = |text: &&str| text.contains('/') && text.bytes().all(is_in_path);
    let mut count = 0;
    for path in quoted.filter(is_path) {
        assert!(repository(path).exists(), "{path}");
        count += 1;
    }
    assert!(count >= 20, "ARCHITECTURE is a map");
}
