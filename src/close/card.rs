//! What is found in one frozen scorecard.

use super::compare::Pools;
use super::drift::{Drift, Field, ItemDrift, Moved, words as plain};
use super::freeze::is_untouched;
use super::inputs::View;
use super::{is_same_policy, rule, words};
use crate::book::Record;
use crate::diag::{Finding, Rule};
use crate::msg;
use crate::path;
use crate::record::amendment::{Cover, Short};
use crate::record::review::Review;
use crate::record::scorecard::Closed;
use crate::score::card::Scorecard;
use crate::source::{KeyPath, Place};
use crate::text::{Message, Text, close as say};

/// One frozen scorecard beside the one that comes out now.
pub(super) struct Side<'b> {
    pub(super) view: &'b View<'b>,
    pub(super) review: &'b Record<Review>,
    pub(super) scheme: &'b str,
    pub(super) frozen: &'b Closed,
    pub(super) now: Option<(&'b Scorecard, Drift)>,
    /// The sections of the settings that have changed since.
    pub(super) settings: &'b [String],
}

/// Changes that no amendment covers.
#[derive(Default)]
struct Open {
    changes: Vec<Message>,
    /// The field to amend, its value then and now.
    fields: Vec<(String, Option<String>, Option<String>)>,
    /// Amendments that name a field and do not cover it.
    short: Vec<(usize, Short)>,
}

