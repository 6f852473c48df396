//! Incentive: what each manager is paid for each period, line by line, and what is deferred, held back and clawed back.
//!
//! `ledger` has the balances of the pay ledger; `next` says what comes next instead.

use rust_decimal::Decimal;

use super::super::{SEMICOLON, closing, listed, state, unpaid_lines};
use super::{Col, Input, Report, Run, Scores, Sheet, Usual};
use crate::score::apply::Scored;
use crate::score::card::Scorecard;
use crate::score::payslip::PayResult;
use crate::table::{Cell, Table};
use crate::text::{Message, Text};

mod ledger;
mod next;

use ledger::Reviews;

pub(super) const REPORT: Report = Report {
    name: "incentive",
    title: Text::new("Incentive", "绩效薪酬"),
    question: Text::new(
        "What does each manager earn for the period, by which lines, and what is deferred or still held back?",
        "各客户经理本期绩效薪酬为多少，由哪些项目构成，延期支付及尚未发放多少？",
    ),
    about: Text::new(
        "pay: by the pay lines of the policy in force, in its own unit of money; of a closed period, as it was frozen, with what amendments changed; periods that have not begun are left out, one that is not over is `to-date`\n\
         deferred: the part of the pay that the policy pays in later years\n\
         amounts: pay, and the entries of its ledger, are in the `money` of the policy that pays, whatever the book's is\n\
         booked since: what entries of the ledger add to what is paid of the period (given back) and take off it (advanced, held back, clawed back), booked up to today, be the period long over\n\
         paid now: the pay less what is deferred, with what was booked since; deferred pay, released or forfeited, stands in a table of its own\n\
         what scaled the pay: each gate and veto on pay whose factor is not 1; of a closed period as the records give it now\n\
         held back: holdbacks of the ledger from the pay of the period, from a line of it where they name one, less what was returned of their cases up to today\n\
         deferred pay by year: what closed periods up to the last one deferred to each year, less what entries of the ledger released up to today and what clawbacks that name the year forfeited\n\
         cases: what was held back or clawed back under each case, and what was returned of it, up to today\n\
         next: with `--next`, of the last period of each policy's length that has ended, by the policies in force at the report's end and for those in post; the pay of a closed period is the frozen one, what is supposed is scored again\n\
         next grade: by the policy's promotion rules that start from the grade, without one the next in the order of the settings; periods running count what was closed and figures of the book\n\
         pay in the next grade: the period scored once more with the manager in that grade and everything else as it is, shares of pools included\n\
         in terms of business: the least change of the one figure behind a score with which the condition holds, other things equal\n\
         points to full marks: what the indicator would add with full marks, by its weight after spreading, before bounds of dimensions and total\n\
         alone: the figure with which this indicator by itself would reach the next rating; none where it cannot",
        "薪酬：按适用考核办法的薪酬项目计算，以办法所定金额单位计；已封存期间取封存结果并计入更正；未开始的期间不列示，未结束的为阶段性结果（to-date）\n\
         延期支付：按办法在以后年度支付的部分\n\
         金额：薪酬及台账分录均以计发办法的 `money` 计，与台账金额单位（设置 money）不同的亦同\n\
         台账增减：台账分录对本期发放的增减，退还为增，预发、暂扣及追索扣回为减；期间虽已结束，台账仍计至今日\n\
         当期发放：薪酬扣除延期支付，加减台账增减；延期支付的兑付与止付另表列示\n\
         薪酬系数：作用于薪酬且系数不为1的门槛与一票否决；已封存期间按现有记录列示\n\
         暂扣：台账中属于该期薪酬（注明薪酬项目的，仅限含该项目的办法）的暂扣金额，减截至今日同一事由已退还金额\n\
         延期支付余额：截至末期各已封存期间延期至各年度的金额，减截至今日台账已兑付及止付（注明分期年度的追索扣回）的金额\n\
         事由：各事由截至今日暂扣或追索扣回的金额及已退还金额\n\
         下一步：使用 --next 时，取期末有效的各考核办法最近一个已结束的考核期，仅列在职人员；已封存期间薪酬取封存结果，假定情形重新计分\n\
         拟晋职级：按自现职级起的晋升条款，无条款的取设置职级顺序中的高一级；连续期数依据封存结果及台账数据\n\
         晋级后薪酬：假定本人已在拟晋职级、其他条件不变（含奖金池分配）重新计算\n\
         业务含义：其他条件不变时，使条件满足所需的该项业务数据最小变动\n\
         距满分可加分：该指标得满分时按分摊后权重可增加的分数，未计维度及总分上下限\n\
         单项达下一评级要求：仅凭该指标达到下一评级所需的业务数据，无法达到的不列示",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Pay(tables),
};

const PAY: Sheet = Sheet {
    name: "incentive",
    title: Text::new("Pay by manager and period", "各期绩效薪酬"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::text("rating", "Rating", "评级"),
        Col::text("state", "State", "状态"),
        Col::number("pay", "Pay", "薪酬"),
        Col::number("deferred", "Deferred", "延期支付"),
        Col::number("booked", "Booked since", "台账增减"),
        Col::number("paid_now", "Paid now", "当期发放"),
        Col::number("held_back", "Held back", "暂扣余额"),
        Col::text("unit", "Unit", "单位"),
        Col::text("remark", "Remark", "备注"),
    ],
};

const LINES: Sheet = Sheet {
    name: "incentive_lines",
    title: Text::new("Pay lines", "薪酬构成"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("line", "Line", "项目"),
        Col::number("amount", "Amount", "金额"),
        Col::text("unit", "Unit", "单位"),
    ],
};

const FACTORS: Sheet = Sheet {
    name: "incentive_factors",
    title: Text::new("What scaled the pay", "薪酬系数"),
    columns: &[
        Col::text("period", "Period", "期间"),
        Col::text("policy", "Policy", "考核办法"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("kind", "Kind", "类别"),
        Col::text("id", "Id", "编号"),
        Col::text("title", "Title", "名称"),
        Col::number("factor", "Factor", "系数"),
    ],
};

const GATE: Text = Text::new("gate", "门槛");
const VETO: Text = Text::new("veto", "一票否决");

fn tables(input: &Input<'_>, scores: &Scores<'_>) -> Vec<Table> {
    if input.ahead {
        return next::tables(input, scores);
    }
    let reviews = Reviews::of(input.book);
    let (mut pay, mut lines, mut factors) = (PAY.table(input), LINES.table(input), FACTORS.table(input));
    scores.each_ended(input, |scored| {
        let paying = scored.policy.base.pay.is_some();
        let shown = scored.cards.iter().filter(|card| paying || card.pay.is_some());
        for card in shown.filter(|card| input.covers(&card.profile.id)) {
            rows(input, &reviews, (scored, card), (&mut pay, &mut lines));
            scaled(scored, card, &mut factors);
        }
    });
    let mut tables = vec![pay, factors, lines];
    tables.extend(ledger::tables(input, &reviews));
    tables
}

fn rows(
    input: &Input<'_>,
    reviews: &Reviews<'_>,
    (scored, card): (&Scored<'_>, &Scorecard),
    (pay, lines): (&mut Table, &mut Table),
) {
    let unit = scored.policy.record.money();
    let head = || -> Vec<Cell> {
        vec![card.period.to_string().into(), scored.id.into(), (&*card.profile.id).into()]
    };
    let of_pay = |pick: fn(&PayResult) -> Decimal| Cell::from(card.pay.as_ref().map(pick));
    let mut row = head();
    row.extend([input.name(&card.profile.id).into(), card.rating.as_deref().into(), state(card)]);
    row.extend([of_pay(|pay| pay.total), of_pay(|pay| pay.deferred)]);
    row.extend([of_pay(|pay| (pay.now - pay.total + pay.deferred).normalize()), of_pay(|pay| pay.now)]);
    let ledger = reviews.ledger(&card.profile.id, input.months.last, input.today);
    let has_line = |line: &str| card.pay.as_ref().is_some_and(|pay| pay.pays_line(line));
    let of_pay = (scored.policy.record.scheme.as_str(), card.period);
    row.push(ledger.held_back(of_pay, has_line).normalize().into());
    row.extend([unit.into(), remark(card)]);
    pay.push(row);
    for line in card.pay.iter().flat_map(|pay| &pay.lines).filter(|line| line.paid) {
        let mut row = head();
        row.extend([(&*line.id).into(), line.amount.normalize().into(), unit.into()]);
        lines.push(row);
    }
}

/// The gates and vetoes that act on the pay of a scorecard with a factor other than 1.
fn scaled(scored: &Scored<'_>, card: &Scorecard, factors: &mut Table) {
    let gates = card.gates.iter().filter(|gate| gate.on == "pay");
    let gates = gates.map(|gate| (GATE, &gate.id, &gate.title, gate.factor));
    let vetoes = card.vetoes.iter().filter_map(|veto| Some((VETO, &veto.id, &veto.title, veto.pay?)));
    for (kind, id, title, factor) in gates.chain(vetoes).filter(|(.., factor)| *factor != Decimal::ONE) {
        factors.push(vec![
            card.period.to_string().into(),
            scored.id.into(),
            (&*card.profile.id).into(),
            Cell::Said { key: kind.en, text: kind },
            (&**id).into(),
            (&**title).into(),
            factor.normalize().into(),
        ]);
    }
}

/// Why no pay is stated, or what is to be said of a closed one and of lines without a figure.
fn remark(card: &Scorecard) -> Cell {
    let error = card.errors.iter().chain(&card.unpaid).next().map(|error| error.reason.clone());
    if let Some(error) = error.or_else(|| card.not_assessed.clone()) {
        return error.into();
    }
    let said: Vec<Message> = closing(card).into_iter().chain(unpaid_lines(card)).collect();
    if said.is_empty() { Cell::Missing } else { listed(said, SEMICOLON).into() }
}

#[cfg(test)]
mod tests {
    use crate::report::practice::{lines, lines_on};

    const POLICY: &str = "title = '月薪'\nscheme = 'pay'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '元'\n\
        [[pay.lines]]\nid = 'base'\namount = '1000 元'\n[[pay.lines]]\nid = 'deposits'\namount = 'deposits.average * 3 元/万元'\n\
        [pay.deferral]\nshare = '40%'\nyears = ['50%', '50%']\n";

    const PEOPLE: &str = "# file: managers/li.toml\nname = '李娜'\n# file: clients/a.toml\nname = '甲'\n\
        tier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-04 = { deposits = 500 }\n2026-05 = { deposits = 600 }\n";

    #[test]
    fn pay_is_shown_by_line_with_what_is_deferred_and_held_back() {
        let book = format!(
            "# file: policies/pay.toml\n{POLICY}{PEOPLE}\
             # file: reviews/2026-04/li.toml\nmanager = 'li'\nperiod = '2026-04'\n[[ledger]]\ndate = 2026-04-25\n\
             kind = 'holdback'\namount = 300\ncase = 'c1'\n[[ledger]]\ndate = 2026-05-06\nkind = 'return'\namount = 100\ncase = 'c1'\n"
        );
        // 1,000 + 500 × 3 = 2,500, of which 40 % is deferred; 300 held back. What is returned in May counts from its day.
        let april = |table, today| lines_on(&book, "incentive", table, "2026-04", today);
        assert_eq!(
            april("incentive", "2026-05-05"),
            ["2026-04 | pay | li | 李娜 | - | open | 2500 | 1000 | -300 | 1200 | 300 | 元 | -"]
        );
        assert_eq!(
            april("incentive", "2026-05-06"),
            ["2026-04 | pay | li | 李娜 | - | open | 2500 | 1000 | -200 | 1300 | 200 | 元 | -"]
        );
        let quarter = lines(&book, "incentive", "incentive", "2026-Q2");
        assert!(quarter[0].ends_with("| 2500 | 1000 | -200 | 1300 | 200 | 元 | -"), "{quarter:?}");
        // What is held back from the pay of April is not held back from that of May.
        assert!(quarter[1].ends_with("| 2800 | 1120 | 0 | 1680 | 0 | 元 | -"), "{quarter:?}");
        assert_eq!(
            april("incentive_cases", "2026-04-30"),
            ["li | 李娜 | holdback | c1 | 2026-04 | 300 | 0 | 300 | 元 | - | -"]
        );
        assert_eq!(
            lines(&book, "incentive", "incentive_lines", "2026-04"),
            ["2026-04 | pay | li | base | 1000 | 元", "2026-04 | pay | li | deposits | 1500 | 元"]
        );
    }

    #[test]
    fn holdbacks_and_advances_are_not_paid_now_and_releases_are_of_another_period() {
        let entry = |kind: &str, amount: u32, more: &str| {
            format!("[[ledger]]\ndate = 2026-04-28\nkind = '{kind}'\namount = {amount}\n{more}")
        };
        let book = format!(
            "# file: policies/pay.toml\n{POLICY}{PEOPLE}# file: reviews/2026-04/li.toml\nmanager = 'li'\nperiod = '2026-04'\n{}{}{}{}",
            entry("holdback", 300, "case = 'c1'\n"),
            entry("advance", 200, ""),
            entry("release", 500, "period = '2025-04'\ndue = '2026'\n"),
            entry("clawback", 50, "case = 'c2'\nperiod = '2025-04'\n"),
        );
        // 2,500 less 1,000 deferred, 300 held back and 200 advanced.
        assert_eq!(
            lines(&book, "incentive", "incentive", "2026-04"),
            ["2026-04 | pay | li | 李娜 | - | open | 2500 | 1000 | -500 | 1000 | 300 | 元 | -"]
        );
        assert_eq!(
            lines(&book, "incentive", "incentive_cases", "2026-04"),
            [
                "li | 李娜 | holdback | c1 | 2026-04 | 300 | 0 | 300 | 元 | - | -",
                "li | 李娜 | clawback | c2 | 2025-04 | 50 | 0 | 50 | 元 | - | -"
            ]
        );
    }

    #[test]
    fn a_clawback_takes_off_the_pay_it_concerns_and_its_return_is_paid_as_it_is_stated() {
        let review = |period: &str, text: &str| {
            format!("# file: reviews/{period}/li.toml\nmanager = 'li'\nperiod = '{period}'\n{text}")
        };
        let policy = POLICY.split("[pay.deferral]").next().unwrap();
        let book = |returns: &str| {
            format!(
                "# file: policies/pay.toml\n{policy}[pay.clawback]\nreturns = '{returns}'\n{PEOPLE}{}{}",
                review(
                    "2026-04",
                    "[[ledger]]\ndate = 2026-05-20\nkind = 'clawback'\namount = 400\ncase = 'c1'\n"
                ),
                review(
                    "2026-05",
                    "[[ledger]]\ndate = 2026-06-20\nkind = 'return'\namount = 380\ncase = 'c1'\n"
                ),
            )
        };
        // April: 2,500 − 400; May: 1,000 + 600 × 3 + 380, whatever the policy comes to give back later.
        for returns in ["95%", "50%"] {
            let rows = lines(&book(returns), "incentive", "incentive", "2026-Q2");
            assert!(rows[0].ends_with("| 2500 | 0 | -400 | 2100 | 0 | 元 | -"), "{rows:?}");
            assert!(rows[1].ends_with("| 2800 | 0 | 380 | 3180 | 0 | 元 | -"), "{rows:?}");
        }
        let on = |day| lines_on(&book("95%"), "incentive", "incentive_cases", "2026-04", day);
        assert_eq!(on("2026-06-19"), ["li | 李娜 | clawback | c1 | 2026-04 | 400 | 0 | 400 | 元 | - | -"]);
        assert_eq!(on("2026-06-20"), ["li | 李娜 | clawback | c1 | 2026-04 | 400 | 380 | 20 | 元 | - | -"]);
    }

    #[test]
    fn what_is_deferred_in_different_money_is_never_added_up() {
        let bonus = POLICY.replace("'pay'", "'bonus'").replace("money = '元'", "money = '万元'");
        let closed = |scheme: &str, pay: &str, later: &str| {
            format!(
                "[closed.{scheme}]\npolicy = '{scheme}'\ndigest = 'x'\nclosed_on = 2026-05-04\npay_total = {pay}\n\
                 deferral = [{{ due = '2027', amount = {later} }}]\n"
            )
        };
        let entry = |scheme: &str, amount: &str| {
            format!(
                "[[ledger]]\ndate = 2027-02-01\nkind = 'release'\nscheme = '{scheme}'\ndue = '2027'\namount = {amount}\n\
                 [[ledger]]\ndate = 2026-05-06\nkind = 'holdback'\ncase = 'c'\nscheme = '{scheme}'\namount = {amount}\n"
            )
        };
        let book = format!(
            "# file: policies/pay.toml\n{POLICY}# file: policies/bonus.toml\n{bonus}{PEOPLE}\
             # file: reviews/2026-04/li.toml\nmanager = 'li'\nperiod = '2026-04'\n{}{}{}{}",
            entry("pay", "200"),
            entry("bonus", "0.1"),
            closed("pay", "2500", "500"),
            closed("bonus", "1", "0.3")
        );
        assert_eq!(
            lines(&book, "incentive", "incentive_deferred", "2026-04"),
            ["li | 李娜 | 2027 | 0.3 | 0.1 | 0 | 0.2 | 万元", "li | 李娜 | 2027 | 500 | 200 | 0 | 300 | 元"]
        );
        // One case that both take from.
        assert_eq!(
            lines(&book, "incentive", "incentive_cases", "2026-04"),
            [
                "li | 李娜 | holdback | c | 2026-04 | 0.1 | 0 | 0.1 | 万元 | - | -",
                "li | 李娜 | holdback | c | 2026-04 | 200 | 0 | 200 | 元 | - | -"
            ]
        );
    }

    #[test]
    fn a_closed_period_is_paid_as_it_was_closed() {
        let review = "# file: reviews/2026-04/li.toml\nmanager = 'li'\nperiod = '2026-04'\n\
            [[ledger]]\ndate = 2027-01-05\nkind = 'release'\namount = 300\ndue = '2027'\n\
            [closed.pay]\npolicy = 'pay'\ndigest = 'x'\nclosed_on = 2026-05-10\n\
            pay = { base = 1000, deposits = 1200 }\npay_total = 2200\n\
            deferral = [{ due = '2027', amount = 440 }, { due = '2028', amount = 440 }]\n";
        let book = format!("# file: policies/pay.toml\n{POLICY}{PEOPLE}{review}");
        // 500 × 3 is 1,500 now and was 1,200; 2,200 less 880 is paid now.
        assert_eq!(
            lines(&book, "incentive", "incentive", "2026-04"),
            [
                "2026-04 | pay | li | 李娜 | - | closed | 2200 | 880 | 0 | 1320 | 0 | 元 | closed at pay 2200; the records now give pay 2500"
            ]
        );
        assert_eq!(
            lines(&book, "incentive", "incentive_lines", "2026-04"),
            ["2026-04 | pay | li | base | 1000 | 元", "2026-04 | pay | li | deposits | 1200 | 元"]
        );
        // 440 less 300 released in January; 440.
        assert_eq!(
            lines(&book, "incentive", "incentive_deferred", "2027-01"),
            ["li | 李娜 | 2027 | 440 | 300 | 0 | 140 | 元", "li | 李娜 | 2028 | 440 | 0 | 0 | 440 | 元"]
        );
        assert_eq!(
            lines_on(&book, "incentive", "incentive_deferred", "2026-12", "2026-12-31")[0],
            "li | 李娜 | 2027 | 440 | 0 | 0 | 440 | 元"
        );
    }

    #[test]
    fn an_entry_of_one_scheme_takes_nothing_off_the_pay_of_another() {
        let credit = POLICY.replace("scheme = 'pay'", "scheme = 'credit'");
        let held = |more: &str| {
            let book = format!(
                "# file: policies/credit.toml\n{credit}# file: policies/pay.toml\n{POLICY}{PEOPLE}\
                 # file: reviews/2026-04/li.toml\nmanager = 'li'\nperiod = '2026-04'\n[[ledger]]\ndate = 2026-04-25\n\
                 kind = 'holdback'\namount = 300\ncase = 'c1'\n{more}"
            );
            lines(&book, "incentive", "incentive", "2026-04")
        };
        // Of 2,500 each, 1,000 are deferred.
        assert_eq!(
            held("scheme = 'credit'\n"),
            [
                "2026-04 | credit | li | 李娜 | - | open | 2500 | 1000 | -300 | 1200 | 300 | 元 | -",
                "2026-04 | pay | li | 李娜 | - | open | 2500 | 1000 | 0 | 1500 | 0 | 元 | -",
            ]
        );
        // Without one nobody knows whose pay it is, which `check` finds: none takes it while both are open.
        assert!(held("").iter().all(|row| row.ends_with("| 0 | 1500 | 300 | 元 | -")));
    }

    #[test]
    fn what_scaled_the_pay_is_named_with_its_factor() {
        let gates = "[[gates]]\nid = 'calls'\ntitle = '走访达标'\nwhen = 'visits.count < 10'\nfactor = '0.8'\non = 'pay'\nmissing = 'skip'\n\
            [[gates]]\nid = 'full'\nfactor = '1'\non = 'pay'\nmissing = 'skip'\n\
            [[vetoes]]\nid = 'fraud'\nwhen = 'visits.count < 5'\npay = '0.5'\nmissing = 'skip'\n";
        let book = format!("# file: policies/pay.toml\n{POLICY}{gates}{PEOPLE}");
        assert_eq!(
            lines(&book, "incentive", "incentive_factors", "2026-04"),
            [
                "2026-04 | pay | li | gate | calls | 走访达标 | 0.8",
                "2026-04 | pay | li | veto | fraud | fraud | 0.5"
            ]
        );
        // 1,000 + 500 × 3 = 2,500, × 0.8 × 0.5 = 1,000.
        assert!(lines(&book, "incentive", "incentive", "2026-04")[0].contains("| 1000 | 400 | 0 | 600 |"));
    }

    #[test]
    fn a_period_that_is_not_over_is_to_date_and_one_not_begun_is_left_out() {
        let book = format!("# file: policies/pay.toml\n{POLICY}{PEOPLE}");
        let rows = lines_on(&book, "incentive", "incentive", "2026", "2026-05-20");
        let of = |at: usize| rows[at].split(" | ").step_by(5).take(2).collect::<Vec<_>>().join(" ");
        assert_eq!((rows.len(), of(3), of(4)), (5, "2026-04 open".to_owned(), "2026-05 to-date".to_owned()));
    }
}
