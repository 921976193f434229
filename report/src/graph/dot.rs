//! The picture for Graphviz.
//!
//! Names of users stand in quoted labels only, never as ids: quotes and backslashes are escaped, and `&`, which Graphviz
//! reads as the beginning of a reference. A right to three or more versions in a row goes through a small node for the
//! range, which all SKUs with the same range share.

use super::picture::{Part, Picture, Stack, Supply};
use super::pooled::{Node, Rights, lots, pooled, titles, version_lines, word};
use crate::phrase::graph as phrase;
use crate::text::neutral;
use std::fmt::Write as _;

impl Picture<'_> {
    /// The picture as a graph in the DOT language.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut out = String::from("digraph licit {\n");
        let title = phrase::title(self.estate(), self.title);
        let _ = writeln!(
            out,
            "  graph [rankdir=LR, ranksep=1.2, label={}, labelloc=t, fontname=\"sans-serif\"];",
            quoted(&[title])
        );
        out += "  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n";
        out += "  edge [fontname=\"sans-serif\", fontsize=9, color=\"#8c959f\"];\n";
        for (number, part) in self.parts.iter().enumerate() {
            self.dot_part(number, part, &mut out);
        }
        for (index, sentence) in self.shortages.iter().enumerate() {
            let sentence = format!("{}: {sentence}", phrase::mark(index + 1));
            let _ = writeln!(
                out,
                "  shortage{} [shape=note, color=\"#b84a00\", label={}];",
                index + 1,
                quoted(&[sentence])
            );
        }
        out += "}\n";
        out
    }

    fn dot_part(&self, number: usize, part: &Part, out: &mut String) {
        for (index, supply) in part.supplies.iter().enumerate() {
            let _ = writeln!(
                out,
                "  {} [{}label={}];",
                Node::Supply(number, index),
                style(supply),
                quoted(&lots(self, supply))
            );
        }
        let node = |end: usize| {
            let style = if part.ends[end].marks.is_empty() { "" } else { SHORT };
            let lines = quoted(&version_lines(self, &part.ends[end]));
            format!("{} [{style}label={lines}];", Node::End(number, end))
        };
        let (of_titles, others) = titles(part);
        for (position, ends) in of_titles.into_iter().enumerate() {
            let heading = quoted(&[self.heading(part, ends.start)]);
            let _ = writeln!(out, "  subgraph cluster_{number}_{position} {{");
            let _ = writeln!(out, "    style=rounded; color=\"#d0d7de\"; label={heading};");
            ends.for_each(|end| out.extend(["    ", &node(end), "\n"]));
            out.push_str("  }\n");
        }
        others.for_each(|end| out.extend(["  ", &node(end), "\n"]));
        let Rights { ranges, direct, through } = pooled(part);
        for (index, range) in ranges.iter().enumerate() {
            let node = Node::Range(number, index);
            let _ =
                writeln!(out, "  {node} [shape=oval, fontsize=9, label={}];", quoted(&[self.range_text(part, range)]));
            for end in range.clone() {
                let _ = writeln!(out, "  {node} -> {} [arrowhead=none];", Node::End(number, end));
            }
        }
        for (supply, range) in through {
            let _ =
                writeln!(out, "  {} -> {} [style=dashed];", Node::Supply(number, supply), Node::Range(number, range));
        }
        for (supply, right) in direct {
            let label = if right.used.is_zero() {
                word(right.kind).to_owned()
            } else {
                format!("{} {}", right.used, word(right.kind))
            };
            let used = if right.used.is_zero() { "style=dashed, " } else { USED };
            let (from, to) = (Node::Supply(number, supply), Node::End(number, right.end));
            let _ = writeln!(out, "  {from} -> {to} [{used}label=\"{label}\"];");
        }
        for &Stack { below, above, used } in &part.stacks {
            let (from, to) = (Node::Supply(number, below), Node::Supply(number, above));
            let attributes =
                if used.is_zero() { "style=dotted, ".to_owned() } else { format!("{USED}label=\"{used}\", ") };
            let _ = writeln!(out, "  {from} -> {to} [{attributes}arrowhead=diamond];");
        }
    }
}

const USED: &str = "color=\"#0072b2\", penwidth=2.5, ";
const SHORT: &str = "style=dashed, color=\"#b84a00\", penwidth=2, ";

fn style(supply: &Supply) -> &'static str {
    match (supply.lots.iter().any(|lot| !lot.marks.is_empty()), supply.is_lapsed) {
        (true, _) => SHORT,
        (false, true) => "style=dotted, ",
        (false, false) => "",
    }
}

/// Lines as one quoted string, each to the left.
fn quoted(lines: &[String]) -> String {
    let mut out = String::from("\"");
    for line in lines {
        for character in neutral(line).chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '&' => out.push_str("&amp;"),
                other => out.push(other),
            }
        }
        out.push_str(if lines.len() > 1 { "\\l" } else { "" });
    }
    out.push('"');
    out
}
