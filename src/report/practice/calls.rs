//! Calls: who makes those that find business, week by week against the points asked.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, number, part, share};
use crate::book::Record;
use crate::metric::calls::{Call, Sort, calls, week_end, weeks};
use crate::record::manager::Manager;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "calls",
    title: Text::new("Calls that find business", "营销联络"),
    question: Text::new(
        "Who makes the calls that find business: how many points a week against what is asked, by which sort of call?",
        "谁在做带来业务的联络：每周积分是否达到要求，由哪类联络构成？",
    ),
    about: Text::new(
        "points: by the settings' `call_points`; the defaults are a published scheme: 1 for a referrer inside the bank, 2 for one outside, 3 for a later meeting with a prospect, 4 for a proposal, 2 more with a colleague\n\
         prospect: a client of that tier, or any client before its relation begins; contacts by telephone are no meetings\n\
         weeks: Monday to Sunday, ending in the period, in which the manager was in post throughout; met: with at least the weekly points (24 in that scheme)\n\
         mean: points of these weeks, which may begin before the period and end before it does, over their number\n\
         metrics: `call_points` and `call_weeks_met` score the same in a policy",
        "积分：按设置 call_points 计；默认值为公开方案：行内转介人1分，行外转介人2分，再次面访潜在客户3分，提交方案4分，有同事同行加2分\n\
         潜在客户：层级为潜在客户，或建立关系日之前的客户；电话联系不算面访\n\
         周：本期内结束的周一至周日，且全周在岗；达标：不低于每周应达积分（该方案为24分）\n\
         周均：上述各周积分之和除以周数；周可能始于期前，期末不满一周的不计\n\
         考核取值：办法中可用 call_points 与 call_weeks_met，口径相同",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(tables),
};

const SUMMARY: Sheet = Sheet {
    name: "call_points",
    title: Text::new("Call points by manager", "营销联络积分"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::count("internal", "Referrers inside", "行内转介人"),
        Col::count("external", "Referrers outside", "行外转介人"),
        Col::count("prospects", "First meetings", "首次面访"),
        Col::count("again", "Later meetings", "再次面访"),
        Col::count("proposals", "Proposals", "提交方案"),
        Col::count("joint", "With a colleague", "同事同行"),
        Col::number("points", "Points in the period", "本期积分"),
        Col::count("weeks", "Whole weeks", "整周数"),
        Col::count("met", "Weeks met", "达标周数"),
        Col::ratio("met_part", "Part met", "达标率").bar(),
        Col::number("week_points", "Points of these weeks", "整周积分"),
        Col::number("mean", "Mean a week", "周均积分"),
    ],
};

const WEEKS: Sheet = Sheet {
    name: "call_weeks",
    title: Text::new("Weeks with calls that count", "各周积分"),
    columns: &[
        Col::date("week_end", "Week to", "周截止日"),
        Col::text("manager", "Manager", "客户经理"),
        Col::count("calls", "Calls that count", "计分联络"),
        Col::number("points", "Points", "积分").bar(),
        Col::number("asked", "Asked", "要求"),
        Col::number("missing", "Missing", "差距"),
    ],
};

fn tables(input: &Input<'_>) -> Vec<Table> {
    let (mut summary, mut by_week) = (SUMMARY.table(input), WEEKS.table(input));
    for (id, _) in input.managers() {
        let Some(record) = input.book.managers.get(id) else { continue };
        let own = input.portfolios().of([id]);
        // A week that ends in the period may begin before it.
        let first =
            input.months.first_day().checked_sub_days(Days::new(6)).unwrap_or(input.months.first_day());
        let visited = own.scope(false).visited.iter().copied();
        let made = calls(input.book, record, visited, (first, input.as_of));
        let ends = weeks(&record.data, (input.months.first_day(), input.as_of)).into_iter();
        let whole: Vec<Week> = ends.map(|end| Week::of(&made, end)).collect();
        summary.push(manager_row(input, record, &made, &whole));
        whole
            .iter()
            .filter(|week| !week.points.is_zero())
            .for_each(|week| by_week.push(week_row(input, id, week)));
    }
    by_week.rows.sort_by_key(|row| match row.first() {
        Some(Cell::Date(end)) => Some(*end),
        _ => None,
    });
    vec![summary, by_week]
}

