//! A bound on all plans whose quantities lie within ranges: the cheapest flow under convex costs.
//!
//! The arc of an offer becomes parallel arcs, one for each piece of its convex cost. An offer has several arcs where
//! entitlements compete for its units; what the arcs have of one piece is then a bundle. The flow is whole, and is a
//! plan itself once the quantities are rounded up to what may be had.
//!
//! Some units of an offer may be reserved: the first ones that are had, in the order in which assignments are
//! honored. A unit can be used only if the most that may be had reaches it, and whoever uses it needs all before it.
//! That this costs more than the units used is left to whoever splits the ranges.

use super::curve::{Curve, Paid, Piece};
use super::in_order::{InOrder, in_order};
use super::marginal::Source;
use crate::Statement;
use crate::component::{Components, Flows, solve_all};
use crate::error::SolveError;
use crate::graph::{Arc, ArcIndex, Bundle, Ends, FREE, Graph, HUB, NodeIndex, Role, Tuple, minus, plus};
use crate::order::Order;
use model::id::{Id, Table};
use model::market::{Market, OfferId};
use model::number::Money;
use model::objective::LEVELS;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What a flow comes to, as it is compared; without what no plan can change.
pub(super) type Value = [i128; LEVELS];
/// First and last quantity of each offer.
pub(super) type Ranges = Table<OfferId, RangeInclusive<u64>>;

/// Solves relaxations of one statement.
pub(super) struct Relaxation<'s, 'e> {
    pub(super) statement: &'s Statement<'e>,
    pub(super) market: &'e Market,
    /// The arcs of each offer.
    arcs: Table<OfferId, Vec<usize>>,
    /// Units of each offer that are had in an order.
    pub(super) in_order: Table<OfferId, InOrder>,
    /// By arc of a bundle of the statement: the bundle.
    bundle_of: BTreeMap<usize, usize>,
    /// By arc of the statement: whether anything can arrive at its tail.
    is_fed: Vec<bool>,
    /// The order in which costs are compared.
    pub(super) order: Order,
    /// The graph of the statement in this order, without pieces.
    pub(super) unpriced: Graph,
    /// The graph with pieces for arcs: the first of an arc stands in its place, the others after all arcs.
    graph: Graph,
    /// Of each piece after all arcs: the arc it is a piece of.
    more: Vec<usize>,
    /// Of each bundle of pieces: the offer, and what the piece costs.
    offered: Vec<(OfferId, Tuple)>,
    /// Arcs of all flows so far, those for which an integer program was asked many times.
    work: usize,
}

/// As many times as long as a flow takes one for which an integer program is asked, about.
const ASKED: usize = 100;

/// What units are worth by the potentials of a flow: a start for the flow of narrower ranges, and all that is needed to
/// find the same bound again.
#[derive(Clone, Debug)]
pub(super) struct Worth {
    /// Of an offer for whose units entitlements compete, before it is paid for.
    offers: Table<OfferId, Option<Tuple>>,
    /// By bundle of the statement.
    bundles: Vec<Tuple>,
}

impl Worth {
    /// What a unit of an offer is worth at a level.
    pub(super) fn at(&self, offer: OfferId, level: usize) -> i64 {
        self.offers[offer].map_or(0, |worth| worth[level])
    }

    /// The same with another worth there.
    pub(super) fn with(&self, offer: OfferId, level: usize, amount: i64) -> Self {
        let mut other = self.clone();
        if let Some(worth) = &mut other.offers[offer] {
            worth[level] = amount;
        }
        other
    }
}

/// How much is done to divide the units of bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Nothing is asked of an integer program: what units were worth is taken as it is.
    Least,
    /// The levels up to spend are asked about.
    UpToSpend,
    /// All levels are.
    Most,
}

/// The cheapest flow.
pub(super) struct Relaxed {
    /// On the arcs of the statement.
    pub(super) flows: Flows,
    /// On the arcs of the graph with pieces.
    pieces: Vec<i64>,
    pub(super) value: Value,
    /// What no flow with such quantities is below: the value, unless it is not proved how units are best divided.
    pub(super) bound: Value,
    /// Units of each offer that must be had for those that are used.
    pub(super) needed: Table<OfferId, u64>,
    /// What the pieces charged for them.
    pub(super) charged: Table<OfferId, Paid>,
    /// None where nothing competes for units.
    pub(super) worth: Option<Worth>,
    /// By bundle: the units that would be taken if none were shared, each at what it is worth.
    wanted: Vec<i64>,
}

/// An offer, and the last quantity of the first half of its range.
pub(super) type Half = (OfferId, u64);

