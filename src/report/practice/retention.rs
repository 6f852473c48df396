//! Retention: which clients came, went and shrank, and which few of them explain the fall.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, number, ratio, share};
use crate::book::Record;
use crate::book::credit::lead_on;
use crate::book::deadline::last_visit;
use crate::metric::clients::{Loss, is_effective, is_new, told_by, was_there};
use crate::metric::figures::{amount, of_client};
use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::settings::MeasureKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "retention",
    title: Text::new("Retention", "客户留存"),
    question: Text::new(
        "Whom did we win and lose, what did that weigh, and which few clients explain the fall?",
        "新增与流失了哪些客户，影响多大，下降主要由哪几户造成？",
    ),
    about: Text::new(
        "effective: a month's figure reaches one of the settings' thresholds (`clients.effective`) and the client is not closed\n\
         at start: effective in the month before the period or, where lost only in it, in one of the twelve before it, for whoever led the client then; a handover is neither new nor lost\n\
         new: first account opened in the period, effective at its end, and nobody of its group was a client before\n\
         lost: of those at the start, closed, fallen below the settings' part of their base over three months (`clients.lost_below`), or without any of a measure for as many months as they say (`clients.lost_without`), in one of the period's months; each is lost once\n\
         retention: 1 − lost / at start; missing where nobody was there to lose, the period has no figures, or there are under three months of them\n\
         by balance: the same, each client weighed by its figure in the month before the period of the measure by which clients are judged lost (`clients.lost_by`)\n\
         fall: that measure's average over the stretch of the same length before, less that over the period, client by client; a client closed without figures in the period fell to zero, one whose figures are missing is left out; a period still running is judged up to its last month with figures, and against as many months before\n\
         explain: the largest falls that together reach 80 % of all falls; rises of other clients are not set against them",
        "有效户：当月任一指标达到设置门槛（clients.effective）且未销户\n\
         期初有效户：期前一个月有效的客户，或本期才认定流失、期前十二个月内曾有效的客户，计入当时的主办客户经理；客户移交不计新增或流失\n\
         新增：本期首次开户、期末有效，且所属集团此前无客户\n\
         流失：期初有效户中，本期销户、近三月日均低于基期规定比例（clients.lost_below），或连续规定月数无某项业务（clients.lost_without）的；每户只计一次\n\
         留存率：1－流失÷期初有效户；期初无有效户、本期尚无数据或数据不足三个月的不计算\n\
         按余额留存率：同上，以期前一个月流失认定指标（clients.lost_by）数额加权\n\
         下降额：该指标上一同长期间均值减本期均值，逐户计算；本期已销户且无数据的视为降至零，缺数的不比较；未结束的期间计至最后有数据月份，并与此前同样月数比较\n\
         主要下降客户：按下降额由大到小累计达到全部下降额80%的客户；不与其他客户增长相抵",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(run),
};

const RETENTION: Sheet = Sheet {
    name: "retention",
    title: Text::new("Clients won, lost and kept", "客户新增、流失与留存"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("at_start", "Effective at start", "期初有效户"),
        Col::count("new", "New", "新增"),
        Col::count("lost", "Lost", "流失"),
        Col::count("at_end", "Effective at end", "期末有效户"),
        Col::ratio("retention", "Retention", "留存率").bar(),
        Col::ratio("by_balance", "By balance", "按余额留存率"),
    ],
};

const LOST: Sheet = Sheet {
    name: "lost_clients",
    title: Text::new("Clients lost", "流失客户清单"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("lead", "Lead at start", "期初主办客户经理"),
        Col::text("month", "Lost in", "流失月份"),
        Col::text("how", "How", "流失方式"),
        Col::size("before", "Figure before", "期前数额"),
        Col::size("now", "Figure now", "期末数额"),
        Col::date("last", "Last contact", "最近联系"),
    ],
};

const FALL: Sheet = Sheet {
    name: "fallen_clients",
    title: Text::new("The clients that explain 80 % of the fall", "解释80%下降额的客户"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::size("before", "Before", "上一期间"),
        Col::size("now", "Now", "本期"),
        Col::size("fall", "Fall", "下降额").bar(),
        Col::ratio("part", "Of all falls", "占全部下降额"),
        Col::ratio("cumulative", "Cumulative", "累计占比"),
        Col::date("last", "Last contact", "最近联系"),
    ],
};

/// Part of all falls that the table of falls explains.
const EXPLAINED: Decimal = Decimal::from_parts(8, 0, 0, false, 1);

/// What a client did over the period.
struct Path<'b> {
    record: &'b Record<Client>,
    led_before: &'b str,
    lead: &'b str,
    was_there: bool,
    is_effective: bool,
    is_new: bool,
    lost: Option<(Month, Loss)>,
    before: Option<Decimal>,
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let paths = paths(input);
    vec![retention(input, &paths), lost(input, &paths), fall(input)]
}

