//! What must hold of every layout, tried on random sizes and links.

use super::*;
use model::generate::SplitMix64;

struct Drawn {
    bands: Vec<Band>,
    rows: Vec<Row>,
    links: Vec<Link>,
    layout: Layout,
}

fn pixels(random: &mut SplitMix64, least: Px, most: usize) -> Px {
    least + Px::try_from(random.below(most)).unwrap()
}

fn drawn(seed: u64) -> Drawn {
    let mut random = SplitMix64::new(seed);
    let (band_count, row_count, columns) = (1 + random.below(14), random.below(14), 1 + random.below(4));
    let bands: Vec<Band> = (0..band_count)
        .map(|_| {
            let (width, height) = (pixels(&mut random, 60, 200), pixels(&mut random, 30, 120));
            Band { column: random.below(columns), width, height }
        })
        .collect();
    let rows: Vec<Row> = (0..row_count)
        .map(|_| Row { width: 200, height: pixels(&mut random, 30, 40), heading: pixels(&mut random, 0, 30) })
        .collect();
    let mut links = Vec::new();
    for from in 0..band_count {
        let density = random.below(100) as u64;
        for to in 0..row_count {
            if random.percent(density) {
                let pull = i64::from(pixels(&mut random, 1, 6));
                links.push(Link { from, to: To::Row(to), pull, label: pixels(&mut random, 8, 50) });
            }
        }
        for to in 0..band_count {
            // No upgrade stands on itself, by however many steps.
            let is_below = bands[from].column == bands[to].column && from < to;
            if (bands[from].column < bands[to].column || is_below) && random.percent(40) {
                links.push(Link { from, to: To::Band(to), pull: 1, label: pixels(&mut random, 8, 50) });
            }
        }
    }
    let layout = place(&bands, &rows, &links);
    Drawn { bands, rows, links, layout }
}

fn each(check: impl Fn(u64, &Drawn)) {
    for seed in 0..500 {
        check(seed, &drawn(seed));
    }
}

fn boxes(layout: &Layout) -> Vec<Rect> {
    layout.bands.iter().chain(&layout.rows).copied().collect()
}

fn overlap(one: Rect, other: Rect) -> bool {
    one.x < other.right() && other.x < one.right() && one.y < other.bottom() && other.y < one.bottom()
}

/// All lines, as rectangles without width or height: rails, lines of bands, lines of rows.
fn segments(drawn: &Drawn) -> Vec<(Point, Point)> {
    let Drawn { links, layout, .. } = drawn;
    let mut segments = Vec::new();
    for rail in &layout.rails {
        let (top, bottom) = rail.span();
        segments.push((Point { x: rail.x, y: top }, Point { x: rail.x, y: bottom }));
        let (left, right) = (rail.port.x.min(rail.x), rail.port.x.max(rail.x));
        segments.push((Point { x: left, y: rail.port.y }, Point { x: right, y: rail.port.y }));
        for mark in &rail.marks {
            let link = links[mark.link];
            let (left, right) = match link.to {
                To::Row(row) => (rail.x, layout.rows[row].x),
                To::Band(_) => (layout.bands[link.from].right(), rail.x),
            };
            segments.push((Point { x: left, y: mark.y }, Point { x: right, y: mark.y }));
        }
    }
    segments
}

#[test]
fn boxes_do_not_overlap_and_lie_on_the_page() {
    each(|seed, Drawn { bands, rows, layout, .. }| {
        let boxes = boxes(layout);
        assert_eq!(boxes.len(), bands.len() + rows.len());
        for (index, &one) in boxes.iter().enumerate() {
            assert!(boxes[..index].iter().all(|&other| !overlap(one, other)), "seed {seed}: {one:?}");
            let is_inside = one.x >= MARGIN && one.y >= MARGIN;
            assert!(is_inside && one.right() <= layout.width && one.bottom() <= layout.height, "seed {seed}: {one:?}");
        }
    });
}

