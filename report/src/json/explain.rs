//! An explanation as JSON: facts as data, remedies as data with their sentence, and all that the text says.
//!
//! Rows that a position has too are the same rows.

use super::lines::Lines;
use super::rows::Rows;
use super::{FORMAT, money};
use crate::explain::{head, sections};
use crate::phrase::explain::remedy::{kind, remedy as sentence};
use explanation::{
    Counts, DemandExplanation, DemandFacts, Edit, Effect, Explanation, Fate, HolderExplanation, Idle, InstallFacts,
    LicenseExplanation, Need, Obstacle, Reason, Refusal, Remedy, Shortfall, Subject, Support, VersionFacts,
};
use model::estate::{Assigned, Target};
use model::id::{ContractId, LicenseId, ScopeId, SkuId, VersionId};
use model::number::Quantity;
use serde_json::{Value, json};
use solver::{Needed, Position, Shortage};

/// The explanation as one JSON object with a line feed at its end.
#[must_use]
pub fn explanation_json(position: &Position<'_>, subject: Subject, explanation: &Explanation) -> String {
    let certified = &position.certified;
    let estate = certified.estate();
    let mut lines = Lines::new();
    lines.field("licit", &FORMAT);
    lines.field("command", "explain");
    lines.field("name", &estate.name);
    lines.field("as_of", &estate.as_of.to_string());
    lines.field("currency", &estate.currency.map(|currency| currency.code));
    lines.field("digest", &estate.digest());
    lines.field("standing", certified.standing().word());
    lines.field("subject", &json!({"kind": subject.kind(), "name": subject.name(estate)}));
    let rows = Rows { estate };
    match explanation {
        Explanation::Demand(demand) => demanded(rows, position, demand, &mut lines),
        Explanation::License(license) => licensed(rows, position, license, &mut lines),
        Explanation::Holder(holder) => held(rows, position, holder, &mut lines),
    }
    lines.field("summary", &head(position, explanation));
    let said = sections(position, explanation).into_iter();
    lines.rows("sections", said.map(|section| json!({"heading": section.heading, "sentences": section.sentences})));
    lines.finish()
}

fn demanded(rows: Rows<'_>, position: &Position<'_>, demand: &DemandExplanation, lines: &mut Lines) {
    lines.rows("versions", demand.versions.iter().map(|facts| rows.version_facts(position, facts)));
    match &demand.fate {
        Fate::Inactive => lines.field("fate", "inactive"),
        Fate::NoDemand => lines.field("fate", "no-demand"),
        Fate::Short(shortfall) => short(rows, shortfall, lines),
        Fate::Covered(Support { sets, rests_on }) => {
            lines.field("fate", "covered");
            lines.rows("may_be_short", sets.iter().map(|set| rows.shortage(set)));
            let dependence = |row: &explanation::Dependence| json!({"license": rows.license_name(row.license), "shortage": row.shortage.map(Shortage::word)});
            lines.field("rests_on", &rests_on.as_ref().map(|all| all.iter().map(dependence).collect::<Vec<_>>()));
        }
    }
}

fn short(rows: Rows<'_>, shortfall: &Shortfall, lines: &mut Lines) {
    let Shortfall { sets, is_by_bound, needs, refused, remedies } = shortfall;
    lines.field("fate", "short");
    lines.rows("shortages", sets.iter().map(|set| rows.shortage(set)));
    lines.field("by_bound", is_by_bound);
    lines.field("needs", &rows.needs(needs));
    lines.rows("refused", refused.iter().map(|refusal| rows.refusal(refusal)));
    remedied(rows, remedies.as_deref(), lines);
}

/// Null where it was not possible to try.
fn remedied(rows: Rows<'_>, remedies: Option<&[Remedy]>, lines: &mut Lines) {
    match remedies {
        None => lines.field("remedies", &Value::Null),
        Some(remedies) => lines.rows("remedies", remedies.iter().map(|remedy| rows.remedy(remedy))),
    }
}

fn licensed(rows: Rows<'_>, position: &Position<'_>, license: &LicenseExplanation, lines: &mut Lines) {
    lines.field("license", &rows.license(license.license, position));
    lines.rows("uses", license.uses.iter().map(|row| rows.allocation(row)));
    lines.field("idle", &license.idle.as_ref().map(|idle| rows.idle(idle)));
    lines.field("needed", &license.needed.map(Needed::word));
    lines.field("one_more", &license.one_more.map(effect));
    lines.field("one_less", &license.one_less.map(effect));
    let key = if rows.estate.is_active(license.license) { "without" } else { "counted" };
    let turned = license.turned.as_ref().map(|turned| {
        let newly: Vec<String> = turned.newly_short.iter().map(|&version| rows.version_name(version)).collect();
        json!({"effect": effect(turned.effect), "newly_short": newly})
    });
    lines.field(key, &turned);
}

