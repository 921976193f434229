//! Lines of a file, one after another, in bounded memory.

use crate::limits;
use std::io::{self, Read};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Why there is no further line.
#[derive(Debug)]
pub(crate) enum LineError {
    /// The system, or the packing, failed.
    Io(io::Error),
    /// The line is longer than [`limits::LINE_BYTES_MAX`].
    Long,
    /// The file is longer than [`limits::TABLE_BYTES_MAX`].
    Large,
}

/// Splits a stream of bytes into lines; the buffer never outgrows one line and one chunk.
pub(crate) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// What is not yet handed out: `buffer[start..end]`.
    start: usize,
    end: usize,
    bytes_read: u64,
    has_ended: bool,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, buffer: vec![0; CHUNK_BYTES], start: 0, end: 0, bytes_read: 0, has_ended: false }
    }

    /// The next line without its line feed; none at the end.
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, LineError> {
        // Bytes that were searched for a line feed before.
        let mut searched = 0;
        loop {
            let unsearched = &self.buffer[self.start + searched..self.end];
            if let Some(length) = memchr::memchr(b'\n', unsearched) {
                let line = self.start..self.start + searched + length;
                self.start = line.end + 1;
                return if line.len() > limits::LINE_BYTES_MAX {
                    Err(LineError::Long)
                } else {
                    Ok(Some(&self.buffer[line]))
                };
            }
            searched = self.end - self.start;
            if searched > limits::LINE_BYTES_MAX {
                return Err(LineError::Long);
            }
            if self.has_ended {
                let line = self.start..self.end;
                self.start = self.end;
                return Ok(if line.is_empty() { None } else { Some(&self.buffer[line]) });
            }
            self.fill()?;
        }
    }

    /// Reads more bytes behind those that are left.
    fn fill(&mut self) -> Result<(), LineError> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() - self.end < CHUNK_BYTES / 2 {
            self.buffer.resize(self.buffer.len() + CHUNK_BYTES, 0);
        }
        let count = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result.map_err(LineError::Io)?,
            }
        };
        self.end += count;
        self.bytes_read += count as u64;
        self.has_ended = count == 0;
        if self.bytes_read > limits::TABLE_BYTES_MAX { Err(LineError::Large) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(bytes);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().expect("short lines") {
            all.push(line.to_vec());
        }
        all
    }

    #[test]
    fn the_last_line_needs_no_line_feed() {
        assert_eq!(lines(b"a\nb"), [b"a", b"b"]);
        assert_eq!(lines(b"a\n\nb\n"), [&b"a"[..], b"", b"b"]);
        assert_eq!(lines(b""), [[0; 0]; 0]);
    }

    #[test]
    fn lines_may_be_longer_than_a_chunk() {
        let long = vec![b'x'; 3 * CHUNK_BYTES];
        let text = [b"a\n".as_slice(), &long, b"\nb\n"].concat();
        assert_eq!(lines(&text), [b"a".to_vec(), long, b"b".to_vec()]);
    }

    #[test]
    fn a_line_beyond_the_limit_ends_the_reading() {
        let long = vec![b'x'; limits::LINE_BYTES_MAX + 1];
        assert!(matches!(Lines::new(long.as_slice()).next_line(), Err(LineError::Long)));
    }
}
