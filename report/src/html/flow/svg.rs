//! The flow as SVG in a page: its colors and patterns are those of the page.
//!
//! What color says is said by pattern and word too. Bars are links to rows of tables, which a keyboard reaches.

use super::layout::{self, BAR, Layout, Stretch};
use super::{Amounts, Flow, Key, Node};
use crate::drawing::element::{Elements, Point, Rect, escaped};
use crate::drawing::measure::{Font, Px};
use crate::html::position::{license_id, version_id};
use crate::phrase::flow as words;
use model::estate::Estate;
use std::fmt::Write as _;

const LABEL: Font = Font::plain(12);
/// Most room of a label outside the columns.
const LABEL_MAX: Px = 400;
/// Between a bar and its label.
const LABEL_GAP: Px = 6;

impl Flow {
    /// The picture; `id` is in no other picture of the page.
    pub(in crate::html) fn svg(&self, estate: &Estate, id: &str, title: &str) -> String {
        let labels: Vec<String> = self
            .nodes
            .iter()
            .map(|node| words::label(estate, node.key, node.count, &node.marks, figures(node)))
            .collect();
        let last = self.nodes.iter().map(|node| node.column).max().unwrap_or(0);
        let room = |column: usize| {
            let of_column = self.nodes.iter().zip(&labels).filter(move |(node, _)| node.column == column);
            of_column.map(|(_, label)| LABEL.width(label)).max().unwrap_or(0).min(LABEL_MAX) + LABEL_GAP
        };
        let layout = self.place(room(0));
        let width = layout.width + room(last);
        let height = layout.height;
        let mut out = Elements::default();
        let attributes = format!(
            " class=\"flow\" role=\"group\" aria-labelledby=\"{id}-title {id}-desc\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\""
        );
        out.open("svg", attributes);
        out.text_element("title", format_args!(" id=\"{id}-title\""), title);
        out.text_element("desc", format_args!(" id=\"{id}-desc\""), &self.description());
        for (link, ribbon) in self.links.iter().zip(&layout.ribbons) {
            let [from, to] =
                [link.from, link.to].map(|end| words::name(estate, self.nodes[end].key, self.nodes[end].count));
            out.open("g", format_args!(" class=\"link\" data-ends=\"{} {}\"", link.from, link.to));
            out.text_element("title", "", &words::link(&from, &to, link.quantity));
            out.path("ribbon", &path(ribbon));
            out.close();
        }
        for (position, (node, label)) in self.nodes.iter().zip(&labels).enumerate() {
            let cut = |most: Px| LABEL.cut(label, most).into_owned();
            let (class, x, shown) = match node.column {
                0 => ("end", layout.bars[position].x - LABEL_GAP, cut(LABEL_MAX)),
                column if column == last => ("", layout.bars[position].right() + LABEL_GAP, cut(LABEL_MAX)),
                _ => ("", layout.bars[position].right() + LABEL_GAP, cut(layout::SPACE - 2 * LABEL_GAP)),
            };
            out.open("a", anchor(node, position, label));
            out.text_element("title", "", label);
            draw_bar(node, &layout, position, &mut out);
            let middle = layout.bars[position].y + layout.bars[position].height / 2;
            out.text(class, Point { x, y: middle + 4 }, &shown);
            out.close();
        }
        out.finish()
    }

    pub(super) fn place(&self, left: Px) -> Layout {
        let value = |node: &Node| node.amounts.total().get();
        let nodes: Vec<layout::Node> =
            self.nodes.iter().map(|node| layout::Node { column: node.column, value: value(node) }).collect();
        let links: Vec<layout::Link> = self
            .links
            .iter()
            .map(|link| layout::Link { from: link.from, to: link.to, value: link.quantity.get() })
            .collect();
        layout::place(&nodes, &links, left)
    }
}

/// What a node has, in the words of its kind.
fn figures(node: &Node) -> words::Figures {
    let Amounts { used, idle, bad } = node.amounts;
    if node.key.is_end() {
        words::Figures::Demand { covered: used, uncovered: bad }
    } else {
        words::Figures::Units { used, idle, unusable: bad }
    }
}

/// Where a bar leads, with what it says.
fn anchor(node: &Node, position: usize, label: &str) -> String {
    let to = match node.key {
        Key::Lot(license) => format!("#{}", license_id(license)),
        Key::Version(version) => format!("#{}", version_id(version)),
        Key::Lots(..) | Key::SmallerLots(_) => "#licenses".to_owned(),
        Key::Demand(_) | Key::SmallerEnds | Key::Elsewhere => "#versions".to_owned(),
        Key::SetAside => "#assignments".to_owned(),
    };
    format!(" href=\"{to}\" data-node=\"{position}\" aria-label=\"{}\"", escaped(label))
}

/// The bar: what flows, then what is idle, then what is unusable or uncovered; dashed around if a shortage set names it.
fn draw_bar(node: &Node, layout: &Layout, position: usize, out: &mut Elements) {
    let bar = layout.bars[position];
    let Amounts { used, idle, bad } = node.amounts;
    let whole = i128::from(node.amounts.total().get()).max(1);
    let parts =
        [("used", used), ("idle", idle), ("bad", bad)].map(|(class, quantity)| (class, i128::from(quantity.get())));
    // A part that is there is seen.
    let most = parts.iter().filter(|(_, count)| *count > 0).count();
    let spare = i128::from(bar.height) - 2 * i128::try_from(most).unwrap_or(0);
    let (mut y, mut before) = (bar.y, 0);
    for (class, count) in parts.into_iter().filter(|(_, count)| *count > 0) {
        let own = (before + count) * spare / whole - before * spare / whole;
        before += count;
        let height = Px::try_from(own).unwrap_or(0) + 2;
        let rect = Rect { x: bar.x, y, width: BAR, height };
        out.rect(&format!("part {class}"), rect, 0);
        y += height;
    }
    if !node.marks.is_empty() {
        let around = Rect { x: bar.x - 3, y: bar.y - 3, width: BAR + 6, height: bar.height + 6 };
        out.rect("short", around, 3);
    }
}

/// A band between its upper and its lower edge.
fn path(ribbon: &[Stretch]) -> String {
    let mut path = String::new();
    edge(ribbon.iter().map(|at| (at.x, at.top)), 'M', &mut path);
    edge(ribbon.iter().rev().map(|at| (at.x, at.bottom)), 'L', &mut path);
    path.push('Z');
    path
}

/// Goes to the first point and on to each of the others, level at every one.
fn edge(points: impl Iterator<Item = (Px, Px)>, first: char, path: &mut String) {
    let mut before = None;
    for (x, y) in points {
        let _ = match before.replace((x, y)) {
            None => write!(path, "{first}{x} {y}"),
            Some((from_x, from_y)) => {
                let middle = i32::midpoint(from_x, x);
                write!(path, "C{middle} {from_y} {middle} {y} {x} {y}")
            }
        };
    }
}
