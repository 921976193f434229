//! What shapes mean, which sets are short, and what is left out.

use super::super::picture::{Kind, Picture, What};
use super::cards::{draw_bar, icon};
use super::lines::shape;
use super::{MARGIN, NORMAL};
use crate::drawing::element::{Elements, Point, Rect};
use crate::drawing::measure::Px;
use crate::phrase::graph as phrase;
use model::number::Quantity;
use solver::position::Status;

const LINE: Px = 24;
/// The room of a sample before its words.
const SAMPLE: Px = 34;
const SPACE: Px = 26;
/// Most shortage sets and notes that are written out.
const SENTENCES_MAX: usize = 40;
/// Most lines of one of them.
const SENTENCE_LINES_MAX: usize = 4;
/// The height of a line of text.
const TEXT_LINE: Px = 18;

/// What is shown beside words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sample {
    Shape(Option<Kind>),
    Line(&'static str, &'static str),
    Pill,
    Bar { used: bool, bad: bool },
    Frame,
    Status(Status),
}

/// A sentence in lines, with a badge if it is about a shortage set.
struct Sentence {
    mark: Option<String>,
    whole: String,
    lines: Vec<String>,
}

/// The legend, broken into lines for a width.
pub(super) struct Legend {
    lines: Vec<Vec<(Px, Sample, &'static str)>>,
    sentences: Vec<Sentence>,
    width: Px,
    pub(super) height: Px,
}

impl Sentence {
    fn of(mark: Option<String>, whole: String, width: Px) -> Self {
        let lines = NORMAL.lines(&whole, width - 2 * MARGIN - SAMPLE, SENTENCE_LINES_MAX);
        Self { mark, whole, lines }
    }
}

impl Legend {
    pub(super) fn of(picture: &Picture<'_>, width: Px) -> Self {
        let mut lines: Vec<Vec<(Px, Sample, &'static str)>> = vec![Vec::new()];
        let mut x = MARGIN;
        for (sample, words) in items(picture) {
            let needed = SAMPLE + NORMAL.width(words);
            if x > MARGIN && x + needed > width - MARGIN {
                lines.push(Vec::new());
                x = MARGIN;
            }
            if let Some(line) = lines.last_mut() {
                line.push((x, sample, words));
            }
            x += needed + SPACE;
        }
        let shortages = (picture.shortages.iter().enumerate())
            .map(|(index, sentence)| (Some(phrase::mark(index + 1)), sentence.clone()));
        let mut sentences: Vec<Sentence> = shortages.map(|(mark, whole)| Sentence::of(mark, whole, width)).collect();
        if sentences.len() > SENTENCES_MAX {
            let hidden = sentences.len() - SENTENCES_MAX;
            sentences.truncate(SENTENCES_MAX);
            sentences.push(Sentence::of(None, crate::phrase::and_more(hidden), width));
        }
        sentences.extend(picture.notes.iter().map(|note| Sentence::of(None, note.clone(), width)));
        let count = |lines: usize| Px::try_from(lines).unwrap_or(0);
        let of_sentences: Px = sentences.iter().map(|sentence| count(sentence.lines.len()) * TEXT_LINE + 6).sum();
        let height = 12 + count(lines.len()) * LINE + of_sentences;
        Self { lines, sentences, width, height }
    }

    pub(super) fn draw(&self, top: Px, out: &mut Elements) {
        out.path("rule", &format!("M{MARGIN} {top}H{}", self.width - MARGIN));
        let mut y = top + 12;
        for line in &self.lines {
            y += LINE;
            for &(x, sample, words) in line {
                draw_sample(sample, Point { x, y: y - 4 }, out);
                out.text("muted", Point { x: x + SAMPLE, y }, words);
            }
        }
        for Sentence { mark, whole, lines } in &self.sentences {
            y += 6;
            let is_whole = lines.join(" ") == *whole;
            out.group("sentence", if is_whole { "" } else { whole });
            if let Some(mark) = mark {
                let y = y + TEXT_LINE;
                out.rect("badge", Rect { x: MARGIN, y: y - 11, width: 26, height: 14 }, 3);
                out.text("in-badge", Point { x: MARGIN + 13, y }, mark);
            }
            for line in lines {
                y += TEXT_LINE;
                out.text("normal", Point { x: MARGIN + SAMPLE, y }, line);
            }
            out.close();
        }
    }
}

/// What occurs in the picture, with its meaning.
fn items(picture: &Picture<'_>) -> Vec<(Sample, &'static str)> {
    let estate = picture.estate();
    let supplies = || picture.parts.iter().flat_map(|part| &part.supplies);
    let has = |kind: Kind| supplies().any(|supply| supply.rights.iter().any(|right| right.kind == kind));
    let words = [phrase::OWN, phrase::DOWNGRADE, phrase::NEWER, phrase::CROSS];
    let mut items: Vec<(Sample, &'static str)> = (Kind::ALL.into_iter().zip(words))
        .filter(|&(kind, _)| has(kind))
        .map(|(kind, words)| (Sample::Shape(Some(kind)), words))
        .collect();
    let optional = [
        (picture.parts.iter().any(|part| !part.stacks.is_empty()), Sample::Shape(None), phrase::STACK),
        (true, Sample::Pill, phrase::FLOW),
        (true, Sample::Line("right", ""), phrase::UNUSED),
        (supplies().any(|supply| supply.is_lapsed), Sample::Line("right", "lapsed"), phrase::LAPSED_RIGHT),
        (true, Sample::Bar { used: true, bad: false }, phrase::USED),
        (true, Sample::Bar { used: false, bad: false }, phrase::IDLE),
        (true, Sample::Bar { used: false, bad: true }, phrase::UNCOVERED),
        (!picture.shortages.is_empty(), Sample::Frame, phrase::SHORT),
    ];
    items.extend(optional.into_iter().filter(|&(occurs, ..)| occurs).map(|(_, sample, words)| (sample, words)));
    let ends = picture.parts.iter().flat_map(|part| &part.ends);
    let statuses = ends.filter_map(|end| match end.what {
        What::Version(version) if estate.title_of(version).is_active => {
            Some(picture.position.derived.versions[version].status)
        }
        What::Version(_) => Some(Status::Inactive),
        What::SetAside(_) => None,
    });
    let statuses: std::collections::BTreeSet<Status> = statuses.collect();
    items.extend(statuses.into_iter().map(|status| (Sample::Status(status), status.word())));
    items
}

fn draw_sample(sample: Sample, at: Point, out: &mut Elements) {
    let Point { x, y } = at;
    match sample {
        Sample::Shape(kind) => shape(kind, "mark", Point { x: x + 22, y }, out),
        Sample::Line(class, group) => {
            out.group(group, "");
            out.path(class, &format!("M{x} {y}h28"));
            out.close();
        }
        Sample::Pill => {
            out.rect("pill", Rect { x: x + 2, y: y - 8, width: 26, height: 16 }, 8);
            out.text("in-pill", Point { x: x + 11, y: y + 4 }, "7");
        }
        Sample::Bar { used, bad } => {
            let units = |is_there: bool| if is_there { Quantity::ONE } else { Quantity::ZERO };
            let bar = Rect { x: x + 4, y: y - 4, width: 24, height: 8 };
            draw_bar(bar, Quantity::ONE, units(used), units(bad), out);
        }
        Sample::Frame => {
            out.group("short", "");
            out.rect("card", Rect { x: x + 2, y: y - 8, width: 26, height: 16 }, 4);
            out.close();
        }
        Sample::Status(status) => icon(status, Point { x: x + 22, y }, out),
    }
}
