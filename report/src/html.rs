//! Results as one HTML file that can be mailed, opened without a network, and printed.
//!
//! ```text
//! results -> Page -> templates -> one file
//!            view    page.html
//! ```
//!
//! A [`Page`](view::Page) is all that is shown, as data: its tables are the grids that a terminal shows, its sentences the
//! phrases of every other format. The templates repeat and leave out, and decide nothing else. Style and script are
//! files of their own that are put into the page.
//!
//! *Guaranteed*: the file asks for nothing: a Content-Security-Policy in it forbids every request, and lets only the one
//! style and the one script run that it was written with, by their digests. Text of users is shown and never obeyed: all
//! that a template prints is escaped, whatever it is, but style, script and pictures of our own. Everything can be read
//! without scripts; a script pages, sorts and filters long tables. The same facts give the same bytes.
//!
//! *Costs*: time and memory in proportion to the rows.

mod changes;
mod curve;
mod flow;
mod policy;
mod position;
mod renewal;
mod tables;
mod view;

pub(crate) use flow::Key;
pub use position::PositionPage;
pub use renewal::RenewalsPage;

use crate::drawing::element::escaped;
use minijinja::value::ValueKind;
use minijinja::{Environment, Output, State, Value, context, escape_formatter};
use view::Page;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");
const PAGE: &str = include_str!("html/page.html");
const BLOCKS: &str = include_str!("html/blocks.html");

/// The page of a position.
#[must_use]
pub fn position_page(shown: &PositionPage<'_, '_>) -> String {
    render(&position::page(shown))
}

/// The page of renewals.
#[must_use]
pub fn renewals_page(shown: &RenewalsPage<'_>) -> String {
    render(&renewal::page(shown))
}

/// Prints a page.
fn render(page: &Page) -> String {
    let mut environment = Environment::new();
    environment.set_keep_trailing_newline(true);
    // Names that end in `html` are escaped; what is printed is made safe for a reader's eye too.
    environment.set_formatter(escape);
    for (name, source) in [("page.html", PAGE), ("blocks.html", BLOCKS)] {
        environment.add_template(name, source).expect("our templates can be read");
    }
    let page = context! { page, policy => policy::policy(STYLE, SCRIPT), style => STYLE, script => SCRIPT };
    let template = environment.get_template("page.html").expect("it was added above");
    template.render(page).expect("a page has all that templates print")
}

/// Escapes text as in pictures; everything else as the library does.
fn escape(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    match value.as_str() {
        Some(text) if value.kind() == ValueKind::String && !value.is_safe() => Ok(out.write_str(&escaped(text))?),
        _ => escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use view::{Block, Section};

    #[test]
    fn what_would_deceive_a_reader_or_end_an_element_is_shown_as_text() {
        let hostile = "a\u{202e}b</script><script>x</title>\"'";
        let text = Block::Text { sentences: vec![hostile.to_owned()] };
        let page = Page {
            title: hostile.to_owned(),
            lead: Vec::new(),
            sections: vec![Section::new("one", hostile, vec![text])],
        };
        let html = render(&page);
        assert!(!html.contains('\u{202e}') && html.matches("<script>").count() == 1);
        let shown = "a\\u{202e}b&lt;/script&gt;&lt;script&gt;x&lt;/title&gt;&quot;&#39;";
        assert_eq!(html.matches(shown).count(), 5, "title, heading, contents, heading of the section, sentence");
    }

    #[test]
    fn style_and_script_end_where_they_end() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
        }
    }
}
