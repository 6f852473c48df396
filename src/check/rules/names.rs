//! Names that stand in records and nowhere else: items rated, indicators marked, indicators a training lifts, skills, grades.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{check, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::diag::{Finding, nearest};
use crate::msg;
use crate::path;
use crate::record::amendment::{ClosedField, ItemNumber};
use crate::record::manager::Manager;
use crate::record::policy::curve::{Curve, Curves};
use crate::record::policy::formula::Formula;
use crate::record::policy::item::Item;
use crate::record::policy::{Policy, Scale};
use crate::record::review::Review;
use crate::record::value::Amount;
use crate::source::{KeyPath, Place};
use crate::text::{Text, finding};

pub(super) static RULES: &[&Check] = &[&UNKNOWN_ITEM, &UNKNOWN_WORD, &BEYOND_SCALE, &UNKNOWN_FIELD];

const INDICATOR: Text = Text::new("an indicator", "考核指标");
const MARKED: Text = Text::new("an indicator marked by hand", "人工评分的指标");
const RATED: Text = Text::new("an indicator that raters score", "多方评价的指标");

/// The indicators of every policy, those marked by hand, and those that raters score.
#[derive(Default)]
struct Indicators<'b> {
    all: BTreeSet<&'b str>,
    marked: BTreeSet<&'b str>,
    rated: BTreeSet<&'b str>,
    /// Greatest mark by indicator, where a number says it: the greatest that any policy takes.
    most: BTreeMap<&'b str, Decimal>,
    /// Least mark by indicator, likewise.
    least: BTreeMap<&'b str, Decimal>,
    /// Greatest rating that any policy knows.
    scale: Option<Decimal>,
}

/// The best rating where no policy states another.
const RATING_SCALE: Decimal = Decimal::ONE_HUNDRED;

impl<'b> Indicators<'b> {
    /// Those of the book; nothing where a policy does not load or there is none.
    fn of(context: &Context<'b>) -> Option<Self> {
        let book = context.book;
        if !book.is_whole() || book.policies.iter().all(|policy| policy.data.indicators.is_empty()) {
            return None;
        }
        let mut known = Self::default();
        for policy in &book.policies {
            let variants = policy.data.variants.iter();
            let more = variants
                .flat_map(|variant| of([&variant.indicators, &variant.additions, &variant.deductions]));
            let policy = &policy.data;
            let own = of([&policy.indicators, &policy.additions, &policy.deductions]);
            own.chain(more).for_each(|(weighs, item)| known.add(policy, item, weighs));
        }
        Some(known)
    }

    fn add(&mut self, policy: &'b Policy, item: &'b Item, weighs: bool) {
        self.all.insert(&item.id);
        let one = |curve: Option<&'b Curve>| curve.into_iter().collect();
        let chain: Vec<&Curve> = match &item.curve {
            Some(Curves::One(curve)) => one(Some(curve.as_ref())),
            Some(Curves::Chain(chain)) => chain.iter().collect(),
            Some(Curves::Named(name)) => one(policy.curves.get(name)),
            None => Vec::new(),
        };
        // What branches hold is not looked into.
        let open = chain.iter().any(|curve| matches!(curve, Curve::Cases(_)));
        if open || chain.iter().any(|curve| matches!(curve, Curve::Manual(_))) {
            self.marked.insert(&item.id);
        }
        if open || chain.iter().any(|curve| matches!(curve, Curve::Rating(_))) {
            self.rated.insert(&item.id);
        }
        let last = chain.len().saturating_sub(1);
        for (at, curve) in chain.into_iter().enumerate() {
            match curve {
                Curve::Manual(manual) => {
                    let full =
                        || if at == last { full_marks(policy, item, weighs) } else { Some(Decimal::ONE) };
                    let most = manual.max.as_ref().map_or_else(full, |max| number(Some(max)));
                    let least = manual.min.as_ref().map_or(Some(Decimal::ZERO), |min| number(Some(min)));
                    note(&mut self.most, item, most.or(Some(Decimal::MAX)), Decimal::max);
                    note(&mut self.least, item, least.or(Some(Decimal::MIN)), Decimal::min);
                }
                Curve::Rating(rating) => {
                    let scale = rating.scale.as_ref().map_or(Some(RATING_SCALE), |scale| number(Some(scale)));
                    self.scale = self.scale.max(scale);
                }
                _ => {}
            }
        }
        // In points a variant that changes the weight changes full marks.
        if item.curve.is_none() && weighs && self.most.contains_key(&*item.id) {
            let weight = item.weight.as_ref().map(|weight| number(Some(weight)).unwrap_or(Decimal::MAX));
            note(&mut self.most, item, weight, Decimal::max);
        }
    }
}

