//! Closing a period, and what is found in closed ones.

super::catalogue! {
    EDITED = "the scorecard of {manager} for {period}, frozen under {policy}, was edited", "{manager} {period} 按“{policy}”封存的考核结果被改动";
    POLICY_CHANGED = "the policy {policy}, by which {manager} was scored for {period}, has changed", "{manager} {period} 所依据的考核办法“{policy}”已变动";
    NOT_SCORED = "{manager} is no longer scored for {period} under {policy}", "{manager} 在 {period} 不再适用“{policy}”";
    FIGURE_CHANGED = "{item} of {manager} for {period} rested on {record}, which has changed (now {fields}): value {then} then, {now} now", "{manager} {period} 的“{item}”所依据的 {record} 已变动（现为 {fields}）：封存值 {then}，现值 {now}";
    TOTAL_CHANGED = "the total of {manager} for {period} was {then} and would be {now}", "{manager} {period} 封存总分 {then}，现为 {now}";
    PAY_CHANGED = "the pay of {manager} for {period} was {then} and would be {now}", "{manager} {period} 封存薪酬 {then}，现为 {now}";
    OVERSPENT = "{line}: {paid} was paid for {period} out of a pool of {pool}", "{period} “{line}”共计发 {paid}，奖金池为 {pool}";
    NOW_HERE = "what counts now", "现时取数处";
    CLOSED = "{count} scorecards of {period} closed", "已封存 {period} 考核结果 {count} 份";
    REOPENED = "{count} scorecards of {period} reopened", "已重新打开 {period} 考核结果 {count} 份";
    ALREADY = "{period} is closed already, and nothing has changed", "{period} 已封存，内容无变动";
}