struct Week {
    end: NaiveDate,
    calls: usize,
    points: Decimal,
}

impl Week {
    fn of(made: &[Call], end: NaiveDate) -> Self {
        let own = || made.iter().filter(|call| week_end(call.day) == end);
        let counted = own().filter(|call| !call.points.is_zero()).count();
        Self { end, calls: counted, points: own().map(|call| call.points).sum() }
    }
}

fn manager_row(input: &Input<'_>, manager: &Record<Manager>, made: &[Call], weeks: &[Week]) -> Vec<Cell> {
    let made: Vec<&Call> = made.iter().filter(|call| call.day >= input.months.first_day()).collect();
    let of = |sort: Sort| Cell::from(made.iter().filter(|call| call.sort == sort).count());
    let joint = made.iter().filter(|call| call.joint && !call.points.is_zero()).count();
    let asked = input.book.settings.call_points.weekly.0;
    let met = weeks.iter().filter(|week| week.points >= asked).count();
    let weekly: Decimal = weeks.iter().map(|week| week.points).sum();
    vec![
        (&*manager.id).into(),
        manager.data.name.as_str().into(),
        of(Sort::Internal),
        of(Sort::External),
        of(Sort::First),
        of(Sort::Again),
        of(Sort::Proposal),
        joint.into(),
        number(made.iter().map(|call| call.points).sum::<Decimal>()),
        weeks.len().into(),
        met.into(),
        part(met, weeks.len()),
        number(weekly),
        number(share(weekly, weeks.len())),
    ]
}

fn week_row(input: &Input<'_>, manager: &str, week: &Week) -> Vec<Cell> {
    let asked = input.book.settings.call_points.weekly.0;
    let missing = (asked > week.points).then(|| asked - week.points);
    vec![
        week.end.into(),
        manager.into(),
        week.calls.into(),
        number(week.points),
        number(asked),
        number(missing),
    ]
}

#[cfg(test)]
mod tests {
    use crate::report::practice::lines;

    const BOOK: &str = "# file: rmbook.toml\nname = '支行'\ncall_points = { weekly = 5 }\n# file: managers/li.toml\nname = '李娜'\n\
        [[calls]]\ndate = 2026-10-07\nkind = 'external-referrer'\nwhom = '事务所'\nwith = ['wang']\n\
        [[calls]]\ndate = 2026-10-14\nkind = 'internal-referrer'\nwhom = '零售部'\n# file: managers/wang.toml\nname = '王芳'\n\
        # file: clients/a.toml\nname = '甲'\ntier = 'prospect'\nstatus = 'prospect'\nmanager = 'li'\n\
        [[visits]]\ndate = 2026-09-02\nby = 'li'\nkind = 'on-site'\n[[visits]]\ndate = 2026-10-06\nby = 'li'\nkind = 'on-site'\n";

    #[test]
    fn points_stand_by_sort_and_week() {
        // The week to the 11th has 2 + 2 with a colleague and 3 for the second meeting, that to the 18th a single point: 8 in
        // four weeks.
        assert_eq!(
            lines(BOOK, "calls", "call_points", "2026-10")[0],
            "li | 李娜 | 1 | 1 | 0 | 1 | 0 | 1 | 8 | 4 | 1 | 25% | 8 | 2"
        );
        assert_eq!(
            lines(BOOK, "calls", "call_weeks", "2026-10"),
            ["2026-10-11 | li | 2 | 7 | 5 | -", "2026-10-18 | li | 1 | 1 | 5 | 4"]
        );
    }
}
