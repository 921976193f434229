//! Batches that solve in processes of their own, which are killed, hang, and get no memory.

#![cfg(target_os = "linux")]

use crate::batch::{answer_in, night, run_in};
use crate::cli::command;
use model::generate::SplitMix64;
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const ARGUMENTS: [&str; 7] = ["batch", "-q", "a.yaml", "b.yaml", "--format", "json", "--isolate"];
/// Scenarios of a batch.
const COUNT: usize = 600;
/// What a test waits for at most.
const PATIENCE: Duration = Duration::from_mins(2);

/// The processes that another one has started, by their ids.
fn started_by(id: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let parent = |process: &u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // Id, name in parentheses, state, parent.
        stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
    };
    processes.filter_map(|name| name.parse().ok()).filter(|process| parent(process) == Some(id)).collect()
}

fn signal(name: &str, process: u32) {
    // It may have ended meanwhile.
    let _ = Command::new("kill").args(["-s", name, &process.to_string()]).stderr(Stdio::null()).status().unwrap();
}

/// Waits until a batch has started processes.
fn wait_for_processes(child: &mut Child) -> Vec<u32> {
    let begun = Instant::now();
    loop {
        let processes = started_by(child.id());
        if !processes.is_empty() {
            return processes;
        }
        assert!(begun.elapsed() < PATIENCE, "no process is started");
        assert_eq!(child.try_wait().unwrap(), None, "the batch has ended");
        thread::sleep(Duration::from_millis(2));
    }
}

/// A batch that does not go on, since its process is stopped, with what it says on standard error; and that process.
fn stuck(folder: &Path, arguments: &[&str]) -> (Child, Lines<BufReader<ChildStderr>>, u32) {
    let mut command = command(arguments);
    command.args(["--jobs", "1"]).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let process = wait_for_processes(&mut child)[0];
    signal("STOP", process);
    let said = BufReader::new(child.stderr.take().unwrap()).lines();
    (child, said, process)
}

/// How scenarios ended, with the reasons of those without a plan.
fn ended(output: &Output) -> (Value, Vec<String>) {
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = result["scenarios"].as_array().unwrap().iter();
    let why = rows.filter_map(|row| row["why"].as_str().map(str::to_owned)).collect();
    (result["counts"].clone(), why)
}

#[test]
fn processes_answer_as_threads_do() {
    let folder = night(20);
    let threads = answer_in(folder.path(), &[&ARGUMENTS[..6], &["--journal", "threads.sqlite"]].concat());
    assert_eq!(answer_in(folder.path(), &ARGUMENTS), threads);
    let limited = ["--time-limit", "600", "--memory-limit", "4000", "--jobs", "3", "--journal", "limited.sqlite"];
    assert_eq!(answer_in(folder.path(), &[&ARGUMENTS[..6], &limited].concat()), threads);
}

#[test]
fn a_process_that_is_killed_costs_one_scenario_which_is_solved_next_time() {
    const KILLS: usize = 8;
    let folder = night(COUNT - 3);
    let undisturbed = answer_in(folder.path(), &[&ARGUMENTS[..6], &["--journal", "undisturbed.sqlite"]].concat());
    let mut command = command(&ARGUMENTS);
    command.args(["--jobs", "2", "--out", "first.json"]).current_dir(folder.path());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut random = SplitMix64::new(3);
    for _ in 0..KILLS {
        if child.try_wait().unwrap().is_none() {
            let processes = wait_for_processes(&mut child);
            thread::sleep(Duration::from_millis(random.below(20) as u64));
            signal("KILL", processes[random.below(processes.len())]);
        }
    }
    let status = child.wait().unwrap();
    let output = Output { status, stdout: fs::read(folder.path().join("first.json")).unwrap(), stderr: Vec::new() };
    let (counts, why) = ended(&output);
    assert_eq!(status.code(), Some(3));
    assert_eq!((&counts["scenarios"], &counts["open"]), (&COUNT.into(), &0.into()));
    assert!(!why.is_empty() && why.len() <= KILLS, "{why:?}");
    assert_eq!(counts["crashed"], why.len());
    let is_said = |why: &String| why.contains("signal: 9") && why.starts_with("its process ended ");
    assert!(why.iter().all(is_said), "{why:?}");
    assert_eq!(answer_in(folder.path(), &ARGUMENTS), undisturbed);
}

#[test]
fn a_process_that_hangs_is_killed_at_the_time_limit_and_costs_one_scenario() {
    let folder = night(COUNT - 3);
    let mut command = command(&ARGUMENTS);
    command.args(["--jobs", "1", "--time-limit", "5"]).current_dir(folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let hung = wait_for_processes(&mut child)[0];
    // By then it has begun to solve, or will when it is asked.
    thread::sleep(Duration::from_millis(300));
    signal("STOP", hung);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let (counts, why) = ended(&output);
    // Where it was not asked yet, it took too long to begin.
    let is_late = |why: &String| why.starts_with("limit: it") && why.contains("takes longer than 5s");
    assert!(why.len() == 1 && is_late(&why[0]), "{why:?}");
    assert_eq!((&counts["limit"], &counts["done"]), (&1.into(), &(COUNT - 1).into()));
}

#[test]
fn a_second_interrupt_ends_a_batch_at_once_and_it_goes_on_later() {
    let folder = night(COUNT - 3);
    let (mut child, mut said, process) = stuck(folder.path(), &ARGUMENTS);
    signal("INT", child.id());
    let line = said.next().unwrap().unwrap();
    assert!(line.ends_with("what has begun is brought to an end; interrupt again to stop at once"), "{line}");
    // What has begun does not end.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None);
    let begun = Instant::now();
    signal("INT", child.id());
    let output = child.wait_with_output().unwrap();
    assert!(begun.elapsed() < PATIENCE / 4);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b""[..]));
    assert!(said.next().is_none());
    signal("KILL", process);
    let undisturbed = answer_in(folder.path(), &[&ARGUMENTS[..6], &["--journal", "undisturbed.sqlite"]].concat());
    assert_eq!(answer_in(folder.path(), &ARGUMENTS), undisturbed);
}

#[test]
fn a_batch_says_how_far_it_is_every_few_seconds_even_if_nothing_happens() {
    let folder = night(COUNT - 3);
    let (mut child, mut said, process) = stuck(folder.path(), &["batch", "a.yaml", "b.yaml", "--isolate"]);
    for _ in 0..2 {
        let line = said.next().unwrap().unwrap();
        let (done, rest) = line.split_once(" of ").unwrap();
        assert!(done.parse::<usize>().is_ok_and(|done| done < COUNT), "{line}");
        assert!(rest.starts_with(&format!("{COUNT} scenarios")), "{line}");
    }
    signal("KILL", child.id());
    child.wait().unwrap();
    signal("KILL", process);
}

#[test]
fn a_process_without_memory_is_said_for_each_scenario() {
    let folder = night(1);
    let arguments = ["batch", "-q", "b.yaml", "--format", "json", "--memory-limit", "1"];
    let (code, stdout, stderr) = run_in(folder.path(), &arguments);
    assert_eq!(code, 3);
    assert!(stderr.ends_with("no answer: 3 of 3 scenarios have no answer: 3 crashed\n"), "{stderr}");
    let result: Value = serde_json::from_str(&stdout).unwrap();
    assert!(result["scenarios"][2]["why"].as_str().unwrap().starts_with("its process ended before it began, with "));
}
