//! What the type of a column says about its values, and the text a value stands for.
//!
//! Every value becomes the text that a table of comma-separated values would have, so that the same facts mean the same
//! in either format. Nothing is rounded or guessed: numbers of the machine with a fraction, and instants, whose day
//! depends on a time zone, are refused.

use crate::document::rows::Holds;
use crate::{input, limits};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowTimestampType, Date32Type, Decimal128Type, Int32Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};
use arrow_array::{Array, ArrayRef, Int32Array, downcast_integer_array};
use arrow_schema::{DataType, TimeUnit};
use parquet::basic::Type as Physical;
use parquet::schema::types::ColumnDescriptor;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// Why a value is refused whatever its key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    NotUtf8,
    Hidden(char),
    Long,
    /// Its type says nothing of the kind that the key takes, but this.
    Unfit(&'static str),
}

/// What a column holds, if its key does not take that.
pub(super) fn unfit(column: &ColumnDescriptor, values: &DataType, holds: Holds) -> Option<&'static str> {
    let (is_fit, what) = match values {
        DataType::Dictionary(_, values) => return unfit(column, values, holds),
        // Some writers leave out that bytes are text; values that are none are told.
        DataType::Utf8 | DataType::Binary => (true, "text"),
        DataType::Decimal128(_, 0) => (is_number(holds) || holds == Holds::Text, "whole numbers"),
        // A version such as `10.10` is no number: as one it would lose its last digit.
        DataType::Decimal128(..) => (is_number(holds), "decimal numbers"),
        DataType::Decimal256(..) => (false, "decimal numbers of more than 38 digits"),
        DataType::Boolean => (holds == Holds::Flag, "truth values"),
        DataType::Timestamp(_, None) if column.physical_type() != Physical::INT96 => (holds == Holds::Day, "dates"),
        DataType::Date32 => (holds == Holds::Day, "dates"),
        DataType::Timestamp(..) => (false, "instants"),
        DataType::Time32(_) | DataType::Time64(_) => (false, "times of a day"),
        DataType::FixedSizeBinary(_) => (false, "bytes"),
        DataType::Null => (false, "values of no type"),
        floating if floating.is_floating() => (false, "floating-point numbers"),
        integers if integers.is_integer() => (is_number(holds) || holds == Holds::Text, "whole numbers"),
        _ => (false, "values of another kind"),
    };
    (!is_fit).then_some(what)
}

fn is_number(holds: Holds) -> bool {
    matches!(holds, Holds::Count | Holds::Money)
}

/// The texts of a column in a batch, each made once for all rows that have it.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The different values, or those of all rows.
    values: Option<ArrayRef>,
    /// Of each row the position of its value, if those are the different ones.
    positions: Option<Int32Array>,
    /// How often the values have changed.
    turns: u32,
    text: String,
    /// Where the text of each value ends.
    ends: Vec<usize>,
    flaws: BTreeMap<usize, Flaw>,
}

impl Texts {
    /// Goes to other rows.
    pub(super) fn turn(&mut self, rows: &ArrayRef) {
        if self.take(rows) {
            self.write();
        }
    }

    /// Goes to other rows, whose values are all refused.
    pub(super) fn refuse(&mut self, rows: &ArrayRef, what: &'static str) {
        if self.take(rows) {
            self.write_each(|_, _| Err(Flaw::Unfit(what)));
        }
    }

    /// What stands in a row; nothing is an empty text, as in other tables.
    pub(super) fn get(&self, row: usize) -> Result<&str, Flaw> {
        let Some(value) = self.value(row) else { return Ok("") };
        match self.flaws.get(&value) {
            Some(&flaw) => Err(flaw),
            None => Ok(&self.text[value.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[value]]),
        }
    }

    /// What stands for the text of a row among rows of one turn, after the number of the turn.
    pub(super) fn symbol(&self, row: usize) -> Option<(u32, u32)> {
        self.positions.as_ref()?;
        Some((self.turns, u32::try_from(self.value(row)?).expect("positions have 32 bits")))
    }

    /// The position of a row's value, if it has one.
    fn value(&self, row: usize) -> Option<usize> {
        match &self.positions {
            None => Some(row),
            Some(positions) if positions.is_null(row) => None,
            // The crate has compared them with the number of values.
            Some(positions) => Some(usize::try_from(positions.value(row)).expect("positions are counted from zero")),
        }
    }

