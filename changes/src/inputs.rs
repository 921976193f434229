//! What was put in differently: every fact of one result beside that of the other.

use crate::cause::{Assigned, Cause, Kind, Sense, Subject, Target};
use crate::connect::Parts;
use crate::snapshot::{AssignmentFacts, LicenseFacts, Place, Rights, Snapshot, Value, Whose};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// All causes, in the order of what they are about.
pub(crate) fn causes(before: &Snapshot, after: &Snapshot, parts: &Parts) -> Vec<Cause> {
    let mut inputs = Inputs { parts, causes: Vec::new() };
    inputs.estate(before, after);
    for (license, rows) in pairs(&before.licenses, &after.licenses) {
        inputs.license(license, rows);
    }
    inputs.titles(before, after);
    inputs.demand(before, after);
    for ((assigned, target), rows) in pairs(&before.assignments, &after.assignments) {
        inputs.assignment(assigned, target, rows);
    }
    let mut causes = inputs.causes;
    causes.sort_by(|one, other| (&one.subject, one.kind).cmp(&(&other.subject, other.kind)));
    causes
}

/// The rows of both under each key that one of them has.
pub(crate) fn pairs<'s, K: Ord, R>(
    before: &'s BTreeMap<K, R>,
    after: &'s BTreeMap<K, R>,
) -> impl Iterator<Item = (&'s K, [Option<&'s R>; 2])> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    keys.into_iter().map(|key| (key, [before.get(key), after.get(key)]))
}

struct Inputs<'p> {
    parts: &'p Parts,
    causes: Vec<Cause>,
}

