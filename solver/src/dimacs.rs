//! Reads minimum-cost flow problems in the DIMACS format, and solves them.
//!
//! ```text
//! c a comment
//! p min NODES ARCS                 once, before the nodes and arcs
//! n NODE SUPPLY                    positive at sources, negative at sinks; other nodes have none
//! a TAIL HEAD LOW CAPACITY COST
//! ```
//!
//! Nodes are numbered from 1; all numbers are decimal integers of 64 bits. The flow on an arc is at
//! least `LOW`, which may be negative, and at most `CAPACITY`. An arc is without bound if its
//! capacity is written `inf`, or as a negative number below `LOW`, such as `-1` over a `LOW` of 0. A
//! capacity below `LOW` that is not negative is an error. Nodes and arcs may come in any order; blank
//! lines are skipped.
//!
//! Memory grows with what was read, not with what the problem line announces. Lines are at most
//! [`LINE_LIMIT`] bytes long and end in LF or CRLF. Comments may hold any bytes.
//!
//! Source: The first DIMACS international algorithm implementation challenge, problem definitions
//! and specifications, 1991. LEMON takes any capacity below `LOW` for none.

mod fault;

use std::io::{BufRead, Read};

pub use fault::{Fault, ReadError};

use crate::simplex::{Broken, Cost, Network, Outcome, RangeError, Solution, Start, artificial_cost, check, solve};

/// The longest line that is read, in bytes, its end included.
pub const LINE_LIMIT: usize = 1 << 20;
/// The most nodes a problem line may announce.
pub const NODE_LIMIT: usize = 1 << 26;
/// Nodes that no line needs to mention; beyond, there may be [`UNMENTIONED_PER_LINE`] times the lines.
const UNMENTIONED_NODES: usize = 1 << 20;
/// See [`UNMENTIONED_NODES`].
const UNMENTIONED_PER_LINE: usize = 8;
/// How much of a word that is wrong an error shows, in bytes.
const SHOWN: usize = 40;

/// A problem as a file states it.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The problem of what flows beyond the lower bounds, which are moved into the supplies.
    network: Network<i64>,
    /// The arcs with a lower bound other than zero, in order, with that bound.
    lows: Vec<(usize, i64)>,
}

impl Instance {
    /// The number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.network.node_count()
    }

    /// The number of arcs.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.network.arc_count()
    }

    /// What the lower bounds alone cost, or `None` out of range.
    fn cost_of_lows(&self) -> Option<i128> {
        self.lows.iter().try_fold(0, |total, &(arc, low)| self.network.cost(arc).charge(low, total))
    }
}

/// What became of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum McfOutcome {
    /// A cheapest flow, with its proof.
    Optimal(McfSolution),
    /// No flow meets all supplies within the bounds.
    Infeasible,
    /// Some flow does, and a cycle of unbounded arcs costs less than nothing.
    Unbounded,
}

/// A cheapest flow in the terms of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct McfSolution {
    /// Units per arc, in the order of the file, lower bounds included.
    pub flow: Vec<i64>,
    /// Potential per node, as in [`Solution::potential`].
    pub potential: Vec<i128>,
    /// The sum over the arcs of units times cost.
    pub cost: i128,
    /// How many arcs entered.
    pub pivots: u64,
}

/// Finds a cheapest flow of `instance`, in 64 bits where its costs allow and in 128 where not.
///
/// # Errors
///
/// [`RangeError`] if supplies, flows or the total leave their range.
pub fn solve_min(instance: &Instance) -> Result<McfOutcome, RangeError> {
    let network = &instance.network;
    if let Some(artificial) = artificial_cost(network) {
        return solve_in(instance, network, artificial);
    }
    let wide = network.with_costs(|arc| i128::from(network.cost(arc)));
    let artificial = artificial_cost(&wide).ok_or(RangeError::Cost)?;
    solve_in(instance, &wide, artificial)
}