impl Side<'_> {
    /// What is found in it.
    pub(super) fn report(&self, pools: &Pools, found: &mut Vec<Finding>) {
        if !is_untouched(self.frozen) {
            let at = self.at(["digest"]);
            found.push(Finding::new(&rule::CLOSED_SCORECARD_EDITED, at, self.says(say::EDITED)));
        }
        let Some((card, drift)) = &self.now else {
            let total = plain(self.frozen.total.map(|total| total.0));
            if !matches!(self.cover(&["total".to_owned()], total.as_deref(), None), Cover::Whole(_)) {
                found.push(Finding::new(
                    &rule::CLOSED_FIGURE_CHANGED,
                    self.at(["total"]),
                    self.says(say::NOT_SCORED),
                ));
            }
            return;
        };
        let (view, policy) = (self.view, &self.frozen.policy);
        let other_policy = self
            .frozen
            .policy_digest
            .as_ref()
            .is_some_and(|frozen| !is_same_policy(view.book, view.sources, policy, frozen));
        let mut by_policy = Open::default();
        let before = found.len();
        for item in &drift.items {
            let open = self.open_item(item);
            if open.fields.is_empty() {
                continue;
            }
            if other_policy && item.inputs.is_empty() {
                let changes = words::joined(open.changes);
                by_policy.changes.push(msg!(say::ITEM_FIELD, item = &item.id, changes = changes));
                by_policy.fields.extend(open.fields);
                by_policy.short.extend(open.short);
            } else {
                found.push(self.item(item, open));
            }
        }
        let mut open = self.open_result(card, drift, pools);
        if open.changes.is_empty() && by_policy.changes.is_empty() {
            return;
        }
        if other_policy && found.len() == before {
            by_policy.changes.append(&mut open.changes);
            by_policy.fields.append(&mut open.fields);
            by_policy.short.append(&mut open.short);
        }
        if !by_policy.changes.is_empty() {
            let message = msg!(
                say::POLICY_CHANGED,
                manager = self.review.data.manager.to_string(),
                period = self.review.data.period.to_string(),
                policy = policy.to_string(),
                changes = words::joined(std::mem::take(&mut by_policy.changes))
            );
            found.push(self.finding(&rule::CLOSED_POLICY_CHANGED, self.at(["policy"]), message, &by_policy));
        }
        if !open.changes.is_empty() {
            found.push(self.result(card, drift, open));
        }
    }

    fn at<const N: usize>(&self, keys: [&str; N]) -> Place {
        let mut path = path!["closed", self.scheme];
        path.0.extend(keys.into_iter().map(Into::into));
        Place::value(self.review.file, path)
    }

    fn says(&self, text: Text) -> Message {
        let review = &self.review.data;
        msg!(
            text,
            manager = review.manager.to_string(),
            period = review.period.to_string(),
            policy = self.frozen.policy.to_string()
        )
    }

    fn cover(&self, named: &[String], then: Option<&str>, now: Option<&str>) -> Cover {
        self.review.data.cover((self.scheme, self.frozen.closed_on.0), named, then, now)
    }

    /// What of an item no amendment covers. Its score and points follow from a value and a target that are covered.
    fn open_item(&self, item: &ItemDrift) -> Open {
        let mut open = Open::default();
        let named = |key: &str| {
            let path = format!("{}.{key}", item.id);
            if key == item.main { vec![item.id.clone(), path] } else { vec![path] }
        };
        let ask = |open: &mut Open, key: &str, then: Option<String>, now: Option<String>| {
            let named = named(key);
            match self.cover(&named, then.as_deref(), now.as_deref()) {
                Cover::Whole(_) => return true,
                Cover::Short(index, short) => open.short.push((index, short)),
                Cover::Unnamed => {}
            }
            open.fields.push((named[0].clone(), then, now));
            false
        };
        let mut follows = false;
        for Moved { key, then, now } in &item.moved {
            let effect = matches!(*key, "score" | "points");
            if effect && follows && open.fields.is_empty() {
                continue;
            }
            // What follows from something that is found already asks for no amendment of its own.
            if effect && !open.fields.is_empty() {
                open.changes.push(words::numbers(words::number_word(key), *then, *now));
                continue;
            }
            if ask(&mut open, key, plain(*then), plain(*now)) {
                follows = true;
            } else {
                open.changes.push(words::numbers(words::number_word(key), *then, *now));
            }
        }
        if item.moved.is_empty() {
            let unmoved = plain(item.main_then);
            ask(&mut open, item.main, unmoved.clone(), unmoved);
        }
        open
    }

    fn item(&self, item: &ItemDrift, mut open: Open) -> Finding {
        let text = if open.changes.is_empty() { say::ITEM_INPUT_CHANGED } else { say::ITEM_CHANGED };
        open.changes.extend(words::records(&item.inputs));
        self.name_settings(&mut open);
        let message = msg!(
            text,
            item = &item.id,
            manager = self.review.data.manager.to_string(),
            period = self.review.data.period.to_string(),
            changes = words::joined(std::mem::take(&mut open.changes))
        );
        let at = self.at(["indicators", &item.id]);
        let finding = self.finding(&rule::CLOSED_FIGURE_CHANGED, at, message, &open);
        let places = item.inputs.iter().filter_map(|input| input.at.clone()).take(1);
        places.fold(finding, |finding, at| finding.label(at, say::NOW_HERE.into()))
    }

    fn name_settings(&self, open: &mut Open) {
        if !self.settings.is_empty() {
            open.changes.push(msg!(say::SETTINGS_CHANGED, sections = self.settings.join(", ")));
        }
    }

    /// What beside the items no amendment covers.
    ///
    /// The share of a pool stays as it was frozen where nothing of its own has changed and only results move it, those of others
    /// or the manager's: each of these is found, or amended, where it is.
    fn open_result(&self, card: &Scorecard, drift: &Drift, pools: &Pools) -> Open {
        let mut open = Open::default();
        let pool_lines = card.pay.iter().flat_map(|pay| &pay.lines).filter(|line| line.pool);
        let pool_lines: Vec<String> = pool_lines.map(|line| format!("pay.{}", line.id)).collect();
        let own = !drift.pay_inputs.is_empty() || drift.fields.iter().any(|field| field.name == "grade");
        for field in &drift.fields {
            let Field { name, then, now } = field;
            let line = name.strip_prefix("pay.").unwrap_or_default();
            let same_size = self.frozen.risk_taker.is_some() || pools.kept.contains(line);
            if pool_lines.contains(name) && pools.moved && !own && same_size {
                continue;
            }
            match self.cover(std::slice::from_ref(name), then.as_deref(), now.as_deref()) {
                Cover::Whole(_) => continue,
                Cover::Short(index, short) => open.short.push((index, short)),
                Cover::Unnamed => {}
            }
            open.changes.push(words::field(field));
            open.fields.push((name.clone(), then.clone(), now.clone()));
        }
        open
    }

    fn result(&self, card: &Scorecard, drift: &Drift, mut open: Open) -> Finding {
        let first = open.fields.first().map(|(name, ..)| name.clone()).unwrap_or_default();
        let is_of_pay = |name: &str| name.starts_with("pay") || name == "deferral";
        if open.fields.iter().any(|(name, ..)| is_of_pay(name)) {
            open.changes.extend(words::records(&drift.pay_inputs));
        }
        let held: Vec<&str> = card.vetoes.iter().map(|veto| &*veto.id).collect();
        let then = self.frozen.vetoes.as_ref().map(|ids| ids.join(", "));
        let now = held.join(", ");
        if then.as_ref().map_or(!held.is_empty(), |then| *then != now) {
            let shown = |ids: String| Some(ids).filter(|ids| !ids.is_empty());
            let (then, now) = (then.and_then(shown), shown(now));
            open.changes.push(words::then_now(say::VETOES, then.as_deref(), now.as_deref()));
        }
        let risk_taker = self.frozen.risk_taker.filter(|then| *then != card.profile.risk_taker);
        if let Some(then) = risk_taker {
            let (then, now) = (then.to_string(), card.profile.risk_taker.to_string());
            open.changes.push(words::then_now(say::RISK_TAKER, Some(&then), Some(&now)));
        }
        self.name_settings(&mut open);
        let message = msg!(
            say::RESULT_CHANGED,
            manager = self.review.data.manager.to_string(),
            period = self.review.data.period.to_string(),
            changes = words::joined(std::mem::take(&mut open.changes))
        );
        let keys: Vec<&str> = first.split('.').collect();
        let at = match keys[..] {
            [section, line] => self.at([section, line]),
            _ => self.at([first.as_str()]),
        };
        let mut finding = self.finding(&rule::CLOSED_FIGURE_CHANGED, at, message, &open);
        let vetoes = card.vetoes.iter().flat_map(|veto| &veto.figures).flat_map(|figure| &figure.evidence);
        let causes = vetoes.map(|evidence| evidence.at.clone());
        let causes = drift.pay_inputs.iter().filter_map(|input| input.at.clone()).chain(causes);
        for at in causes.take(1) {
            finding = finding.label(at, say::NOW_HERE.into());
        }
        finding
    }

    /// A finding with the amendments that fall short, and the commands that amend.
    fn finding(&self, rule: &'static Rule, at: Place, message: Message, open: &Open) -> Finding {
        let commands: Vec<String> = open
            .fields
            .iter()
            .map(|(field, then, now)| words::amend(&self.review.id, field, then.as_deref(), now.as_deref()))
            .collect();
        let mut finding =
            Finding::new(rule, at, message).help(msg!(say::AMEND, commands = commands.join("; ")));
        for (index, short) in &open.short {
            let why = match short {
                Short::Early => say::COVERS_EARLY,
                Short::From => say::COVERS_FROM,
                Short::To => say::COVERS_TO,
            };
            let key = match short {
                Short::Early => "date",
                Short::From => "from",
                Short::To => "to",
            };
            let path: KeyPath = path!["amendments", *index, key];
            finding = finding.label(Place::value(self.review.file, path), why.into());
        }
        finding
    }
}
