//! Pictures of drawn estates: what is in a box stays in it, and every figure is one of the position.

use super::picture::{Picture, What};
use crate::drawing::element::Rect;
use crate::drawing::measure::{Font, Px};
use model::estate::Estate;
use model::generate::{Draft, Kind, Shape};
use model::number::Quantity;
use model::reading::{ReadOptions, read_estate_text};
use solver::Position;

/// Names that markup, spreadsheets, terminals and eyes would stumble over.
fn hostile(name: &str) -> String {
    format!("</text><script>{name}\"'&amp;\\N]]>\u{200f}{}", "W".repeat(400))
}

fn estates() -> impl Iterator<Item = (u64, Estate)> {
    (0..60).flat_map(|seed| {
        let shape = if seed % 20 == 0 { Shape::LARGE } else { Shape::SMALL };
        let draft = Draft::generate(seed, &shape);
        // Versions and the like keep their names: a few hostile ones are enough.
        let renamed = draft.rename(|kind, id| match kind {
            Kind::Sku | Kind::License | Kind::Title => hostile(id),
            _ => id.to_owned(),
        });
        [draft, renamed].map(|draft| {
            let reading = read_estate_text("estate.yaml", &draft.to_yaml(), &ReadOptions::default());
            (seed, reading.estate.expect("a drawn estate is valid"))
        })
    })
}

/// Pictures of all estates that are networks, or of all if integer programs are there.
fn each(check: impl Fn(u64, &Position<'_>, &Picture<'_>)) {
    let mut count = 0;
    for (seed, estate) in estates() {
        let Ok(position) = solver::position(&estate) else { continue };
        if let Ok(picture) = Picture::of(&position, None) {
            check(seed, &position, &picture);
            count += 1;
        }
    }
    assert!(count >= 30, "only {count} pictures were drawn");
}

#[test]
fn flows_add_up_to_what_is_covered_and_used() {
    each(|seed, position, picture| {
        let figures = position.certified.figures();
        for part in &picture.parts {
            for (index, end) in part.ends.iter().enumerate() {
                let rights = part.supplies.iter().flat_map(|supply| &supply.rights).filter(|right| right.end == index);
                let used: Quantity = rights.map(|right| right.used).sum();
                match end.what {
                    What::Version(version) => assert_eq!(used, figures.versions[version].covered, "seed {seed}"),
                    What::SetAside(quantity) => assert_eq!(used, quantity, "seed {seed}"),
                }
            }
            for (index, supply) in part.supplies.iter().enumerate() {
                let served: Quantity = supply.rights.iter().map(|right| right.used).sum();
                let stacked: Quantity =
                    part.stacks.iter().filter(|stack| stack.below == index).map(|stack| stack.used).sum();
                let lots = supply.lots.iter().map(|lot| figures.licenses[lot.license].used);
                assert_eq!(served + stacked, lots.sum::<Quantity>(), "seed {seed}");
            }
        }
        let drawn =
            picture.parts.iter().map(|part| part.supplies.iter().map(|supply| supply.lots.len()).sum::<usize>());
        assert_eq!(drawn.sum::<usize>(), picture.estate().licenses.len(), "seed {seed}: every lot is drawn once");
    });
}

/// The value of an attribute of our own.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn number(line: &str, name: &str) -> Px {
    attribute(line, name).and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name}: {line}"))
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

/// The room of a line of text.
fn room(line: &str) -> Rect {
    let class = attribute(line, "class").expect("text has a class");
    let is = |name: &str| class.split(' ').any(|word| word == name);
    let size = if is("title") {
        17
    } else if is("small") || is("in-pill") || is("in-badge") {
        11
    } else {
        12
    };
    let is_bold = ["title", "strong", "heading", "in-pill", "in-badge", "word-red"].into_iter().any(is);
    let (_, text) = line.split_once('>').expect("a tag has an end");
    let (text, _) = text.rsplit_once("</text>").expect("text has an end");
    let width = Font { size, is_bold }.width(&unescaped(text));
    let x = number(line, "x")
        - if is("end") {
            width
        } else if is("in-badge") {
            width / 2
        } else {
            0
        };
    Rect { x, y: number(line, "y") - size, width, height: size }
}

#[test]
fn text_stays_in_its_box_and_on_the_page() {
    each(|seed, _, picture| {
        let svg = picture.svg();
        let page = svg.lines().find(|line| line.contains("class=\"page\"")).expect("there is a page");
        let (width, height) = (number(page, "width"), number(page, "height"));
        let mut card: Option<(usize, Rect)> = None;
        let mut checked = 0;
        for line in svg.lines() {
            let depth = line.len() - line.trim_start().len();
            card = card.filter(|(of, _)| *of <= depth);
            if line.contains("<rect class=\"card\"") && line.contains("rx=\"5\"") {
                let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| number(line, name));
                card = Some((depth, Rect { x, y, width, height }));
            }
            if line.trim_start().starts_with("<text ") {
                let room = room(line);
                assert!(room.x >= 0 && room.right() <= width && room.bottom() <= height, "seed {seed}: {line}");
                if let Some((_, card)) = card {
                    let is_inside = card.x <= room.x && room.right() <= card.right();
                    assert!(is_inside && card.y <= room.y && room.bottom() < card.bottom(), "seed {seed}: {line}");
                    checked += 1;
                }
            }
        }
        assert!(checked > 0 || picture.parts.is_empty(), "seed {seed}");
    });
}