fn paths<'b>(input: &Input<'b>) -> Vec<Path<'b>> {
    let portfolios = input.portfolios();
    let before = input.months.first.plus(-1);
    let judged = input.figured().map(|month| (month, input.as_of));
    let led = |client: &'b Client, day: NaiveDate| lead_on(client, day);
    let path = |record: &'b Record<Client>| {
        let lost = portfolios.lost.within(record, input.months, input.as_of);
        Path {
            record,
            led_before: led(&record.data, before.last_day()),
            lead: led(&record.data, input.months.last_day()),
            was_there: was_there(input.book, &record.data, input.months.first, lost.is_some()),
            is_effective: judged.is_some_and(|judged| is_effective(input.book, &record.data, judged)),
            is_new: judged
                .is_some_and(|judged| is_new(input.book, record, input.months, judged, &portfolios.groups)),
            lost,
            before: amount(&record.data, &input.book.settings.clients.lost_by, before),
        }
    };
    input.book.clients.iter().map(path).collect()
}

/// What the table counts of one manager or of all.
#[derive(Default)]
struct Tally {
    at_start: usize,
    new: usize,
    lost: usize,
    at_end: usize,
    weight: Decimal,
    lost_weight: Decimal,
}

impl Tally {
    fn start(&mut self, path: &Path<'_>) {
        let weight = path.before.unwrap_or_default();
        self.at_start += 1;
        self.weight += weight;
        if path.lost.is_some() {
            self.lost += 1;
            self.lost_weight += weight;
        }
    }

    fn end(&mut self, path: &Path<'_>) {
        self.at_end += usize::from(path.is_effective);
        self.new += usize::from(path.is_new);
    }

    fn row(&self, input: &Input<'_>, manager: Cell) -> Vec<Cell> {
        let told = |count: usize, known: bool| Cell::from(known.then_some(count));
        let now = input.figured().is_some();
        let leavers = told_by(&input.portfolios().figured, input.months).is_ok();
        vec![
            manager,
            self.at_start.into(),
            told(self.new, now),
            told(self.lost, leavers),
            told(self.at_end, now),
            ratio(share(self.at_start - self.lost, self.at_start).filter(|_| leavers)),
            ratio(share(self.weight - self.lost_weight, self.weight).filter(|_| leavers)),
        ]
    }
}

fn retention(input: &Input<'_>, paths: &[Path<'_>]) -> Table {
    let mut all = Tally::default();
    let mut by_manager: BTreeMap<&str, Tally> = BTreeMap::new();
    for path in paths {
        if path.was_there && input.covers(path.led_before) {
            all.start(path);
            by_manager.entry(path.led_before).or_default().start(path);
        }
        if input.covers(path.lead) {
            all.end(path);
            by_manager.entry(path.lead).or_default().end(path);
        }
    }
    let total = Cell::Said { key: "all", text: Text::new("all", "合计") };
    let rows = by_manager.iter().map(|(manager, tally)| tally.row(input, (*manager).into()));
    RETENTION.filled(input, [all.row(input, total)].into_iter().chain(rows))
}

