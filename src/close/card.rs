//! What is found in one frozen scorecard.

use super::compare::Pools;
use super::drift::{Drift, Field, ItemDrift};
use super::freeze::is_untouched;
use super::inputs::View;
use super::ledger;
use super::{is_same_policy, rule, words};
use crate::book::Record;
use crate::diag::{Finding, Rule};
use crate::msg;
use crate::path;
use crate::record::amendment::{ClosedField, ItemNumber, Short, Standing};
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
    /// What stands of it.
    pub(super) standing: Standing<'b>,
    pub(super) now: Option<Now<'b>>,
    /// The sections of the settings that have changed since.
    pub(super) settings: &'b [String],
}

/// The scorecard that comes out now.
pub(super) struct Now<'b> {
    /// The policy it is scored by.
    pub(super) policy: &'b str,
    pub(super) card: &'b Scorecard,
    pub(super) drift: Drift,
}

/// Changes that no amendment settles.
#[derive(Default)]
struct Open {
    changes: Vec<Message>,
    /// The fields to amend.
    fields: Vec<Field>,
    /// Amendments that name a field and change nothing.
    short: Vec<(usize, Short)>,
}

impl Open {
    fn extend(&mut self, other: Self) {
        self.changes.extend(other.changes);
        self.fields.extend(other.fields);
        self.short.extend(other.short);
    }
}

