//! A draft as an estate file.

use super::{AssignedRow, Draft, MetricRow, Reference, Span, TargetRow};
use std::fmt::Write as _;

/// The estate file of a draft: one flow mapping per row.
pub(super) fn yaml(draft: &Draft) -> String {
    let mut text = format!("licit: 1\nas_of: {}\n", draft.as_of);
    if let Some(currency) = &draft.currency {
        let _ = writeln!(text, "currency: {}", scalar(currency));
    }
    if !draft.scopes.is_empty() {
        let scopes = &draft.scopes;
        list(
            &mut text,
            "scopes",
            scopes.iter().map(|row| Row::new().text("id", &row.id).given("parent", row.parent.as_ref())),
        );
    }
    if !draft.transfers.is_empty() {
        list(
            &mut text,
            "transfers",
            draft
                .transfers
                .iter()
                .map(|row| Row::new().text("from", &row.from).text("to", &row.to).raw("cost", &row.cost)),
        );
    }
    titles_and_skus(&mut text, draft);
    facts(&mut text, draft);
    text
}

fn titles_and_skus(text: &mut String, draft: &Draft) {
    let titles = draft.titles.iter().map(|row| {
        let versions: Vec<String> = row.versions.iter().map(|version| scalar(version)).collect();
        Row::new()
            .text("id", &row.id)
            .given("publisher", row.publisher.as_ref())
            .given("family", row.family.as_ref())
            .raw("versions", &format!("[{}]", versions.join(", ")))
            .raw_if(!row.is_active, "status", "inactive")
            .raw_if(row.is_tracked_by_assignments, "track_by", "assignments")
    });
    list(text, "titles", titles);
    let skus = draft.skus.iter().map(|row| {
        let (metric, max_devices) = match row.metric {
            MetricRow::Install => (None, None),
            MetricRow::Device => (Some("device"), None),
            MetricRow::User(max_devices) => (Some("user"), max_devices.map(|devices| devices.to_string())),
        };
        Row::new()
            .text("id", &row.id)
            .raw("version", &reference(&row.version))
            .raw_if(!row.covers.is_empty(), "covers", &references(&row.covers))
            .raw_if(!row.upgrades.is_empty(), "upgrades", &references(&row.upgrades))
            .raw_if(row.use_only_when_assigned, "use_only_when_assigned", "true")
            .raw_given("metric", metric.map(str::to_owned).as_ref())
            .raw_given("max_devices", max_devices.as_ref())
            .raw_if(!row.bundle.is_empty(), "bundle", &references(&row.bundle))
    });
    list(text, "skus", skus);
}

fn facts(text: &mut String, draft: &Draft) {
    let licenses = draft.licenses.iter().map(|row| {
        let quantity = row.quantity.map(|quantity| quantity.to_string());
        Row::new()
            .text("id", &row.id)
            .text("sku", &row.sku)
            .raw_given("quantity", quantity.as_ref())
            .raw_if(quantity.is_none(), "unlimited", "true")
            .given("scope", row.scope.as_ref())
            .raw_given("start", row.start.as_ref())
            .raw_given("end", row.end.as_ref())
            .raw_given("purchased", row.purchased.as_ref())
            .given("contract", row.contract.as_ref())
    });
    list(text, "licenses", licenses);
    let installs = draft.installs.iter().map(|row| {
        Row::new()
            .raw("version", &reference(&row.version))
            .raw_given("quantity", row.quantity.map(|quantity| quantity.to_string()).as_ref())
            .given("scope", row.scope.as_ref())
            .given("contract", row.contract.as_ref())
            .given("asset", row.asset.as_ref())
            .given("user", row.user.as_ref())
            .raw_given("last_used", row.last_used.as_ref())
            .given("excluded", row.excluded.as_ref())
    });
    list(text, "installs", installs);
    let assignments = draft.assignments.iter().map(|row| {
        let assigned = match &row.assigned {
            AssignedRow::License(license) => Row::new().text("license", license),
            AssignedRow::Title(title) => Row::new().text("title", title),
        };
        let tied = match &row.target {
            TargetRow::Asset(asset) => assigned.text("asset", asset),
            TargetRow::User(user) => assigned.text("user", user),
        };
        tied.given("version", row.version.as_ref()).given("scope", row.scope.as_ref())
    });
    list(text, "assignments", assignments);
}

fn list(text: &mut String, key: &str, rows: impl Iterator<Item = Row>) {
    let mut rows = rows.peekable();
    let _ = writeln!(text, "{key}:{}", if rows.peek().is_none() { " []" } else { "" });
    for row in rows {
        let _ = writeln!(text, "  - {{{}}}", row.0.join(", "));
    }
}

/// One flow mapping, key by key.
struct Row(Vec<String>);

impl Row {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn raw(mut self, key: &str, value: &str) -> Self {
        self.0.push(format!("{key}: {value}"));
        self
    }

    fn raw_if(self, holds: bool, key: &str, value: &str) -> Self {
        if holds { self.raw(key, value) } else { self }
    }

    fn raw_given(self, key: &str, value: Option<&String>) -> Self {
        if let Some(value) = value { self.raw(key, value) } else { self }
    }

    fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, &scalar(value))
    }

    fn given(self, key: &str, value: Option<&String>) -> Self {
        if let Some(value) = value { self.text(key, value) } else { self }
    }
}

fn references(references: &[Reference]) -> String {
    let texts: Vec<String> = references.iter().map(reference).collect();
    format!("[{}]", texts.join(", "))
}

fn reference(reference: &Reference) -> String {
    let title = &reference.title;
    scalar(&match &reference.span {
        Span::One(version) => format!("{title}@{version}"),
        Span::All => format!("{title}@*"),
        Span::UpTo(last) => format!("{title}@..{last}"),
        Span::From(first) => format!("{title}@{first}.."),
        Span::Between(first, last) => format!("{title}@{first}..{last}"),
    })
}

/// Plain where nothing in YAML 1.1 or 1.2 could read it as anything but this text, else quoted.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.@*".contains(&byte))
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}