fn lost(input: &Input<'_>, paths: &[Path<'_>]) -> Table {
    let in_scope = |path: &&Path<'_>| path.was_there && input.covers(path.led_before);
    let mut lost: Vec<(&Path<'_>, (Month, Loss))> =
        paths.iter().filter(in_scope).filter_map(|path| Some((path, path.lost?))).collect();
    lost.sort_by(|(a, _), (b, _)| b.before.cmp(&a.before).then_with(|| a.record.id.cmp(&b.record.id)));
    let closed = Cell::Said { key: "closed", text: Text::new("closed", "销户") };
    let fell =
        Cell::Said { key: "fell", text: Text::new("fell below the limit", "降幅超过认定标准") };
    let idle = Cell::Said { key: "idle", text: Text::new("no business for months", "持续无业务") };
    let rows = lost.into_iter().map(|(path, (month, how))| {
        let client = &path.record.data;
        vec![
            (&*path.record.id).into(),
            client.name.as_str().into(),
            path.led_before.into(),
            month.to_string().into(),
            match how {
                Loss::Closed => closed.clone(),
                Loss::Fell => fell.clone(),
                Loss::Idle => idle.clone(),
            },
            number(path.before),
            number(
                input.figured().and_then(|last| amount(client, &input.book.settings.clients.lost_by, last)),
            ),
            last_visit(client, input.as_of).map(|visit| visit.date.0).into(),
        ]
    });
    LOST.filled(input, rows)
}

fn fall(input: &Input<'_>) -> Table {
    let measure = &input.book.settings.clients.lost_by;
    let kind = input.book.settings.measures.get(measure).map_or(MeasureKind::Balance, |measure| measure.kind);
    let mut table = FALL.table(input);
    if input.figured().is_none() {
        return table;
    }
    let now = input.to_date();
    let length = now.last.since(now.first) + 1;
    let then = Months { first: now.first.plus(-length), last: now.last.plus(-length) };
    let mut falls: Vec<(&Record<Client>, Decimal, Decimal)> = input
        .records()
        .filter_map(|record| {
            let before = of_client(record, measure, kind, then)?;
            let is_gone = !record.data.counts_on(now.last_day());
            let now = of_client(record, measure, kind, now).or(is_gone.then_some(Decimal::ZERO))?;
            (now < before).then_some((record, before, now))
        })
        .collect();
    falls.sort_by(|(a, a_before, a_now), (b, b_before, b_now)| {
        (b_before - b_now).cmp(&(a_before - a_now)).then_with(|| a.id.cmp(&b.id))
    });
    let all: Decimal = falls.iter().map(|(_, before, now)| before - now).sum();
    let mut explained = Decimal::ZERO;
    for (record, before, now) in falls {
        if explained >= all * EXPLAINED {
            break;
        }
        explained += before - now;
        table.push(vec![
            (&*record.id).into(),
            record.data.name.as_str().into(),
            input.lead(&record.data).into(),
            number(before),
            number(now),
            number(before - now),
            ratio(share(before - now, all)),
            ratio(share(explained, all)),
            last_visit(&record.data, input.as_of).map(|visit| visit.date.0).into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    fn client(id: &str, rest: &str) -> String {
        format!("# file: clients/{id}.toml\nname = '{id}'\ntier = 'base'\nstatus = 'active'\n{rest}")
    }

    fn book() -> String {
        let head = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                    # file: managers/wang-fang.toml\nname = '王芳'\n";
        let halved = "manager = 'wang-fang'\nbase = { 2026 = { deposits = 300 } }\n[results]\n\
                      2026-08 = { deposits = 120 }\n2026-09 = { deposits = 300 }\n2026-10 = { deposits = 20 }\n";
        let closed = "manager = 'wang-fang'\nclosed = 2026-10-15\n[results]\n2026-09 = { deposits = 100 }\n";
        let moved = "manager = 'li-na'\n[results]\n2026-09 = { deposits = 600 }\n2026-10 = { deposits = 590 }\n\
                     [[handovers]]\ndate = 2026-10-10\nfrom = 'wang-fang'\nto = 'li-na'\n";
        let new = "manager = 'li-na'\nsince = 2026-10-08\n[results]\n2026-10 = { deposits = 80 }\n";
        [
            head.to_owned(),
            client("halved", halved),
            client("closed", closed),
            client("moved", moved),
            client("new", new),
        ]
        .concat()
    }

    #[test]
    fn a_handover_is_neither_new_nor_lost() {
        // Halved: (31 × 120 + 30 × 300 + 31 × 20) / 92 = 145.0 < 150. Of 300 + 100 + 600 at the start, 600 stayed.
        assert_eq!(
            lines(&book(), "retention", "retention", "2026-10"),
            [
                "all | 3 | 1 | 2 | 2 | 33.33% | 60%",
                "li-na | 0 | 1 | 0 | 2 | - | -",
                "wang-fang | 3 | 0 | 2 | 0 | 33.33% | 60%",
            ]
        );
        assert_eq!(
            lines(&book(), "retention", "lost_clients", "2026-10"),
            [
                "halved | halved | wang-fang | 2026-10 | fell | 300 | 20 | -",
                "closed | closed | wang-fang | 2026-10 | closed | 100 | - | -",
            ]
        );
    }

    #[test]
    fn the_largest_falls_that_reach_four_fifths_are_shown() {
        // Falls of 280, 100 and 10: 280 is 71.79 % of 390, with 100 it is 97.44 %.
        assert_eq!(
            lines(&book(), "retention", "fallen_clients", "2026-10"),
            [
                "halved | halved | wang-fang | 300 | 20 | 280 | 71.79% | 71.79% | -",
                "closed | closed | wang-fang | 100 | 0 | 100 | 25.64% | 97.44% | -",
            ]
        );
    }

    #[test]
    fn a_period_still_running_is_judged_by_the_months_it_has() {
        for table in ["retention", "fallen_clients"] {
            let [quarter, month] =
                ["2026-Q4", "2026-10"].map(|period| lines(&book(), "retention", table, period));
            assert_eq!(quarter, month, "only October has figures");
        }
        // Nothing is known of November: not who is new, gone or there.
        assert_eq!(lines(&book(), "retention", "retention", "2026-11")[0], "all | 2 | - | - | - | - | -");
        assert!(lines(&book(), "retention", "fallen_clients", "2026-11").is_empty());
    }

    #[test]
    fn in_the_first_month_nobody_can_be_lost() {
        assert_eq!(lines(&book(), "retention", "retention", "2026-08")[0], "all | 0 | 0 | - | 1 | - | -");
        assert!(lines(&book(), "retention", "fallen_clients", "2026-08").is_empty());
    }
}
