//! The rules of closed periods.

use crate::diag::{Level, Rule};
use crate::score::grades::scored;
use crate::text::Text;

/// A book whose September is closed: Acme's deposits of 1,000 against a target of 1,000.
macro_rules! closed {
    (target: $target:literal, deposits: $deposits:literal, total: $total:literal) => {
        concat!(
            "# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n\
             [closed.scorecard]\npolicy = \"main\"\npolicy_digest = \"1ab18e27fbc612a6\"\n\
             digest = \"899ba9a489373e9f\"\nclosed_on = 2026-11-02\ntotal = ",
            $total,
            "\nrating = \"A\"\n[closed.scorecard.indicators]\n\
             deposits = { value = 1000, target = 1000, score = 100, points = 100, inputs = { \"client/acme\" = \"26970a1854441d2e\" } }\n",
            scored!(results: "2026-09 = { deposits = ", $deposits, " }\n"; target: $target)
        )
    };
}

/// A period left open between closed ones.
pub static CLOSED_PERIOD_GAP: Rule = Rule {
    code: "RM689",
    name: "closed-period-gap",
    level: Level::Warn,
    title: Text::new("a period between closed ones is open", "已封存期间之间有期间未封存"),
    why: Text::new(
        "Its figures may still change, and whatever sums up the year or carries a shortfall on lacks it.",
        "该期结果仍可能变动，本年累计、缺口结转等计算也无从取数。",
    ),
    mend: Text::new(
        "Reopen the later periods, close the one between, and close them again.",
        "请重新打开其后各期，封存该期后再依次封存。",
    ),
    example: concat!(
        "# file: rmbook.toml\nname = \"Branch\"\n[calendar]\n2025 = {}\n2026 = {}\n[closed.scorecard]\n\
         2026-07 = { cards = 0, digest = \"e3b0c44298fc1c14\" }\n\
         2026-09 = { cards = 1, digest = \"b5657a164e816065\" }\n\
         # file: managers/wang-fang.toml\nname = \"Wang Fang\"\njoined = 2026-08-01\n",
        closed!(target: 1000, deposits: 1000, total: 100)
    ),
};

/// A closed figure that would come out otherwise now.
pub static CLOSED_FIGURE_CHANGED: Rule = Rule {
    code: "RM690",
    name: "closed-figure-changed",
    level: Level::Deny,
    title: Text::new("a closed figure would come out otherwise", "已封存的结果或其依据发生变动"),
    why: Text::new(
        "Pay and acknowledgement rest on what was frozen; a later change must be somebody's decision. Item values, targets, \
         scores and points, what each record contributed to them, the total, the rating, the grade, the team, every pay line and the \
         deferral are held against what comes out now. So are the entries of the manager's ledger that were booked by the closing: one \
         that is gone or has another amount, and one put in later under an earlier day; entries booked since are held from the next \
         closing on. Places stay as they were published. Shares of a pool stay paid as they were frozen: where only results move \
         them, those of others or the manager's own, whatever else these pay, no amendment is asked for; a pool of another size \
         and another grade are found.",
        "薪酬与确认均以封存结果为准，事后变动须有人决定并负责。检查时逐项比对指标值、目标值、得分、计入分及各依据记录的取数，\
         以及总分、评级、职级、团队、各薪酬项目和延期支付。截至封存日已记账的台账分录亦逐笔比对：删除、改动金额，\
         或事后以更早日期补记的，均予报告；封存后新记的分录自下一次封存起比对。名次以封存时公布的为准。奖金池份额按封存结果支付：仅因本人或他人考核结果变动而变化的，无须更正；\
         奖金池数额或本人职级变动的，仍予提示。",
    ),
    mend: Text::new(
        "Undo the change, or amend: `rmbook close PERIOD --amend MANAGER` writes an amendment for every field that comes out \
         otherwise, to what comes out now. An amendment changes exactly the field it names (`deposits`, `deposits.score`, \
         `total`, `rating`, `pay.bonus`, `ledger.2026-09.2026-10-16 holdback late-file`), from what stands there to the value in `to`, and is dated on or after the closing; \
         nothing follows from it by itself. Years, carry-over, promotions and the ledger go by what then stands. Where a record was \
         mended and what was closed is to stand, `--keep` writes what the records now give (`gives`) in place of `to`.",
        "请撤销变动，或登记更正：`rmbook close 期间 --amend 客户经理` 按现时结果为每个变动字段登记更正。更正只改变所列字段\
         （如 `deposits`、`deposits.score`、`total`、`rating`、`pay.bonus`、`ledger.2026-09.2026-10-16 holdback late-file`），自当时有效的值改为 `to` 所列值，日期不得早于封存日；\
         其他字段不随之变动。年度汇总、结转、晋升与台账均以更正后的结果为准。记录已更正而封存结果维持不变的，\
         请加 `--keep`，以 `gives` 登记现有记录所得值，不写 `to`。",
    ),
    example: closed!(target: 1000, deposits: 1100, total: 100),
};

