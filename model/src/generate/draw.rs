//! Drawing a draft at random, rule by rule.

use super::{
    AssignedRow, AssignmentRow, Draft, InstallRow, LicenseRow, MetricRow, Reference, ScopeRow, Shape, SkuRow, Span,
    SplitMix64, TargetRow, TitleRow, TransferRow,
};

const AS_OF: &str = "2026-11-22";
const VERSIONS: [&str; 7] = ["9", "10", "2007", "2010", "2013", "2016", "v2.1"];
const COSTS: [&str; 6] = ["0", "0.01", "1", "2.5", "5.00", "12.3456"];

/// A draft being drawn.
struct Drawing<'a> {
    random: SplitMix64,
    shape: &'a Shape,
    draft: Draft,
    /// Breaks ties of age between versions of different titles, so that upgrade rights form no cycle.
    title_order: Vec<usize>,
    /// Whether scope and contract are drawn once for all licenses that upgrade rights connect.
    homes_are_shared: bool,
    /// Scope and contract of the SKUs, for those that upgrade rights connect.
    homes: Vec<Option<Home>>,
}

type Home = (Option<String>, Option<String>);

/// Draws a draft.
pub(super) fn draft(seed: u64, shape: &Shape) -> Draft {
    let draft = Draft {
        as_of: AS_OF.to_owned(),
        currency: None,
        scopes: Vec::new(),
        transfers: Vec::new(),
        titles: Vec::new(),
        skus: Vec::new(),
        licenses: Vec::new(),
        installs: Vec::new(),
        assignments: Vec::new(),
    };
    let mut random = SplitMix64::new(seed);
    let homes_are_shared = !random.percent(shape.mixed_percent);
    let mut drawing = Drawing { random, shape, draft, title_order: Vec::new(), homes_are_shared, homes: Vec::new() };
    drawing.scopes();
    drawing.titles();
    drawing.skus();
    drawing.homes();
    drawing.licenses();
    drawing.transfers();
    drawing.installs();
    drawing.assignments();
    drawing.draft
}

