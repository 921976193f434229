//! The crate of the format, kept within bounds.
//!
//! ```text
//! PAR1 | column chunks, row group by row group | footer | its length | PAR1
//! ```
//!
//! It runs on a thread of its own, ahead of the one that asks. What panics there is a damaged file and ends that thread
//! alone; its stack is as deep as a schema can nest that a footer has room for. What a footer says about rows, types and
//! sizes is compared with the limits before anything of it is read.
//!
//! Not bounded: what a page becomes that is packed by gzip, which the crate looks at once it is unpacked; and memory that
//! is asked for and not touched, up to 16 GiB for a damaged number in a schema.

use crate::limits;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ConvertedType, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::{FooterTail, ParquetMetaDataReader};
use parquet::schema::types::{ColumnDescriptor, Type};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, mpsc};
use std::thread::{self, Scope, ScopedJoinHandle};

/// The name of the thread on which the crate runs: a panic there is told as a finding, and is no defect of this program.
pub const THREAD: &str = "parquet";

/// What a Parquet file begins with; one whose footer is encrypted begins and ends with the second.
const MAGIC: &[u8; 4] = b"PAR1";
const MAGIC_ENCRYPTED: &[u8; 4] = b"PARE";
/// The length of the footer and what the file ends with, in bytes.
const TAIL_BYTES: usize = 8;
/// Rows that are read at once, and batches that are ready before they are asked for.
const BATCH_ROWS: usize = 8_192;
const BATCHES_AHEAD: usize = 4;
/// Stack of the thread, and how much of it a byte of the footer may take: a level of a schema has seven bytes at least.
const STACK_BYTES: usize = 2 << 20;
const STACK_BYTES_PER_FOOTER_BYTE: usize = 512;