/// Indicators, additions and deductions, each with whether it is one that weighs.
fn of([indicators, additions, deductions]: [&Vec<Item>; 3]) -> impl Iterator<Item = (bool, &Item)> {
    let beside = additions.iter().chain(deductions).map(|item| (false, item));
    indicators.iter().map(|item| (true, item)).chain(beside)
}

/// Notes a bound of an item's marks, where several policies state one the widest.
fn note<'b>(
    known: &mut BTreeMap<&'b str, Decimal>,
    item: &'b Item,
    bound: Option<Decimal>,
    widest: fn(Decimal, Decimal) -> Decimal,
) {
    let Some(bound) = bound else { return };
    known.entry(&item.id).and_modify(|old| *old = widest(*old, bound)).or_insert(bound);
}

/// Full marks of an item, which a mark without a bound of its own goes up to; nothing where no number says them.
fn full_marks(policy: &Policy, item: &Item, weighs: bool) -> Option<Decimal> {
    let whole = policy.full.as_ref().map_or(Some(Decimal::ONE_HUNDRED), |full| number(Some(full)));
    if weighs && policy.scale == Scale::Weighted {
        return whole;
    }
    let own = item.weight.as_ref().or(item.max.as_ref());
    let otherwise = || if weighs { whole } else { Some(Decimal::ONE_HUNDRED) };
    own.map_or_else(otherwise, |own| number(Some(own)))
}

/// A formula that is a plain number.
fn number(formula: Option<&Formula>) -> Option<Decimal> {
    formula?.0.parse::<Amount>().ok().map(|amount| amount.0)
}

fn unknown(check: &'static Check, place: Place, name: &str, what: Text, known: &BTreeSet<&str>) -> Finding {
    let help = nearest(name, known.iter().copied()).map(|near| msg!(finding::NEAREST, name = near));
    Finding::new(&check.rule, place, msg!(check.says, name = name, what = what)).help(help)
}

check! {
    UNKNOWN_ITEM = "RM670" "unknown-item" Deny Book(unknown_item);
    title: "a review rates or marks something no policy scores", "评价或评分的项目不在考核办法之内";
    why: "It counts for nothing, and its indicator goes without a score.", "该评价不计分，相应指标则缺少评分。";
    mend: "Take the id of an indicator that raters or marks score.", "请填写考核办法中由评价主体或人工评分的指标编号。";
    says: "`{name}` is not {what} of any policy", "“{name}”不是任何考核办法中{what}";
    example: review!("[[marks]]\nindicator = \"cultur\"\npoints = 8\nreason = \"wrote two cases\"\n\
        # file: policies/main.toml\ntitle = \"Main\"\nscheme = \"scorecard\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"万元\"\n\
        [[indicators]]\nid = \"culture\"\nweight = 100\ncurve = { kind = \"manual\", max = 10 }\nmissing = \"skip\"\n");
    mended: "\"cultur\"" => "\"culture\"";
    entry: Refuse;
}