fn held(rows: Rows<'_>, position: &Position<'_>, holder: &HolderExplanation, lines: &mut Lines) {
    let figures = position.certified.figures();
    lines.rows("installs", holder.installs.iter().map(|facts| rows.install(facts)));
    lines.rows("tracked", holder.tracked.iter().map(|demand| rows.demand_facts(demand)));
    lines.rows("set_aside", holder.set_aside.iter().map(|row| rows.allocation(row)));
    lines.rows("assignments", holder.assignments.iter().map(|&id| rows.assignment(id, figures)));
    lines.list("unmet");
    for unmet in &holder.unmet {
        lines.item();
        lines.field("assignment", &rows.assignment(unmet.assignment, figures));
        lines.field("needs", &rows.needs(&unmet.needs));
        lines.rows("refused", unmet.refused.iter().map(|refusal| rows.refusal(refusal)));
        remedied(rows, unmet.remedies.as_deref(), lines);
        lines.close();
    }
    lines.close_list();
}

fn effect(effect: Effect) -> Value {
    let Effect { license_assignments_unmet, title_assignments_unmet, uncovered } = effect;
    let whole = |change: i128| i64::try_from(change).expect("changes of one license fit");
    json!({
        "license_assignments_unmet": whole(license_assignments_unmet),
        "title_assignments_unmet": whole(title_assignments_unmet),
        "uncovered": whole(uncovered),
    })
}

fn value(row: impl serde::Serialize) -> Value {
    serde_json::to_value(row).expect("rows have text for keys")
}

impl<'e> Rows<'e> {
    fn version_name(self, version: VersionId) -> String {
        self.estate.version_text(version)
    }

