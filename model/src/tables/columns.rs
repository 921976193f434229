//! The names of a table's columns: which key each stands for, and which is missing.

use crate::diagnostic::{Code, Diagnostic, Place, alternatives, listed, quoted};
use crate::document::rows::Shape;
use crate::fields::{Cell, Entry};
use crate::findings::Findings;
use crate::suggest;

/// No shape has more keys.
pub(super) const MOST_KEYS: usize = 13;

/// What the names of the columns say.
#[derive(Debug)]
pub(super) struct Columns<'s> {
    /// Of each column the position of its key in the shape.
    pub(super) positions: Vec<Option<usize>>,
    /// What a row starts with: keys whose columns are refused are refused in every row.
    pub(super) blank: [Entry<'s>; MOST_KEYS],
}

impl<'s> Columns<'s> {
    /// Finds the keys that columns are named as; `all` is where the names stand together.
    pub(super) fn read<'c>(
        names: impl Iterator<Item = Cell<'c>>,
        all: Place,
        shape: &'s Shape,
        findings: &mut Findings,
    ) -> Self {
        let mut columns = Self { positions: Vec::new(), blank: [Entry::Absent; MOST_KEYS] };
        let mut places: Vec<Place> = Vec::new();
        for cell in names {
            let position = shape.position(cell.text);
            if position.is_none() {
                columns.refuse_nearest(cell.text, shape);
                findings.push(unknown(cell, shape));
            } else if let Some(first) = columns.positions.iter().position(|&other| other == position) {
                findings.push(
                    Diagnostic::new(Code::Column, cell.place, format!("the column {} stands twice", quoted(cell.text)))
                        .with_related(places[first], "it stands here first")
                        .with_help("remove one of the two"),
                );
            }
            columns.positions.push(position);
            places.push(cell.place);
        }
        for &keys in shape.required {
            if !keys.iter().any(|key| columns.positions.contains(&shape.position(key))) {
                for position in keys.iter().filter_map(|key| shape.position(key)) {
                    columns.blank[position] = Entry::Refused;
                }
                findings.push(
                    Diagnostic::new(Code::Column, all, format!("the column {} is missing", alternatives(keys)))
                        .with_help("columns are named as the keys, in any order"),
                );
            }
        }
        columns
    }

    /// Keys that an unknown name probably stands for are refused rather than absent.
    fn refuse_nearest(&mut self, name: &str, shape: &Shape) {
        let nearest = suggest::nearest(name, shape.keys.iter().copied());
        for position in nearest.into_iter().filter_map(|key| shape.position(key)) {
            self.blank[position] = Entry::Refused;
        }
    }
}

fn unknown(cell: Cell<'_>, shape: &Shape) -> Diagnostic {
    let help = suggest::did_you_mean(cell.text, shape.keys.iter().copied())
        .unwrap_or_else(|| format!("the columns are {}; remove the others", listed(shape.keys, "and")));
    let message = format!("{} is not a column for {}", quoted(cell.text), shape.section);
    Diagnostic::new(Code::Column, cell.place, message).with_help(help)
}