fn unknown_item(context: &Context<'_>, found: &mut Found) {
    let Some(known) = Indicators::of(context) else { return };
    for review in context.wanted(&context.book.reviews) {
        let Review { ratings, anonymous, marks, .. } = &review.data;
        let named = ratings.iter().map(|rating| rating.item.as_deref()).enumerate();
        let counted = anonymous.iter().map(|rating| rating.item.as_deref()).enumerate();
        let rated = named.map(|(index, item)| ("ratings", index, item));
        let rated = rated.chain(counted.map(|(index, item)| ("anonymous", index, item)));
        for (list, index, item) in rated {
            if let Some(item) = item.filter(|item| !known.rated.contains(item)) {
                let place = Place::value(review.file, path![list, index, "item"]);
                found.push(unknown(&UNKNOWN_ITEM, place, item, RATED, &known.rated));
            }
        }
        for (index, mark) in
            marks.iter().enumerate().filter(|(_, mark)| !known.marked.contains(&*mark.indicator))
        {
            let place = Place::value(review.file, path!["marks", index, "indicator"]);
            found.push(unknown(&UNKNOWN_ITEM, place, &mark.indicator, MARKED, &known.marked));
        }
    }
    for manager in context.wanted(&context.book.managers) {
        for (index, training) in manager.data.trainings.iter().enumerate() {
            if let Some(lifts) = training.lifts.as_deref().filter(|lifts| !known.all.contains(lifts)) {
                let place = Place::value(manager.file, path!["trainings", index, "lifts"]);
                found.push(unknown(&UNKNOWN_ITEM, place, lifts, INDICATOR, &known.all));
            }
        }
    }
}

check! {
    UNKNOWN_WORD = "RM671" "unknown-word" Warn Manager(unknown_word);
    title: "a grade or a skill is not one of the settings", "职级或技能不在设置之内";
    why: "A mistyped skill shows as a gap, and a grade outside the order has no next one.", "技能写错会显示为缺口，职级不在序列内则无从晋升。";
    mend: "Correct it, or add it to `grades` or `skills` in `rmbook.toml`.", "请更正，或在 `rmbook.toml` 的 `grades`、`skills` 中补充。";
    says: "`{name}` is not {what} of the settings", "“{name}”不是设置中的{what}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\ngrade = \"boss\"\n\
        # file: rmbook.toml\nname = \"Branch\"\ngrades = [\"junior\", \"senior\"]\n[calendar]\n2025 = {}\n2026 = {}\n";
    mended: "\"boss\"" => "\"senior\"";
}

const GRADE: Text = Text::new("a grade", "职级");
const SKILL: Text = Text::new("a skill", "技能");

fn unknown_word(context: &Context<'_>, manager: &Record<Manager>, found: &mut Found) {
    let settings = &context.book.settings;
    let Manager { grade, grade_history, history, proposals, career, skills, .. } = &manager.data;
    let grades: BTreeSet<&str> = settings.grades.iter().map(String::as_str).collect();
    let changes = grade_history.iter().enumerate();
    let changes = changes.map(|(index, change)| (&change.grade, path!["grade_history", index, "grade"]));
    let posts = history.iter().enumerate();
    let posts =
        posts.filter_map(|(index, post)| Some((post.grade.as_ref()?, path!["history", index, "grade"])));
    let proposed = proposals.iter().enumerate();
    let proposed = proposed.map(|(index, proposal)| (&proposal.to, path!["proposals", index, "to"]));
    let held = grade.iter().map(|grade| (grade, path!["grade"]));
    let goal = career.iter().filter_map(|career| career.goal_grade.as_ref());
    let goal = goal.map(|grade| (grade, path!["career", "goal_grade"]));
    let all: Vec<(&String, KeyPath)> = held.chain(changes).chain(posts).chain(proposed).chain(goal).collect();
    for (grade, path) in
        all.into_iter().filter(|(grade, _)| !grades.is_empty() && !grades.contains(grade.as_str()))
    {
        found.push(unknown(&UNKNOWN_WORD, Place::value(manager.file, path), grade, GRADE, &grades));
    }
    // A skill no grade asks for may be kept; one nearly like another is a slip.
    let asked: BTreeSet<&str> = settings.skills.values().flatten().map(|(skill, _)| skill.as_str()).collect();
    for skill in skills.keys().filter(|skill| !asked.contains(skill.as_str())) {
        if nearest(skill, asked.iter().copied()).is_some() {
            let place = Place::key(manager.file, path!["skills", skill.as_str()]);
            found.push(unknown(&UNKNOWN_WORD, place, skill, SKILL, &asked));
        }
    }
}