impl Drawing<'_> {
    /// Trees of scopes whose ids do not sort as the trees grow.
    fn scopes(&mut self) {
        let count = 1 + self.random.below(self.shape.scopes);
        if count == 1 && self.random.percent(50) {
            return;
        }
        for index in 0..count {
            let letter = *self.random.pick(&['k', 'b', 'u', 'e']);
            let is_root = index == 0 || self.random.percent(15);
            let parent = (!is_root).then(|| self.random.pick(&self.draft.scopes).id.clone());
            self.draft.scopes.push(ScopeRow { id: format!("{letter}{index}"), parent });
        }
    }

    /// A scope to write, or none for the root where that may be left out.
    fn scope(&mut self) -> Option<String> {
        let roots = self.draft.scopes.iter().filter(|scope| scope.parent.is_none()).count();
        let may_be_left_out = roots <= 1;
        if self.draft.scopes.is_empty() || may_be_left_out && self.random.percent(40) {
            return None;
        }
        Some(self.random.pick(&self.draft.scopes).id.clone())
    }

    fn contract(&mut self, percent: u64) -> Option<String> {
        let given = self.shape.contracts > 0 && self.random.percent(percent);
        given.then(|| format!("EA-{}", self.random.below(self.shape.contracts)))
    }

    /// Transfers, often several from one scope; into the scope's own tree, a nested scope, another tree.
    fn transfers(&mut self) {
        if self.random.percent(20) {
            self.draft.currency = Some("EUR".to_owned());
        }
        if self.draft.scopes.len() < 2 || self.random.percent(30) {
            return;
        }
        self.draft.currency = Some("EUR".to_owned());
        let mut from = self.random.pick(&self.draft.scopes).id.clone();
        if let Some(scope) = self.random.pick(&self.draft.licenses).scope.clone() {
            from = scope;
        }
        for _ in 0..=self.random.below(self.draft.scopes.len().min(4)) {
            if self.random.percent(30) {
                from.clone_from(&self.random.pick(&self.draft.scopes).id);
            }
            let mut to = self.random.pick(&self.draft.scopes).id.clone();
            // Into its own tree a transfer changes nothing; that is drawn too, but not most of the time.
            for _ in 0..2 {
                if self.is_within(&to, &from) {
                    to.clone_from(&self.random.pick(&self.draft.scopes).id);
                }
            }
            let is_new = !self.draft.transfers.iter().any(|row| row.from == from && row.to == to);
            if from != to && is_new {
                let cost = (*self.random.pick(&COSTS)).to_owned();
                self.draft.transfers.push(TransferRow { from: from.clone(), to, cost });
            }
        }
    }

    fn is_within(&self, scope: &str, above: &str) -> bool {
        let row = self.draft.scopes.iter().find(|row| row.id == scope);
        scope == above || row.and_then(|row| row.parent.as_ref()).is_some_and(|parent| self.is_within(parent, above))
    }

    fn titles(&mut self) {
        let fewest = self.shape.titles / 4;
        let count = 1 + fewest + self.random.below(self.shape.titles - fewest);
        for index in 0..count {
            let longest = self.shape.versions.min(VERSIONS.len());
            // Long titles more often than short ones: upgrades need two versions.
            let length = 1 + self.random.below(longest).max(self.random.below(longest));
            let first = self.random.below(VERSIONS.len() - length + 1);
            let versions = VERSIONS[first..first + length].iter().map(|&version| version.to_owned()).collect();
            let publisher = self.random.percent(80).then(|| format!("Publisher {}", self.random.below(2)));
            let family = self.random.percent(50).then(|| format!("Family {}", self.random.below(2)));
            self.draft.titles.push(TitleRow {
                id: format!("{}{index}", self.random.pick(&["word", "base", "sql"])),
                publisher,
                family,
                versions,
                is_active: !self.random.percent(7),
                is_tracked_by_assignments: self.random.percent(14),
            });
        }
        self.title_order = (0..count).collect();
        self.random.shuffle(&mut self.title_order);
    }

    fn any_version(&mut self) -> (usize, usize) {
        let title = self.random.below(self.draft.titles.len());
        (title, self.random.below(self.draft.titles[title].versions.len()))
    }

    fn reference(&self, (title, version): (usize, usize)) -> Reference {
        let title = &self.draft.titles[title];
        Reference::one(&title.id, &title.versions[version])
    }

    fn find(&self, reference: &Reference) -> (usize, usize) {
        let title = self.draft.titles.iter().position(|title| title.id == reference.title).expect("drawn before");
        let Span::One(name) = &reference.span else { unreachable!("main versions are single") };
        let version = self.draft.titles[title].versions.iter().position(|version| version == name);
        (title, version.expect("drawn before"))
    }

    /// Age of a version across titles: an upgrade right always leads from a lower to a higher rank.
    fn rank(&self, (title, version): (usize, usize)) -> usize {
        version * self.title_order.len() + self.title_order[title]
    }

    /// The versions of a title from one position to another, written in one of the ways there are.
    fn span(&mut self, title: usize, first: usize, last: usize) -> Reference {
        let row = &self.draft.titles[title];
        let newest = row.versions.len() - 1;
        let name = |version: usize| row.versions[version].clone();
        let mut ways = vec![Span::Between(name(first), name(last))];
        if first == last {
            ways.push(Span::One(name(first)));
        }
        if first == 0 {
            ways.push(Span::UpTo(name(last)));
        }
        if last == newest {
            ways.push(Span::From(name(first)));
        }
        if first == 0 && last == newest {
            ways.push(Span::All);
        }
        Reference { title: row.id.clone(), span: self.random.pick(&ways).clone() }
    }

    fn skus(&mut self) {
        let count = 2 + self.random.below(self.shape.skus.max(2) - 1);
        for index in 0..count {
            let upgrade = if index > 0 && self.random.percent(60) { self.upgrade() } else { None };
            let (main, upgrades) = upgrade.unwrap_or_else(|| (self.any_version(), Vec::new()));
            let gated_percent = if upgrades.is_empty() { 12 } else { 8 };
            let mut row = SkuRow {
                id: format!("{}-{index}", self.random.pick(&["FULL", "BOX", "PLAN"])),
                version: self.reference(main),
                covers: self.covers(main),
                upgrades,
                use_only_when_assigned: self.random.percent(gated_percent),
                metric: MetricRow::Install,
                bundle: Vec::new(),
            };
            if self.shape.metric_percent > 0 && self.random.percent(self.shape.metric_percent) {
                self.extent(&mut row);
            }
            self.draft.skus.push(row);
        }
    }

    /// Lets one license cover several installs: by the asset, by the user, as a suite, or as both.
    fn extent(&mut self, row: &mut SkuRow) {
        let devices = [None, Some(1), Some(2)];
        row.metric = match self.random.below(4) {
            0 => MetricRow::Device,
            1 => MetricRow::User(*self.random.pick(&devices)),
            _ => MetricRow::Install,
        };
        if row.metric != MetricRow::Install && self.random.percent(70) {
            return;
        }
        let main = self.find(&row.version);
        for title in 0..self.draft.titles.len() {
            let newest = self.draft.titles[title].versions.len() - 1;
            let (first, last) = (self.random.below(newest + 1), self.random.below(newest + 1));
            let (first, last) = (first.min(last), first.max(last));
            // No version belongs to two members.
            let is_apart = (first..=last).all(|version| {
                let is_covered = row.covers.iter().any(|reference| self.contains(reference, (title, version)));
                (title, version) != main && !is_covered
            });
            if is_apart && self.random.percent(75) {
                row.bundle.push(self.span(title, first, last));
            }
        }
    }

    /// The main version and the rights of an upgrade of a SKU drawn before, if one can be had.
    fn upgrade(&mut self) -> Option<((usize, usize), Vec<Reference>)> {
        let below = self.random.pick(&self.draft.skus).version.clone();
        let below = self.find(&below);
        let titles = 0..self.draft.titles.len();
        let versions = titles.flat_map(|title| (0..self.draft.titles[title].versions.len()).map(move |v| (title, v)));
        let newer: Vec<_> = versions.filter(|&version| self.rank(version) > self.rank(below)).collect();
        let same_title: Vec<_> = newer.iter().copied().filter(|version| version.0 == below.0).collect();
        let choice = if same_title.is_empty() || self.random.percent(25) { newer } else { same_title };
        if choice.is_empty() {
            return None;
        }
        let main = *self.random.pick(&choice);
        let mut upgrades = vec![self.older(below.0, below.1, main)];
        if self.random.percent(30) {
            let (title, version) = self.any_version();
            if self.rank((title, version)) < self.rank(main) {
                upgrades.push(self.older(title, version, main));
            }
        }
        Some((main, upgrades))
    }

    /// Versions of a title around `version`, all of lower rank than `main`.
    fn older(&mut self, title: usize, version: usize, main: (usize, usize)) -> Reference {
        let versions = self.draft.titles[title].versions.len();
        let last = (version..versions).take_while(|&v| self.rank((title, v)) < self.rank(main)).last();
        let last = last.expect("the version itself ranks lower");
        let last = version + self.random.below(last - version + 1);
        let first = if self.random.percent(50) { version } else { self.random.below(version + 1) };
        self.span(title, first, last)
    }

    /// Downgrades, newer versions, other titles, everything.
    fn covers(&mut self, (title, version): (usize, usize)) -> Vec<Reference> {
        let newest = self.draft.titles[title].versions.len() - 1;
        let mut covers = Vec::new();
        if version > 0 && self.random.percent(65) {
            let first = if self.random.percent(60) { 0 } else { self.random.below(version) };
            covers.push(self.span(title, first, version - 1));
        }
        if version < newest && self.random.percent(15) {
            covers.push(self.span(title, version + 1, version + 1));
        }
        if self.random.percent(15) {
            let (other, first) = self.any_version();
            let last = self.draft.titles[other].versions.len() - 1;
            let last = first + self.random.below(last - first + 1);
            covers.push(self.span(other, first, last));
        }
        if self.random.percent(5) {
            covers.push(self.span(title, 0, newest));
        }
        covers
    }

    fn contains(&self, reference: &Reference, version: (usize, usize)) -> bool {
        let title = &self.draft.titles[version.0];
        let at = |name: &String| title.versions.iter().position(|version| version == name).expect("drawn before");
        reference.title == title.id
            && match &reference.span {
                Span::One(name) => at(name) == version.1,
                Span::All => true,
                Span::UpTo(last) => version.1 <= at(last),
                Span::From(first) => version.1 >= at(first),
                Span::Between(first, last) => (at(first)..=at(last)).contains(&version.1),
            }
    }

    /// Whether an upgrade SKU may be stacked on a SKU.
    fn may_stack(&self, upgrade: usize, below: usize) -> bool {
        let version = self.find(&self.draft.skus[below].version);
        self.draft.skus[upgrade].upgrades.iter().any(|reference| self.contains(reference, version))
    }

    fn sku_of(&self, license: usize) -> usize {
        let license = &self.draft.licenses[license];
        self.draft.skus.iter().position(|sku| sku.id == license.sku).expect("licenses name drawn SKUs")
    }

    /// One scope and contract for all SKUs that upgrade rights connect.
    fn homes(&mut self) {
        let count = self.draft.skus.len();
        let mut part: Vec<usize> = (0..count).collect();
        for (upgrade, below) in (0..count).flat_map(|upgrade| (0..count).map(move |below| (upgrade, below))) {
            if self.may_stack(upgrade, below) {
                let (kept, merged) = (part[upgrade], part[below]);
                part.iter_mut().filter(|part| **part == merged).for_each(|part| *part = kept);
            }
        }
        let drawn: Vec<Home> = (0..count).map(|_| (self.scope(), self.contract(25))).collect();
        let is_shared = |sku: usize| part.iter().filter(|&&other| other == part[sku]).count() > 1;
        self.homes = (0..count).map(|sku| is_shared(sku).then(|| drawn[part[sku]].clone())).collect();
    }

    /// Rarely zero; small numbers more often than large ones.
    fn quantity(&mut self) -> u64 {
        if self.random.percent(4) {
            return 0;
        }
        let mut draw = || 1 + self.random.next_u64() % self.shape.quantity.max(1);
        draw().min(draw())
    }

    fn licenses(&mut self) {
        let most = self.shape.licenses.max(2) - 1;
        let count = 2 + self.random.below(most).max(self.random.below(most));
        let pairs = (0..self.draft.skus.len()).flat_map(|upper| (0..upper).map(move |lower| (upper, lower)));
        let mut wanted: Vec<usize> = pairs
            .filter(|&(upper, lower)| self.may_stack(upper, lower))
            .flat_map(|(upper, lower)| [lower, upper, lower])
            .collect();
        for index in 0..count {
            // Most lots belong to pairs that upgrade rights connect, or upgrades would rarely matter.
            let sku = if self.random.percent(65) { wanted.pop() } else { None };
            let sku = sku.unwrap_or_else(|| self.random.below(self.draft.skus.len()));
            let home = self.homes[sku].clone().filter(|_| self.homes_are_shared);
            let (scope, contract) = home.unwrap_or_else(|| (self.scope(), self.contract(30)));
            let (start, end) = self.dates();
            let row = LicenseRow {
                id: format!("{}{index}", self.random.pick(&["L", "A", "lot-"])),
                sku: self.draft.skus[sku].id.clone(),
                quantity: if self.random.percent(7) { None } else { Some(self.quantity()) },
                scope,
                start,
                end,
                purchased: self.random.percent(50).then(|| format!("20{}-06-30", 10 + self.random.below(10))),
                contract,
            };
            self.draft.licenses.push(row);
        }
    }

    /// Mostly active; the first and the last active day are drawn as well as the days beside them.
    fn dates(&mut self) -> (Option<String>, Option<String>) {
        let (start, end) = *self.random.pick(&[
            ("", ""),
            ("", ""),
            ("", ""),
            ("", ""),
            ("", ""),
            ("", ""),
            ("2020-01-01", ""),
            ("2020-01-01", "2027-12-31"),
            ("", "2026-12-31"),
            (AS_OF, ""),
            ("", AS_OF),
            (AS_OF, AS_OF),
            ("2020-02-29", "2026-11-21"),
            ("2026-11-23", ""),
        ]);
        let given = |date: &str| (!date.is_empty()).then(|| date.to_owned());
        (given(start), given(end))
    }

    /// A license that may cover the install or assignment to come, and a version it may cover.
    fn wanted(&mut self) -> (usize, (usize, usize)) {
        let mut license = self.random.below(self.draft.licenses.len());
        if self.draft.skus[self.sku_of(license)].upgrades.is_empty() && self.random.percent(40) {
            license = self.random.below(self.draft.licenses.len());
        }
        if self.random.percent(10) {
            return (license, self.any_version());
        }
        let sku = &self.draft.skus[self.sku_of(license)];
        let main = self.find(&sku.version);
        let titles = 0..self.draft.titles.len();
        let all = titles.flat_map(|title| (0..self.draft.titles[title].versions.len()).map(move |v| (title, v)));
        let covered: Vec<_> =
            all.filter(|&version| sku.covers.iter().any(|reference| self.contains(reference, version))).collect();
        let is_main = covered.is_empty() || self.random.percent(60);
        (license, if is_main { main } else { *self.random.pick(&covered) })
    }

    /// Where a license is, where a transfer leads, or anywhere.
    fn place_near(&mut self, license: usize) -> Option<String> {
        if !self.draft.transfers.is_empty() && self.random.percent(35) {
            return Some(self.random.pick(&self.draft.transfers).to.clone());
        }
        if self.random.percent(55) { self.draft.licenses[license].scope.clone() } else { self.scope() }
    }

    fn contract_near(&mut self, license: usize) -> Option<String> {
        if self.random.percent(40) { self.draft.licenses[license].contract.clone() } else { self.contract(25) }
    }

    fn installs(&mut self) {
        let mut demand = self.shape.demand;
        let most = self.shape.installs + 1;
        for _ in 0..self.random.below(most).max(self.random.below(most)) {
            if demand > 0 && !self.draft.installs.is_empty() && self.random.percent(6) {
                let again = self.random.pick(&self.draft.installs).clone();
                if again.excluded.is_some() || again.quantity.unwrap_or(1) <= demand {
                    demand -= if again.excluded.is_some() { 0 } else { again.quantity.unwrap_or(1) };
                    self.draft.installs.push(again);
                }
                continue;
            }
            let excluded = self.random.percent(7).then(|| "in the scrap store".to_owned());
            let quantity = if self.random.percent(40) { None } else { Some(self.quantity()) };
            let quantity = if quantity.unwrap_or(1) > demand { Some(demand) } else { quantity };
            demand -= if excluded.is_some() { 0 } else { quantity.unwrap_or(1) };
            let (license, version) = self.wanted();
            let row = InstallRow {
                version: self.reference(version),
                quantity,
                scope: self.place_near(license),
                contract: self.contract_near(license),
                asset: self.random.percent(if self.shape.metric_percent > 0 { 85 } else { 50 }).then(|| self.asset()),
                user: self.random.percent(45).then(|| self.user()),
                last_used: self.random.percent(20).then(|| "2026-08-01".to_owned()),
                excluded,
            };
            self.draft.installs.push(row);
        }
    }

    fn asset(&mut self) -> String {
        format!("PC-{}", self.random.below(self.shape.assets.max(1)))
    }

    fn user(&mut self) -> String {
        format!("user-{}", self.random.below(self.shape.users.max(1)))
    }

    fn target(&mut self) -> TargetRow {
        if self.random.percent(55) { TargetRow::Asset(self.asset()) } else { TargetRow::User(self.user()) }
    }

    /// Licenses and titles tied to targets; upgrades often to a target that has a license below, and
    /// licenses often to more targets than they have units.
    fn assignments(&mut self) {
        let count = self.random.below(self.shape.assignments + 1);
        let mut target = self.target();
        // An attempt adds nothing where the same thing is tied to the same target already.
        for _ in 0..2 * count {
            if self.draft.assignments.len() >= count {
                break;
            }
            if self.random.percent(60) {
                target = self.target();
            }
            if self.random.percent(45) {
                self.title_assignment(target.clone());
            } else {
                self.license_assignments(&target);
            }
        }
    }

    fn title_assignment(&mut self, target: TargetRow) {
        let (license, (title, version)) = self.wanted();
        let row = &self.draft.titles[title];
        let assigned = AssignedRow::Title(row.id.clone());
        let version = row.versions[version].clone();
        let version = self.random.percent(40).then_some(version);
        let scope = self.place_near(license);
        self.assign(AssignmentRow { assigned, target, version, scope });
    }

    fn license_assignments(&mut self, target: &TargetRow) {
        let upper = self.random.below(self.draft.licenses.len());
        let mut tied = vec![upper];
        if self.random.percent(50) {
            let licenses = 0..self.draft.licenses.len();
            let below: Vec<usize> =
                licenses.filter(|&lower| self.may_stack(self.sku_of(upper), self.sku_of(lower))).collect();
            if !below.is_empty() {
                tied.push(*self.random.pick(&below));
            }
        }
        for license in tied {
            let scope = if self.random.percent(35) { self.place_near(license) } else { None };
            let assigned = AssignedRow::License(self.draft.licenses[license].id.clone());
            self.assign(AssignmentRow {
                assigned: assigned.clone(),
                target: target.clone(),
                version: None,
                scope: scope.clone(),
            });
            if self.random.percent(20) {
                let target = self.target();
                self.assign(AssignmentRow { assigned, target, version: None, scope });
            }
        }
    }

    /// Adds an assignment unless the same thing is tied to the same target already.
    fn assign(&mut self, row: AssignmentRow) {
        let twin = |other: &AssignmentRow| (&other.assigned, &other.target) == (&row.assigned, &row.target);
        if !self.draft.assignments.iter().any(twin) {
            self.draft.assignments.push(row);
        }
    }
}