    /// Takes the values of other rows; false if they are the same ones as before.
    fn take(&mut self, rows: &ArrayRef) -> bool {
        let dictionary = rows.as_dictionary_opt::<Int32Type>();
        self.positions = dictionary.map(|dictionary| dictionary.keys().clone());
        let values = dictionary.map_or(rows, |dictionary| dictionary.values());
        let is_new = !self.values.as_ref().is_some_and(|before| Arc::ptr_eq(before, values));
        self.values = Some(Arc::clone(values));
        self.turns = self.turns.wrapping_add(is_new.into());
        is_new
    }

    fn write(&mut self) {
        let values = self.values.clone().expect("values were taken");
        let values = values.as_ref();
        downcast_integer_array!(
            values => self.show_each(|value, text| show(values.value(value), text)),
            DataType::Utf8 => {
                let values = values.as_string::<i32>();
                self.write_each(|value, text| write_text(values.value(value).as_bytes(), text));
            }
            DataType::Binary => {
                let values = values.as_binary::<i32>();
                self.write_each(|value, text| write_text(values.value(value), text));
            }
            DataType::Boolean => self.show_each(|value, text| show(values.as_boolean().value(value), text)),
            DataType::Decimal128(..) => {
                let values = values.as_primitive::<Decimal128Type>();
                self.show_each(|value, text| show(shortest(&values.value_as_string(value)), text));
            }
            DataType::Date32 => {
                let values = values.as_primitive::<Date32Type>();
                self.show_each(|value, text| match values.value_as_date(value) {
                    Some(day) => show(day, text),
                    None => show(format_args!("{} days after 1970-01-01", values.value(value)), text),
                });
            }
            DataType::Timestamp(TimeUnit::Second, _) => unreachable!("the format has no such type"),
            DataType::Timestamp(TimeUnit::Millisecond, _) => self.write_times::<TimestampMillisecondType>(values),
            DataType::Timestamp(TimeUnit::Microsecond, _) => self.write_times::<TimestampMicrosecondType>(values),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => self.write_times::<TimestampNanosecondType>(values),
            other => unreachable!("{other} fits no key"),
        );
    }

    /// A day alone at midnight; else with its time, which no key takes.
    fn write_times<T: ArrowTimestampType>(&mut self, values: &dyn Array) {
        let values = values.as_primitive::<T>();
        self.show_each(|value, text| match values.value_as_datetime(value) {
            Some(time) => {
                let shown = format!("{time:?}");
                show(shown.strip_suffix("T00:00:00").unwrap_or(&shown), text);
            }
            None => show(format_args!("{} {} after 1970-01-01", values.value(value), T::UNIT), text),
        });
    }

    fn show_each(&mut self, show: impl Fn(usize, &mut String)) {
        self.write_each(|value, text| {
            show(value, text);
            Ok(())
        });
    }

    /// Makes the text of each value.
    fn write_each(&mut self, write: impl Fn(usize, &mut String) -> Result<(), Flaw>) {
        let values = self.values.as_ref().expect("values were taken");
        let missing = values.logical_nulls();
        self.text.clear();
        self.ends.clear();
        self.flaws.clear();
        for value in 0..values.len() {
            if !missing.as_ref().is_some_and(|missing| missing.is_null(value))
                && let Err(flaw) = write(value, &mut self.text)
            {
                self.flaws.insert(value, flaw);
            }
            self.ends.push(self.text.len());
        }
    }
}

fn write_text(value: &[u8], text: &mut String) -> Result<(), Flaw> {
    if value.len() > limits::LINE_BYTES_MAX {
        return Err(Flaw::Long);
    }
    let value_text = std::str::from_utf8(value).map_err(|_| Flaw::NotUtf8)?;
    if !input::is_plain(value)
        && let Some(hidden) = value_text.chars().find(|&character| input::is_forbidden(character))
    {
        return Err(Flaw::Hidden(hidden));
    }
    text.push_str(value_text);
    Ok(())
}

fn show(value: impl fmt::Display, text: &mut String) {
    write!(text, "{value}").expect("memory can be written");
}

