//! What is wrong with an input, where, and what was expected instead.
//!
//! Messages are lower case without a full stop, values stand in backticks. A help says what to write.

use crate::id::VersionId;
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What kind of fault a finding is; the first letter of its text tells errors from warnings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All codes, in the order of the module.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as users see it, such as `E-DUP-ID`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The file does not exist.
    NotFound = "E-NOT-FOUND",
    /// The file exists but cannot be read.
    Io = "E-IO",
    /// The path is not a regular file.
    NotAFile = "E-NOT-A-FILE",
    /// A file, a line or a table is larger than the limits.
    Size = "E-SIZE",
    /// The bytes are not UTF-8.
    Utf8 = "E-UTF8",
    /// A byte-order mark stands inside the text.
    Bom = "E-BOM",
    /// A control or bidirectional character stands in the text.
    Control = "E-CTRL",
    /// A table's path leaves the folder of the estate file.
    Path = "E-PATH",
    /// The ending of a table's file is not one that can be read.
    Format = "E-FORMAT",
    /// A compressed file is damaged.
    Gzip = "E-GZIP",
    /// A Parquet file is damaged, is none, or is written in a way that is not read.
    Parquet = "E-PARQUET",
    /// The text is not YAML.
    Syntax = "E-SYNTAX",
    /// The file says nothing.
    Empty = "E-EMPTY",
    /// The file holds more than one YAML document.
    MultipleDocuments = "E-MULTIDOC",
    /// The nesting is deeper than the limit.
    Depth = "E-DEPTH",
    /// A tab indents a line.
    Tab = "E-TAB",
    /// A YAML tag, or a placeholder that nothing replaces.
    Tag = "E-TAG",
    /// A YAML anchor or alias.
    Anchor = "E-ANCHOR",
    /// A YAML merge key.
    Merge = "E-MERGE",
    /// A key stands twice in one mapping.
    DuplicateKey = "E-DUP-KEY",
    /// A key that nothing reads.
    Key = "E-KEY",
    /// A key that must be given is not.
    Missing = "E-MISSING",
    /// A list where a text was expected, and the like.
    Type = "E-TYPE",
    /// The format version of the file is not the one this program reads.
    Licit = "E-LICIT",
    /// Text that cannot be an id.
    Id = "E-ID",
    /// Text that begins or ends with a space.
    Space = "E-SPACE",
    /// A word that is not among those that may stand here.
    Choice = "E-CHOICE",
    /// Neither `true` nor `false`.
    Bool = "E-BOOL",
    /// A number not written in plain digits.
    NumberForm = "E-NUM-FORM",
    /// A negative number.
    Negative = "E-NEG",
    /// A fraction where a whole number is expected.
    Fraction = "E-FRACTION",
    /// A number beyond its limit.
    Range = "E-RANGE",
    /// A sum beyond its limit.
    RangeTotal = "E-RANGE-TOTAL",
    /// Money with more than four decimals.
    Minor = "E-MINOR",
    /// An unknown currency, or money without one.
    Currency = "E-CURRENCY",
    /// Not a date.
    Date = "E-DATE",
    /// A date that can be read in two ways.
    DateAmbiguous = "E-DATE-AMBIGUOUS",
    /// A date with a time or a time zone.
    DateZone = "E-DATE-TZ",
    /// A license that ends before it starts.
    DateOrder = "E-DATE-ORDER",
    /// A reference to something that does not exist.
    Reference = "E-REF",
    /// A version reference that is not of any known form.
    ReferenceForm = "E-REF-FORM",
    /// A range of versions from newer to older.
    Reversed = "E-REVERSED",
    /// An id given twice.
    DuplicateId = "E-DUP-ID",
    /// The same fact stated twice.
    Duplicate = "E-DUP",
    /// Scopes or upgrade rights that lead back to themselves.
    Cycle = "E-CYCLE",
    /// A SKU that upgrades its own version.
    SelfUpgrade = "E-SELF-UPGRADE",
    /// A scope that must be given because there are several roots.
    Scope = "E-SCOPE",
    /// Both or neither of two keys of which exactly one is expected.
    OneOf = "E-ONE-OF",
    /// A list that must not be empty.
    EmptyList = "E-EMPTY-LIST",
    /// Two things that must differ but are one.
    Same = "E-SAME",
    /// A name that nothing uses.
    Unused = "E-UNUSED",
    /// An offer to renew a license that has not ended.
    NotEnded = "E-NOT-ENDED",
    /// An offer of units without limit.
    Unlimited = "E-UNLIMITED",
    /// Terms of an offer under which nothing can be had.
    Terms = "E-TERMS",
    /// Price tiers that do not begin at 1 or do not ascend.
    Tiers = "E-TIERS",
    /// A name of discovered software that two names with `*` fit equally well.
    Ambiguous = "E-AMBIGUOUS",
    /// A column that is missing, unknown or there twice.
    Column = "E-COLUMN",
    /// A row with more or fewer cells than the header.
    RowLength = "E-ROW-LEN",
    /// A table that is separated by another character.
    Delimiter = "E-DELIM",
    /// A quote that is not closed or stands inside a cell.
    Quote = "E-QUOTE",
    /// A quantity that looks like "as many as you like".
    Sentinel = "W-SENTINEL",
    /// Lots that agree in everything but their id.
    DuplicateLot = "W-DUP-LOT",
    /// A license that no demand can use.
    NoUse = "W-NO-USE",
    /// An upgrade license that has nothing to stand on.
    NoBase = "W-NO-BASE",
    /// Demand that no license can reach.
    NoLicense = "W-NO-LICENSE",
    /// A version whose licenses have all ended.
    Expired = "W-EXPIRED",
    /// An assignment that no install of its target matches.
    NotInstalled = "W-NOT-INSTALLED",
    /// A right that reaches a title of another publisher.
    Publisher = "W-PUBLISHER",
    /// Versions of a title that may be two spellings of one.
    VersionTwins = "W-VERSION-TWINS",
    /// A lot whose SKU covers by maintenance, without the day that maintenance ends.
    Maintenance = "W-MAINTENANCE",
    /// A name of discovered software that no name fits.
    UnknownName = "W-NAME",
    /// Versions that maintenance would cover if it were known when they came out.
    Released = "W-RELEASED",
}