/// Ranges in two.
pub(super) fn halves(ranges: &Ranges, (offer, most): Half) -> [Ranges; 2] {
    let (mut within, mut beyond) = (ranges.clone(), ranges.clone());
    within[offer] = *ranges[offer].start()..=most;
    beyond[offer] = most + 1..=*ranges[offer].end();
    [within, beyond]
}

/// What it costs to round the units used up to quantities that may be had.
pub(super) struct Rounding {
    /// Beyond what was charged, for all offers.
    pub(super) excess: Paid,
    /// Where to split the range of the offer for which most is lacking; none if nothing is, or there is but one quantity.
    pub(super) half: Option<Half>,
}

impl Relaxed {
    /// Whether no flow with such quantities is known to be better.
    pub(super) fn is_proved(&self) -> bool {
        self.bound == self.value
    }

    /// The flows on the graph with pieces.
    pub(super) fn on_pieces(&self) -> Flows {
        Flows { flow: self.pieces.clone(), potential: self.flows.potential.clone(), divided: BTreeMap::new() }
    }
}

impl<'s, 'e> Relaxation<'s, 'e> {
    /// In the order of the statement.
    pub(super) fn new(statement: &'s Statement<'e>) -> Self {
        Self::of(statement, statement.problem.order.clone(), statement.graph.clone())
    }

    /// In another order than that of the statement, which is that of the levels themselves.
    pub(super) fn ordered(statement: &'s Statement<'e>, order: Order) -> Self {
        let mut graph = statement.graph.clone();
        for arc in &mut graph.arcs {
            arc.cost = order.apply(arc.cost);
        }
        Self::of(statement, order, graph)
    }

    fn of(statement: &'s Statement<'e>, order: Order, unpriced: Graph) -> Self {
        let market = statement.problem.trade.market.expect("a statement of a market");
        let mut arcs: Table<OfferId, Vec<usize>> = Table::filled(Vec::new(), market.offers.len());
        for (index, arc) in statement.graph.arcs.iter().enumerate() {
            if let Role::Offered(offer) = arc.role {
                arcs[offer].push(index);
            }
        }
        let is_fed = fed(&statement.graph);
        let in_order = in_order(statement);
        let bundle_of = (0..).zip(&statement.graph.bundles);
        let bundle_of = bundle_of.flat_map(|(index, bundle)| bundle.arcs.iter().map(move |&arc| (arc as usize, index)));
        let (bundle_of, graph) = (bundle_of.collect(), unpriced.clone());
        Self {
            statement,
            market,
            arcs,
            in_order,
            bundle_of,
            is_fed,
            order,
            unpriced,
            graph,
            more: Vec::new(),
            offered: Vec::new(),
            work: 0,
        }
    }

    /// Whether the cheapest flow of all plans is a plan at its cost, and its graph a network: no cost has jumps, no two
    /// capacities meet in one path, no unit is had after others.
    pub(super) fn is_exact(&self) -> bool {
        self.statement.is_network()
            && self.market.offers.iter().all(|offer| offer.terms.is_convex())
            && self.arcs.iter().all(|arcs| self.competing(arcs).count() < 2)
            && self.in_order.iter().all(|units| units.reserved.is_empty())
    }

    /// Whether nothing is paid for but units of offers.
    pub(super) fn pays_for_units_alone(&self) -> bool {
        let spend = self.order.spend();
        self.unpriced.arcs.iter().all(|arc| arc.cost[spend] == 0)
    }

    /// Those of an offer's arcs that something can flow on.
    fn competing(&self, arcs: &[usize]) -> impl Iterator<Item = usize> {
        arcs.iter().copied().filter(|&arc| self.is_fed[arc])
    }

    /// The widest ranges.
    pub(super) fn all(&self) -> Ranges {
        Table::new(self.market.offers.iter().map(|offer| 0..=offer.terms.most.get()).collect())
    }