check! {
    UNKNOWN_FIELD = "RM673" "amendment-of-unknown-field" Deny Review(unknown_field);
    title: "an amendment names nothing that was closed", "更正的字段不在封存内容之中";
    why: "It changes nothing, and what it was meant for stays a finding.", "该更正不改变任何内容，原差异仍会报告。";
    mend: "Take it out, and let `rmbook close PERIOD --amend MANAGER` write those that are needed, each with its field.",
        "请删除该更正，并用 `rmbook close 期间 --amend 客户经理` 登记所需更正，各字段名由其填写。";
    says: "`{name}` is not {what}", "“{name}”不是{what}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n\
        [[amendments]]\ndate = 2026-10-20\nfield = \"totel\"\nto = \"82\"\nwhy = \"typing error\"\nwho = \"Zhao Lei\"\napproved_by = \"Qian Wei\"\n");
    mended: "totel" => "total";
    entry: Refuse;
}

const OF_CLOSED: Text = Text::new("a field of what was closed", "封存内容中的字段");

fn unknown_field(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Review { closed, amendments, .. } = &review.data;
    if closed.is_empty() || amendments.is_empty() {
        return;
    }
    let result = ClosedField::OF_RESULT.into_iter();
    let mut known: BTreeSet<String> = result.map(|(name, _)| name.to_owned()).collect();
    let mut item = |id: &str| {
        known.insert(id.to_owned());
        known.extend(ItemNumber::ALL.map(|number| format!("{id}.{}", number.key())));
    };
    closed.values().flat_map(|closed| closed.indicators.keys()).for_each(|id| item(id));
    // What was closed may lack an item or a line that a policy came to have.
    let of_policies = Indicators::of(context);
    of_policies.iter().flat_map(|known| &known.all).for_each(|id| item(id));
    let lines = context.book.policies.iter().flat_map(|policy| &policy.data.pay).flat_map(|pay| &pay.lines);
    let lines = lines.map(|line| line.id.as_str());
    let closed_lines = closed.values().flat_map(|closed| closed.pay.keys().map(String::as_str));
    known.extend(lines.chain(closed_lines).map(|line| format!("pay.{line}")));
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    for (index, amendment) in amendments.iter().enumerate() {
        let names = |scheme: &String| {
            let name = amendment.field_of(scheme);
            known.contains(name) || ClosedField::entry(name).is_some()
        };
        if !closed.keys().any(names) {
            let place = Place::value(review.file, path!["amendments", index, "field"]);
            found.push(unknown(&UNKNOWN_FIELD, place, &amendment.field, OF_CLOSED, &known));
        }
    }
}

check! {
    BEYOND_SCALE = "RM672" "rating-beyond-scale" Deny Book(beyond_scale);
    title: "a rating or a mark is above the best there is, or a mark below the least", "评价或评分超出满分或低于最低分";
    why: "One rating of 780 outweighs everybody else's; a mark is cut to the bounds of its curve without a word.", "一个780分的评价足以压倒其余所有评价；超出范围的评分会被截至上下限而不作提示。";
    mend: "Correct it; the scale of ratings and the bounds of marks are the policy's.", "请更正；评价满分与评分上下限以考核办法为准。";
    says: "{value} where {most} is the best", "{value} 超过最高值 {most}";
    example: review!("[[anonymous]]\ngroup = \"peer\"\nn = 4\nsum = 5004\n\
        # file: policies/main.toml\ntitle = \"Main\"\nscheme = \"scorecard\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"万元\"\n\
        [[indicators]]\nid = \"culture\"\nweight = 100\nmissing = \"skip\"\n\
        curve = { kind = \"rating\", groups = [{ group = \"peer\", weight = 100 }], missing_group = \"spread\" }\n");
    mended: "sum = 5004" => "sum = 352";
    entry: Refuse;
}

