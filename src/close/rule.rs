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

/// A closed figure that would come out otherwise now.
pub static CLOSED_FIGURE_CHANGED: Rule = Rule {
    code: "RM690",
    name: "closed-figure-changed",
    level: Level::Deny,
    title: Text::new("a record behind a closed figure has changed", "已封存指标所依据的记录发生变动"),
    why: Text::new(
        "Pay and acknowledgement rest on what was frozen; a later change must be somebody's decision.",
        "薪酬与确认均以封存结果为准，事后变动须有人决定并负责。",
    ),
    mend: Text::new(
        "Undo the change, or add an amendment to the review that names the item, who, why and who approved it.",
        "请撤销变动，或在考核中登记更正（注明指标、经办人、原因及批准人）。",
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
    title: Text::new("the policy of a closed period has changed", "已封存期间的考核办法发生变动"),
    why: Text::new(
        "A closed period is explained by the policy it was scored by.",
        "已封存期间须按当时的考核办法解释。",
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

/// Every rule of this layer, by code.
pub static RULES: &[&Rule] =
    &[&CLOSED_FIGURE_CHANGED, &CLOSED_SCORECARD_EDITED, &CLOSED_POLICY_CHANGED, &POOL_OVERSPENT];
