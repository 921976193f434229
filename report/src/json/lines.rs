//! Writes a JSON object so that a person can read it and a line-by-line comparison shows what differs.

use serde::Serialize;

/// An object being written: one field, or one row of a list, on each line.
pub(super) struct Lines {
    out: Vec<u8>,
    depth: usize,
    is_first: bool,
}

impl Lines {
    /// Opens the object.
    pub(super) fn new() -> Self {
        Self { out: b"{".to_vec(), depth: 1, is_first: true }
    }

    /// Writes a field on one line.
    pub(super) fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        self.value(value);
    }

    /// Writes a list with one row on each line.
    pub(super) fn rows<T: Serialize>(&mut self, key: &str, rows: impl Iterator<Item = T>) {
        self.list(key);
        for row in rows {
            self.next_line();
            self.value(&row);
        }
        self.close_list();
    }

    /// Opens an object in the object.
    pub(super) fn open(&mut self, key: &str) {
        self.key(key);
        self.out.push(b'{');
        self.depth += 1;
        self.is_first = true;
    }

    /// Closes the object opened last.
    pub(super) fn close(&mut self) {
        self.end(b'}');
    }

    /// Opens a list of objects, each opened with [`Self::item`] and closed.
    pub(super) fn list(&mut self, key: &str) {
        self.key(key);
        self.out.push(b'[');
        self.depth += 1;
        self.is_first = true;
    }

    /// Opens an object of a list.
    pub(super) fn item(&mut self) {
        self.next_line();
        self.out.push(b'{');
        self.depth += 1;
        self.is_first = true;
    }

    /// Closes the list opened last.
    pub(super) fn close_list(&mut self) {
        self.end(b']');
    }

    /// Writes a field whose value is an object that was written before, on its own.
    pub(super) fn object(&mut self, key: &str, text: &str) {
        self.key(key);
        // Within texts of JSON there are no line feeds.
        let indent = format!("\n{}", " ".repeat(2 * self.depth));
        self.out.extend_from_slice(text.replace('\n', &indent).as_bytes());
    }

    /// Takes what was written since it was last taken; what is written next goes on from there.
    pub(super) fn take(&mut self) -> String {
        String::from_utf8(std::mem::take(&mut self.out)).expect("JSON is UTF-8")
    }

    /// Closes the whole object and ends its last line.
    pub(super) fn finish(mut self) -> String {
        self.end(b'}');
        self.out.push(b'\n');
        String::from_utf8(self.out).expect("JSON is UTF-8")
    }

    fn key(&mut self, key: &str) {
        self.next_line();
        self.value(key);
        self.out.extend_from_slice(b": ");
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        serde_json::to_writer(&mut self.out, value)
            .expect("rows have text for keys, and memory does not fail to be written");
    }

    fn next_line(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.push(b',');
        }
        self.indent();
    }

    /// Ends a list or an object; an empty one stays on its line.
    fn end(&mut self, bracket: u8) {
        self.depth -= 1;
        if !std::mem::replace(&mut self.is_first, false) {
            self.indent();
        }
        self.out.push(bracket);
    }

    fn indent(&mut self) {
        self.out.push(b'\n');
        self.out.resize(self.out.len() + 2 * self.depth, b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_stand_in_a_list() {
        let mut lines = Lines::new();
        lines.list("a");
        for number in 1..=2 {
            lines.item();
            lines.field("b", &number);
            lines.close();
        }
        lines.close_list();
        lines.list("c");
        lines.close_list();
        let expected =
            "{\n  \"a\": [\n    {\n      \"b\": 1\n    },\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": []\n}\n";
        assert_eq!(lines.finish(), expected);
    }

    #[test]
    fn an_object_written_before_stands_as_if_it_were_written_here() {
        let mut own = Lines::new();
        own.field("a", "x\ny");
        own.rows("b", [1, 2].into_iter());
        let mut taken = Lines::new();
        taken.list("rows");
        taken.item();
        taken.object("plan", own.finish().trim_end());
        let mut direct = Lines::new();
        direct.list("rows");
        direct.item();
        direct.open("plan");
        direct.field("a", "x\ny");
        direct.rows("b", [1, 2].into_iter());
        direct.close();
        let first = taken.take();
        for lines in [&mut taken, &mut direct] {
            lines.close();
            lines.close_list();
        }
        assert_eq!(first + &taken.finish(), direct.finish());
    }

    #[test]
    fn every_row_has_its_line_and_an_empty_list_has_none() {
        let mut lines = Lines::new();
        lines.field("a", &1);
        lines.rows("b", [[1, 2], [3, 4]].into_iter());
        lines.open("c");
        lines.rows("d", std::iter::empty::<u8>());
        lines.close();
        let expected = "{\n  \"a\": 1,\n  \"b\": [\n    [1,2],\n    [3,4]\n  ],\n  \"c\": {\n    \"d\": []\n  }\n}\n";
        assert_eq!(lines.finish(), expected);
    }
}