fn beyond_scale(context: &Context<'_>, found: &mut Found) {
    let Some(known) = Indicators::of(context) else { return };
    for review in context.wanted(&context.book.reviews) {
        let Review { ratings, anonymous, marks, .. } = &review.data;
        let mut judge = |value: Amount, [least, most]: [Option<Decimal>; 2], path: KeyPath| {
            let (place, number) = (Place::value(review.file, path), value.0.normalize());
            if let Some(most) = most.filter(|most| value.0 > *most) {
                found.push(fires!(BEYOND_SCALE, place, value = number, most = most.normalize()));
            } else if let Some(least) = least.filter(|least| value.0 < *least) {
                let message = msg!(finding::BELOW_LEAST, value = number, least = least.normalize());
                found.push(Finding::new(&BEYOND_SCALE.rule, place, message));
            }
        };
        for (index, rating) in ratings.iter().enumerate() {
            judge(rating.score, [None, known.scale], path!["ratings", index, "score"]);
        }
        for (index, counts) in anonymous.iter().enumerate() {
            let most = known.scale.map(|scale| scale * Decimal::from(counts.n));
            judge(counts.sum, [None, most], path!["anonymous", index, "sum"]);
        }
        for (index, mark) in marks.iter().enumerate() {
            let bounds = [&known.least, &known.most].map(|bounds| bounds.get(&*mark.indicator).copied());
            judge(mark.points, bounds, path!["marks", index, "points"]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::book::load;
    use crate::check::{Options, run};
    use crate::source::Snapshot;
    use crate::text::Lang;

    /// What RM672 says of marks under a policy of an indicator, an addition and what else it says.
    fn told(head: &str, indicator: &str, addition: &str, marks: [&str; 2]) -> Vec<String> {
        let policy = format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"zero\"\n{head}\n\
             [[indicators]]\nid = \"a\"\ncurve = {{ kind = \"manual\"{indicator}\n\
             [[additions]]\nid = \"b\"\ncurve = {{ kind = \"manual\"{addition}\n"
        );
        let mark = |id, points| {
            format!("[[marks]]\nindicator = \"{id}\"\npoints = {points}\nreason = \"x\"\nby = \"li\"\n")
        };
        let review =
            format!("manager = \"li\"\nperiod = \"2026-08\"\n{}{}", mark("a", marks[0]), mark("b", marks[1]));
        let texts = [
            ("rmbook.toml", "name = \"B\"\n".to_owned()),
            ("policies/p.toml", policy),
            ("managers/li.toml", "name = \"Li\"\n".to_owned()),
            ("reviews/2026-08/li.toml", review),
        ];
        let snapshot = Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text))));
        let (book, faults) = load(&snapshot);
        assert!(faults.is_empty(), "{faults:?}");
        let found = run(&book, &snapshot.sources, "2026-09-02".parse().unwrap(), &Options::default());
        let found = found.iter().filter(|finding| finding.rule.code == "RM672");
        found.map(|finding| finding.message.get(Lang::En)).collect()
    }

    #[test]
    fn a_mark_goes_up_to_full_marks_and_down_to_nothing_unless_bounds_say_otherwise() {
        let none: [&str; 0] = [];
        let hundred = told("", " }\nweight = 100", ", max = 5 }", ["107", "6"]);
        assert_eq!(hundred, ["107 where 100 is the best", "6 where 5 is the best"]);
        assert_eq!(told("", " }\nweight = 100", ", max = 5 }", ["100", "5"]), none);
        let low = told("", ", min = -5 }\nweight = 100", " }\nmax = 3", ["-3", "-1"]);
        assert_eq!(low, ["-1 where 0 is the least"]);
        // In points full marks are the weight.
        let points = told("scale = \"points\"", " }\nweight = 100\n", " }\nmax = 3", ["100", "4"]);
        assert_eq!(points, ["4 where 3 is the best"]);
        let varied = "scale = \"points\"\nfull = 20\nvariants = [{ when = 'manager.role == \"x\"', full = 30, indicators = [{ id = \"a\", weight = 30 }] }]";
        assert_eq!(told(varied, " }\nweight = 20", " }\nmax = 3", ["31", "3"]), ["31 where 30 is the best"]);
        assert_eq!(told(varied, " }\nweight = 20", " }\nmax = 3", ["30", "3"]), none);
    }
}
