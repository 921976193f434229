//! YAML as a small tree: text as written, with places.
//!
//! A scalar is the characters that were written, never a number, a boolean or nothing: `10.10`, `no` and
//! `~` are texts. What makes YAML surprising is refused and reading goes on behind it: tags, anchors,
//! aliases, merge keys, duplicate keys, several documents, tabs that indent, control characters. A syntax
//! error and too deep a nesting end the tree. Depth is bounded before anything recurses over it.

use crate::diagnostic::{Code, Diagnostic, FileId, Place, quoted};
use crate::findings::Findings;
use crate::limits;
use crate::registry::LookUp;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span};
use std::borrow::Cow;

/// A value with its place.
#[derive(Debug)]
pub struct Node<'t> {
    /// Where it begins; for a block mapping or list the first key or dash.
    pub place: Place,
    /// What it is.
    pub value: Value<'t>,
}

/// What a node is.
#[derive(Debug)]
pub enum Value<'t> {
    /// Text, without its quotes; never empty unless quoted.
    Text(Cow<'t, str>),
    /// A key without a value, or a dash without an item.
    Nothing,
    /// A list.
    List(Vec<Node<'t>>),
    /// Keys and values in their order, each key once.
    Mapping(Vec<(Key<'t>, Node<'t>)>),
    /// Something that was refused already.
    Refused,
}

/// A key of a mapping.
#[derive(Debug)]
pub struct Key<'t> {
    /// The text, without quotes.
    pub text: Cow<'t, str>,
    /// Where it stands.
    pub place: Place,
}

/// What becomes of `${name}` in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholders {
    /// It is reported, since nothing replaces it.
    Refused,
    /// It is kept, for something that replaces it.
    Kept,
}

/// Reads `text`, whose characters were checked before, into a tree; none if there is no document
/// or its syntax is broken.
pub fn read<'t>(text: &'t str, file: FileId, findings: &mut Findings) -> Option<Node<'t>> {
    read_with(text, file, Placeholders::Refused, findings)
}

/// The same, with a say about placeholders.
pub fn read_with<'t>(
    text: &'t str,
    file: FileId,
    placeholders: Placeholders,
    findings: &mut Findings,
) -> Option<Node<'t>> {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: limits::YAML_DEPTH_MAX,
        block_nesting_limit: limits::YAML_DEPTH_MAX,
    };
    options.set_emit_comments(false);
    let had_errors = findings.has_errors();
    let errors_before = findings.error_count();
    let mut builder =
        Builder { file, findings, placeholders, open: Vec::new(), root: None, documents: 0, node_count: 0 };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                if !builder.take(event, span) {
                    break;
                }
            }
            Err(error) => {
                builder.syntax_error(&error, had_errors);
                return None;
            }
        }
    }
    let root = builder.root.take().filter(|root| !matches!(root.value, Value::Nothing));
    if root.is_none() && findings.error_count() == errors_before {
        findings.push(empty(file, placeholders));
    }
    root
}

fn empty(file: FileId, placeholders: Placeholders) -> Diagnostic {
    Diagnostic::new(Code::Empty, Place::start_of(file), "the file says nothing; expected at least `licit: 1`")
        .with_help(match placeholders {
            Placeholders::Refused => "an empty estate is written out: `licit: 1`, `as_of`, and empty lists",
            Placeholders::Kept => "scenarios need `licit: 1` and `estate`",
        })
}

/// A list or mapping whose end was not reached yet.
struct Open<'t> {
    place: Place,
    contents: Contents<'t>,
}

enum Contents<'t> {
    List(Vec<Node<'t>>),
    Mapping(OpenMapping<'t>),
}

/// A mapping whose end was not reached yet.
#[derive(Default)]
struct OpenMapping<'t> {
    entries: Vec<(Key<'t>, Node<'t>)>,
    key: PendingKey<'t>,
    /// The places of the keys, from the moment that there are many.
    places: LookUp<Cow<'t, str>, Place>,
}

