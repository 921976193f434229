//! The picture for Mermaid, which wikis and forges draw.
//!
//! Names of users stand in quoted labels, where everything but letters, digits and a few harmless characters is written
//! as a numeric reference, and every line begins with a word of ours: a name can be neither markup nor Markdown. Ranges
//! are pooled as for Graphviz.

use super::picture::{Part, Picture, Stack};
use super::pooled::{Node, Rights, lots, pooled, titles, version_lines, word};
use crate::phrase::graph as phrase;
use crate::text::neutral;
use std::fmt::Write as _;

impl Picture<'_> {
    /// The picture as a Mermaid flowchart.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut out = format!("%% {}\nflowchart LR\n", comment(&phrase::title(self.estate(), self.title)));
        out += "  classDef short stroke:#b84a00,stroke-width:3px,stroke-dasharray:7 3\n";
        out += "  classDef lapsed stroke-dasharray:2 3\n";
        let mut used_edges = Vec::new();
        let mut edge_count = 0;
        for (number, part) in self.parts.iter().enumerate() {
            self.mermaid_nodes(number, part, &mut out);
            for (from, arrow, to, is_used) in edges(number, part) {
                let _ = writeln!(out, "  {from} {arrow} {to}");
                if is_used {
                    used_edges.push(edge_count.to_string());
                }
                edge_count += 1;
            }
        }
        if !used_edges.is_empty() {
            let _ = writeln!(out, "  linkStyle {} stroke:#0072b2,stroke-width:3px", used_edges.join(","));
        }
        for (index, sentence) in self.shortages.iter().enumerate() {
            let sentence = format!("{}: {sentence}", phrase::mark(index + 1));
            let _ = writeln!(out, "  shortage{}[{}]:::short", index + 1, quoted(&[sentence]));
        }
        out
    }

    fn mermaid_nodes(&self, number: usize, part: &Part, out: &mut String) {
        for (index, supply) in part.supplies.iter().enumerate() {
            let class = match (supply.lots.iter().any(|lot| !lot.marks.is_empty()), supply.is_lapsed) {
                (true, _) => ":::short",
                (false, true) => ":::lapsed",
                (false, false) => "",
            };
            let _ = writeln!(out, "  {}[{}]{class}", Node::Supply(number, index), quoted(&lots(self, supply)));
        }
        let node = |end: usize| {
            let class = if part.ends[end].marks.is_empty() { "" } else { ":::short" };
            format!("{}([{}]){class}", Node::End(number, end), quoted(&version_lines(self, &part.ends[end])))
        };
        let (of_titles, others) = titles(part);
        for (position, ends) in of_titles.into_iter().enumerate() {
            let heading = quoted(&[self.heading(part, ends.start)]);
            let _ = writeln!(out, "  subgraph title{number}_{position}[{heading}]");
            ends.for_each(|end| out.extend(["    ", &node(end), "\n"]));
            out.push_str("  end\n");
        }
        others.for_each(|end| out.extend(["  ", &node(end), "\n"]));
        for (index, range) in pooled(part).ranges.iter().enumerate() {
            let text = self.range_text(part, range);
            let _ = writeln!(out, "  {}{{{{{}}}}}", Node::Range(number, index), quoted(&[text]));
        }
    }
}

/// Every edge as it is written, and whether units flow on it.
fn edges(number: usize, part: &Part) -> Vec<(Node, String, Node, bool)> {
    let Rights { ranges, direct, through } = pooled(part);
    let mut edges = Vec::new();
    for (index, range) in ranges.iter().enumerate() {
        let of_range =
            range.clone().map(|end| (Node::Range(number, index), "---".to_owned(), Node::End(number, end), false));
        edges.extend(of_range);
    }
    for (supply, range) in through {
        edges.push((Node::Supply(number, supply), "-.->".to_owned(), Node::Range(number, range), false));
    }
    for (supply, right) in direct {
        let word = word(right.kind);
        let arrow = if right.used.is_zero() { format!("-.->|{word}|") } else { format!("==>|{} {word}|", right.used) };
        edges.push((Node::Supply(number, supply), arrow, Node::End(number, right.end), !right.used.is_zero()));
    }
    for &Stack { below, above, used } in &part.stacks {
        let arrow = if used.is_zero() { "-.-o".to_owned() } else { format!("==>|{used}|") };
        edges.push((Node::Supply(number, below), arrow, Node::Supply(number, above), !used.is_zero()));
    }
    edges
}

/// Lines as one quoted label.
fn quoted(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| harmless(line)).collect();
    format!("\"{}\"", lines.join("<br/>"))
}

/// Text in which nothing is markup.
fn harmless(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for character in neutral(line).chars() {
        if character.is_alphanumeric() || " .,:/@+-".contains(character) {
            out.push(character);
        } else {
            let _ = write!(out, "#{};", u32::from(character));
        }
    }
    out
}

/// Text in a comment, which ends with its line and may not begin a directive.
fn comment(text: &str) -> String {
    neutral(text).replace(['{', '}', '%'], " ")
}