impl Inputs<'_> {
    /// Notes what differs.
    fn push(&mut self, kind: Kind, subject: &Subject, values: [Value; 2], sense: Sense, part: Option<usize>) {
        let [before, after] = values;
        if before != after {
            self.causes.push(Cause { sense, part, ..Cause::new(kind, subject.clone(), before, after) });
        }
    }

    /// What concerns everything.
    fn estate(&mut self, before: &Snapshot, after: &Snapshot) {
        let days = [before, after].map(|snapshot| Value::Text(snapshot.header.as_of.clone()));
        self.push(Kind::Day, &Subject::Estate, days, Sense::Either, None);
        let (Some(before), Some(after)) = (&before.facts, &after.facts) else { return };
        let thresholds = [before, after].map(|facts| {
            let [almost_under, over, days] = facts.thresholds;
            Value::Texts(vec![
                format!("almost_under {almost_under}"),
                format!("over {over}"),
                format!("expiring_days {days}"),
            ])
        });
        self.push(Kind::Thresholds, &Subject::Estate, thresholds, Sense::Either, None);
        for (scope, rows) in pairs(&before.parents, &after.parents) {
            let parents = rows.map(|row| match row {
                None => Value::None,
                Some(None) => Value::Text(String::new()),
                Some(Some(parent)) => Value::Text(parent.clone()),
            });
            self.push(Kind::Scope, &Subject::Scope(scope.clone()), parents, Sense::Either, None);
        }
        for ((from, to), rows) in pairs(&before.transfers, &after.transfers) {
            let costs = rows.map(|row| row.map_or(Value::None, |cost| Value::Text(cost.clone())));
            let sense = Sense::of_supply(rows[1].is_some().cmp(&rows[0].is_some()));
            self.push(Kind::Transfer, &Subject::Transfer { from: from.clone(), to: to.clone() }, costs, sense, None);
        }
    }

    fn license(&mut self, license: &str, rows: [Option<&LicenseFacts>; 2]) {
        let subject = Subject::License(license.to_owned());
        let part = self.parts.of_license(license);
        let is_active = rows.map(|row| row.is_some_and(|facts| facts.row.state == "active"));
        let units =
            |row: &LicenseFacts| row.row.quantity.map_or_else(|| text("unlimited"), |units| Value::Count(units.into()));
        let [Some(before), Some(after)] = rows else {
            let values = rows.map(|row| row.map_or(Value::None, units));
            let sense = Sense::of_supply(is_active[1].cmp(&is_active[0]));
            return self.push(Kind::License, &subject, values, sense, part);
        };
        // What a license that counts on neither day may do is nothing to demand.
        let counted = |sense: Sense| if is_active == [false, false] { Sense::Either } else { sense };
        let both = [before, after];
        if before.row.state != after.row.state {
            let [was, is] = both.map(|facts| text(&facts.row.state));
            let idle = both.into_iter().find(|facts| facts.row.state != "active");
            let day = idle.filter(|_| is_active != [false, false]).and_then(|facts| match facts.row.state.as_str() {
                "expired" => facts.end.clone(),
                _ => facts.start.clone(),
            });
            let active = both.into_iter().find(|facts| facts.row.state == "active").map(units);
            let sense = Sense::of_supply(is_active[1].cmp(&is_active[0]));
            let cause = Cause::new(Kind::LicenseState, subject.clone(), was, is);
            self.causes.push(Cause { day, units: active, sense, part, ..cause });
        }
        let amount = |facts: &LicenseFacts| facts.row.quantity.map_or((1, 0), |units| (0, units));
        let order = amount(after).cmp(&amount(before));
        self.push(Kind::LicenseQuantity, &subject, both.map(units), counted(Sense::of_supply(order)), part);
        self.push(Kind::LicenseSku, &subject, both.map(|facts| text(&facts.sku)), Sense::Either, part);
        let (Some(rights_before), Some(rights_after)) = (&before.rights, &after.rights) else { return };
        let optional = |value: &Option<String>| value.as_ref().map_or(Value::None, |value| text(value));
        let starts = both.map(|facts| optional(&facts.start));
        self.push(Kind::LicenseStart, &subject, starts, Sense::of_supply(before.start.cmp(&after.start)), part);
        let last = |facts: &LicenseFacts| facts.end.clone().map_or((1, String::new()), |end| (0, end));
        let ends = both.map(|facts| optional(&facts.end));
        self.push(Kind::LicenseEnd, &subject, ends, Sense::of_supply(last(after).cmp(&last(before))), part);
        self.push(Kind::LicenseScope, &subject, both.map(|facts| optional(&facts.scope)), Sense::Either, part);
        let bound = after.contract.is_none().cmp(&before.contract.is_none());
        let contracts = both.map(|facts| optional(&facts.contract));
        self.push(Kind::LicenseContract, &subject, contracts, counted(Sense::of_supply(bound)), part);
        self.rights(&subject, [rights_before, rights_after], counted, part);
    }

    fn rights(
        &mut self,
        subject: &Subject,
        rights: [&Rights; 2],
        counted: impl Fn(Sense) -> Sense,
        part: Option<usize>,
    ) {
        let mains = rights.map(|rights| text(&rights.main));
        self.push(Kind::LicenseVersion, subject, mains, Sense::Either, part);
        let covers = rights.map(|rights| Value::Texts(rights.covers.iter().cloned().collect()));
        self.push(Kind::LicenseCovers, subject, covers, counted(wider(&rights[0].covers, &rights[1].covers)), part);
        // To become an upgrade is to need a base: no set of what it may stand on says whether that is wider.
        let sense = match rights.map(|rights| rights.upgrades.is_empty()) {
            [false, false] => wider(&rights[0].upgrades, &rights[1].upgrades),
            _ => Sense::Either,
        };
        let upgrades = rights.map(|rights| Value::Texts(rights.upgrades.iter().cloned().collect()));
        self.push(Kind::LicenseUpgrades, subject, upgrades, counted(sense), part);
        let gates = rights.map(|rights| text(if rights.is_gated { "only when assigned" } else { "free" }));
        let sense = Sense::of_supply(rights[0].is_gated.cmp(&rights[1].is_gated));
        self.push(Kind::LicenseGated, subject, gates, counted(sense), part);
    }

    fn titles(&mut self, before: &Snapshot, after: &Snapshot) {
        if let (Some(facts_before), Some(facts_after)) = (&before.facts, &after.facts) {
            for (title, _) in pairs(&before.titles, &after.titles) {
                if !before.titles.contains_key(title) || !after.titles.contains_key(title) {
                    continue;
                }
                let plain = ("active".to_owned(), "installations".to_owned());
                let rows = [facts_before, facts_after].map(|facts| facts.titles.get(title).unwrap_or(&plain));
                let (subject, part) = (Subject::Title(title.clone()), self.parts.of_title(title));
                self.push(Kind::TitleStatus, &subject, rows.map(|row| text(&row.0)), Sense::Either, part);
                self.push(Kind::TitleTracking, &subject, rows.map(|row| text(&row.1)), Sense::Either, part);
            }
        }
        for (version, rows) in pairs(&before.versions, &after.versions) {
            let subject = Subject::Version { version: version.clone(), scope: None, contract: None };
            let part = self.parts.of_version(version);
            let is_there = rows.map(|row| if row.is_some() { text(version) } else { Value::None });
            self.push(Kind::Version, &subject, is_there, Sense::Either, part);
            let others = rows.map(|row| {
                row.map_or(Value::Count(0), |facts| {
                    Value::Count(i128::from(facts.row.installed) - i128::from(facts.row.demand))
                })
            });
            self.push(Kind::Installs, &subject, others, Sense::Either, part);
        }
    }

    fn demand(&mut self, before: &Snapshot, after: &Snapshot) {
        let nobody = BTreeMap::new();
        let title_of = |version: &str| {
            let facts = before.versions.get(version).or_else(|| after.versions.get(version));
            facts.map_or("", |facts| facts.title.as_str())
        };
        for (place, rows) in pairs(&before.demand, &after.demand) {
            let [before_rows, after_rows] = rows.map(|row| row.unwrap_or(&nobody));
            let (moved, targets) = moved(before_rows, after_rows);
            if moved == 0 {
                continue;
            }
            let sum = |rows: &BTreeMap<Whose, i64>| rows.values().map(|&units| i128::from(units)).sum::<i128>();
            let sums = [sum(before_rows), sum(after_rows)];
            let Place { version, scope, contract } = place;
            let is_tracked = [before, after].into_iter().any(|snapshot| snapshot.is_tracked(title_of(version)));
            let subject =
                Subject::Version { version: version.clone(), scope: Some(scope.clone()), contract: contract.clone() };
            let (kind, [before, after], sense) = match sums[1].cmp(&sums[0]) {
                Ordering::Equal => (Kind::Targets, [moved, moved], Sense::Either),
                order if is_tracked => (Kind::AssignedUse, sums, Sense::of_supply(order.reverse())),
                order => (Kind::Demand, sums, Sense::of_supply(order.reverse())),
            };
            let cause = Cause::new(kind, subject, Value::Count(before), Value::Count(after));
            self.causes.push(Cause { sense, part: self.parts.of_version(version), targets, ..cause });
        }
    }

    fn assignment(&mut self, assigned: &Assigned, target: &Target, rows: [Option<&AssignmentFacts>; 2]) {
        let values = rows.map(|row| {
            row.map_or(Value::None, |facts| {
                let version = facts.version.as_ref().map(|version| format!("version {version}"));
                Value::Texts(version.into_iter().chain([format!("scope {}", facts.scope)]).collect())
            })
        });
        let subject = Subject::Assignment(assigned.clone(), target.clone());
        self.push(Kind::Assignment, &subject, values, Sense::Either, self.parts.of_assigned(assigned));
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Whether the second set only adds to the first, or only takes from it.
fn wider(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Sense {
    match (before.is_subset(after), after.is_subset(before)) {
        (true, false) => Sense::Helps,
        (false, true) => Sense::Harms,
        _ => Sense::Either,
    }
}

/// How many units are of other assets and users, counted on the side with more, and whose they are on either.
fn moved(before: &BTreeMap<Whose, i64>, after: &BTreeMap<Whose, i64>) -> (i128, Vec<Target>) {
    let (mut gone, mut come) = (0, 0);
    let mut targets = BTreeSet::new();
    for (whose, rows) in pairs(before, after) {
        let [before, after] = rows.map(|units| i128::from(units.copied().unwrap_or(0)));
        gone += (before - after).max(0);
        come += (after - before).max(0);
        if before != after {
            targets.extend(whose.0.clone().map(Target::Asset));
            targets.extend(whose.1.clone().map(Target::User));
        }
    }
    (gone.max(come), targets.into_iter().collect())
}
