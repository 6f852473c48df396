//! What the draft of a review says.

super::catalogue! {
    DRAFTED = "drafted on {day} from the scorecard of {period} under {policy}; edit what follows and delete these lines", "本稿于 {day} 依据 {period} 考核结果（{policy}）生成，请考核人修改正文并删除以下说明";
    SOURCE = "every figure: rmbook scorecard {period} --manager {manager} --explain", "数据出处：rmbook scorecard {period} --manager {manager} --explain";
    TOTAL = "total {total}, rating {rating}", "总分 {total}，评级 {rating}";
    BEFORE = "{period}: {total} (change {change}), scored again, not closed", "上期 {period}：{total}（变动 {change}），重新计分，未封存";
    BEFORE_CLOSED = "{period}: {total} (change {change}), as it was closed", "上期 {period}：{total}（变动 {change}），取封存结果";
    MOVED = "{item}: score {then} → {now} ({change})", "{item}：得分 {then} → {now}（{change}）";
    STRENGTH = "{item}: score {score}, {points} points", "{item}：得分 {score}，计 {points} 分";
    IMPROVEMENT = "{item}: score {score}, {gain} points short", "{item}：得分 {score}，失 {gain} 分";
    IMPROVEMENT_WITH = "{item}: score {score}, {gain} points short; full marks take {need}", "{item}：得分 {score}，失 {gain} 分；满分须 {need}";
    OPEN = "open now or due within {days:day|days}:", "待办及 {days} 日内到期事项：";
    NOTHING_OPEN = "nothing is open or due within {days:day|days}", "无待办及 {days} 日内到期事项";
    OVERDUE = "overdue since {due}: {kind}, {name}{what}: {settle}", "已逾期（{due}）：{kind}，{name}{what}：{settle}";
    DUE = "due {due}: {kind}, {name}{what}: {settle}", "{due} 到期：{kind}，{name}{what}：{settle}";
    NO_SCORE = "no draft: {period} is not over, its figures are not all in the book, or no policy gives {manager} a total", "未生成草稿：{period} 尚未结束、数据未齐，或无适用考核办法为 {manager} 计出总分";
}