/// A decimal number without zeros behind its last decimal, which are the column's and not the number's.
fn shortest(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{
        BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int64Array, NullArray, StringArray,
        TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
    };

    fn texts(values: impl Array + 'static) -> Vec<Result<String, Flaw>> {
        let mut texts = Texts::default();
        let rows = values.len();
        texts.turn(&(Arc::new(values) as ArrayRef));
        (0..rows).map(|row| texts.get(row).map(str::to_owned)).collect()
    }

    fn shown(values: impl Array + 'static) -> Vec<String> {
        texts(values).into_iter().map(|text| text.expect("a text")).collect()
    }

    #[test]
    fn whole_numbers_and_truth_values_are_as_written() {
        assert_eq!(shown(Int64Array::from(vec![Some(-7), None, Some(i64::MIN)])), ["-7", "", &i64::MIN.to_string()]);
        assert_eq!(shown(UInt64Array::from(vec![u64::MAX])), [u64::MAX.to_string()]);
        assert_eq!(shown(BooleanArray::from(vec![Some(true), None, Some(false)])), ["true", "", "false"]);
    }

    #[test]
    fn decimals_are_exact_and_end_with_their_last_digit() {
        let decimal = |scale, value| {
            let values = Decimal128Array::from(vec![value]).with_precision_and_scale(38, scale).expect("a scale");
            shown(values).remove(0)
        };
        assert_eq!(decimal(2, 1250), "12.5");
        assert_eq!(decimal(4, 5), "0.0005");
        assert_eq!(decimal(0, 100), "100");
        assert_eq!(decimal(2, -200), "-2");
        assert_eq!(decimal(2, 0), "0");
        assert_eq!(decimal(38, 1 - 10_i128.pow(38)), format!("-0.{}", "9".repeat(38)));
    }

    #[test]
    fn days_are_dates_and_times_are_shown() {
        let days = Date32Array::from(vec![0, -1, i32::MAX]);
        assert_eq!(shown(days), ["1970-01-01", "1969-12-31", "2147483647 days after 1970-01-01"]);
        let millis = shown(TimestampMillisecondArray::from(vec![20_000 * 86_400_000, -1, 1, i64::MAX]));
        assert_eq!(millis[..3], ["2024-10-04", "1969-12-31T23:59:59.999", "1970-01-01T00:00:00.001"]);
        assert_eq!(millis[3], format!("{} ms after 1970-01-01", i64::MAX));
        assert_eq!(shown(TimestampNanosecondArray::from(vec![i64::MAX])), ["2262-04-11T23:47:16.854775807"]);
    }

    #[test]
    fn text_is_visible_and_short() {
        assert_eq!(texts(StringArray::from(vec!["Zoë", "a\tb"])), [Ok("Zoë".into()), Err(Flaw::Hidden('\t'))]);
        let long = vec![b'x'; limits::LINE_BYTES_MAX + 1];
        let bytes: Vec<&[u8]> = vec![b"\xff", "\u{202e}".as_bytes(), &long];
        let expected = [Err(Flaw::NotUtf8), Err(Flaw::Hidden('\u{202e}')), Err(Flaw::Long)];
        assert_eq!(texts(BinaryArray::from(bytes)), expected);
    }

    #[test]
    fn different_values_are_made_once_for_all_rows() {
        let rows: ArrayRef = Arc::new(["b", "a", "b"].into_iter().collect::<DictionaryArray<Int32Type>>());
        let mut texts = Texts::default();
        texts.turn(&rows);
        assert_eq!((texts.get(0), texts.get(1), texts.get(2)), (Ok("b"), Ok("a"), Ok("b")));
        assert_eq!(texts.ends.len(), 2);
        assert!(!texts.take(&rows.slice(1, 2)), "the values are the same");
        assert_eq!(texts.get(0), Ok("a"));
    }

    #[test]
    fn what_is_refused_is_each_value_that_there_is() {
        let mut texts = Texts::default();
        texts.refuse(&(Arc::new(Int64Array::from(vec![None, Some(1)])) as ArrayRef), "whole numbers");
        assert_eq!((texts.get(0), texts.get(1)), (Ok(""), Err(Flaw::Unfit("whole numbers"))));
        texts.refuse(&(Arc::new(NullArray::new(1)) as ArrayRef), "values of no type");
        assert_eq!(texts.get(0), Ok(""));
    }
}