    /// The cost of an offer whose quantity lies in its range; none if no such quantity may be had.
    pub(super) fn curve(&self, offer: OfferId, ranges: &Ranges) -> Option<Curve<'e>> {
        Curve::new(&self.market.offers[offer].terms, ranges[offer].clone())
    }

    /// The graph with pieces, as the last one solved.
    pub(super) const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Adds units where they enter, or takes them back.
    pub(super) fn add_units(&mut self, source: Source, units: i64) {
        match source {
            Source::Node(node) => self.graph.supply[node as usize] += units,
            Source::Arc(arc) => {
                let capacity = &mut self.graph.arcs[arc].capacity;
                *capacity = capacity.map(|room| room + units);
            }
        }
    }

    /// Arcs of all flows so far.
    pub(super) const fn work(&self) -> usize {
        self.work
    }

    /// Arcs of one relaxation.
    const fn size(&self) -> usize {
        self.graph.arcs.len()
    }

    /// The cheapest flow with quantities in the ranges; none if a range has no quantity that may be had.
    ///
    /// # Errors
    /// A limit; without integer programs, an offer that several kinds of entitlements compete for.
    pub(super) fn solve(&mut self, ranges: &Ranges) -> Result<Option<Relaxed>, SolveError> {
        self.solve_from(ranges, None, Effort::Most)
    }

    /// The same, from what units may be worth, and perhaps with less effort: a flow, and a bound that may lie below it.
    pub(super) fn solve_from(
        &mut self,
        ranges: &Ranges,
        worth: Option<&Worth>,
        effort: Effort,
    ) -> Result<Option<Relaxed>, SolveError> {
        let Some(curves) = self.curves(ranges) else { return Ok(None) };
        self.state(&curves, worth);
        let levels = match effort {
            Effort::Least => 0,
            Effort::UpToSpend => self.order.spend() + 1,
            Effort::Most => LEVELS,
        };
        let divide = |graph: &Graph| crate::divide_up_to(graph, levels);
        let components = Components::of(&self.graph);
        let mut flows = solve_all(&self.graph, &components, &divide)?;
        self.work += self.size() * if flows.are_asked() { ASKED } else { 1 };
        let mut wanted = vec![0; self.graph.bundles.len()];
        for (&component, divided) in &flows.divided {
            for (&bundle, &units) in components.bundles(component).iter().zip(&divided.wanted) {
                wanted[bundle as usize] = units;
            }
        }
        let worth = (!self.graph.bundles.is_empty()).then(|| self.worth(&flows.potential));
        let mut charged: Table<OfferId, Paid> = Table::new(curves.iter().map(Curve::base).collect());
        for (index, arc) in self.graph.arcs.iter().enumerate() {
            if let Role::Offered(offer) = arc.role {
                let slope = self.slope(index);
                for (charged, slope) in charged[offer].iter_mut().zip(slope) {
                    *charged += i128::from(slope) * i128::from(flows.flow[index]);
                }
            }
        }
        let value = self.value(&flows, curves.iter().map(Curve::base));
        let gap = flows.gap();
        let bound = std::array::from_fn(|level| value[level] - gap[level]);
        let pieces = flows.flow.clone();
        let count = self.statement.graph.arcs.len();
        for (piece, &arc) in (count..).zip(&self.more) {
            flows.flow[arc] += flows.flow[piece];
        }
        flows.flow.truncate(count);
        let units = |arcs: &Vec<usize>| arcs.iter().map(|&arc| flows.flow[arc].unsigned_abs()).sum();
        let needed = self.arcs.iter().zip(&self.in_order);
        let needed = needed.map(|(arcs, in_order)| in_order.needed(units).max(units(arcs)));
        let needed: Table<OfferId, u64> = Table::new(needed.collect());
        for ((offer, &needed), curve) in needed.enumerate().zip(&curves) {
            if needed > curve.most() {
                return Err(self.competition(offer));
            }
        }
        Ok(Some(Relaxed { flows, pieces, value, bound, needed, charged, worth, wanted }))
    }

    /// What units are worth where they are used: what they cost there less what they cost where they come from.
    fn worth(&self, potential: &[Tuple]) -> Worth {
        let saved = |arc: usize| self.unpriced.arcs[arc].saved(potential);
        let of_offer = |arcs: &Vec<usize>| {
            let is_shared = self.competing(arcs).count() > 1;
            self.competing(arcs).map(saved).max().filter(|_| is_shared)
        };
        Worth {
            offers: Table::new(self.arcs.iter().map(of_offer).collect()),
            bundles: self.unpriced.bundles.iter().map(|bundle| bundle.price(&self.unpriced, potential)).collect(),
        }
    }

    /// The costs of all offers; none if a range has no quantity that may be had.
    pub(super) fn curves(&self, ranges: &Ranges) -> Option<Vec<Curve<'e>>> {
        ranges.enumerate().map(|(offer, _)| self.curve(offer, ranges)).collect()
    }

    /// By how much quantities that may be had cost more than the pieces charge, once flows on pieces have changed; none if
    /// there are not so many units.
    pub(super) fn rounding(
        &self,
        ranges: &Ranges,
        curves: &[Curve<'_>],
        relaxed: &Relaxed,
        changes: &BTreeMap<usize, i64>,
    ) -> Option<Rounding> {
        let mut more: BTreeMap<usize, i64> = BTreeMap::new();
        let mut charged = relaxed.charged.clone();
        for (&piece, &change) in changes {
            *more.entry(self.arc_of(piece)).or_default() += change;
            if let Role::Offered(offer) = self.graph.arcs[piece].role {
                for (charged, slope) in charged[offer].iter_mut().zip(self.slope(piece)) {
                    *charged += i128::from(slope) * i128::from(change);
                }
            }
        }
        let units = |arcs: &Vec<usize>| -> u64 {
            let on = |arc: &usize| relaxed.flows.flow[*arc] + more.get(arc).copied().unwrap_or_default();
            arcs.iter().map(|arc| on(arc).unsigned_abs()).sum()
        };
        let mut total = [0, 0];
        let mut worst: Option<(Paid, Reverse<OfferId>, u64, u64)> = None;
        for ((offer, arcs), curve) in self.arcs.enumerate().zip(curves) {
            let used = units(arcs);
            let needed = self.in_order[offer].needed(units).max(used);
            if needed > curve.most() {
                return None;
            }
            let true_cost = curve.cheapest(needed).1;
            let excess = [true_cost[0] - charged[offer][0], true_cost[1] - charged[offer][1]];
            total = [total[0] + excess[0], total[1] + excess[1]];
            worst = worst.max(Some((excess, Reverse(offer), used, needed)));
        }
        let half = worst.and_then(|(excess, Reverse(offer), used, needed)| {
            let (first, last) = (*ranges[offer].start(), *ranges[offer].end());
            if excess <= [0, 0] || first == last {
                return None;
            }
            // A unit used before those that must be had first is not there, or all of them are paid for.
            let (curve, below) = (&curves[offer.index()], |most: &u64| *most < last);
            let most = if used < needed { Some(needed - 1) } else { curve.last_allowed(used).filter(below) };
            Some((offer, most.unwrap_or_else(|| first.midpoint(last - 1))))
        });
        Some(Rounding { excess: total, half })
    }

    /// Of each offer for whose units entitlements compete: how the bound rises as a unit is worth more, and how it rises as
    /// a unit is worth less, from the worth that a flow was found with.
    pub(super) fn slopes(&self, relaxed: &Relaxed, worth: &Worth) -> BTreeMap<OfferId, [i64; 2]> {
        let mut slopes: BTreeMap<OfferId, [i64; 2]> = BTreeMap::new();
        let first = self.unpriced.bundles.len();
        let pieces = self.graph.bundles[first..].iter().zip(&relaxed.wanted[first..]);
        for (&(offer, paid), (bundle, wanted)) in self.offered.iter().zip(pieces) {
            let Some(worth) = worth.offers[offer] else { continue };
            let lacking = wanted - bundle.units;
            let [more, less] = slopes.entry(offer).or_default();
            *more += if paid <= worth { lacking } else { 0 };
            *less -= if paid < worth { lacking } else { 0 };
        }
        slopes
    }

    /// The arc that a piece stands for.
    fn arc_of(&self, piece: usize) -> usize {
        let count = self.statement.graph.arcs.len();
        if piece < count { piece } else { self.more[piece - count] }
    }

    /// Puts pieces in the place of the arcs of offers, and what units may be worth on their bundles.
    fn state(&mut self, curves: &[Curve<'_>], worth: Option<&Worth>) {
        let unpriced = &self.unpriced;
        self.graph.arcs.truncate(unpriced.arcs.len());
        self.graph.bundles.truncate(unpriced.bundles.len());
        self.more.clear();
        self.offered.clear();
        for (index, bundle) in self.graph.bundles.iter_mut().enumerate() {
            bundle.guess = worth.map_or(FREE, |worth| worth.bundles[index]);
        }
        for (in_order, curve) in self.in_order.iter().zip(curves) {
            for (arcs, room) in in_order.rooms(curve.most()) {
                for arc in arcs {
                    match self.bundle_of.get(arc) {
                        Some(&bundle) => self.graph.bundles[bundle].units = room,
                        // Where nothing can arrive there is no capacity.
                        None => self.graph.arcs[*arc].capacity = unpriced.arcs[*arc].capacity.map(|_| room),
                    }
                }
            }
        }
        for ((offer, arcs), curve) in self.arcs.enumerate().zip(curves) {
            let worth = worth.and_then(|worth| worth.offers[offer]);
            for &arc in arcs {
                self.graph.arcs[arc] = Arc { capacity: Some(0), ..unpriced.arcs[arc].clone() };
            }
            let is_shared = cfg!(feature = "milp") && self.competing(arcs).count() > 1;
            for (index, &Piece { units, slope: [spend, bought] }) in curve.pieces().iter().enumerate() {
                let units = i64::try_from(units).expect("quantities fit their limit");
                let mut sharing = Vec::new();
                let paid = self.order.bought(spend, bought);
                for &arc in arcs {
                    let unpriced = &unpriced.arcs[arc];
                    let cost = plus(unpriced.cost, paid);
                    let shares = is_shared && self.is_fed[arc];
                    let piece = Arc { capacity: (!shares).then_some(units), cost, ..unpriced.clone() };
                    let position = if index == 0 { arc } else { self.graph.arcs.len() };
                    if index == 0 {
                        self.graph.arcs[arc] = piece;
                    } else {
                        self.graph.arcs.push(piece);
                        self.more.push(arc);
                    }
                    if shares {
                        sharing.push(ArcIndex::try_from(position).expect("the graph is checked against the limits"));
                    }
                }
                if is_shared {
                    let guess = worth.map_or(FREE, |worth| minus(worth, paid).max(FREE));
                    self.graph.bundles.push(Bundle { arcs: sharing, units, gate: None, mixed: None, guess });
                    self.offered.push((offer, paid));
                }
            }
        }
    }

    /// Spend and units that a piece charges for each unit.
    fn slope(&self, piece: usize) -> [i64; 2] {
        let arc = self.arc_of(piece);
        let spend = self.order.spend();
        [spend, spend + 1].map(|level| self.graph.arcs[piece].cost[level] - self.unpriced.arcs[arc].cost[level])
    }

    fn value(&self, flows: &Flows, bases: impl Iterator<Item = Paid>) -> Value {
        let mut value = [0; LEVELS];
        for (arc, &flow) in self.graph.arcs.iter().zip(&flows.flow).filter(|&(_, &flow)| flow != 0) {
            for (value, cost) in value.iter_mut().zip(arc.cost) {
                *value += i128::from(flow) * i128::from(cost);
            }
        }
        for base in bases {
            value = self.with_paid(value, base);
        }
        value
    }

    /// What a flow comes to in the order of the statement, without what no plan can change.
    pub(super) fn stated(&self, relaxed: &Relaxed) -> Value {
        let mut value = [0; LEVELS];
        for (arc, &flow) in self.statement.graph.arcs.iter().zip(&relaxed.flows.flow).filter(|&(_, &flow)| flow != 0) {
            for (value, cost) in value.iter_mut().zip(arc.cost) {
                *value += i128::from(flow) * i128::from(cost);
            }
        }
        let spend = self.statement.problem.order.spend();
        for [spent, bought] in &relaxed.charged {
            value[spend] += spent;
            value[spend + 1] += bought;
        }
        value
    }

    /// What is paid, of a value in which levels of coverage may be weighed.
    pub(super) fn paid(&self, value: &Value) -> i128 {
        self.order.paid(value)
    }

    /// Whether a plan that comes to this is paid for by the budget.
    pub(super) fn is_within(&self, budget: Option<Money>, value: &Value) -> bool {
        budget.is_none_or(|budget| self.paid(value) <= budget.units().into())
    }

    /// A value with more spent and bought.
    pub(super) fn with_paid(&self, mut value: Value, [spend, bought]: Paid) -> Value {
        let at = self.order.spend();
        value[at] += spend;
        value[at + 1] += bought;
        value
    }

    fn competition(&self, offer: OfferId) -> SolveError {
        let offer = &self.market.offers[offer];
        let what = format!("entitlements of different whereabouts compete for the units of offer `{}`", offer.id);
        SolveError::Limit { what }
    }
}

/// By arc: whether anything can arrive at its tail.
fn fed(graph: &Graph) -> Vec<bool> {
    let leaving = Ends::of(graph).leaving;
    let mut is_fed: Vec<bool> = graph.supply.iter().map(|&supply| supply > 0).collect();
    is_fed[HUB as usize] = true;
    let mut open: Vec<NodeIndex> = (0..).zip(&is_fed).filter(|(_, is_fed)| **is_fed).map(|(node, _)| node).collect();
    while let Some(node) = open.pop() {
        for arc in leaving.of(node).iter().map(|&arc| &graph.arcs[arc as usize]) {
            if arc.capacity != Some(0) && !std::mem::replace(&mut is_fed[arc.head as usize], true) {
                open.push(arc.head);
            }
        }
    }
    graph.arcs.iter().map(|arc| is_fed[arc.tail as usize]).collect()
}
