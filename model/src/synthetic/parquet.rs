//! Tables as Parquet: a column for each key, of the type of what it holds.
//!
//! The same rows give the same bytes. Rows are collected in groups, so that memory is that of one group.

use super::text::Cell;
use crate::document::rows::{Holds, Shape};
use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::Write;
use std::sync::Arc;

/// Rows of a group.
const GROUP_ROWS: usize = 1 << 17;
const EPOCH: Date = date(1970, 1, 1);

/// Writes a table whose keys are those of a shape.
pub(super) fn write<'s, const N: usize>(
    out: &mut (dyn Write + Send),
    shape: &Shape,
    keys: [&str; N],
    rows: impl Iterator<Item = [Cell<'s>; N]>,
) -> Result<()> {
    let fields = keys.into_iter().map(|key| field(key, shape.holds(key))).collect::<Result<Vec<_>>>()?;
    let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
    // Not the version of the writer, which would change the bytes.
    let properties = WriterProperties::builder().set_created_by("licit".into()).set_compression(Compression::SNAPPY);
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties.build()))?;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let mut columns = keys.map(|key| Column::new(shape.holds(key)));
        for row in rows.by_ref().take(GROUP_ROWS) {
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        let mut group = writer.next_row_group()?;
        for column in &columns {
            if let Some(mut chunk) = group.next_column()? {
                column.write(&mut chunk)?;
                chunk.close()?;
            }
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn field(key: &str, holds: Holds) -> Result<TypePtr> {
    let (physical, logical) = match holds {
        Holds::Text | Holds::List | Holds::Money => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Holds::Count => (Physical::INT64, None),
        Holds::Day => (Physical::INT32, Some(LogicalType::Date)),
        Holds::Flag => (Physical::BOOLEAN, None),
    };
    let field = Type::primitive_type_builder(key, physical).with_logical_type(logical);
    field.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
}

/// A column of a group of rows.
struct Column {
    /// Of each row whether it has a value: one, or zero.
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Texts(Vec<ByteArray>),
    Counts(Vec<i64>),
    Days(Vec<i32>),
    Flags(Vec<bool>),
}

impl Column {
    fn new(holds: Holds) -> Self {
        let values = match holds {
            Holds::Text | Holds::List | Holds::Money => Values::Texts(Vec::new()),
            Holds::Count => Values::Counts(Vec::new()),
            Holds::Day => Values::Days(Vec::new()),
            Holds::Flag => Values::Flags(Vec::new()),
        };
        Self { levels: Vec::new(), values }
    }

    fn push(&mut self, cell: Cell<'_>) {
        self.levels.push(i16::from(!matches!(cell, Cell::Nothing)));
        match (&mut self.values, cell) {
            (_, Cell::Nothing) => {}
            (Values::Counts(counts), Cell::Count(count)) => {
                counts.push(i64::try_from(count).expect("quantities are far below 2^63"));
            }
            (Values::Days(days), Cell::Day(day)) => days.push(days_since_epoch(day)),
            (Values::Flags(flags), Cell::Yes) => flags.push(true),
            (Values::Texts(texts), cell) => texts.push(ByteArray::from(cell.to_string().into_bytes())),
            _ => unreachable!("a column has values of one kind"),
        }
    }

    fn write(&self, chunk: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = Some(self.levels.as_slice());
        match &self.values {
            Values::Texts(texts) => chunk.typed::<ByteArrayType>().write_batch(texts, levels, None),
            Values::Counts(counts) => chunk.typed::<Int64Type>().write_batch(counts, levels, None),
            Values::Days(days) => chunk.typed::<Int32Type>().write_batch(days, levels, None),
            Values::Flags(flags) => chunk.typed::<BoolType>().write_batch(flags, levels, None),
        }?;
        Ok(())
    }
}

fn days_since_epoch(day: Date) -> i32 {
    day.duration_since(EPOCH).as_hours().try_into().map(|hours: i32| hours / 24).expect("a date of the calendar")
}