impl Side<'_> {
    /// What is found in it.
    pub(super) fn report(&self, pools: &Pools, found: &mut Vec<Finding>) {
        if !is_untouched(self.frozen) {
            let at = self.at(["digest"]);
            found.push(Finding::new(&rule::CLOSED_SCORECARD_EDITED, at, self.says(say::EDITED)));
        }
        found.extend(self.ledger());
        let Some(now) = &self.now else {
            let settled = self.standing.closed.total.is_none() && self.standing.settles(&ClosedField::Total);
            if !settled && !self.stands(&ClosedField::Total, None) {
                let at = self.at(["total"]);
                found.push(Finding::new(&rule::CLOSED_FIGURE_CHANGED, at, self.says(say::NOT_SCORED)));
            }
            return;
        };
        let by_policy_alone = self.is_by_policy(now);
        let mut by_policy = Open::default();
        if *self.frozen.policy != *now.policy {
            by_policy.changes.push(msg!(say::OTHER_POLICY, policy = now.policy));
        }
        let before = found.len();
        // The first item that comes out otherwise also says what becomes of the total.
        let mut total = self.total(now);
        let of_total = total.is_some();
        for item in &now.drift.items {
            let Some(mut open) = self.open_item(item) else { continue };
            // Settings bear on values and targets, and on what is made of them.
            let of_figures = |key| matches!(key, ItemNumber::Value | ItemNumber::Target);
            let by_settings =
                !self.settings.is_empty() && item.moved.iter().any(|moved| of_figures(moved.key));
            let by_policy_alone = by_policy_alone && !by_settings;
            if by_policy_alone && item.inputs.is_empty() && !self.is_decided(&open) {
                let changes = words::joined(std::mem::take(&mut open.changes));
                open.changes.push(msg!(say::ITEM_FIELD, item = &item.id, changes = changes));
                by_policy.extend(open);
            } else {
                if !open.changes.is_empty() {
                    open.changes.extend(total.take());
                }
                found.push(self.item(item, open));
            }
        }
        let mut open = self.open_result(now, of_total && total.is_none(), pools);
        let is_plain = now.drift.pay_inputs.is_empty() && !self.is_decided(&open);
        if by_policy_alone && found.len() == before && is_plain {
            by_policy.extend(std::mem::take(&mut open));
        }
        if !by_policy.changes.is_empty() && !self.settings.is_empty() && self.has_policy_changed() {
            by_policy.changes.push(msg!(say::SETTINGS_CHANGED, sections = Message::list(self.settings)));
        }
        if !by_policy.changes.is_empty() {
            let message = msg!(
                say::POLICY_CHANGED,
                manager = self.review.data.manager.to_string(),
                period = self.review.data.period.to_string(),
                policy = self.frozen.policy.to_string(),
                changes = words::joined(std::mem::take(&mut by_policy.changes))
            );
            found.push(self.finding(&rule::CLOSED_POLICY_CHANGED, self.at(["policy"]), message, &by_policy));
        }
        if !open.changes.is_empty() {
            found.push(self.result(now, open));
        }
    }

    /// The fields that amendments would have to change for what comes out now to stand.
    pub(super) fn to_amend(&self, pools: &Pools) -> Vec<Field> {
        let mut entries: Vec<Field> = self.entries().into_iter().map(|(field, _)| field).collect();
        let Some(now) = &self.now else {
            let then = ClosedField::Total.of(&self.standing.closed);
            entries.push(Field { field: ClosedField::Total, then, now: None });
            return entries;
        };
        let items = now.drift.items.iter().filter_map(|item| self.open_item(item));
        let mut fields: Vec<Field> = items.flat_map(|open| open.fields).collect();
        fields.extend(self.open_result(now, false, pools).fields);
        fields.extend(entries);
        fields
    }

    /// What became of the total, where no amendment settles it.
    fn total(&self, now: &Now<'_>) -> Option<Message> {
        let mut total = now.drift.result.iter().filter(|field| field.field == ClosedField::Total);
        let open = total.find(|total| !self.stands(&total.field, total.now.as_deref()))?;
        Some(words::field(open, self.frozen))
    }

    /// Whether the policy explains what no record does: another one applies now, or it says otherwise and nobody edited what was
    /// frozen.
    fn is_by_policy(&self, now: &Now<'_>) -> bool {
        *self.frozen.policy != *now.policy || self.has_policy_changed() && is_untouched(self.frozen)
    }

    /// Whether the policy by which it was scored says otherwise than it did. What it says otherwise may bear on no figure.
    fn has_policy_changed(&self) -> bool {
        let (view, policy) = (self.view, &self.frozen.policy);
        let is_same = |frozen: &String| is_same_policy(view.book, view.sources, policy, frozen);
        self.frozen.policy_digest.as_ref().is_some_and(|frozen| !is_same(frozen))
    }

    /// Whether amendments alone keep it from what was frozen, since that comes out still.
    fn is_decided(&self, open: &Open) -> bool {
        let is_decided = |it: &Field| it.then != it.now && it.field.of(self.frozen) == it.now;
        !open.fields.is_empty() && open.fields.iter().all(is_decided)
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

    /// Whether a field stands although the records give `now`.
    fn stands(&self, field: &ClosedField, now: Option<&str>) -> bool {
        self.review.data.stands_against(&self.standing, field, now)
    }

    fn ask(&self, open: &mut Open, field: Field) {
        if let Some(last) = self.standing.last_of(&field.field) {
            // One that takes effect states another value than comes out now.
            open.short.push((last.index, last.short.unwrap_or(Short::To)));
        }
        open.fields.push(field);
    }

    /// What of an item no amendment settles: numbers that come out otherwise than they stand, or the records behind one that
    /// does not.
    fn open_item(&self, item: &ItemDrift) -> Option<Open> {
        let mut open = Open::default();
        for moved in &item.moved {
            let field = moved.field(ClosedField::Item(item.id.clone(), moved.key));
            if !self.stands(&field.field, field.now.as_deref()) {
                open.changes.push(words::numbers(words::number_word(moved.key), moved.then, moved.now));
                self.ask(&mut open, field);
            }
        }
        let named = |number| ClosedField::Item(item.id.clone(), number);
        let settled = || ItemNumber::ALL.into_iter().any(|number| self.standing.settles(&named(number)));
        if item.moved.is_empty() && !settled() {
            let field = ClosedField::main(self.frozen, &item.id);
            let unmoved = field.of(self.frozen);
            self.ask(&mut open, Field { field, then: unmoved.clone(), now: unmoved });
        }
        (!open.fields.is_empty()).then_some(open)
    }

    fn item(&self, item: &ItemDrift, mut open: Open) -> Finding {
        let text = if open.changes.is_empty() { say::ITEM_INPUT_CHANGED } else { say::ITEM_CHANGED };
        open.changes.extend(words::records(&item.inputs));
        self.name_settings(&mut open, item.inputs.is_empty());
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

    /// Says which settings have changed since and, where no record explains what comes out, whether the policy has too.
    fn name_settings(&self, open: &mut Open, is_unexplained: bool) {
        if self.settings.is_empty() || self.is_decided(open) {
            return;
        }
        open.changes.push(msg!(say::SETTINGS_CHANGED, sections = Message::list(self.settings)));
        if is_unexplained && self.has_policy_changed() {
            open.changes.push(msg!(say::POLICY_CHANGED_TOO, policy = self.frozen.policy.to_string()));
        }
    }

    /// What beside the items no amendment settles. A total that is said already, and what follows from a pay line, is to be amended
    /// and not said once more.
    ///
    /// The share of a pool stays as it was frozen where only results move it, those of others or the manager's: each of these is
    /// found, or amended, where it is. A pool of another size and another grade move it by themselves.
    fn open_result(&self, now: &Now<'_>, is_said: bool, pools: &Pools) -> Open {
        let (card, drift) = (now.card, &now.drift);
        let mut open = Open::default();
        let lines = card.pay.iter().flat_map(|pay| &pay.lines);
        let pool_lines: Vec<&str> = lines.filter(|line| line.pool).map(|line| &*line.id).collect();
        let stays = |line: &str| {
            // Only from a version on that froze the grade are the records behind the pool's size frozen too.
            let has_inputs = self.frozen.risk_taker.is_some();
            let same_size = pools.kept.contains(line) || has_inputs && !drift.resized.contains(line);
            pool_lines.contains(&line) && pools.moved && !drift.is_regraded && same_size
        };
        let stands = |field: &Field| self.stands(&field.field, field.now.as_deref());
        let mut pay = drift.pay(card.pay.as_ref(), stays);
        pay.retain(|field| !stands(field));
        let by_line = pay.iter().any(|field| matches!(field.field, ClosedField::Line(_)));
        let result = drift.result.iter().filter(|field| !stands(field));
        let result = result.map(|field| (field.clone(), is_said && field.field == ClosedField::Total));
        let of_lines = |field: &Field| by_line && !matches!(field.field, ClosedField::Line(_));
        for (field, is_said) in result.chain(pay.iter().map(|field| (field.clone(), of_lines(field)))) {
            if !is_said {
                open.changes.push(words::field(&field, self.frozen));
            }
            self.ask(&mut open, field);
        }
        open
    }

    fn result(&self, now: &Now<'_>, mut open: Open) -> Finding {
        let (card, drift) = (now.card, &now.drift);
        let first = open.fields.first().map(|field| field.field.name(self.frozen)).unwrap_or_default();
        if open.fields.iter().any(|field| field.field.is_of_pay()) {
            open.changes.extend(words::records(&drift.pay_inputs));
        }
        let held: Vec<&str> = card.vetoes.iter().map(|veto| &*veto.id).collect();
        let then: Vec<&str> = self.frozen.vetoes.iter().flatten().map(AsRef::as_ref).collect();
        if then != held {
            open.changes.push(words::lists(say::VETOES, &then, &held));
        }
        let risk_taker = self.frozen.risk_taker.filter(|then| *then != card.profile.risk_taker);
        if let Some(then) = risk_taker {
            let (then, now) = (then.to_string(), card.profile.risk_taker.to_string());
            open.changes.push(words::then_now(say::RISK_TAKER, Some(&then), Some(&now)));
        }
        self.name_settings(&mut open, drift.pay_inputs.is_empty());
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

    /// The entries of the ledger that are not what stands of them, where no amendment settles that.
    fn entries(&self) -> Vec<(Field, Option<Place>)> {
        let own = self.view.reviews.get(&*self.review.data.manager).map(Vec::as_slice).unwrap_or_default();
        let mut moved = ledger::moved(own, self.scheme, &self.standing.closed);
        moved.retain(|(field, _)| !self.stands(&field.field, field.now.as_deref()));
        moved
    }

    fn ledger(&self) -> Option<Finding> {
        let mut open = Open::default();
        let mut places = Vec::new();
        for (field, at) in self.entries() {
            places.extend(at);
            open.changes.push(words::field(&field, self.frozen));
            self.ask(&mut open, field);
        }
        if open.changes.is_empty() {
            return None;
        }
        let message = msg!(
            say::LEDGER_CHANGED,
            manager = self.review.data.manager.to_string(),
            period = self.review.data.period.to_string(),
            changes = words::joined(std::mem::take(&mut open.changes))
        );
        let finding = self.finding(&rule::CLOSED_FIGURE_CHANGED, self.at(["ledger"]), message, &open);
        Some(places.into_iter().take(1).fold(finding, |finding, at| finding.label(at, say::NOW_HERE.into())))
    }

    /// A finding with the amendments that change nothing, and the command that amends.
    fn finding(&self, rule: &'static Rule, at: Place, message: Message, open: &Open) -> Finding {
        let command = words::amend(self.review.data.period, &self.review.data.manager);
        let help = match self.is_decided(open) {
            true => msg!(say::KEEP, command = format!("{command} --keep")),
            false => msg!(say::AMEND, command = command),
        };
        let mut finding = Finding::new(rule, at, message).help(help);
        for (index, short) in &open.short {
            let why = match short {
                Short::Early => say::COVERS_EARLY,
                Short::From => say::COVERS_FROM,
                Short::To | Short::Open => say::COVERS_TO,
            };
            let key = match short {
                Short::Early => "date",
                Short::From => "from",
                Short::To | Short::Open => "to",
            };
            let path: KeyPath = path!["amendments", *index, key];
            finding = finding.label(Place::value(self.review.file, path), why.into());
        }
        finding
    }
}
