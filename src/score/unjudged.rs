//! Marks, and ratings by the superior, that the last full period goes without: nobody has judged what only people can.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Asked;
use super::apply::{Policies, Request, Scored, latest, run};
use super::card::Standing;
use super::grades::scored;
use super::lacking::is_closed;
use crate::book::Book;
use crate::book::deadline::Deadlines;
use crate::diag::{Finding, Level, Rule};
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::{Grain, Period};
use crate::policy::Policy;
use crate::policy::curve::Judge;
use crate::record::review::{RaterGroup, Review};
use crate::source::Place;
use crate::text::{Message, Text, score as say};

/// An item for which somebody still owes a mark or a rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unjudged {
    /// Whose scorecard.
    pub manager: String,
    /// The period.
    pub period: Period,
    /// The item's id.
    pub item: String,
    /// Who is to judge.
    pub by: Judge,
}

/// Nobody has judged by the day the period is to be closed.
pub static NOT_JUDGED: Rule = Rule {
    code: "RM684",
    name: "not-judged",
    level: Level::Warn,
    title: Text::new("a mark or a rating that the scorecard needs was not given", "考核所需评分或评价未填报"),
    why: Text::new(
        "What nobody has judged counts as the policy says of missing figures, in the score and in the pay that goes by it: its weight \
         goes to the other items, or it counts as nothing. Closing does not ask.",
        "未评分的项目按办法的缺数规定处理（权重由其他项目分摊或按零计），直接影响得分和薪酬，封存时不再提示。",
    ),
    mend: Text::new(
        "Give the mark, or let those rate who are to. `rmbook due` lists what is owed, with the commands.",
        "请补填评分，或由应评价人填报评价；`rmbook due` 列出待办事项及命令。",
    ),
    example: concat!(
        "# file: rmbook.toml\nname = \"Branch\"\n[management]\nclose = { days = 30, count = \"natural\" }\n\
         [calendar]\n2025 = {}\n2026 = {}\n",
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[additions]]\nid = \"initiative\"\nmissing = \"zero\"\ncurve = { kind = \"manual\", max = 5 }\n"
    ),
};

/// Every rule of this file.
pub static RULES: &[&Rule] = &[&NOT_JUDGED];

/// What the scorecards of the last full period go without, of every scheme in which people judge; nothing of what is closed, nor
/// while a record does not load.
pub fn unjudged(book: &Book, today: NaiveDate) -> Vec<Unjudged> {
    if !book.is_whole() || book.policies.is_empty() {
        return Vec::new();
    }
    let policies = Policies::of(book);
    let judging = policies.ready.values().filter(|policy| is_judging(policy));
    let schemes: BTreeMap<&str, Grain> =
        judging.map(|policy| &policy.record).map(|record| (&*record.scheme, record.period.grain())).collect();
    let last = |(scheme, grain)| {
        let period = latest(book, grain, Some(today))?;
        (!is_closed(book, scheme, period)).then_some((scheme, period))
    };
    let open: Vec<(&str, Period)> = schemes.into_iter().filter_map(last).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let portfolios = Portfolios::new(book);
    let of = |(scheme, period)| {
        let request =
            Request { period: Some(period), scheme: Some(scheme), today: Some(today), ..Request::default() };
        run(&portfolios, &policies, request, &Asked::default()).ok()
    };
    let scored: Vec<Scored<'_>> = open.into_iter().filter_map(of).flatten().collect();
    scored.iter().flat_map(|scored| in_cards(book, scored)).collect()
}

fn is_judging(policy: &Policy) -> bool {
    [Judge::Marker, Judge::Superior].into_iter().any(|judge| !policy.judged_by(judge).is_empty())
}

/// What scorecards go without: marks, and ratings by the superior. Whether enough colleagues, clients and subordinates have rated is
/// for the policy to say, and for how many there are.
fn in_cards(book: &Book, scored: &Scored<'_>) -> Vec<Unjudged> {
    let mut found = Vec::new();
    for card in &scored.cards {
        let (manager, period) = (card.profile.id.to_string(), scored.period);
        let review = book.reviews.get(&format!("{period}/{manager}"));
        let above =
            book.managers.get(&manager).and_then(|record| record.data.supervisor_on(period.last_day()));
        let Ok(plan) = scored.policy.plan(&card.variants) else { continue };
        for item in card.items.iter().filter(|item| item.standing != Standing::NotApplicable) {
            let Some(planned) = plan.items.iter().find(|planned| planned.id == item.id) else { continue };
            let owed = |judge: &Judge| {
                planned.judged_by(*judge)
                    && match judge {
                        Judge::Marker => item.standing != Standing::Scored,
                        _ => {
                            above.is_some()
                                && !review.is_some_and(|review| has_superior(&review.data, &item.id))
                        }
                    }
            };
            let by = [Judge::Marker, Judge::Superior].into_iter().filter(owed);
            let item = item.id.to_string();
            found.extend(by.map(|by| Unjudged { manager: manager.clone(), period, item: item.clone(), by }));
        }
    }
    found
}