    fn license_name(self, license: LicenseId) -> &'e str {
        &self.estate.licenses[license].id
    }

    fn scope_name(self, scope: ScopeId) -> &'e str {
        &self.estate.scopes[scope].id
    }

    fn contract_name(self, contract: Option<ContractId>) -> Option<&'e str> {
        contract.map(|contract| self.estate.contracts[contract].as_str())
    }

    fn sku_name(self, sku: SkuId) -> &'e str {
        &self.estate.skus[sku].id
    }

    fn needs(self, needs: &[Need]) -> Vec<Value> {
        let need = |need: &Need| match *need {
            Need::Cover(version) => json!({"cover": self.version_name(version)}),
            Need::Base(sku) => json!({"base_for": self.sku_name(sku)}),
        };
        needs.iter().map(need).collect()
    }

    fn license_names(self, licenses: &[LicenseId]) -> Vec<&'e str> {
        licenses.iter().map(|&license| self.license_name(license)).collect()
    }

    fn version_facts(self, position: &Position<'_>, facts: &VersionFacts) -> Value {
        let places = facts.places.iter().map(|place| {
            json!({
                "scope": self.scope_name(place.scope),
                "contract": self.contract_name(place.contract),
                "installed": place.installed.get(),
                "excluded": place.excluded.get(),
                "covered": place.served.covered.get(),
                "uncovered": place.served.uncovered.get(),
            })
        });
        let covers = facts.covered_by.iter().map(|row| {
            let licenses: Vec<&str> = row.path.iter().map(|unit| self.license_name(unit.license)).collect();
            let reserved: Vec<bool> = row.path.iter().map(|unit| unit.is_reserved).collect();
            let (right, quantity) = (row.right.word(), row.quantity.get());
            json!({"licenses": licenses, "reserved": reserved, "right": right, "quantity": quantity})
        });
        json!({
            "version": self.version_name(facts.version),
            "figures": value(self.version(facts.version, position)),
            "places": places.collect::<Vec<_>>(),
            "covered_by": covers.collect::<Vec<_>>(),
        })
    }

    fn refusal(self, refusal: &Refusal) -> Value {
        let mut row = json!({
            "license": self.license_name(refusal.license),
            "unused": refusal.unused.map(Quantity::get),
        });
        merge(&mut row, self.reason(&refusal.reason));
        row
    }

    fn reason(self, reason: &Reason) -> Value {
        match reason {
            Reason::NoRight => json!({"reason": "no-right"}),
            Reason::Barred { toward, obstacles } => json!({
                "reason": "barred",
                "toward": self.needs(toward),
                "obstacles": obstacles.iter().map(|obstacle| self.obstacle(obstacle)).collect::<Vec<_>>(),
            }),
            Reason::UsedUp => json!({"reason": "used-up"}),
            Reason::Blocked { by } => json!({"reason": "blocked", "by": self.license_names(by)}),
        }
    }

    fn obstacle(self, obstacle: &Obstacle) -> Value {
        match obstacle {
            Obstacle::Ended(day) => json!({"obstacle": "ended", "on": day.to_string()}),
            Obstacle::NotStarted(day) => json!({"obstacle": "not-started", "on": day.to_string()}),
            Obstacle::NoUnits => json!({"obstacle": "no-units"}),
            Obstacle::Reserved(quantity) => json!({"obstacle": "reserved", "units": quantity.get()}),
            Obstacle::Gated(units) => json!({"obstacle": "gated", "units": units.map(Quantity::get)}),
            Obstacle::Scopes(scopes) => {
                let scopes: Vec<&str> = scopes.iter().map(|&scope| self.scope_name(scope)).collect();
                json!({"obstacle": "scope", "scopes": scopes})
            }
            Obstacle::Contracts(contracts) => {
                let contracts: Vec<_> = contracts.iter().map(|&contract| self.contract_name(Some(contract))).collect();
                json!({"obstacle": "contract", "contracts": contracts})
            }
            Obstacle::NothingToStandOn => json!({"obstacle": "nothing-to-stand-on"}),
            Obstacle::OnlyUnder(skus) => {
                let skus: Vec<&str> = skus.iter().map(|&sku| self.sku_name(sku)).collect();
                json!({"obstacle": "only-under", "skus": skus})
            }
        }
    }

    fn remedy(self, remedy: &Remedy) -> Value {
        json!({
            "edits": remedy.edits.iter().map(|edit| self.edit(edit)).collect::<Vec<_>>(),
            "cost": remedy.cost.map(|cost| money(cost, self.estate.currency)),
            "sentence": sentence(self.estate, remedy),
        })
    }

    fn edit(self, edit: &Edit) -> Value {
        let mut row = json!({"edit": kind(edit)});
        merge(
            &mut row,
            match *edit {
                Edit::Count(license) | Edit::AnyContract(license) => json!({"license": self.license_name(license)}),
                Edit::Widen { license, scope } => {
                    json!({"license": self.license_name(license), "scope": self.scope_name(scope)})
                }
                Edit::Cover { sku, version } | Edit::StandOn { sku, version } => {
                    json!({"sku": self.sku_name(sku), "version": self.version_name(version)})
                }
                Edit::Release(assignment) => {
                    let row = self.estate.assignments[assignment];
                    let mut said = json!({"license": null, "title": null});
                    match row.assigned {
                        Assigned::License(license) => said["license"] = self.license_name(license).into(),
                        Assigned::Title(title) => {
                            said["title"] = self.estate.titles[title].id.as_str().into();
                        }
                    }
                    said["target"] = self.target_value(row.target);
                    said
                }
                Edit::Assign { license, target } => {
                    json!({"license": self.license_name(license), "target": self.target_value(target)})
                }
                Edit::Enlarge { license, units } => {
                    json!({"license": self.license_name(license), "units": units.get()})
                }
                Edit::Transfer { from, to } => json!({"from": self.scope_name(from), "to": self.scope_name(to)}),
                Edit::Reinstall { from, to, scope, contract, quantity } => json!({
                    "from": self.version_name(from),
                    "to": self.version_name(to),
                    "scope": self.scope_name(scope),
                    "contract": self.contract_name(contract),
                    "quantity": quantity.get(),
                }),
                Edit::BuyFor { sku, scope, target } => json!({
                    "sku": self.sku_name(sku),
                    "scope": self.scope_name(scope),
                    "target": self.target_value(target),
                }),
                Edit::Buy { sku, scope, quantity } => {
                    json!({"sku": self.sku_name(sku), "scope": self.scope_name(scope), "quantity": quantity.get()})
                }
            },
        );
        row
    }

    fn target_value(self, target: Target) -> Value {
        match target {
            Target::Asset(asset) => json!({"asset": self.estate.assets[asset]}),
            Target::User(user) => json!({"user": self.estate.users[user]}),
        }
    }

    fn idle(self, idle: &Idle) -> Value {
        match idle {
            Idle::NothingDemanded => json!({"reason": "nothing-demanded"}),
            Idle::AllCovered => json!({"reason": "all-covered"}),
            Idle::Refused(reason) => self.reason(reason),
        }
    }

    fn install(self, facts: &InstallFacts) -> Value {
        let row = &facts.install;
        let counts = match &facts.counts {
            Counts::Demand(demand) => self.demand_facts(demand),
            Counts::Excluded => json!({"not_demanded": "excluded", "why": row.excluded.as_deref()}),
            Counts::InactiveTitle => json!({"not_demanded": "inactive-title"}),
            Counts::TrackedByAssignments => json!({"not_demanded": "tracked-by-assignments"}),
        };
        json!({
            "version": self.version_name(row.version),
            "scope": self.scope_name(row.scope),
            "contract": self.contract_name(row.contract),
            "asset": row.asset.map(|asset| self.estate.assets[asset].as_str()),
            "user": row.user.map(|user| self.estate.users[user].as_str()),
            "quantity": row.quantity.get(),
            "last_used": row.last_used.map(|day| day.to_string()),
            "demand": counts,
        })
    }

    fn demand_facts(self, demand: &DemandFacts) -> Value {
        let rows: Vec<Value> = demand.rows.iter().map(|row| value(self.allocation(row))).collect();
        json!({
            "version": self.version_name(demand.key.version),
            "scope": self.scope_name(demand.key.scope),
            "contract": self.contract_name(demand.key.contract),
            "uncovered": demand.uncovered.get(),
            "covered_by": rows,
        })
    }
}

/// Adds the keys of one object to another.
fn merge(row: &mut Value, more: Value) {
    if let (Some(row), Value::Object(more)) = (row.as_object_mut(), more) {
        row.extend(more);
    }
}