/// Why a file cannot be read, or not further.
#[derive(Debug)]
pub(super) enum Trouble {
    Io(io::Error),
    /// It begins otherwise.
    NotParquet([u8; 4]),
    CutOff,
    Encrypted,
    /// What makes no sense, as a sentence about the file or the column.
    Damaged(&'static str),
    /// What is in order but not read, as a sentence about the file or the column.
    Foreign(&'static str),
    /// What is beyond a limit, as a sentence about the file or the column.
    Large(String),
    LargeTable,
}

const ROWS: Trouble = Trouble::Damaged("its rows cannot be read from here on");

/// Reads the footer of a file of `size` bytes.
pub(super) fn open(file: &File, size: u64) -> Result<ArrowReaderMetadata, Trouble> {
    const SENSELESS: Trouble = Trouble::Damaged("its footer makes no sense");
    let footer_bytes = footer_bytes(file, size)?;
    let most = limits::FOOTER_BYTES_MAX;
    if footer_bytes > most {
        let most = most >> 20;
        return Err(Trouble::Large(format!("its footer has {footer_bytes} bytes; expected at most {most} MiB")));
    }
    if (MAGIC.len() + footer_bytes + TAIL_BYTES) as u64 > size {
        return Err(Trouble::Damaged("its footer is longer than the file"));
    }
    let read = || {
        let footer = ParquetMetaDataReader::new().parse_and_finish(file).map_err(|error| trouble(error, SENSELESS))?;
        let schema = footer.file_metadata().schema_descr();
        let most = limits::TABLE_COLUMNS_MAX;
        if schema.num_columns() > most {
            let count = schema.num_columns();
            return Err(Trouble::Large(format!("it has {count} columns; expected at most {most}")));
        }
        if !nests_within(schema.root_schema(), limits::SCHEMA_DEPTH_MAX) {
            return Err(Trouble::Large(format!("its columns nest deeper than {}", limits::SCHEMA_DEPTH_MAX)));
        }
        let footer = Arc::new(footer);
        // The types are those of the format: what else a file says about them is of the program that wrote it.
        let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let opened = ArrowReaderMetadata::try_new(Arc::clone(&footer), options());
        let opened = opened.map_err(|error| trouble(error, SENSELESS))?;
        let schema = with_dictionaries(&opened);
        ArrowReaderMetadata::try_new(footer, options().with_schema(schema)).map_err(|error| trouble(error, SENSELESS))
    };
    let stack_bytes = STACK_BYTES + footer_bytes * STACK_BYTES_PER_FOOTER_BYTE;
    thread::scope(|scope| start(scope, stack_bytes, read)?.join().unwrap_or(Err(SENSELESS)))
}

/// Looks at what a file begins and ends with; the length of its footer.
fn footer_bytes(mut file: &File, size: u64) -> Result<usize, Trouble> {
    let mut head = [0; MAGIC.len()];
    let head_bytes = usize::try_from(size).unwrap_or(usize::MAX).min(head.len());
    file.read_exact(&mut head[..head_bytes]).map_err(Trouble::Io)?;
    if head != *MAGIC && head != *MAGIC_ENCRYPTED {
        return Err(Trouble::NotParquet(head));
    }
    let tail_start = size.checked_sub(TAIL_BYTES as u64).ok_or(Trouble::CutOff)?;
    let mut tail = [0; TAIL_BYTES];
    file.seek(SeekFrom::Start(tail_start)).and_then(|_| file.read_exact(&mut tail)).map_err(Trouble::Io)?;
    let tail = FooterTail::try_new(&tail).map_err(|_| Trouble::CutOff)?;
    if tail.is_encrypted_footer() || head == *MAGIC_ENCRYPTED {
        return Err(Trouble::Encrypted);
    }
    Ok(tail.metadata_length())
}

fn nests_within(group: &Type, levels: usize) -> bool {
    levels > 0 && group.get_fields().iter().all(|field| field.is_primitive() || nests_within(field, levels - 1))
}

/// The schema with columns as their different values where the crate offers that, so that what a value means is asked
/// for each of those and not in each row.
fn with_dictionaries(opened: &ArrowReaderMetadata) -> Arc<Schema> {
    let schema = opened.parquet_schema();
    let mut fields: Vec<_> = opened.schema().fields().iter().cloned().collect();
    for (leaf, descriptor) in schema.columns().iter().enumerate() {
        let field = &mut fields[schema.get_column_root_idx(leaf)];
        let values = field.data_type();
        if !values.is_nested() && may_be_dictionary(descriptor, values) {
            let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(values.clone()));
            *field = Arc::new(field.as_ref().clone().with_data_type(dictionary));
        }
    }
    Arc::new(Schema::new(fields))
}

fn may_be_dictionary(descriptor: &ColumnDescriptor, values: &DataType) -> bool {
    match descriptor.physical_type() {
        // Of JSON the crate would take the values for bytes, and the column for text.
        Physical::BYTE_ARRAY => match values {
            DataType::Utf8 => descriptor.converted_type() == ConvertedType::UTF8,
            DataType::Binary => true,
            _ => false,
        },
        Physical::INT32 | Physical::INT64 => !values.is_null(),
        _ => false,
    }
}

/// Compares what the footer says about columns with what is read; the position of the column in question comes along.
pub(super) fn check(opened: &ArrowReaderMetadata, leaves: &[usize]) -> Result<(), (Trouble, Option<usize>)> {
    let mut bytes: u64 = 0;
    for group in opened.metadata().row_groups() {
        for (position, &leaf) in leaves.iter().enumerate() {
            let chunk = group.column(leaf);
            let foreign = match chunk.compression() {
                _ if chunk.file_path().is_some() => "its values stand in another file",
                Compression::BROTLI(_) => "it is packed by Brotli",
                Compression::LZO => "it is packed by LZO",
                _ => {
                    bytes = bytes.saturating_add(u64::try_from(chunk.uncompressed_size()).unwrap_or(u64::MAX));
                    continue;
                }
            };
            return Err((Trouble::Foreign(foreign), Some(position)));
        }
    }
    if bytes > limits::TABLE_BYTES_MAX { Err((Trouble::LargeTable, None)) } else { Ok(()) }
}

/// Takes the rows of these columns in their order, some thousand at once.
pub(super) fn batches(
    file: &File,
    opened: &ArrowReaderMetadata,
    leaves: &[usize],
    visit: &mut dyn FnMut(&RecordBatch),
) -> Result<(), Trouble> {
    let (sender, batches) = mpsc::sync_channel(BATCHES_AHEAD);
    thread::scope(|scope| {
        let reading = start(scope, STACK_BYTES, move || read_groups(file, opened, leaves, &sender))?;
        for batch in batches {
            visit(&batch);
        }
        reading.join().unwrap_or(Err(ROWS))
    })
}

fn read_groups(
    file: &File,
    opened: &ArrowReaderMetadata,
    leaves: &[usize],
    sender: &mpsc::SyncSender<RecordBatch>,
) -> Result<(), Trouble> {
    let projection = ProjectionMask::leaves(opened.parquet_schema(), leaves.iter().copied());
    // A batch of several groups would have dictionaries of its own.
    for (position, group) in opened.metadata().row_groups().iter().enumerate() {
        let file = file.try_clone().map_err(Trouble::Io)?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, opened.clone())
            .with_row_groups(vec![position])
            .with_projection(projection.clone())
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| trouble(error, ROWS))?;
        let mut rows_to_come = u64::try_from(group.num_rows()).map_err(|_| ROWS)?;
        for batch in reader {
            let batch = batch.map_err(|error| trouble(error.into(), ROWS))?;
            rows_to_come = rows_to_come.checked_sub(batch.num_rows() as u64).ok_or(ROWS)?;
            if !batch.columns().iter().all(has_values) {
                return Err(ROWS);
            }
            if sender.send(batch).is_err() {
                return Ok(());
            }
        }
        if rows_to_come > 0 {
            return Err(ROWS);
        }
    }
    Ok(())
}

/// Whether positions in a dictionary are those of values, which the crate does not ask of an empty one.
fn has_values(rows: &ArrayRef) -> bool {
    let dictionary = rows.as_any_dictionary_opt();
    dictionary.is_none_or(|rows| !rows.values().is_empty() || rows.keys().null_count() == rows.keys().len())
}

/// Starts the thread of the crate.
fn start<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    stack_bytes: usize,
    work: impl FnOnce() -> T + Send + 's,
) -> Result<ScopedJoinHandle<'s, T>, Trouble> {
    thread::Builder::new().name(THREAD.into()).stack_size(stack_bytes).spawn_scoped(scope, work).map_err(Trouble::Io)
}

/// What the system says, or that the file is damaged.
fn trouble(error: ParquetError, damaged: Trouble) -> Trouble {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) if error.raw_os_error().is_some() => Trouble::Io(*error),
            _ => damaged,
        },
        _ => damaged,
    }
}