/// Whether the superior has rated an item, or the whole.
fn has_superior(review: &Review, item: &str) -> bool {
    let of_item = |of: Option<&str>| of.is_none_or(|of| of == item);
    review.ratings.iter().any(|it| it.group == RaterGroup::Superior && of_item(it.item.as_deref()))
}

/// A finding for each manager whose open scorecard goes without a mark or a rating after the day to close it.
pub(super) fn findings(book: &Book, scored: &Scored<'_>, today: NaiveDate) -> Vec<Finding> {
    let deadline = Deadlines::new(&book.settings).closing(scored.period);
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    if deadline >= today {
        return Vec::new();
    }
    for Unjudged { manager, item, .. } in in_cards(book, scored) {
        match found.last_mut().filter(|(last, _)| *last == manager) {
            Some((_, items)) => items.push(item),
            None => found.push((manager, vec![item])),
        }
    }
    let finding = |(manager, items): (String, Vec<String>)| {
        let record = book.managers.get(&manager)?;
        let period = scored.period.to_string();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        let message =
            msg!(say::NOT_JUDGED, period = period, items = Message::list(&items), policy = scored.id);
        Some(Finding::new(&NOT_JUDGED, Place::value(record.file, path!["name"]), message))
    };
    found.into_iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Snapshot;
    use crate::text::Lang;

    /// Wang, whom Zhao leads, by a mark and by ratings beside the deposits, with this in the review of September.
    fn book(review: Option<&str>) -> Book {
        let rated = "[[additions]]\nid = \"talk\"\nmissing = \"zero\"\ncurve = { kind = \"rating\", missing_group = \"spread\", scale = 100, \
            groups = [{ group = \"superior\", weight = 60 }, { group = \"peer\", weight = 40 }] }\n";
        let review =
            review.map(|text| format!("# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n{text}"));
        let text = format!("{}{rated}{}", NOT_JUDGED.example, review.unwrap_or_default());
        let files = text.split("# file: ").filter_map(|part| part.split_once('\n'));
        let (book, broken) = crate::book::load(&Snapshot::new(
            files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))),
        ));
        assert_eq!(broken, []);
        book
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const MARK: &str =
        "[[marks]]\nindicator = \"initiative\"\npoints = 4\nreason = \"x\"\nby = \"zhao-lei\"\n";
    const SUPERIOR: &str = "[[ratings]]\ngroup = \"superior\"\nby = \"zhao-lei\"\nscore = 90\n";
    const PEER: &str = "[[ratings]]\ngroup = \"peer\"\nby = \"li-na\"\nscore = 90\n";

    #[test]
    fn a_superior_owes_the_mark_and_the_rating_until_they_are_given() {
        let owed = |review: Option<&str>| -> Vec<(String, Judge)> {
            unjudged(&book(review), day("2026-10-08")).into_iter().map(|it| (it.item, it.by)).collect()
        };
        let (mark, rating) = (("initiative".to_owned(), Judge::Marker), ("talk".to_owned(), Judge::Superior));
        assert_eq!(owed(None), [mark.clone(), rating.clone()]);
        assert_eq!(owed(Some(PEER)), [mark.clone(), rating.clone()], "colleagues alone");
        assert_eq!(owed(Some(MARK)), [rating]);
        assert_eq!(owed(Some(SUPERIOR)), [mark]);
        assert_eq!(owed(Some(&format!("{MARK}{SUPERIOR}"))), []);
        let closed = "[closed.scorecard]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-02\n";
        assert_eq!(owed(Some(closed)), [], "what is closed is judged");
        assert_eq!(unjudged(&book(None), day("2026-09-30")), [], "September is not over");
    }

    #[test]
    fn after_the_day_to_close_it_is_found() {
        let found = |today: &str| -> Vec<String> {
            let book = book(Some(PEER));
            let found =
                crate::score::lacking::findings(&Portfolios::new(&book), &Policies::of(&book), day(today));
            let own = found.iter().filter(|finding| finding.rule.code == NOT_JUDGED.code);
            own.map(|finding| finding.message.get(Lang::En)).collect()
        };
        // 30 days after September end on 30 October.
        assert_eq!(found("2026-10-30"), [""; 0]);
        assert_eq!(
            found("2026-10-31"),
            ["2026-09 is scored by main without a mark or a rating of initiative, talk"]
        );
    }
}
