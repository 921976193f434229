//! What `licit batch` shows on a terminal. `script` makes one; it belongs to what every Debian has.

#![cfg(target_os = "linux")]

use crate::batch::night;
use std::process::{Command, Stdio};

#[test]
fn a_bar_shows_on_a_terminal_how_many_scenarios_are_done_and_goes_when_all_are() {
    let folder = night(2_000);
    let licit = format!("{} batch a.yaml --journal j.sqlite --out a.json --format json", env!("CARGO_BIN_EXE_licit"));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", &licit, "/dev/null"]).current_dir(folder.path());
    let output = terminal.stdin(Stdio::null()).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    let (bars, after) = shown.rsplit_once("\r\u{1b}[2K").unwrap();
    assert!(bars.contains("░ 0 of 2000 scenarios"), "{shown}");
    assert!(bars.contains('█') && bars.contains(" per second, ") && bars.contains(" left"), "{shown}");
    assert_eq!(after, "");
    // Elsewhere there is no bar.
    let elsewhere = Command::new("sh").args(["-c", &licit]).current_dir(folder.path()).output().unwrap();
    assert!(!String::from_utf8(elsewhere.stderr).unwrap().contains(['░', '█', '\u{1b}']));
}
