//! A process that solves scenarios for this one, and may die of it: at the cost of one scenario, not of the night.
//!
//! It is the same program with the same file. It is asked for positions, a line each, and answers each with a line of
//! JSON; on the way it asks for plans of parts, and gives those that it finds. When it takes too long it is killed; when
//! it has ended, for whatever reason, another one takes its place for the next scenario. It ends by itself as soon as this
//! process does, since nobody can ask it then.

use super::wire::{self, Said};
use scenarios::batch::{Key, NoAnswer, Outcome, Status};
use scenarios::renewal::PlanStore;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

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

/// For how long a process is waited for, all its lines together.
#[derive(Clone, Copy)]
struct Patience {
    begun: Instant,
    limit: Option<Duration>,
}

impl Patience {
    /// From now on.
    fn of(limit: Option<Duration>) -> Self {
        Self { begun: Instant::now(), limit }
    }
}

/// Why there is no line.
enum NoLine {
    /// It takes longer than it may, which is this.
    Late(Duration),
    /// Nor will there be one.
    Ended,
}

impl<'p> Process<'p> {
    pub(super) const fn new(program: &'p Program) -> Self {
        Self { program, running: None }
    }

    /// What comes of a scenario, by its position; the process must mean the same one by it.
    pub(super) fn solve(&mut self, position: usize, key: &Key, store: &dyn PlanStore) -> Outcome {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => match Running::start(self.program) {
                Ok(running) => running,
                Err(no_answer) => return Outcome::Unanswered(no_answer),
            },
        };
        match running.ask(position, store, Patience::of(self.program.time_limit)) {
            Ok(Some((answered, outcome))) if answered == *key => {
                self.running = Some(running);
                outcome
            }
            Ok(Some(_)) => no_answer(Status::Failed, "the file, or its estate, has changed meanwhile".to_owned()),
            Ok(None) => no_answer(Status::Crashed, "its process said what makes no sense".to_owned()),
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
        match running.next(Patience::of(program.time_limit)) {
            Ok(line) if line == wire::READY => Ok(running),
            Ok(_) => Err(crashed("its process said what makes no sense".to_owned())),
            Err(NoLine::Late(limit)) => {
                let why = format!("limit: its process takes longer than {limit:?} to begin");
                Err(NoAnswer { status: Status::Limit, why })
            }
            Err(NoLine::Ended) => Err(crashed(format!("its process ended before it began, with {}", running.end()))),
        }
    }

    /// What comes of a scenario; none if the process says what makes no sense.
    fn ask(
        &mut self,
        position: usize,
        store: &dyn PlanStore,
        patience: Patience,
    ) -> Result<Option<(Key, Outcome)>, NoLine> {
        self.say(&format!("{position}\n"))?;
        loop {
            match wire::read(&self.next(patience)?) {
                Some(Said::Asked(digest)) => self.say(&wire::known(&store.find(&digest)))?,
                Some(Said::Found { digest, plan }) => store.keep(&digest, plan),
                Some(Said::Ended(key, outcome)) => return Ok(Some((key, outcome))),
                None => return Ok(None),
            }
        }
    }

    fn say(&mut self, line: &str) -> Result<(), NoLine> {
        let said = self.questions.write_all(line.as_bytes()).and_then(|()| self.questions.flush());
        said.map_err(|_| NoLine::Ended)
    }

    /// The next line.
    fn next(&self, patience: Patience) -> Result<String, NoLine> {
        match patience.limit {
            None => self.answers.recv().map_err(|_| NoLine::Ended),
            Some(limit) => {
                let left = limit.saturating_sub(patience.begun.elapsed());
                self.answers.recv_timeout(left).map_err(|error| match error {
                    RecvTimeoutError::Timeout => NoLine::Late(limit),
                    RecvTimeoutError::Disconnected => NoLine::Ended,
                })
            }
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
    use scenarios::renewal::Stored;
    use std::sync::Mutex;

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
        [0, 1].map(|position| process.solve(position, &key(), &Nothing))
    }

    /// A store that has nothing and takes nothing.
    struct Nothing;

    impl PlanStore for Nothing {
        fn find(&self, _: &str) -> Stored {
            Stored::Nothing
        }

        fn keep(&self, _: &str, _: Vec<u8>) {}
    }

    fn both(status: Status, why: &str) -> [Outcome; 2] {
        let outcome = no_answer(status, why.to_owned());
        [outcome.clone(), outcome]
    }

    #[test]
    fn a_process_that_answers_is_asked_again() {
        let limit = no_answer(Status::Limit, "too big".to_owned());
        let line = wire::ended(&key(), &limit).replace('"', "\\\"");
        let script = format!("while read position; do printf \"%s\" \"{}\"; echo; done", line.trim_end());
        assert_eq!(outcomes(&script), both(Status::Limit, "too big"));
    }

    /// A store that has one plan and says what it is given.
    struct One(Mutex<Vec<(String, Vec<u8>)>>);

    impl PlanStore for One {
        fn find(&self, digest: &str) -> Stored {
            if digest == "known" { Stored::Plan(vec![0x12, 0xef]) } else { Stored::Nothing }
        }

        fn keep(&self, digest: &str, plan: Vec<u8>) {
            self.0.lock().expect("nobody panics with it").push((digest.to_owned(), plan));
        }
    }

    #[test]
    fn a_process_is_given_the_plans_it_asks_for_and_those_it_finds_are_kept() {
        let ended = wire::ended(&key(), &no_answer(Status::Limit, "too big".to_owned()));
        let script = format!(
            r#"echo ready; read position
            for digest in known unknown; do
                printf '{{"asked":"%s"}}\n' $digest; read plan
                printf '{{"found":{{"digest":"%s","plan":"%s"}}}}\n' $digest-$position "$plan"
            done; printf '%s' '{ended}'"#
        );
        let program = Program { path: "sh".into(), arguments: ["-c".into(), script.into()].into(), time_limit: None };
        let store = One(Mutex::default());
        let outcome = Process::new(&program).solve(4, &key(), &store);
        assert_eq!(outcome, no_answer(Status::Limit, "too big".to_owned()));
        let kept = store.0.into_inner().expect("nobody panicked with it");
        assert_eq!(kept, [("known-4".to_owned(), vec![0x12, 0xef]), ("unknown-4".to_owned(), Vec::new())]);
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
        let line = wire::ended(&other, &no_answer(Status::Limit, "too big".to_owned())).replace('"', "\\\"");
        let expected = both(Status::Failed, "the file, or its estate, has changed meanwhile");
        assert_eq!(outcomes(&format!("read position; printf \"%s\" \"{}\"; echo", line.trim_end())), expected);
    }

    #[test]
    fn a_process_that_cannot_be_started_is_said() {
        let program = Program { path: "/nowhere".into(), arguments: Vec::new(), time_limit: None };
        let Outcome::Unanswered(NoAnswer { status, why }) = Process::new(&program).solve(0, &key(), &Nothing) else {
            panic!()
        };
        assert_eq!(status, Status::Crashed);
        assert!(why.starts_with("its process cannot be started: "), "{why}");
        let ends = Program { path: "false".into(), arguments: Vec::new(), time_limit: None };
        let expected = "its process ended before it began, with exit status: 1";
        assert_eq!(Process::new(&ends).solve(0, &key(), &Nothing), no_answer(Status::Crashed, expected.to_owned()));
    }
}