/// Solves `network`, which is that of `instance` with costs as words of type `C`.
fn solve_in<C>(instance: &Instance, network: &Network<C>, artificial: C) -> Result<McfOutcome, RangeError>
where
    C: Cost<Total = i128> + Into<i128>,
{
    let Solution { mut flow, potential, pivots } = match solve(network, Start { artificial, hub: hub(network) })? {
        Outcome::Optimal(solution) => solution,
        Outcome::Infeasible => return Ok(McfOutcome::Infeasible),
        Outcome::Unbounded => return Ok(McfOutcome::Unbounded),
    };
    let beyond = network.total_cost(&flow).ok_or(RangeError::Total)?;
    let cost = instance.cost_of_lows().and_then(|lows| lows.checked_add(beyond)).ok_or(RangeError::Total)?;
    for &(arc, low) in &instance.lows {
        flow[arc] = flow[arc].checked_add(low).ok_or(RangeError::Flow { arc })?;
    }
    let potential = potential.into_iter().map(Into::into).collect();
    Ok(McfOutcome::Optimal(McfSolution { flow, potential, cost, pivots }))
}

/// The node with the most arcs, if every fourth node could have one of them: a tree grown from there
/// is close to what it will be, and its root is where most of it stays.
fn hub<C: Cost>(network: &Network<C>) -> Option<usize> {
    let mut degree = vec![0_usize; network.node_count()];
    for arc in 0..network.arc_count() {
        degree[network.tail(arc)] += 1;
        degree[network.head(arc)] += 1;
    }
    // Of equals the last; any will do as long as it is always the same.
    let (node, &most) = degree.iter().enumerate().max_by_key(|&(_, &degree)| degree)?;
    (4 * most >= network.node_count()).then_some(node)
}

/// Proves that `solution` is a cheapest flow of `instance` and returns what it costs, added up anew.
///
/// # Errors
///
/// The law that is [`Broken`].
pub fn check_min(instance: &Instance, solution: &McfSolution) -> Result<i128, Broken> {
    let network = instance.network.with_costs(|arc| i128::from(instance.network.cost(arc)));
    let mut flow = solution.flow.clone();
    for &(arc, low) in &instance.lows {
        let units = flow.get_mut(arc).ok_or(Broken::Shape)?;
        *units = units.checked_sub(low).ok_or(Broken::Bounds { arc })?;
    }
    let beyond = Solution { flow, potential: solution.potential.clone(), pivots: solution.pivots };
    let cost = check(&network, &beyond)?;
    instance.cost_of_lows().and_then(|lows| lows.checked_add(cost)).ok_or(Broken::Total)
}

/// Reads an instance.
///
/// # Errors
///
/// [`ReadError`] at the first thing that is wrong.
pub fn read(reader: impl BufRead) -> Result<Instance, ReadError> {
    let mut lines = Lines { reader, line: vec![], number: 0 };
    let mut draft = None;
    while let Some((number, bytes)) = lines.next()? {
        let mut line = Line { bytes, start: 0, at: 0 };
        if let Err(fault) = read_line(&mut line, &mut draft, number) {
            return Err(ReadError::At { line: number, column: line.start + 1, fault });
        }
    }
    let at_end = |fault| ReadError::At { line: lines.number + 1, column: 1, fault };
    draft.ok_or(Fault::NoProblem).and_then(Draft::finish).map_err(at_end)
}

/// Reads one line into the draft, which the problem line begins.
fn read_line(line: &mut Line<'_>, draft: &mut Option<Draft>, number: u64) -> Result<(), Fault> {
    match (line.word(), draft) {
        (b"" | b"c", _) => return Ok(()),
        (b"a", Some(draft)) => draft.read_arc(line)?,
        (b"n", Some(draft)) => draft.read_node(line)?,
        (b"p", Some(draft)) => return Err(Fault::SecondProblem { first: draft.line }),
        (b"p", draft) => *draft = Some(Draft::read_problem(line, number)?),
        (b"a" | b"n", None) => return Err(Fault::ProblemComesFirst),
        (word, _) if word[0] == b'c' => return Ok(()),
        (word, _) => return Err(Fault::UnknownLine { found: shown(word)? }),
    }
    match line.word() {
        b"" => Ok(()),
        word => Err(Fault::Trailing { found: shown(word)? }),
    }
}

