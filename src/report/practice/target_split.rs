//! Target split: a bank's or a team's target drafted down to its managers, by three ways of weighing.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::reference;
use super::{Body, Col, Input, Report, Run, Sheet, Usual, earlier, length, number};
use crate::book::target::target;
use crate::book::workload::workloads;
use crate::metric::{Credited, falling, unit_of};
use crate::msg;
use crate::period::{Months, Period};
use crate::record::kind::RecordKind;
use crate::score::split;
use crate::table::{Cell, Table};
use crate::text::{Text, practice};

pub(super) const REPORT: Report = Report {
    name: "target-split",
    title: Text::new("Target split", "目标分解"),
    question: Text::new(
        "How can the target of the bank, or of a team, be split down to teams and managers so that it adds up?",
        "全行或团队目标如何分解到团队和客户经理，且合计相符？",
    ),
    about: Text::new(
        "target: of the whole unit, of one team with `--team`, as the settings or the team's record state it for the period or another that it follows from; ratios are not split\n\
         who: managers at work on the report's day who lead a client; what a team gets is the sum of what its members get\n\
         base: the average of a balance, the sum of anything else, over the last months before the period whose figures are in, as many as the period has, by credit\n\
         growth: the base less the same over as many months before it, by the shares of the base, so that a client handed over is no growth of the receiver; a decrease counts as none\n\
         by base: in proportion to the base; by growth: the base, and what the target has above all bases in proportion to growth; equal: the same for everybody; missing where there is nothing to weigh by or the target is below all bases\n\
         rounding: to the places of the target, what is left going one unit each to the largest remainders, so that every draft adds up to the target\n\
         stands: the target recorded now; the command writes the draft by base, and in its place any other number",
        "目标：机构目标，指定 `--team` 的为该团队目标；按设置或团队档案登记的本期目标，或由其他期间推算；比率类不分解\n\
         分解对象：报告日在岗且主办客户的客户经理；团队为成员合计\n\
         基数：考核期前最近若干有数据月份（与考核期等长）的日均（余额类）或合计（其他），按分成计算\n\
         增长：基数减去其前等长期间数额，按基数期间分成比例计算，客户移交不计为增长；下降的计为零\n\
         按基数：按基数比例；按增长：基数加上目标超出基数合计的部分按增长比例分配；平均：人均相同；无可依据的或目标低于基数合计的不计算\n\
         取整：与目标小数位一致，尾差按余数由大到小逐一补足，各方案合计均等于目标\n\
         现目标：已登记的目标；命令写入按基数的方案，也可改填其他数额",
    ),
    usual: Usual::NextMonth,
    figures: false,
    run: Run::Book(|input| vec![drafts(input)]),
};

