//! Flows of the estates that pictures of rights are tested with: every figure is that of the position, and nothing is
//! drawn on anything else.

use super::layout::{self, Stretch};
use super::{Flow, Key, marks};
use crate::drawing::element::Rect;
use crate::drawing::measure::Px;
use model::generate::{Draft, Shape};
use model::number::Quantity;
use model::{ReadOptions, read_estate_text};
use solver::Position;

/// Checks every flow of some estates that are drawn at random.
fn each(check: impl Fn(u64, &Position<'_>, &Flow)) {
    let mut count = 0;
    for seed in 0..30 {
        let shape = if seed % 15 == 0 { Shape::LARGE } else { Shape::SMALL };
        let text = Draft::generate(seed, &shape).to_yaml();
        let estate = read_estate_text("estate.yaml", &text, &ReadOptions::default()).estate.expect("it is valid");
        let Ok(position) = solver::position(&estate) else { continue };
        let flows = estate.titles.ids().filter_map(|title| Flow::of_title(&position, title));
        for flow in flows.chain(Flow::of_estate(&position)) {
            check(seed, &position, &flow);
            count += 1;
        }
    }
    assert!(count > 60, "only {count} flows were drawn");
}

#[test]
fn the_figures_of_nodes_are_those_of_the_position() {
    each(|seed, position, flow| {
        let certified = &position.certified;
        for node in &flow.nodes {
            let amounts = node.amounts;
            match node.key {
                Key::Version(version) => {
                    let row = certified.figures().versions[version];
                    assert_eq!((amounts.used, amounts.bad), (row.covered, row.uncovered), "seed {seed}");
                }
                // A lot of another title is shown as far as it serves this one.
                Key::Lot(license) => assert!(amounts.used <= certified.figures().licenses[license].used, "seed {seed}"),
                _ => {}
            }
        }
    });
}

#[test]
fn what_enters_and_leaves_a_node_is_what_is_used_of_it() {
    each(|seed, _, flow| {
        for (position, node) in flow.nodes.iter().enumerate() {
            let sum = |is_own: &dyn Fn(&super::Link) -> bool| -> Quantity {
                flow.links.iter().filter(|link| is_own(link)).map(|link| link.quantity).sum()
            };
            let (entering, leaving) = (sum(&|link| link.to == position), sum(&|link| link.from == position));
            assert_eq!(node.amounts.used, entering.max(leaving), "seed {seed}: {:?}", node.key);
            let is_through = !entering.is_zero() && !leaving.is_zero();
            assert!(!is_through || entering == leaving || node.count > 1, "seed {seed}: {:?}", node.key);
        }
        assert!(flow.links.iter().all(|link| flow.nodes[link.from].column < flow.nodes[link.to].column));
    });
}

#[test]
fn the_estate_loses_nothing_by_being_gathered() {
    each(|seed, position, flow| {
        if !flow.nodes.iter().any(|node| matches!(node.key, Key::Demand(_))) {
            return;
        }
        let totals = position.certified.figures().totals;
        let ends = || flow.nodes.iter().filter(|node| node.key.is_end());
        let lots = || flow.nodes.iter().filter(|node| !node.key.is_end());
        let uncovered: Quantity = ends().map(|node| node.amounts.bad).sum();
        let (idle, unusable) = lots().fold((Quantity::ZERO, Quantity::ZERO), |(idle, unusable), node| {
            (idle + node.amounts.idle, unusable + node.amounts.bad)
        });
        assert_eq!((uncovered, idle, unusable), (totals.uncovered, totals.idle, totals.unusable), "seed {seed}");
    });
}

#[test]
fn every_shortage_set_is_marked_in_a_picture_of_a_title() {
    each(|_, position, flow| {
        let marks = marks(&position.certified);
        for node in flow.nodes.iter().filter(|node| node.count == 1) {
            assert_eq!(node.marks, marks.get(&node.key).cloned().unwrap_or_default());
        }
    });
}

#[test]
fn bars_do_not_overlap_and_ribbons_fit_into_them() {
    each(|seed, _, flow| {
        let layout = flow.place(100);
        let links: Vec<(usize, usize)> = flow.links.iter().map(|link| (link.from, link.to)).collect();
        check_geometry(seed, &layout, &links);
    });
}

#[test]
fn a_hundred_and_fifty_links_find_their_places() {
    for seed in 0..20_u64 {
        // A generator of Lehmer, so that the picture is the same on every machine.
        let mut state = seed + 1;
        let mut draw = |below: u64| {
            state = state * 48_271 % 2_147_483_647;
            state % below
        };
        let columns = [20_usize, 15, 10, 25];
        let starts = [0, 20, 35, 45];
        let mut nodes: Vec<layout::Node> = Vec::new();
        for (column, &count) in columns.iter().enumerate() {
            nodes.extend((0..count).map(|_| layout::Node { column, value: 0 }));
        }
        let mut links: Vec<layout::Link> = Vec::new();
        let mut entering = vec![0; nodes.len()];
        let mut leaving = vec![0; nodes.len()];
        while links.len() < 150 {
            let from = usize::try_from(draw(45)).expect("small");
            let column = nodes[from].column + 1 + usize::try_from(draw(3)).expect("small");
            if column > 3 {
                continue;
            }
            let to = starts[column] + usize::try_from(draw(columns[column] as u64)).expect("small");
            let value = if draw(3) == 0 { 1 } else { draw(100_000) + 1 };
            if links.iter().any(|link| (link.from, link.to) == (from, to)) {
                continue;
            }
            leaving[from] += value;
            entering[to] += value;
            links.push(layout::Link { from, to, value });
        }
        for (node, (entering, leaving)) in nodes.iter_mut().zip(entering.into_iter().zip(leaving)) {
            node.value = entering.max(leaving) + draw(1000);
        }
        let layout = layout::place(&nodes, &links, 100);
        assert_eq!(layout.ribbons.len(), 150);
        check_geometry(seed, &layout, &links.iter().map(|link| (link.from, link.to)).collect::<Vec<_>>());
    }
}

fn check_geometry(seed: u64, layout: &layout::Layout, links: &[(usize, usize)]) {
    let is_apart = |one: Rect, other: Rect| one.x != other.x || one.bottom() < other.y || other.bottom() < one.y;
    for (index, &bar) in layout.bars.iter().enumerate() {
        assert!(bar.y >= 0 && bar.bottom() <= layout.height && bar.right() <= layout.width, "seed {seed}");
        assert!(layout.bars[..index].iter().all(|&other| is_apart(bar, other)), "seed {seed}: bars overlap");
    }
    let mut sides: Vec<(Px, Px, Px)> = Vec::new();
    for (ribbon, &(from, to)) in layout.ribbons.iter().zip(links) {
        let [first, last] = [ribbon[0], ribbon[ribbon.len() - 1]];
        let is_on = |end: Stretch, bar: Rect| bar.y <= end.top && end.bottom <= bar.bottom();
        assert!(
            is_on(first, layout.bars[from]) && is_on(last, layout.bars[to]),
            "seed {seed}: a ribbon leaves its bar"
        );
        assert!((first.x, last.x) == (layout.bars[from].right(), layout.bars[to].x), "seed {seed}");
        assert!(ribbon.windows(2).all(|pair| pair[0].x <= pair[1].x), "seed {seed}");
        assert!(ribbon.iter().all(|at| at.bottom > at.top), "seed {seed}: a ribbon is too thin to be seen");
        sides.extend(ribbon.iter().map(|at| (at.x, at.top, at.bottom)));
    }
    // Stretches at one place across are those of one side of bars and lanes: below each other, never on each other.
    sides.sort_unstable();
    let overlaps = sides.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].2 > pair[1].1);
    assert!(overlaps.is_none(), "seed {seed}: {overlaps:?}");
}
