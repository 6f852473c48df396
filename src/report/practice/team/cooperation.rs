//! What colleagues say of working with each other, where enough of them say it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, from_colleagues, mean_of_colleagues, number, share};
use crate::period::Period;
use crate::record::review::Review;
use crate::table::{Cell, Table};
use crate::text::Text;

const PEERS: Sheet = Sheet {
    name: "peer_scores",
    title: Text::new("What colleagues say of each other", "同级评分"),
    columns: &[
        Col::text("item", "Item", "评价项目"),
        Col::count("rank", "Rank", "名次"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("team", "Team", "团队"),
        Col::text("period", "Period", "考核期"),
        Col::count("raters", "Colleagues", "评价人数"),
        Col::number("score", "Score", "评分").bar(),
        Col::number("of_mean", "Above the mean", "高于均值"),
        Col::number("before", "Before", "上次"),
        Col::number("change", "Change", "变动"),
    ],
};

/// What colleagues gave one manager for one item.
struct Said<'b> {
    manager: &'b str,
    period: Period,
    raters: u32,
    score: Decimal,
    before: Option<Decimal>,
}

/// Ranks and means are among all; whom the report is about only chooses the rows.
pub(super) fn peers(input: &Input<'_>) -> Table {
    let mut items: BTreeMap<Option<&str>, Vec<Said<'_>>> = BTreeMap::new();
    for (id, _) in input.everybody() {
        let over = |review: &&Review| *review.manager == *id && review.period.last_day() <= input.as_of;
        let mut reviews: Vec<&Review> =
            input.book.reviews.iter().map(|record| &record.data).filter(over).collect();
        reviews.sort_by_key(|review| (review.period.last(), Reverse(review.period.first())));
        let is_of_period = |review: &&&Review| review.period.first() >= input.months.first;
        let Some(latest) = reviews.iter().rev().find(is_of_period) else { continue };
        let earlier = || {
            let before = |review: &&&Review| review.period.last() < latest.period.first();
            reviews
                .iter()
                .rev()
                .filter(before)
                .filter(|review| review.period.grain() == latest.period.grain())
        };
        let rated: BTreeSet<_> = from_colleagues(latest).map(|given| given.item).collect();
        for item in rated {
            let Some((raters, score)) = mean(input, latest, item) else { continue };
            let before = earlier().find_map(|review| mean(input, review, item)).map(|(_, score)| score);
            let said = Said { manager: id, period: latest.period, raters, score, before };
            items.entry(item).or_default().push(said);
        }
    }
    let mut table = PEERS.table(input);
    for (item, mut all) in items {
        all.sort_by_key(|said| (Reverse(said.score), said.manager));
        let mean = share(all.iter().map(|said| said.score).sum::<Decimal>(), all.len());
        for said in all.iter().filter(|said| input.covers(said.manager)) {
            let rank = 1 + all.iter().filter(|other| other.score > said.score).count();
            let team = input.book.managers.get(said.manager).and_then(|record| input.team_of(&record.data));
            table.push(vec![
                item.into(),
                rank.into(),
                said.manager.into(),
                input.name(said.manager).into(),
                team.into(),
                said.period.to_string().into(),
                Cell::Count(said.raters.into()),
                number(said.score),
                number(mean.map(|mean| said.score - mean)),
                number(said.before),
                number(said.before.map(|before| said.score - before)),
            ]);
        }
    }
    table
}

/// How many colleagues rated an item and what they gave on average, where they are enough; one's own rating counts nowhere.
fn mean(input: &Input<'_>, review: &Review, item: Option<&str>) -> Option<(u32, Decimal)> {
    mean_of_colleagues(input, review, |given| given.item == item)
}

#[cfg(test)]
mod tests {
    use super::super::super::{Only, lines, lines_of};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li.toml
name = "李娜"
team = "one"
# file: managers/wang.toml
name = "王芳"
# file: managers/wu.toml
name = "吴刚"
# file: teams/one.toml
name = "一部"
# file: reviews/2026-09/li.toml
manager = "li"
period = "2026-09"
anonymous = [{ group = "peer", item = "cooperation", n = 3, sum = 240 }]
# file: reviews/2026-10/li.toml
manager = "li"
period = "2026-10"
anonymous = [{ group = "peer", item = "cooperation", n = 2, sum = 170 }, { group = "client", item = "cooperation", n = 9, sum = 9 }]
ratings = [{ group = "peer", by = "wu", item = "cooperation", score = 100 }, { group = "peer", by = "li", item = "cooperation", score = 1 }]
# file: reviews/2026-10/wang.toml
manager = "wang"
period = "2026-10"
anonymous = [{ group = "peer", item = "cooperation", n = 4, sum = 320 }]
# file: reviews/2026-10/wu.toml
manager = "wu"
period = "2026-10"
anonymous = [{ group = "peer", item = "cooperation", n = 2, sum = 200 }]
"#;

    #[test]
    fn colleagues_are_heard_where_they_are_enough() {
        // li: 170 and 100 of three, oneself left out, 80 before; wang: 80 of four; two alone are not shown. The mean is 85.
        assert_eq!(
            lines(BOOK, "team", "peer_scores", "2026-10"),
            [
                "cooperation | 1 | li | 李娜 | one | 2026-10 | 3 | 90 | 5 | 80 | 10",
                "cooperation | 2 | wang | 王芳 | - | 2026-10 | 4 | 80 | -5 | - | -",
            ]
        );
        let wang = Only { manager: Some("wang"), team: None };
        assert_eq!(
            lines_of(BOOK, "team", "peer_scores", "2026-10", wang),
            ["cooperation | 2 | wang | 王芳 | - | 2026-10 | 4 | 80 | -5 | - | -"]
        );
        let more = BOOK.replace("name = \"测试支行\"", "name = \"测试支行\"\n[management]\npeer_raters = 4");
        assert_eq!(lines(&more, "team", "peer_scores", "2026-10").len(), 1);
        assert!(lines(BOOK, "team", "peer_scores", "2026-11").is_empty());
    }
}