/// Keys of a mapping that are looked through one by one; an estate's mappings have no more.
const FEW_KEYS: usize = 16;

impl OpenMapping<'_> {
    /// Where a key stands already.
    fn first_place(&mut self, text: &str) -> Option<Place> {
        if self.entries.len() <= FEW_KEYS {
            return self.entries.iter().find(|(key, _)| key.text == text).map(|(key, _)| key.place);
        }
        for (key, _) in &self.entries[self.places.len()..] {
            self.places.insert(key.text.clone(), key.place);
        }
        self.places.get(text).copied()
    }
}

/// What the next node of a mapping is.
#[derive(Default)]
enum PendingKey<'t> {
    /// A key.
    #[default]
    None,
    /// The value of this key.
    Some(Key<'t>),
    /// The value of a key that was refused.
    Refused,
}

struct Builder<'t, 'f> {
    file: FileId,
    findings: &'f mut Findings,
    placeholders: Placeholders,
    open: Vec<Open<'t>>,
    root: Option<Node<'t>>,
    documents: usize,
    /// Lists, mappings, keys and values so far.
    node_count: usize,
}

impl<'t> Builder<'t, '_> {
    /// Takes an event; false if nothing more should be read.
    fn take(&mut self, event: Event<'t>, span: Span) -> bool {
        let place = self.place(span);
        if let Some(tag) = event.tag() {
            self.refuse_tag(span, &tag.original());
        }
        if event.anchor_id().is_some_and(|id| id != 0) {
            self.refuse_alias(place, "an anchor");
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = "a second YAML document begins here; expected one document in a file";
                    self.findings.push(
                        Diagnostic::new(Code::MultipleDocuments, place, message)
                            .with_help("remove the line `---`, or put the second document into a file of its own"),
                    );
                    return false;
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse_alias(place, "an alias");
                self.close(Node { place, value: Value::Refused });
            }
            Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..)
                if self.node_count == limits::YAML_NODES_MAX =>
            {
                self.findings.push(too_many(place));
                return false;
            }
            Event::Scalar(text, style, ..) => {
                self.node_count += 1;
                let value = self.scalar(text, style, span, place);
                self.close(Node { place, value });
            }
            Event::SequenceStart(..) => return self.begin(place, Contents::List(Vec::new())),
            Event::MappingStart(..) => {
                return self.begin(place, Contents::Mapping(OpenMapping::default()));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { place, contents }) = self.open.pop() {
                    let value = match contents {
                        Contents::List(items) => Value::List(items),
                        Contents::Mapping(mapping) => Value::Mapping(mapping.entries),
                    };
                    self.close(Node { place, value });
                }
            }
            _ => {}
        }
        true
    }

    fn place(&self, span: Span) -> Place {
        let length = if span.start.line() == span.end.line() { span.len() } else { 1 };
        Place::at(self.file, span.start.line(), span.start.col() + 1, length)
    }

    fn begin(&mut self, place: Place, contents: Contents<'t>) -> bool {
        if self.open.len() >= limits::YAML_DEPTH_MAX {
            self.findings.push(too_deep(place));
            return false;
        }
        self.node_count += 1;
        self.open.push(Open { place, contents });
        true
    }

    /// Puts a finished node where it belongs.
    fn close(&mut self, node: Node<'t>) {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut parent.contents {
            Contents::List(items) => items.push(node),
            Contents::Mapping(mapping) => match std::mem::take(&mut mapping.key) {
                PendingKey::None => mapping.key = pending_key(node, mapping, self.findings),
                PendingKey::Some(name) => mapping.entries.push((name, node)),
                PendingKey::Refused => {}
            },
        }
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, span: Span, place: Place) -> Value<'t> {
        if style == ScalarStyle::Plain && span.is_empty() {
            return Value::Nothing;
        }
        let text = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => without_last_line_feed(text),
            _ => text,
        };
        if self.placeholders == Placeholders::Refused && text.contains("${") {
            let message = format!("{} holds a placeholder; nothing is replaced in an estate file", quoted(&text));
            self.findings.push(Diagnostic::new(Code::Tag, place, message).with_help("write the value itself"));
        }
        if let Some(character) = text.chars().find(|&character| crate::input::is_forbidden(character)) {
            self.findings.push(crate::input::forbidden_character(character, place));
        }
        Value::Text(text)
    }

    fn refuse_tag(&mut self, span: Span, tag: &str) {
        let place = span.tag_span().map_or_else(|| self.place(span), |tag| self.place(tag));
        let message = format!("the tag {} is not accepted; every value is plain text", quoted(tag));
        self.findings.push(Diagnostic::new(Code::Tag, place, message).with_help("remove the tag"));
    }

    fn refuse_alias(&mut self, place: Place, what: &str) {
        let message = format!("{what} is not accepted; every value is written out where it stands");
        self.findings.push(
            Diagnostic::new(Code::Anchor, place, message).with_help("repeat the value, or quote text with `&` or `*`"),
        );
    }

    fn syntax_error(&mut self, error: &ScanError, had_errors: bool) {
        let place = Place::at(self.file, error.marker().line(), error.marker().col() + 1, 1);
        let diagnostic = match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(place),
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar => {
                Diagnostic::new(Code::Tab, place, "a tab stands here; YAML is indented with spaces")
            }
            kind => {
                let help = match kind {
                    ErrorKind::MappingValueNotAllowed => Some("quote a text that holds `: `"),
                    ErrorKind::UnclosedQuotedScalar => Some("the quote that opens here is not closed"),
                    ErrorKind::UnclosedFlowCollection { .. } => Some("the bracket that opens here is not closed"),
                    ErrorKind::UnexpectedCharacter { .. } => Some("quote a text that begins with this character"),
                    _ => None,
                };
                Diagnostic::new(Code::Syntax, place, format!("this is not YAML: {kind}"))
                    .with_help_if(help.map(Into::into))
            }
        };
        // What was found in the characters before explains the syntax error.
        if !had_errors {
            self.findings.push(diagnostic);
        }
    }
}