/// Fails unless every tag is closed in order, and text and attributes hold no markup.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "{}", &rest[..start]);
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!tag.contains('<'), "{tag}");
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).expect("a tag has a name");
        let known = ["svg", "title", "desc", "style", "defs", "pattern", "rect", "line", "g", "path", "text"];
        assert!(known.contains(&name), "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for (index, _) in svg.match_indices('&') {
        let is_reference =
            ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].iter().any(|known| svg[index..].starts_with(known));
        assert!(is_reference, "{}", &svg[index..svg.len().min(index + 20)]);
    }
}

#[test]
fn names_are_shown_and_not_obeyed_in_every_format() {
    each(|seed, _, picture| {
        let svg = picture.svg();
        assert_well_formed(&svg);
        for text in [&svg, &picture.dot(), &picture.mermaid()] {
            let is_plain = |character: char| character == '\n' || !character.is_control() && character != '\u{200f}';
            assert!(text.chars().all(is_plain), "seed {seed}");
        }
        for outside in ["http://", "https://", "href", "@import", "<script", "javascript", "onload"] {
            let found = svg.matches(outside).count();
            assert_eq!(found, usize::from(outside == "http://"), "seed {seed}: {outside}, beside the namespace");
        }
        // Outside of quotes a line has words of ours alone, so that no name has ended its label.
        for line in picture.dot().lines() {
            let mut outside = String::new();
            let mut is_quoted = false;
            let mut characters = line.chars();
            while let Some(character) = characters.next() {
                match character {
                    '\\' if is_quoted => {
                        characters.next();
                    }
                    '"' => is_quoted = !is_quoted,
                    other if !is_quoted => outside.push(other),
                    _ => {}
                }
            }
            assert!(!is_quoted && !outside.contains(['<', '&', '\'', 'W']), "seed {seed}: {line}");
        }
        for line in picture.mermaid().lines().filter(|line| !line.starts_with("%%")) {
            assert_eq!(line.matches('"').count() % 2, 0, "seed {seed}: {line}");
            let markup = line.replace("<br/>", "").replace("-.->", "").replace("==>", "");
            assert!(!markup.contains(['<', '>', '&', '`', '\'']), "seed {seed}: {line}");
        }
    });
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let mut compared = 0;
    for seed in 0..20 {
        let draft = Draft::generate(seed, &Shape::SMALL);
        let texts = [draft.clone(), draft.permuted(seed)].map(|draft| {
            let reading = read_estate_text("estate.yaml", &draft.to_yaml(), &ReadOptions::default());
            let estate = reading.estate.expect("a drawn estate is valid");
            let position = solver::position(&estate).ok()?;
            let picture = Picture::of(&position, None).ok()?;
            Some([picture.svg(), picture.dot(), picture.mermaid()])
        });
        assert_eq!(texts[0], texts[1], "seed {seed}");
        compared += usize::from(texts[0].is_some());
    }
    assert!(compared >= 10, "only {compared} were drawn");
}

#[test]
fn a_title_has_everything_that_rights_connect_to_it_and_nothing_else() {
    let text = "licit: 1\nas_of: 2026-11-22\n\
        titles: [{id: a, versions: [\"1\", \"2\"]}, {id: b, versions: [\"1\"]}, {id: c, versions: [\"1\"]}]\n\
        skus: [{id: A, version: a@1}, {id: B, version: b@1, covers: [a@2]}, {id: C, version: c@1}]\n\
        licenses: [{id: la, sku: A, quantity: 1}, {id: lb, sku: B, quantity: 1}, {id: lc, sku: C, quantity: 1}]\n\
        installs: [{version: a@2}]\n";
    let estate = read_estate_text("estate.yaml", text, &ReadOptions::default()).estate.expect("it is valid");
    let position = solver::position(&estate).expect("it is a network");
    let picture = |title: &str| {
        let title = model::estate::find(&estate.titles, title, |row| &row.id);
        let picture = Picture::of(&position, title).expect("it is small");
        let skus = picture.parts[0].supplies.iter().map(|supply| estate.skus[supply.sku].id.clone());
        (skus.collect::<Vec<_>>(), picture.parts[0].ends.len(), picture.parts.len())
    };
    assert_eq!(picture("a"), (vec!["A".to_owned(), "B".to_owned()], 3, 1));
    assert_eq!(picture("b"), picture("a"));
    assert_eq!(picture("c"), (vec!["C".to_owned()], 1, 1));
}
