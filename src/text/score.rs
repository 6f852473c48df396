//! What is said about scorecards.

super::catalogue! {
    ABOUT = "`{what}`: {reason}", "“{what}”：{reason}";
    MISSING_FIGURE = "`{name}`: {reason}", "缺少“{name}”：{reason}";
    NOT_FOR_THEM = "the policy is not for this manager: `applies` does not hold", "该办法不适用于此客户经理（`applies` 条件不成立）";
    NO_FIGURE = "`{name}` is not known", "缺少“{name}”";
    RECORDS_LACK = "{count} of {all} records have no {names}: {records}", "{all} 条记录中有 {count} 条缺少 {names}：{records}";
    NO_RESULTS = "no period of the scheme {scheme} in it", "本期内没有“{scheme}”方案的考核期";
    RESULT_OPEN = "no total under {scheme} in {period}", "{period} 在“{scheme}”方案下没有总分";
    PAY_OPEN = "no pay under {scheme} in {period}", "{period} 在“{scheme}”方案下没有计酬结果";
    NO_HEAD = "reports to nobody", "无直接上级";
    HEAD_WITHOUT_TOTAL = "{head}, whom the manager reports to, is not assessed or not scored under the scheme", "直接上级 {head} 不予考核或不在本考核方案内";
    MEMBERS_ELSEWHERE = "this policy does not score {members}", "{members} 不由本办法考核";
    MEMBERS_SCORED_BY = "`{other}` scores {members}, and `{policy}` has no figure of their items and pay", "{members} 由“{other}”考核，“{policy}”取不到其指标与薪酬";
    HEAD_ELSEWHERE = "{head}, whom the manager reports to, is not scored by this policy", "直接上级 {head} 不由本办法考核";
    CLOSED_WITHOUT = "the closed scorecard of {manager} for {period} has no {what}", "{manager} {period} 已封存的考核结果中没有 {what}";
    MEMBER_OPEN = "no total of {member}", "{member} 总分未定";
    TOTALS_IN_CIRCLE = "no total comes first, each looking at another's, directly or through others: {managers}", "总分互为前提（直接或间接引用对方总分）：{managers}";
    NEVER_SETTLED = "the totals of {scheme} for {period} depend on each other: who looks at the totals of others is compared with them by what these come to", "“{scheme}”方案 {period} 的总分互为前提：引用他人总分者又与其按总分相比";
    SCHEMES_IN_CIRCLE = "the result of {scheme} for {period} waits for itself through other schemes", "“{scheme}”方案 {period} 的结果经其他方案循环引用自身";
    SCHEME_BEGINS = "the scheme begins with {period}", "考核方案自 {period} 起施行";
    LEFT_OPEN = "{period} is not closed", "{period} 尚未封存";
    STANDS_IN = "`{name}` is that of {from}, since {open} is not closed", "{open} 尚未封存，“{name}”取 {from} 的数据";
    OF_RECORD = "not known of {record}", "“{record}”没有该项数据";
    NOT_GIVEN = "not given", "未提供";
    ZERO_TARGET = "its target is zero or negative, or it divides by zero", "目标为零或负数，或除数为零";
    TOO_LARGE = "a number outgrows 28 digits", "数值超出28位";
    FEW_PEERS = "{found:peer|peers}, at least {least} are needed", "可比人数 {found}，至少需要 {least}";
    FEW_RATERS = "not enough answers from {group}", "“{group}”的有效评价不足";
    NO_MARK = "no mark in the review", "考核中没有人工评分";
    TOO_FEW_MONTHS = "{months} whole months in post within {period}, at least {least} are needed to be judged", "{period} 内在岗满 {months} 个月，不足考核要求的 {least} 个月";
    NOTHING_TO_JUDGE = "nothing could be assessed", "没有可考核的指标";
    VARIANT_OPEN = "it is not known whether the variant {variant} applies: {reason}", "无法确定差异化条款“{variant}”是否适用：{reason}";
    VARIANTS_LEFT_OUT = "no {lacking} is stated of the manager, so that variants which ask for it are left out: {variants}", "未登记客户经理的{lacking}，依此适用的差异化条款未予适用：{variants}";
    TWO_VARIANTS = "two variants set `{key}`", "两项差异化条款同时设置“{key}”";
    WEIGHTS_EXCEED = "the conditions of {items} hold together, so that weights come to {sum}, more than {whole}", "{items} 的适用条件同时成立，权重合计 {sum}，超过 {whole}";
    POOL_DIFFERS = "the amount to share out is not the same for everybody", "可分配总额不一致";
    POOL_SHORT = "the least shares come to {least}, more than the {of} to share out", "保底份额合计 {least}，超过可分配总额 {of}";
    STANDS_OPEN = "{manager} stands open: {reason}", "{manager} 尚无法计算：{reason}";
    POOL_OPEN = "the pool cannot be shared out: {reason}", "奖金池不能分配：{reason}";
    NO_LINE_ALONE = "no line is paid while another stands open: {reason}", "其他项目未能计算，薪酬整体不予计发：{reason}";
    NOT_DEFERRED = "{manager} is a risk-taker, and {policy} defers {share} % of the pay for {period} over {years:year|years}; at least 40 % over three are asked for",
        "{manager} 属风险岗位，“{policy}”对 {period} 薪酬延期支付 {share}%、分 {years} 年，应不低于40%、不少于3年";
    RETURN_ABOVE_TERMS = "{returned} returned of the clawback `{case}` of {taken}, of which the policy gives back {most}",
        "事由“{case}”追索扣回 {taken}，按办法应退还 {most}，已退还 {returned}";
    NOT_JUDGED = "{period} is scored by {policy} without a mark or a rating of {items}",
        "按“{policy}”计算 {period} 得分时，{items} 未填报评分或评价";
    RUN_OUT = "no policy is in force in {month}, which has figures: the last, `{policy}`, ended on {until}",
        "{month} 已有数据，但没有生效的考核办法：最后一份“{policy}”已于 {until} 到期";
    CARRIED_BY_NONE = "no client carries `{name}`; what managers record as their own is `actuals.{name}`", "没有客户登记“{name}”，登记于客户经理的数据应写作 `actuals.{name}`";
    RECORDED_ONLY = "no client carries `{name}`, which is recorded under `actuals` of {count:manager|managers}, such as {manager}",
        "没有客户登记“{name}”：该数据登记于 {manager} 等 {count} 名客户经理的 `actuals`";
    NAME_ACTUALS = "name the manager's own figure: `actuals.{name}`", "引用客户经理的数据写作 `actuals.{name}`";
    NO_RESULT_DECIDES = "nobody scores the manager in the period that decides", "判定所依据的考核期内未予考核";
    PAY_POLICY_REFUSED = "the policy `{policy}`, by which the pay was earned, has faults", "计发该期薪酬的办法“{policy}”存在错误";
    DEFERS_NO_PART = "the `share` of the deferral comes to {part}, which is no part from 0 to 1", "延期比例 `share` 计算为 {part}，不在0～1之间";
    RELEASES_NO_PART = "`release` comes to {part}, which is no part from 0 to 1", "`release` 计算为 {part}，不在0～1之间";
    RELEASED_ABOVE = "{released} released of the pay of {period} due in {due}, of which the result of {by} releases {most}",
        "{period} 薪酬应于 {due} 年支付的部分已兑付 {released}，按 {by} 考核结果应兑付 {most}";
    RELEASED_UNDECIDED = "{released} released of the pay of {period} due in {due}, before the result of {by}, which decides on it, is closed",
        "{period} 薪酬应于 {due} 年支付的部分已兑付 {released}，而据以判定的 {by} 考核结果尚未封存";
    NO_PAY = "no pay can be stated for {count:manager|managers} in {period}: {reason}", "{period} 有 {count} 人无法计算薪酬：{reason}";
    TARGET_LACKING = "`{target}` of {manager} for {period} is missing, which {items} of {policy} needs", "{manager} {period} 缺少“{target}”，“{policy}”的 {items} 须用";
    TIE = "several policies of the scheme {scheme} are in force for {manager} from the same day: {policies}", "客户经理 {manager} 在“{scheme}”下有多份同日生效的考核办法：{policies}";
    CLASH = "both set `{key}` for {manager}", "同时设置“{key}”，涉及 {manager}";
    TIED = "`{other}` of the same scheme applies from the same day: to {count:manager|managers}, such as {manager} in {period}", "同一考核方案的“{other}”自同日起同样适用：涉及 {count} 人，如 {period} 的 {manager}";
    NO_ROLL_UP = "{policy} does not say how it scores a period as long as {period}: it needs `roll_up`", "考核办法“{policy}”未规定如何对 {period} 汇总计分（需填写 `roll_up`）";
    RATING_OPEN = "no rating can be stated while it is not known whether {rating} holds: {reason}", "无法确定是否符合“{rating}”，暂不评级：{reason}";
    HELD_TOO_FEW = "held in {held} of {times} periods; {period} and before are not closed, or before the manager was in post",
        "条件已满足 {held} 期，要求 {times} 期；{period} 及以前未封存，或当时尚未到岗";
    IN_PERIOD = "{period}: {reason}", "{period}：{reason}";
    RATING_LACKS = "no rating can be stated for {count:manager|managers} in {period}: {reason}", "{period} 有 {count} 人无法评级：{reason}";
    NO_RATING = "no rating fits the total {total}", "总分 {total} 没有对应评级";
    A_BRACKET = "({upper} − {lower}) × {rate} = {amount}", "本档：({upper} − {lower}) × {rate} = {amount}";
    NO_RATING_HOLDS = "the conditions of no rating hold", "没有任何评级的条件成立";
    A_RATE = "{of} × {rate} = {amount}", "计酬：{of} × {rate} = {amount}";
    A_YEARLY_RATE = "{of} × {rate} × {days} / {year} = {amount}", "按期间折算：{of} × {rate} × {days} / {year} = {amount}";
    TO_THE_CENT = "cut to {places} places, what is left goes to the largest remainders, equal ones by id: {amount}", "舍去至 {places} 位小数，余额依小数余数由大到小逐位补足（相同者按编号）：{amount}";
    A_SHARE = "{of} × {by} / {all} = {amount}", "分配：{of} × {by} / {all} = {amount}";
    A_GATED_CLAIM = "part after gates on pay: {by} × {factor} = {left}", "薪酬门槛后的权数：{by} × {factor} = {left}";
    A_SERVED_CLAIM = "part by time in post: {by} × {part} / {whole} = {left}", "按在岗时间折算的权数：{by} × {part} / {whole} = {left}";
    A_STRUCK_CLAIM = "part after vetoes on pay: {by} × {factor} = {left}", "薪酬否决后的权数：{by} × {factor} = {left}";
    A_STRUCK_SHARE = "share after vetoes on pay, what they take is not paid out: {share} × {factor} = {left}", "薪酬否决后的份额（扣减部分不再发放）：{share} × {factor} = {left}";
    A_GATED_SHARE = "share after gates on pay, what they take is not paid out: {share} × {factor} = {left}", "薪酬门槛后的份额（扣减部分不再发放）：{share} × {factor} = {left}";
    A_SERVED_SHARE = "share by time in post, what it takes is not paid out: {share} × {part} / {whole} = {left}", "按在岗时间折算的份额（扣减部分不再发放）：{share} × {part} / {whole} = {left}";
    A_ROUNDED_SHARE = "rounded to {places} places: {amount}", "取整至 {places} 位小数：{amount}";
    A_CUT_POOL = "to share out: {of} cut to {places} places = {amount}", "分配总额舍去至 {places} 位小数：{of} → {amount}";
    A_REST = "left beside shares settled by their bounds: {of} − {fixed} = {rest}", "扣除已按上下限确定的份额：{of} − {fixed} = {rest}";
    A_LEAST_SHARE = "at least {amount}", "不低于下限 {amount}";
    A_MOST_SHARE = "at most {amount}", "不高于上限 {amount}";
    NOT_PROPOSED = "{manager} meets the rule for {word} in {period}, and nobody proposed it", "{manager} {period} 已符合晋升 {word} 的条件，尚无人提议";
    AGAINST_RULES = "the rules did not give {manager} the grade {word} in {period}, and no `override_reason` says why", "{period} 按晋降规则 {manager} 未得出职级 {word}，且未填写 `override_reason`";
    LOW_TWICE = "{manager} was rated {word} in {period} and low in the period before, without a plan or a proposal", "{manager} {period} 评级为 {word}，上一期亦为低评级，尚无改进计划或职级晋降提议";
}
