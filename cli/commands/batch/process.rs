//! A process that solves scenarios for this one, and may die of it: at the cost of one scenario, not of the night.
//!
//! It is the same program with the same file. It is asked for positions, a line each, and answers each with a line of
//! JSON. When it takes too long it is killed; when it has ended, for whatever reason, another one takes its place for
//! the next scenario. It ends by itself as soon as this process does, since nobody can ask it then.

use super::wire;
use scenarios::batch::{Key, NoAnswer, Outcome, Status};
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How processes are started, and what they may take.
pub(super) struct Program {
    /// This program.
    pub(super) path: PathBuf,
    pub(super) arguments: Vec<OsString>,
    /// For one scenario.
    pub(super) time_limit: Option<Duration>,
}

/// A process, or none while there is nothing to do for it.
pub(super) struct Process<'p> {
    program: &'p Program,
    running: Option<Running>,
}

struct Running {
    child: Child,
    questions: ChildStdin,
    /// Lines; no more of them once the process has ended.
    answers: Receiver<String>,
}

/// Why there is no line.
enum NoLine {
    /// It takes longer than this.
    Late(Duration),
    /// Nor will there be one.
    Ended,
}

impl<'p> Process<'p> {
    pub(super) const fn new(program: &'p Program) -> Self {
        Self { program, running: None }
    }

    /// What comes of a scenario, by its position; the process must mean the same one by it.
    pub(super) fn solve(&mut self, position: usize, key: &Key) -> Outcome {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => match Running::start(self.program) {
                Ok(running) => running,
                Err(no_answer) => return Outcome::Unanswered(no_answer),
            },
        };
        match running.ask(position, self.program.time_limit) {
            Ok(line) => match wire::read(&line) {
                Some((answered, outcome)) if answered == *key => {
                    self.running = Some(running);
                    outcome
                }
                Some(_) => no_answer(Status::Failed, "the file, or its estate, has changed meanwhile".to_owned()),
                None => no_answer(Status::Crashed, "its process said what makes no sense".to_owned()),
            },
            Err(NoLine::Late(limit)) => no_answer(Status::Limit, format!("limit: it takes longer than {limit:?}")),
            Err(NoLine::Ended) => no_answer(Status::Crashed, format!("its process ended with {}", running.end())),
        }
    }
}

