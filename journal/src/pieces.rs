//! Plans in pieces, of which each is kept once.
//!
//! Scenarios of one estate have most of their lines in common, in the same order, and differ where they touch it. So a
//! plan is cut after lines whose own text says so: the same run of lines is cut in the same way wherever it stands
//! (content-defined chunks; Muthitacharoen, Chen and Mazières 2001), and a plan costs the pieces that are new in it, with a
//! number for each of the others.
//!
//! *Guaranteed*: the pieces of a text, one after the other, are the text. Time is linear in the text.

use model::digest::Encoder;
use rusqlite::{Connection, Transaction, params};
use std::fmt::Write as _;

/// Lines of a piece, on average.
const LINES_MEAN: u64 = 32;
/// Most lines of a piece: many lines may be alike.
const LINES_MAX: usize = 512;

/// Names what is hashed and how.
const PIECE_ENCODING: &str = "licit piece 1";
const PLAN_ENCODING: &str = "licit plan 1";

/// A plan as it is kept: its pieces by number, as a JSON list, and the digest of all of it.
pub(crate) struct Kept {
    pub(crate) pieces: String,
    pub(crate) digest: String,
}

/// Keeps what of a plan is new.
pub(crate) fn keep(transaction: &Transaction<'_>, plan: &str) -> rusqlite::Result<Kept> {
    let mut find = transaction.prepare_cached("SELECT number FROM piece WHERE digest = ?")?;
    let mut insert = transaction.prepare_cached("INSERT INTO piece (digest, text) VALUES (?, ?)")?;
    let (mut pieces, mut whole) = (String::from("["), Encoder::new(PLAN_ENCODING));
    for piece in cut(plan) {
        let digest = digest(piece);
        let number = match find.query_row([&digest], |row| row.get::<_, i64>(0)) {
            Err(rusqlite::Error::QueryReturnedNoRows) => insert.insert(params![digest, piece])?,
            number => number?,
        };
        let comma = if pieces.len() == 1 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(pieces, "{comma}{number}");
        whole.text(&digest);
    }
    pieces.push(']');
    Ok(Kept { pieces, digest: whole.finish() })
}

/// The plan with these pieces.
pub(crate) fn plan(connection: &Connection, pieces: &str) -> rusqlite::Result<String> {
    let mut find = connection.prepare_cached("SELECT text FROM piece WHERE number = ?")?;
    let mut plan = String::new();
    for number in pieces.trim_matches(['[', ']']).split(',').filter(|number| !number.is_empty()) {
        // SQLite compares by the column's type, and so as numbers.
        find.query_row([number], |row| {
            plan.push_str(row.get_ref(0)?.as_str()?);
            Ok(())
        })?;
    }
    Ok(plan)
}

fn digest(piece: &str) -> String {
    let mut encoder = Encoder::new(PIECE_ENCODING);
    encoder.text(piece);
    encoder.finish()
}

/// The pieces of a text.
fn cut(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut length = 0;
        for (count, line) in (1..).zip(rest.split_inclusive('\n')) {
            length += line.len();
            if count == LINES_MAX || is_last(line) {
                break;
            }
        }
        let (piece, others) = rest.split_at(length);
        rest = others;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Whether a piece ends after a line (FNV-1a, of which the low bits of the upper half are well mixed).
fn is_last(line: &str) -> bool {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = line.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    (hash >> 32).is_multiple_of(LINES_MEAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn lines(numbers: impl Iterator<Item = u32>) -> String {
        let lines = numbers.map(|number| format!("{{\"version\":\"app@{number}\",\"spend\":\"12.00\"}},\n"));
        lines.collect::<Vec<_>>().concat()
    }

    #[test]
    fn pieces_are_the_text_and_have_a_usual_length() {
        let text = lines(0..10_000);
        let pieces: Vec<&str> = cut(&text).collect();
        assert_eq!(pieces.concat(), text);
        assert!((200..500).contains(&pieces.len()), "{}", pieces.len());
        for text in ["", "\n", "a", "a\nb"] {
            assert_eq!(cut(text).collect::<String>(), text);
        }
        let alike = "the same\n".repeat(2_000);
        assert!(cut(&alike).all(|piece| piece.lines().count() <= LINES_MAX));
    }

    #[test]
    fn a_change_of_a_few_lines_makes_few_new_pieces() {
        let before = lines(0..10_000);
        let after = lines((0..3_000).chain(20_000..20_005).chain(3_001..10_000));
        let known: BTreeSet<&str> = cut(&before).collect();
        let new = cut(&after).filter(|piece| !known.contains(piece)).count();
        assert!((1..=3).contains(&new), "{new} new pieces");
    }
}