#[test]
fn lines_go_from_left_to_right_and_enter_no_box() {
    each(|seed, drawn| {
        for (from, to) in segments(drawn) {
            assert!(from.x <= to.x && from.y <= to.y, "seed {seed}: {from:?} {to:?}");
            for rect in boxes(&drawn.layout) {
                let is_inside = from.x < rect.right() && rect.x < to.x && from.y < rect.bottom() && rect.y < to.y;
                let is_on = from.x < rect.right()
                    && rect.x < to.x
                    && from.y == to.y
                    && rect.y < from.y
                    && from.y < rect.bottom();
                let crosses = from.x == to.x && rect.x < from.x && from.x < rect.right() && is_inside;
                assert!(!is_inside && !is_on && !crosses, "seed {seed}: {from:?} {to:?} enters {rect:?}");
            }
        }
    });
}

#[test]
fn every_link_has_one_mark_on_the_line_of_each_end() {
    each(|seed, Drawn { links, layout, .. }| {
        let mut marked = vec![0; links.len()];
        for rail in &layout.rails {
            for mark in &rail.marks {
                marked[mark.link] += 1;
                let link = links[mark.link];
                let port = |rect: Rect| rect.y + PORT;
                match (link.to, rail.owner) {
                    (To::Row(row), Owner::Leaving(band)) => {
                        assert_eq!((band, mark.y), (link.from, port(layout.rows[row])), "seed {seed}");
                        assert_eq!(rail.port, Point { x: layout.bands[band].right(), y: port(layout.bands[band]) });
                    }
                    (To::Band(to), Owner::Entering(band)) => {
                        assert_eq!((band, mark.y), (to, port(layout.bands[link.from])), "seed {seed}");
                        assert_eq!(rail.port, Point { x: layout.bands[band].x, y: port(layout.bands[band]) });
                    }
                    (To::Band(to), Owner::Returning(band)) => {
                        assert_eq!((band, mark.y), (to, port(layout.bands[link.from])), "seed {seed}");
                        let rect = layout.bands[band];
                        assert!(rail.port.x == rect.right() && rect.y < rail.port.y && rail.port.y < rect.bottom());
                    }
                    _ => panic!("seed {seed}: a mark on the wrong rail"),
                }
            }
        }
        assert!(marked.iter().all(|&count| count == 1), "seed {seed}");
    });
}

#[test]
fn no_two_lines_lie_on_each_other() {
    each(|seed, Drawn { layout, .. }| {
        let mut heights: Vec<Px> = boxes(layout).iter().map(|rect| rect.y + PORT).collect();
        heights.sort_unstable();
        let (bands, rows) = (&layout.bands, &layout.rows);
        assert!(bands.windows(2).all(|pair| pair[0].y < pair[1].y), "seed {seed}");
        assert!(rows.windows(2).all(|pair| pair[0].y < pair[1].y), "seed {seed}");
        heights.dedup();
        assert_eq!(heights.len(), bands.len() + rows.len(), "seed {seed}");
        for (index, rail) in layout.rails.iter().enumerate() {
            let (top, bottom) = rail.span();
            let is_clear = |other: &&Rail| other.x != rail.x || other.span().1 < top || bottom < other.span().0;
            assert!(layout.rails[..index].iter().all(|other| is_clear(&other)), "seed {seed}: {rail:?}");
        }
    });
}

#[test]
fn labels_touch_neither_each_other_nor_boxes() {
    each(|seed, Drawn { links, layout, .. }| {
        let labels: Vec<Rect> = (layout.rails.iter())
            .flat_map(|rail| {
                let label = move |mark: &Mark| {
                    let width = links[mark.link].label;
                    Rect { x: rail.x - width / 2, y: mark.y - 8, width, height: 16 }
                };
                rail.marks.iter().map(label)
            })
            .collect();
        for (index, &label) in labels.iter().enumerate() {
            assert!(labels[..index].iter().all(|&other| !overlap(label, other)), "seed {seed}: {label:?}");
            assert!(boxes(layout).into_iter().all(|rect| !overlap(label, rect)), "seed {seed}: {label:?}");
        }
    });
}

#[test]
fn the_same_sizes_give_the_same_places() {
    for seed in 0..20 {
        assert_eq!(drawn(seed).layout.rails, drawn(seed).layout.rails);
    }
}

#[test]
fn nothing_has_a_place_too() {
    let layout = place(&[], &[], &[]);
    assert!(layout.rails.is_empty() && layout.width > 0 && layout.height > 0);
}