fn too_many(place: Place) -> Diagnostic {
    let message = format!("the file has more than {} keys and values up to here", limits::YAML_NODES_MAX);
    Diagnostic::new(Code::Size, place, message)
        .with_help("put long lists into tables: `installs: {file: installs.csv}`")
}

fn too_deep(place: Place) -> Diagnostic {
    let message = format!("lists and mappings are nested deeper than {}", limits::YAML_DEPTH_MAX);
    Diagnostic::new(Code::Depth, place, message).with_help("an estate needs no more than five levels")
}

fn without_last_line_feed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('\n').unwrap_or(text)),
        Cow::Owned(mut text) => {
            if text.ends_with('\n') {
                text.pop();
            }
            Cow::Owned(text)
        }
    }
}

/// Makes a key of a node that stands where a key is expected.
fn pending_key<'t>(node: Node<'t>, mapping: &mut OpenMapping<'t>, findings: &mut Findings) -> PendingKey<'t> {
    let place = node.place;
    match node.value {
        Value::Text(text) if text == "<<" => {
            findings.push(
                Diagnostic::new(Code::Merge, place, "merge keys are not accepted")
                    .with_help("write the keys out where they belong"),
            );
            PendingKey::Refused
        }
        Value::Text(text) => match mapping.first_place(&text) {
            Some(first) => {
                findings.push(duplicate_key(&text, place, first));
                PendingKey::Refused
            }
            None => PendingKey::Some(Key { text, place }),
        },
        Value::Refused => PendingKey::Refused,
        Value::Nothing | Value::List(_) | Value::Mapping(_) => {
            findings.push(Diagnostic::new(Code::Type, place, "a key must be text"));
            PendingKey::Refused
        }
    }
}

/// The finding for a key that stands twice.
pub(crate) fn duplicate_key(key: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, place, format!("the key {} stands twice in one mapping", quoted(key)))
        .with_related(first, "it stands here first")
        .with_help("remove one of the two")
}