const DRAFTS: Sheet = Sheet {
    name: "target_split",
    title: Text::new("Drafts of targets", "目标分解方案"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::text("measure", "Measure", "指标"),
        Col::text("unit", "Unit", "单位"),
        Col::figure("base", "Base", "基数"),
        Col::figure("growth", "Growth", "增长"),
        Col::figure("by_base", "By base", "按基数"),
        Col::figure("by_growth", "By growth", "按增长"),
        Col::figure("equal", "Equal", "平均"),
        Col::figure("stands", "Stands", "现目标"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

/// A manager among whom a target is split, with the base and its growth.
struct Part<'b> {
    manager: &'b str,
    base: Option<Decimal>,
    growth: Option<Decimal>,
}

/// The drafts for each manager, in the order of the parts.
struct Drafts {
    by_base: Option<Vec<Decimal>>,
    by_growth: Option<Vec<Decimal>>,
    equal: Vec<Decimal>,
}

fn drafts(input: &Input<'_>) -> Table {
    let mut table = DRAFTS.table(input);
    let Some(period) = Period::over(input.months) else {
        table.notes.push(practice::SPLIT_PERIOD.into());
        return table;
    };
    let bodies = input.bodies();
    let whole = bodies.first().filter(|body| body.is_above_managers() && input.only.manager.is_none());
    let Some(whole) = whole else {
        table.notes.push(practice::SPLIT_OF_ONE.into());
        return table;
    };
    let among: BTreeSet<&str> = workloads(input.book, input.as_of)
        .into_iter()
        .flat_map(|team| team.members)
        .filter(|(id, own)| !own.clients.is_empty() && input.covers(id))
        .map(|(id, _)| id)
        .collect();
    if among.is_empty() {
        table.notes.push(practice::SPLIT_AMONG_NOBODY.into());
        return table;
    }
    let bases = Bases::of(input, &among);
    let names: BTreeSet<&str> =
        whole.targets.values().flat_map(|line| line.keys().map(|name| &**name)).collect();
    for name in names {
        let falling = falling(&input.book.settings, name);
        let total = target(whole.targets, name, falling, period).filter(|_| falling.adds_up());
        let Some(total) = total.map(|target| target.amount.normalize()) else { continue };
        let parts: Vec<Part<'_>> = among.iter().map(|manager| bases.part(manager, name)).collect();
        let drafts = Drafts::of(total, &parts);
        let takes_part =
            |body: &&Body<'_>| body.is_above_managers() || body.id.is_some_and(|id| among.contains(id));
        for body in bodies.iter().filter(takes_part) {
            let stands = target(body.targets, name, falling, period).map(|target| target.amount);
            table.push(row(input, body, (name, period), (&parts, &drafts), stands));
        }
    }
    if table.rows.is_empty() {
        let record = whole.id.map_or_else(
            || RecordKind::Settings.name().to_owned(),
            |team| reference(input.book, RecordKind::Team, team),
        );
        table.notes.push(msg!(practice::NOTHING_TO_SPLIT, period = period.to_string(), record = record));
    }
    table
}

fn row(
    input: &Input<'_>,
    body: &Body<'_>,
    (name, period): (&str, Period),
    (parts, drafts): (&[Part<'_>], &Drafts),
    stands: Option<Decimal>,
) -> Vec<Cell> {
    let managers = body.portfolio.scope(false).managers;
    let own: Vec<usize> =
        (0..parts.len()).filter(|at| managers.binary_search(&parts[*at].manager).is_ok()).collect();
    let known = |of: &dyn Fn(&Part<'_>) -> Option<Decimal>| -> Option<Decimal> {
        let known: Vec<Decimal> = own.iter().filter_map(|at| of(&parts[*at])).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    };
    let drafted =
        |draft: &[Decimal]| (!own.is_empty()).then(|| own.iter().map(|at| draft[*at]).sum::<Decimal>());
    let by_base = drafts.by_base.as_deref().and_then(drafted);
    let kind = if body.is_above_managers() { RecordKind::Team } else { RecordKind::Manager };
    let command = body.id.zip(by_base).filter(|(_, draft)| stands != Some(*draft)).map(|(id, draft)| {
        format!("rmbook set {} targets.{period}.{name}={draft}", reference(input.book, kind, id))
    });
    let [level, id, title] = body.cells();
    vec![
        level,
        id,
        title,
        name.into(),
        unit_of(&input.book.settings, name).into(),
        number(known(&|part| part.base)),
        number(known(&|part| part.growth)),
        number(by_base),
        number(drafts.by_growth.as_deref().and_then(drafted)),
        number(drafted(&drafts.equal)),
        number(stands),
        command.into(),
    ]
}

impl Drafts {
    fn of(total: Decimal, parts: &[Part<'_>]) -> Self {
        let places = total.scale();
        let bases: Vec<Decimal> = parts.iter().map(|part| part.base.unwrap_or_default()).collect();
        let growth = parts.iter().map(|part| part.growth.unwrap_or_default().max(Decimal::ZERO));
        let (growth, all): (Vec<Decimal>, Decimal) = (growth.collect(), bases.iter().sum());
        let grown: Decimal = growth.iter().sum();
        // Each is to keep the base and grow by a part of what the target has above all bases.
        let aims = |rise: Decimal| {
            bases.iter().zip(&growth).map(|(base, growth)| base + rise * growth / grown).collect::<Vec<_>>()
        };
        Self {
            by_base: (all > Decimal::ZERO).then(|| split(total, &bases, places)),
            by_growth: (total >= all && grown > Decimal::ZERO)
                .then(|| split(total, &aims(total - all), places)),
            equal: split(total, &vec![Decimal::ONE; parts.len()], places),
        }
    }
}

/// The figures of the last months before a period, and of as many before these.
struct Bases<'b> {
    found: Option<(Credited<'b>, Credited<'b>)>,
}

impl<'b> Bases<'b> {
    fn of(input: &Input<'b>, among: &BTreeSet<&str>) -> Self {
        let portfolios = input.portfolios();
        let last = portfolios.figured.last_before(input.months.first);
        let found = last.map(|last| {
            let now = Months { first: last.plus(1 - length(input.months)), last };
            let before = earlier(now, length(now));
            let all = || among.iter().copied();
            (Credited::own(portfolios, all(), now), Credited::earlier(portfolios, all(), before, now))
        });
        Self { found }
    }

    fn part<'m>(&self, manager: &'m str, name: &str) -> Part<'m> {
        let figures = self.found.as_ref();
        let base = figures.and_then(|(now, _)| now.whole(&[manager], name));
        let before = figures.and_then(|(_, before)| before.whole(&[manager], name));
        Part { manager, base, growth: base.zip(before).map(|(base, before)| base - before) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Only;
    use super::super::{lines_of, lines_on, notes};

    fn book() -> String {
        let client = |id: &str, manager: &str, figures: [u32; 4]| {
            let [june, july, august, september] = figures;
            format!(
                "# file: clients/{id}.toml\nname = '{id}'\ntier = 'key'\nmanager = '{manager}'\nstatus = 'active'\n[results]\n\
                 2026-06 = {{ fee_income = {june} }}\n2026-07 = {{ fee_income = {july} }}\n\
                 2026-08 = {{ fee_income = {august} }}\n2026-09 = {{ fee_income = {september} }}\n"
            )
        };
        let head = "# file: rmbook.toml\nname = '测试支行'\n[targets]\n2026-Q4 = { fee_income = 100, npl_ratio = 0.01, new_clients = 4 }\n\
            [measures.fee_income]\ntitle = '中收'\nunit = '万元'\nkind = 'flow'\n\
            [measures.npl_ratio]\ntitle = '不良率'\nunit = '%'\nkind = 'ratio'\n\
            # file: teams/one.toml\nname = '一部'\n[targets]\n2026-Q4 = { fee_income = 70 }\n\
            # file: managers/a.toml\nname = '甲'\nteam = 'one'\n[targets]\n2026-Q4 = { fee_income = 30 }\n\
            # file: managers/b.toml\nname = '乙'\nteam = 'one'\n\
            # file: managers/c.toml\nname = '丙'\n\
            # file: managers/gone.toml\nname = '丁'\nleft = 2026-09-01\n";
        let files = [
            head.to_owned(),
            client("x", "a", [4, 10, 10, 10]),
            client("y", "b", [0, 10, 10, 0]),
            client("z", "c", [0, 5, 5, 10]),
        ];
        files.concat()
    }

    #[test]
    fn drafts_add_up_to_the_target() {
        // Base: July to September, 30, 20 and 20 of 70: 42.86, 28.57 and 28.57 of 100, the last units to the largest remainders.
        // Three months before have figures of June alone, so that nothing is known to have grown.
        assert_eq!(
            lines_on(&book(), "target-split", "target_split", "2026-Q4", "2026-10-05"),
            [
                "unit | - | 测试支行 | fee_income | 万元 | 70 | - | 100 | - | 100 | 100 | -",
                "team | one | 一部 | fee_income | 万元 | 50 | - | 72 | - | 67 | 70 | rmbook set one targets.2026-Q4.fee_income=72",
                "manager | a | 甲 | fee_income | 万元 | 30 | - | 43 | - | 34 | 30 | rmbook set a targets.2026-Q4.fee_income=43",
                "manager | b | 乙 | fee_income | 万元 | 20 | - | 29 | - | 33 | - | rmbook set b targets.2026-Q4.fee_income=29",
                "manager | c | 丙 | fee_income | 万元 | 20 | - | 28 | - | 33 | - | rmbook set c targets.2026-Q4.fee_income=28",
                "unit | - | 测试支行 | new_clients | 户 | - | - | - | - | 4 | 4 | -",
                "team | one | 一部 | new_clients | 户 | - | - | - | - | 3 | - | -",
                "manager | a | 甲 | new_clients | 户 | - | - | - | - | 2 | - | -",
                "manager | b | 乙 | new_clients | 户 | - | - | - | - | 1 | - | -",
                "manager | c | 丙 | new_clients | 户 | - | - | - | - | 1 | - | -",
            ]
        );
    }

    #[test]
    fn what_the_target_has_above_the_bases_goes_by_growth() {
        // A month: September of 10, 0 and 10 against August of 10, 10 and 5. Of 50, 30 are above the bases, all for c who grew.
        let month = book().replace("2026-Q4 = { fee_income = 100", "2026-10 = { fee_income = 50");
        let lines = lines_on(&month, "target-split", "target_split", "2026-10", "2026-10-05");
        assert_eq!(lines[0], "unit | - | 测试支行 | fee_income | 万元 | 20 | -5 | 50 | 50 | 50 | 50 | -");
        assert!(
            lines[2].starts_with("manager | a | 甲 | fee_income | 万元 | 10 | 0 | 25 | 10 | 17 | 10 |"),
            "{}",
            lines[2]
        );
        assert!(
            lines[3].starts_with("manager | b | 乙 | fee_income | 万元 | 0 | -10 | 0 | 0 | 17 |"),
            "{}",
            lines[3]
        );
        assert!(
            lines[4].starts_with("manager | c | 丙 | fee_income | 万元 | 10 | 5 | 25 | 40 | 16 |"),
            "{}",
            lines[4]
        );
    }

    #[test]
    fn a_team_splits_its_own_target() {
        let only = Only { team: Some("one"), manager: None };
        let lines = lines_of(&book(), "target-split", "target_split", "2026-Q4", only);
        // 30 and 20 of 50.
        assert!(lines[1].contains("| 30 | - | 42 | - | 35 | 30 |"), "{}", lines[1]);
        assert!(lines[2].contains("| 20 | - | 28 | - | 35 | - |"), "{}", lines[2]);
        assert_eq!(lines.len(), 3);
        let one = Only { team: None, manager: Some("a") };
        assert!(lines_of(&book(), "target-split", "target_split", "2026-Q4", one).is_empty());
    }

    #[test]
    fn a_period_without_a_target_says_which_command_sets_one() {
        let said = |book: &str, period: &str| notes(book, "target-split", "target_split", period).pop();
        assert_eq!(
            said(&book(), "2027").as_deref(),
            Some(
                "no target for 2027 to split, nor for a period that it follows from; `rmbook set settings targets.2027.MEASURE=…` sets one"
            )
        );
        assert_eq!(
            said("# file: rmbook.toml\nname = 'x'\n[targets]\n2026 = { fee_income = 1 }\n", "2026-Q4")
                .as_deref(),
            Some("nobody at work leads a client, so there is nobody to split a target among")
        );
    }
}