impl Code {
    /// Whether findings of this kind refuse the input.
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.as_str().starts_with('E') { Severity::Error } else { Severity::Warning }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a finding refuses the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The run goes on.
    Warning,
}

impl Severity {
    /// The word as users see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A file among those that were read, in the order in which they were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A stretch of one line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The length in characters, at least 1; it may reach beyond the end of the line.
    pub length: u32,
}

impl Place {
    /// The beginning of a file.
    #[must_use]
    pub const fn start_of(file: FileId) -> Self {
        Self { file, line: 1, column: 1, length: 1 }
    }

    /// Line and column by their numbers from 1; larger ones than fit are cut off.
    #[must_use]
    pub fn at(file: FileId, line: usize, column: usize, length: usize) -> Self {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { file, line: small(line), column: small(column), length: small(length.max(1)) }
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub message: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of fault.
    pub code: Code,
    /// Whether it refuses the input.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// Other places that belong to it, such as the first of two.
    pub related: Vec<Related>,
    /// What is wrong and what was expected.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
    /// The version of the estate read of which it says that no license can reach its demand.
    pub unreached: Option<VersionId>,
}

impl Diagnostic {
    /// A finding without help.
    #[must_use]
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        let (related, help, unreached) = (Vec::new(), None, None);
        Self { code, severity: code.severity(), place, related, message: message.into(), help, unreached }
    }

    /// The same with a help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a help, if there is one.
    #[must_use]
    pub fn with_help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The same with another place.
    #[must_use]
    pub fn with_related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }
}

/// A value as it is shown in a message: in backticks, shortened.
#[must_use]
pub fn quoted(text: &str) -> String {
    const SHOWN_CHARACTERS: usize = 60;
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// `a`, `b` or `c`.
#[must_use]
pub fn alternatives(words: &[&str]) -> String {
    listed(words, "or")
}

/// Words in backticks, with `conjunction` before the last.
#[must_use]
pub fn listed(words: &[&str], conjunction: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

/// The names along a cycle, back to the first; those in the middle of a long one are left out.
#[must_use]
pub fn cycle(names: &[&str], between: &str) -> String {
    const SHOWN_NAMES: usize = 8;
    let mut shown: Vec<String> = names.iter().take(SHOWN_NAMES).map(|name| quoted(name)).collect();
    if names.len() > SHOWN_NAMES {
        shown.push(format!("{} more", names.len() - SHOWN_NAMES));
    }
    shown.extend(names.first().map(|name| quoted(name)));
    shown.join(between)
}

/// Places of a cycle that are shown beside its first.
pub(crate) const CYCLE_RELATED_MAX: usize = 7;