/// A frozen scorecard edited by hand.
pub static CLOSED_SCORECARD_EDITED: Rule = Rule {
    code: "RM691",
    name: "closed-scorecard-edited",
    level: Level::Deny,
    title: Text::new("a frozen scorecard was edited", "已封存的考核结果被改动"),
    why: Text::new("What was frozen no longer is what was scored.", "封存内容与当时的计分结果不再一致。"),
    mend: Text::new(
        "Restore it from history, or reopen the newest period and close it again.",
        "请从历史版本恢复，或重新打开最近一期后再次封存。",
    ),
    example: closed!(target: 1000, deposits: 1000, total: 110),
};

/// A policy changed after a period was closed under it.
pub static CLOSED_POLICY_CHANGED: Rule = Rule {
    code: "RM692",
    name: "closed-policy-changed",
    level: Level::Deny,
    title: Text::new(
        "a closed figure would come out otherwise under its changed policy",
        "考核办法变动致已封存结果变化",
    ),
    why: Text::new(
        "A closed period is explained by the policy it was scored by. Changes that leave every figure as it was frozen, such as \
         another title or a further test, are not found.",
        "已封存期间须按当时的考核办法解释。未使封存结果变化的改动（如名称、测试用例）不在此列。",
    ),
    mend: Text::new(
        "Undo the change, and write the new rules as a new policy with a later `effective`.",
        "请撤销改动，并将新规则另立为自以后日期生效的考核办法。",
    ),
    example: closed!(target: 900, deposits: 1000, total: 100),
};

/// More paid out of a pool than is in it.
pub static POOL_OVERSPENT: Rule = Rule {
    code: "RM693",
    name: "pool-overspent",
    level: Level::Deny,
    title: Text::new("closed pay exceeds the pool it comes from", "已封存薪酬合计超过奖金池"),
    why: Text::new(
        "A pool is what the bank approved; what exceeds it nobody approved.",
        "奖金池为核定总额，超出部分未经批准。",
    ),
    mend: Text::new(
        "Correct the pool's figure, or reopen the period and close it again.",
        "请更正奖金池数额，或重新打开该期后再次封存。",
    ),
    example: concat!(
        "# file: rmbook.toml\nname = \"Branch\"\n[actuals]\n2026-09 = { fee_income = 5 }\n[calendar]\n2025 = {}\n2026 = {}\n\
         # file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n\
         [closed.scorecard]\npolicy = \"main\"\ndigest = \"b665bb94bcd8afb2\"\nclosed_on = 2026-11-02\ntotal = 100\nrating = \"A\"\n\
         pay = { bonus = 6 }\npay_total = 6\n[closed.scorecard.indicators]\n\
         deposits = { value = 1000, target = 1000, score = 100, points = 100, inputs = { \"client/acme\" = \"26970a1854441d2e\" } }\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"bonus\"\npool = { of = \"unit.fee_income\", by = \"total\", among = \"all\" }\n"
    ),
};

/// A scorecard that was closed and is gone, or that a closed period lacks.
pub static CLOSED_SCORECARD_MISSING: Rule = Rule {
    code: "RM694",
    name: "closed-scorecard-missing",
    level: Level::Deny,
    title: Text::new("a closed period lacks a scorecard", "已封存期间缺少考核结果"),
    why: Text::new(
        "A review that is deleted takes its closed result with it, and a manager who was not there then takes a share of what \
         others were paid.",
        "考核文件被删除，其封存结果随之消失；事后加入考核的人员则会改变他人已定的份额。",
    ),
    mend: Text::new(
        "Restore the review, or the line of `[closed]` in rmbook.toml, from history: it keeps how many scorecards there were. Where \
         a manager is there rightly and was not then, or nothing was noted of the closing, close the period again.",
        "请从历史版本恢复考核文件或 `rmbook.toml` 中 `[closed]` 的登记（记有封存份数）；确属事后补录的人员，或封存时未作登记的，\
         请再次封存该期间。",
    ),
    example: concat!(
        "# file: rmbook.toml\nname = \"Branch\"\n[closed.scorecard]\n\
         2026-09 = { cards = 2, digest = \"5ad1cf8b7d25a0a4\" }\n",
        closed!(target: 1000, deposits: 1000, total: 100)
    ),
};

/// Every rule of this layer, by code.
pub static RULES: &[&Rule] = &[
    &CLOSED_PERIOD_GAP,
    &CLOSED_FIGURE_CHANGED,
    &CLOSED_SCORECARD_EDITED,
    &CLOSED_POLICY_CHANGED,
    &POOL_OVERSPENT,
    &CLOSED_SCORECARD_MISSING,
];