impl Running {
    /// Starts a process and waits until it has read its file, for which it may take as long as for a scenario.
    fn start(program: &Program) -> Result<Self, NoAnswer> {
        let crashed = |why: String| NoAnswer { status: Status::Crashed, why };
        let mut command = Command::new(&program.path);
        command.args(&program.arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        apart(&mut command);
        let mut child = command.spawn().map_err(|error| crashed(format!("its process cannot be started: {error}")))?;
        let (Some(questions), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were asked for");
        };
        let mut running = Self { child, questions, answers: lines(output) };
        match running.next(program.time_limit) {
            Ok(line) if line == wire::READY => Ok(running),
            Ok(_) => Err(crashed("its process said what makes no sense".to_owned())),
            Err(NoLine::Late(limit)) => {
                let why = format!("limit: its process takes longer than {limit:?} to begin");
                Err(NoAnswer { status: Status::Limit, why })
            }
            Err(NoLine::Ended) => Err(crashed(format!("its process ended before it began, with {}", running.end()))),
        }
    }

    fn ask(&mut self, position: usize, time_limit: Option<Duration>) -> Result<String, NoLine> {
        let asked = writeln!(self.questions, "{position}").and_then(|()| self.questions.flush());
        asked.map_err(|_| NoLine::Ended)?;
        self.next(time_limit)
    }

    /// The next line.
    fn next(&self, time_limit: Option<Duration>) -> Result<String, NoLine> {
        match time_limit {
            None => self.answers.recv().map_err(|_| NoLine::Ended),
            Some(limit) => self.answers.recv_timeout(limit).map_err(|error| match error {
                RecvTimeoutError::Timeout => NoLine::Late(limit),
                RecvTimeoutError::Disconnected => NoLine::Ended,
            }),
        }
    }

    /// How it has ended: it says nothing more.
    fn end(&mut self) -> String {
        self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

/// Whoever leaves a process ends it.
impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a process, until it ends.
fn lines(output: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            match line {
                Ok(line) => {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    });
    receiver
}

/// An interrupt at a terminal goes to all that began there: this process lets its own end what they do.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}

fn no_answer(status: Status, why: String) -> Outcome {
    Outcome::Unanswered(NoAnswer { status, why })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::time::Instant;

    fn key() -> Key {
        Key { estate: "e".to_owned(), scenario: "s".to_owned() }
    }

    /// What comes of two scenarios when the process is this script, which has said that it is ready.
    fn outcomes(script: &str) -> [Outcome; 2] {
        outcomes_within(Duration::from_mins(1), script)
    }

    fn outcomes_within(time_limit: Duration, script: &str) -> [Outcome; 2] {
        let script = format!("echo ready; {script}");
        let arguments = ["-c", &script].map(OsString::from).into();
        let program = Program { path: "sh".into(), arguments, time_limit: Some(time_limit) };
        let mut process = Process::new(&program);
        [0, 1].map(|position| process.solve(position, &key()))
    }

    fn both(status: Status, why: &str) -> [Outcome; 2] {
        let outcome = no_answer(status, why.to_owned());
        [outcome.clone(), outcome]
    }

    #[test]
    fn a_process_that_answers_is_asked_again() {
        let limit = no_answer(Status::Limit, "too big".to_owned());
        let line = wire::line(&key(), &limit).replace('"', "\\\"");
        let script = format!("while read position; do printf \"%s\" \"{}\"; echo; done", line.trim_end());
        assert_eq!(outcomes(&script), both(Status::Limit, "too big"));
    }

    #[test]
    fn a_process_that_hangs_is_killed_and_costs_one_scenario() {
        let begun = Instant::now();
        let hung = outcomes_within(Duration::from_secs(1), "exec sleep 120");
        assert_eq!(hung, both(Status::Limit, "limit: it takes longer than 1s"));
        assert!(begun.elapsed() < Duration::from_mins(1));
    }

    #[test]
    fn a_process_that_dies_costs_one_scenario_and_how_is_said() {
        let expected = both(Status::Crashed, "its process ended with exit status: 7");
        assert_eq!(outcomes("read position; exit 7"), expected);
        let [first, _] = outcomes("read position; kill -9 $$");
        let Outcome::Unanswered(NoAnswer { status: Status::Crashed, why }) = first else { panic!("{first:?}") };
        assert!(why.starts_with("its process ended with signal: 9"), "{why}");
    }

    #[test]
    fn a_process_that_lies_about_what_it_solved_or_says_nonsense_is_not_believed() {
        let expected = both(Status::Crashed, "its process said what makes no sense");
        assert_eq!(outcomes("read position; echo done"), expected);
        let other = Key { estate: "other".to_owned(), ..key() };
        let line = wire::line(&other, &no_answer(Status::Limit, "too big".to_owned())).replace('"', "\\\"");
        let expected = both(Status::Failed, "the file, or its estate, has changed meanwhile");
        assert_eq!(outcomes(&format!("read position; printf \"%s\" \"{}\"; echo", line.trim_end())), expected);
    }

    #[test]
    fn a_process_that_cannot_be_started_is_said() {
        let program = Program { path: "/nowhere".into(), arguments: Vec::new(), time_limit: None };
        let Outcome::Unanswered(NoAnswer { status, why }) = Process::new(&program).solve(0, &key()) else { panic!() };
        assert_eq!(status, Status::Crashed);
        assert!(why.starts_with("its process cannot be started: "), "{why}");
        let ends = Program { path: "false".into(), arguments: Vec::new(), time_limit: None };
        let expected = "its process ended before it began, with exit status: 1";
        assert_eq!(Process::new(&ends).solve(0, &key()), no_answer(Status::Crashed, expected.to_owned()));
    }
}
