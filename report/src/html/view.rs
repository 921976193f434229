//! What a page holds, as data: all that its templates print. They decide nothing but what to repeat and what to leave out.

use crate::grid::{Alignment, Cell as GridCell, Grid};
use crate::phrase::html as words;
use serde::Serialize;
use solver::position::Status;

/// A page.
#[derive(Serialize)]
pub(super) struct Page {
    pub(super) title: String,
    /// What is said first, in sentences.
    pub(super) lead: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// What stands under a heading of the contents.
#[derive(Serialize)]
pub(super) struct Section {
    /// Where links lead; in no other section.
    pub(super) id: &'static str,
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Block {
    /// A heading within the section.
    Heading {
        text: String,
    },
    /// Sentences one after the other, a paragraph each.
    Text {
        sentences: Vec<String>,
    },
    /// Sentences beside each other, each with its mark.
    List {
        items: Vec<Marked>,
    },
    /// What to type.
    Commands {
        lines: Vec<String>,
    },
    Bars(Bars),
    Table(Table),
    Picture(Picture),
    Explanation(Explanation),
}

/// Whole and parts, drawn.
#[derive(Serialize)]
pub(super) struct Bars {
    pub(super) bars: Vec<Bar>,
}

/// A whole with its parts, from left to right.
#[derive(Serialize)]
pub(super) struct Bar {
    pub(super) label: String,
    /// The parts in words.
    pub(super) said: String,
    pub(super) parts: Vec<BarPart>,
}

/// A part of a bar; places are in per cent of the whole, with one decimal.
#[derive(Serialize)]
pub(super) struct BarPart {
    pub(super) class: &'static str,
    pub(super) left: String,
    pub(super) width: String,
    pub(super) label: String,
}

/// A table that sorts and filters where scripts run.
#[derive(Serialize)]
pub(super) struct Table {
    /// In no other table.
    pub(super) id: String,
    pub(super) caption: String,
    /// Whether a heading right above it says what its caption says.
    pub(super) is_named_above: bool,
    /// How to read it; may be empty.
    pub(super) note: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

#[derive(Serialize)]
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) class: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Row {
    /// Where links to the row lead, if any do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) cells: Vec<Cell>,
}

#[derive(Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) class: Option<&'static str>,
    /// The word of a status, drawn as a badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    /// The id of what the cell is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<String>,
}

/// A picture, with the same as a table below it.
#[derive(Serialize)]
pub(super) struct Picture {
    /// In no other picture.
    pub(super) id: String,
    pub(super) title: String,
    /// Markup of our own, in which all text is escaped.
    pub(super) svg: String,
    /// What is said of it, each with a mark that stands in the picture.
    pub(super) marks: Vec<Marked>,
    /// What opens the table.
    pub(super) as_a_table: &'static str,
    pub(super) table: Table,
}

/// A sentence with its mark.
#[derive(Serialize)]
pub(super) struct Marked {
    pub(super) mark: String,
    pub(super) sentence: String,
}

/// Why something stands as it does.
#[derive(Serialize)]
pub(super) struct Explanation {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) status: &'static str,
    pub(super) lead: Vec<String>,
    pub(super) parts: Vec<ExplanationPart>,
}

/// Sentences under a heading of an explanation.
#[derive(Serialize)]
pub(super) struct ExplanationPart {
    pub(super) heading: &'static str,
    pub(super) sentences: Vec<String>,
}

impl Section {
    pub(super) fn new(id: &'static str, heading: &str, blocks: Vec<Block>) -> Self {
        Self { id, heading: heading.to_owned(), blocks }
    }
}

impl Table {
    /// The table that a terminal shows, with all its rows.
    pub(super) fn of(id: impl Into<String>, caption: impl Into<String>, grid: Grid) -> Self {
        let class = |alignment: Alignment| (alignment == Alignment::Right).then_some("n");
        let classes: Vec<Option<&'static str>> = grid.columns().iter().map(|column| class(column.alignment)).collect();
        let columns = grid.columns().iter().zip(&classes);
        // A column that needs no word on a terminal has one for those who hear the table.
        let heading = |heading: &'static str| if heading.is_empty() { words::REMARK } else { heading };
        let columns = columns.map(|(column, &class)| Column { heading: heading(column.heading), class }).collect();
        let row = |cells: Vec<GridCell>| {
            let cells = cells.into_iter().zip(&classes).map(|(cell, &class)| Cell::of(cell, class)).collect();
            Row { id: None, cells }
        };
        Self {
            id: id.into(),
            caption: caption.into(),
            is_named_above: false,
            note: "",
            columns,
            rows: grid.into_rows().into_iter().map(row).collect(),
        }
    }

    /// The same below a heading that says what its caption says.
    pub(super) fn named_above(self) -> Self {
        Self { is_named_above: true, ..self }
    }

    /// The same with a word on how to read it.
    pub(super) fn noted(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Gives each row an id, and its first cell a link where there is one.
    pub(super) fn linked<R>(
        mut self,
        rows: impl Iterator<Item = R>,
        id: impl Fn(&R) -> String,
        link: impl Fn(&R) -> Option<String>,
    ) -> Self {
        for (row, of) in self.rows.iter_mut().zip(rows) {
            row.id = Some(id(&of));
            if let Some(first) = row.cells.first_mut() {
                first.link = link(&of);
            }
        }
        self
    }
}

impl Cell {
    fn of(cell: GridCell, class: Option<&'static str>) -> Self {
        let class = match (cell.is_alarming && cell.status.is_none(), class) {
            (false, class) => class,
            (true, None) => Some("alarm"),
            (true, Some(_)) => Some("n alarm"),
        };
        Self { text: cell.text, class, status: cell.status.map(Status::word), link: None }
    }
}

impl Bar {
    /// A bar of counts, each with a class and a word; nothing where the whole is nothing.
    pub(super) fn of(label: &str, parts: &[(&'static str, u64, &str)]) -> Option<Self> {
        let total: u128 = parts.iter().map(|&(_, count, _)| u128::from(count)).sum();
        if total == 0 {
            return None;
        }
        let thousandths = |count: u128| u64::try_from(count * 1000 / total).unwrap_or(1000);
        let percent = |thousandths: u64| format!("{}.{}%", thousandths / 10, thousandths % 10);
        let mut before = 0;
        let parts: Vec<BarPart> = parts
            .iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|&(class, count, word)| {
                let left = thousandths(before);
                before += u128::from(count);
                let width = thousandths(before) - left;
                BarPart { class, left: percent(left), width: percent(width), label: format!("{count} {word}") }
            })
            .collect();
        let said = parts.iter().map(|part| part.label.as_str()).collect::<Vec<_>>().join(", ");
        Some(Self { label: label.to_owned(), said, parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_fill_it_and_empty_ones_are_left_out() {
        let bar = Bar::of("units", &[("used", 1, "used"), ("idle", 0, "idle"), ("bad", 2, "unusable")]).expect("a bar");
        let places: Vec<(&str, &str)> =
            bar.parts.iter().map(|part| (part.left.as_str(), part.width.as_str())).collect();
        assert_eq!(places, [("0.0%", "33.3%"), ("33.3%", "66.7%")]);
        assert_eq!(bar.said, "1 used, 2 unusable");
        assert!(Bar::of("units", &[("used", 0, "used")]).is_none());
    }
}
