//! The words of a picture of where units go.

use super::counted;
use crate::html::Key;
use crate::text::neutral;
use model::estate::Estate;
use model::number::Quantity;
use std::fmt::Write as _;

/// What a node has.
#[derive(Clone, Copy)]
pub(crate) enum Figures {
    /// Of licenses.
    Units { used: Quantity, idle: Quantity, unusable: Quantity },
    /// Of versions.
    Demand { covered: Quantity, uncovered: Quantity },
}

pub(crate) const USED: &str = "used";
pub(crate) const IDLE: &str = "idle";
pub(crate) const UNUSABLE: &str = "unusable";
pub(crate) const UNCOVERED: &str = "uncovered";

/// The heading of the pictures, and how to read them.
pub(crate) const HEADING: &str = "Where units go";
pub(crate) const NOTE: &str = "From left to right: licenses, upgrades that stand on them, and what they cover. Widths are \
    in proportion. Solid parts of a bar are used, dotted ones idle, hatched ones uncovered or unusable. A dashed frame \
    and a mark such as S1 name a shortage.";
/// What stands above the numbers of a picture.
pub(crate) const AS_A_TABLE: &str = "The same as a table";
/// The picture of all titles.
pub(crate) const ESTATE: &str = "All titles";

/// The picture of a title.
pub(crate) fn title(id: &str) -> String {
    format!("Licenses and demand of {}", neutral(id))
}

/// What is not drawn.
pub(crate) fn more_titles(count: usize) -> Option<String> {
    let titles = counted(count as u64, "title is", "titles are");
    (count > 0).then(|| format!("{titles} not drawn: those with the least that is short or calls for attention."))
}

/// The name of a node.
pub(crate) fn name(estate: &Estate, key: Key, count: usize) -> String {
    match key {
        Key::Lot(license) => neutral(&estate.licenses[license].id).into_owned(),
        Key::Lots(title, 0) => format!("licenses of {}", neutral(&estate.titles[title].id)),
        Key::Lots(title, _) => format!("upgrades of {}", neutral(&estate.titles[title].id)),
        Key::Version(version) => neutral(&estate.version_text(version)).into_owned(),
        Key::Demand(title) => neutral(&estate.titles[title].id).into_owned(),
        Key::SmallerLots(_) | Key::SmallerEnds => format!("{count} smaller ones"),
        Key::Elsewhere => "other titles".to_owned(),
        Key::SetAside => "set aside for assignments".to_owned(),
    }
}

/// `S1 office@2013: 10 covered, 1 uncovered`.
pub(crate) fn label(estate: &Estate, key: Key, count: usize, marks: &[usize], figures: Figures) -> String {
    let mut label: String = marks.iter().map(|&mark| super::graph::mark(mark) + " ").collect();
    let parts = match figures {
        Figures::Units { used, idle, unusable } => vec![(used, USED), (idle, IDLE), (unusable, UNUSABLE)],
        Figures::Demand { covered, .. } if matches!(key, Key::Elsewhere | Key::SetAside) => vec![(covered, USED)],
        Figures::Demand { covered, uncovered } => vec![(covered, "covered"), (uncovered, UNCOVERED)],
    };
    let said = parts.into_iter().filter(|(quantity, _)| !quantity.is_zero());
    let said: Vec<String> = said.map(|(quantity, word)| format!("{quantity} {word}")).collect();
    let _ = write!(label, "{}: {}", name(estate, key, count), said.join(", "));
    label
}

/// `60 from off13 to office@2013`.
pub(crate) fn link(from: &str, to: &str, quantity: Quantity) -> String {
    format!("{quantity} from {from} to {to}")
}

/// The picture in a sentence.
pub(crate) fn description([covered, uncovered]: [Quantity; 2], [idle, unusable]: [Quantity; 2]) -> String {
    format!("{covered} covered or set aside, {uncovered} uncovered; {idle} units idle, {unusable} unusable.")
}