/// An instance in the making.
struct Draft {
    /// The line that announced it.
    line: u64,
    arc_count: usize,
    network: Network<i64>,
    lows: Vec<(usize, i64)>,
    /// One bit per node: whether it had its line.
    has_line: Vec<u64>,
    node_lines: usize,
}

impl Draft {
    fn read_problem(line: &mut Line<'_>, number: u64) -> Result<Self, Fault> {
        match line.word() {
            b"min" => {}
            b"" => return Err(Fault::Missing { what: "the problem type `min`" }),
            word => return Err(Fault::NotMin { found: shown(word)? }),
        }
        let node_count = line.index("the number of nodes", 0, NODE_LIMIT)?;
        let arc_count = line.index("the number of arcs", 0, Network::<i64>::LIMIT)?;
        Ok(Self {
            line: number,
            arc_count,
            network: Network::new(node_count),
            lows: vec![],
            has_line: vec![0; node_count.div_ceil(64)],
            node_lines: 0,
        })
    }

    fn read_node(&mut self, line: &mut Line<'_>) -> Result<(), Fault> {
        let node = line.index("a node", 1, self.network.node_count())? - 1;
        let bit = 1 << (node % 64);
        if self.has_line[node / 64] & bit != 0 {
            return Err(Fault::SecondNode { node: node + 1 });
        }
        self.has_line[node / 64] |= bit;
        self.node_lines += 1;
        let supply = line.integer("a supply")?;
        self.network.set_supply(node, supply);
        Ok(())
    }

    fn read_arc(&mut self, line: &mut Line<'_>) -> Result<(), Fault> {
        if self.network.arc_count() == self.arc_count {
            return Err(Fault::TooManyArcs { announced: self.arc_count });
        }
        let nodes = self.network.node_count();
        let tail = line.index("the tail of an arc", 1, nodes)? - 1;
        let head = line.index("the head of an arc", 1, nodes)? - 1;
        let low = line.integer("a lower bound")?;
        let capacity = line.capacity(low)?;
        let cost = line.integer("a cost")?;
        let arc = self.network.add_arc(tail, head, capacity, cost);
        if low != 0 {
            self.lows.push((arc, low));
        }
        Ok(())
    }

    /// Compares what was read with what was announced, and moves lower bounds into the supplies.
    fn finish(mut self) -> Result<Instance, Fault> {
        let (found, announced) = (self.network.arc_count(), self.arc_count);
        if found < announced {
            return Err(Fault::TooFewArcs { announced, found });
        }
        let nodes = self.network.node_count();
        let lines = self.node_lines + found;
        if nodes > UNMENTIONED_NODES + UNMENTIONED_PER_LINE * lines {
            return Err(Fault::TooManyNodes { announced: nodes, lines });
        }
        if !self.lows.is_empty() {
            let mut supply: Vec<i128> = (0..nodes).map(|node| self.network.supply(node).into()).collect();
            for &(arc, low) in &self.lows {
                supply[self.network.tail(arc)] -= i128::from(low);
                supply[self.network.head(arc)] += i128::from(low);
            }
            for (node, supply) in supply.into_iter().enumerate() {
                let supply = i64::try_from(supply).map_err(|_| Fault::LowerBounds { node: node + 1 })?;
                self.network.set_supply(node, supply);
            }
        }
        Ok(Instance { network: self.network, lows: self.lows })
    }
}

/// The lines of a file.
struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    /// The number of the last line, from 1.
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The next line with its number, or `None` after the last.
    fn next(&mut self) -> Result<Option<(u64, &[u8])>, ReadError> {
        self.line.clear();
        // One byte more than the limit, to see that it is exceeded.
        let most = LINE_LIMIT as u64 + 1;
        let length = self.reader.by_ref().take(most).read_until(b'\n', &mut self.line).map_err(ReadError::Io)?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        if length > LINE_LIMIT {
            return Err(ReadError::At { line: self.number, column: LINE_LIMIT, fault: Fault::LongLine });
        }
        Ok(Some((self.number, &self.line)))
    }
}

/// A line as words.
struct Line<'a> {
    bytes: &'a [u8],
    /// Where the last word begins, or should.
    start: usize,
    /// Where the rest begins.
    at: usize,
}

impl<'a> Line<'a> {
    /// The next word, empty at the end.
    #[inline]
    fn word(&mut self) -> &'a [u8] {
        let is_blank = |at: usize| matches!(self.bytes[at], b' ' | b'\t' | b'\r' | b'\n');
        let (length, before) = (self.bytes.len(), self.at);
        let mut at = before;
        while at < length && is_blank(at) {
            at += 1;
        }
        let start = at;
        while at < length && !is_blank(at) {
            at += 1;
        }
        // A word that is missing is missed where the one before it ends.
        self.start = if at > start { start } else { before };
        self.at = at;
        &self.bytes[start..at]
    }

    /// The next word as an integer.
    #[inline]
    fn integer(&mut self, what: &'static str) -> Result<i64, Fault> {
        let word = self.word();
        parse(word).map_or_else(|| wrong_integer(what, word, i64::MIN, i64::MAX), Ok)
    }

    /// The next word as an integer from `least` to `most`.
    #[inline]
    fn index(&mut self, what: &'static str, least: usize, most: usize) -> Result<usize, Fault> {
        let word = self.word();
        let index = parse(word).and_then(|number| usize::try_from(number).ok());
        let bound = |index| i64::try_from(index).unwrap_or(i64::MAX);
        index
            .filter(|index| (least..=most).contains(index))
            .map_or_else(|| wrong_integer(what, word, bound(least), bound(most)), Ok)
    }

    /// The next word as a capacity beyond `low`; `None` is without bound.
    #[inline]
    fn capacity(&mut self, low: i64) -> Result<Option<i64>, Fault> {
        const WHAT: &str = "a capacity";
        let word = self.word();
        match parse(word) {
            Some(capacity) if capacity >= low => match capacity.checked_sub(low) {
                Some(units) => Ok(Some(units)),
                None => Err(Fault::WideBounds { low, capacity }),
            },
            Some(capacity) if capacity < 0 => Ok(None),
            Some(capacity) => Err(Fault::CapacityBelowLow { low, capacity }),
            None if word == b"inf" => Ok(None),
            None => wrong_integer(WHAT, word, i64::MIN, i64::MAX),
        }
    }
}

/// A decimal integer with an optional sign, or `None` if `word` is none or out of range.
#[inline]
fn parse(word: &[u8]) -> Option<i64> {
    // Up to 18 digits always fit.
    const SAFE_DIGITS: usize = 18;
    let (negative, digits) = match word {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut magnitude = 0_i64;
    for byte in digits.iter().take(SAFE_DIGITS) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        magnitude = 10 * magnitude + i64::from(digit);
    }
    if digits.len() > SAFE_DIGITS {
        return std::str::from_utf8(word).ok()?.parse().ok();
    }
    Some(if negative { -magnitude } else { magnitude })
}

/// Why `word` is no integer from `least` to `most`.
#[cold]
fn wrong_integer<T>(what: &'static str, word: &[u8], least: i64, most: i64) -> Result<T, Fault> {
    if word.is_empty() {
        return Err(Fault::Missing { what });
    }
    let found = shown(word)?;
    let digits = word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Fault::NotAnInteger { what, found });
    }
    Err(Fault::OutOfRange { what, found, least, most })
}

/// A word as an error shows it.
fn shown(word: &[u8]) -> Result<String, Fault> {
    let text = std::str::from_utf8(word).map_err(|_| Fault::NotUtf8)?;
    let end = text.floor_char_boundary(SHOWN);
    Ok(if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() })
}
