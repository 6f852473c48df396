//! What is said about metrics and queries.

super::catalogue! {
    NOT_DECLARED = "rmbook.toml declares no measure `{name}`", "rmbook.toml 未定义指标“{name}”";
    NOT_A_NAME = "`{name}` cannot be the name of a metric", "“{name}”不能作为指标名称";
    UNKNOWN_WORD = "`{word}` is neither an aggregate, a window nor a point in time; known are {known}", "“{word}”不是汇总方式、时段或比较时点；可用：{known}";
    BAD_FILTER = "a filter is a key, `=` and a word in quotes, inside braces; not as in `{text}`", "筛选条件为花括号内的键、等号和带引号的词，而非“{text}”";
    UNDER_THREE_MONTHS = "under three months of figures nobody is judged lost", "数据不足三个月，不作流失认定";
    NO_FIGURES = "the book has no figures for {month}", "台账中没有 {month} 的数据";
    NO_FIGURE_OF = "no {measure} for {month} of clients that had it before: {clients}", "以下客户此前有“{measure}”而缺少 {month} 数据：{clients}";
    UNPRICED = "no {measure} for {month} of clients of which a balance lacks its rate or its transfer price (`rate`, `ftp`): {clients}", "以下客户 {month} 有余额未登记利率或内部资金转移价格（`rate`、`ftp`），无法计算“{measure}”：{clients}";
    NO_MONTH_END = "{client} has no month-end balance for {month}", "{client} 缺少 {month} 的月末时点余额";
    NO_BASE = "no client has a base of {measure} for {year}", "没有客户登记 {year} 年“{measure}”的基数";
    NO_BASE_OF = "no base of {measure} for {year} of clients that were there before: {clients}", "以下存量客户缺少 {year} 年“{measure}”的基数：{clients}";
    NOTHING_TO_DIVIDE = "nothing to divide by", "分母为零";
    NO_TARGET = "no target for {name} in {period}", "未设定 {period} 的“{name}”目标";
    NO_ACTUAL = "no figure for {name} in {period}", "{period} 没有登记“{name}”的实际值";
    NO_CLIENTS = "no clients", "没有客户";
    NO_VISITS_DUE = "no client visited or due for its first visit", "没有已拜访或首访到期的客户";
    NO_HEAD_VISITS_DUE = "no client whose tier asks for visits of a head was visited by one or due for it", "没有主管已拜访或应拜访的客户";
    NO_ANSWERS = "no answers from clients", "没有客户反馈";
    NO_PLANNED_VISITS = "no visits planned", "没有计划拜访";
    NO_COMPLAINTS = "no complaints due for decision", "没有应办结的投诉";
    NO_LOANS = "no facility with principal drawn", "没有用信余额";
    NO_TRAININGS = "no trainings with a result", "没有已有结果的培训";
    NO_COMPARISON = "{metric} has no base to compare with", "“{metric}”没有可比基数";
    NO_CHECKS = "no post-loan checks due", "没有应完成的贷后检查";
    NO_REPORTS = "no reports upward to be answered", "没有应答复的上报事项";
    NO_MEETINGS_PLANNED = "no meetings planned of a team led", "所带团队没有应开会议";
    NO_BALANCE = "rmbook.toml declares no balance `{name}`", "rmbook.toml 未定义余额类指标“{name}”";
    NO_MEETINGS = "no meetings of the team", "没有应参加的团队会议";
    NO_ACTIONS = "no promised actions due", "没有到期的承诺事项";
    NO_TALKS = "no one-to-ones due", "没有应进行的一对一沟通";
    NO_DECISIONS = "no decisions to be looked at again", "没有应复盘的决策";
    NO_EVENTS = "no team activities", "没有团队活动";
    NO_REQUESTS = "no requests to departments", "没有内部协调事项";
    NO_PLANS = "no contingency plans", "没有负责的应急预案";
    NO_ESTIMATES = "no estimate of what clients hold with all banks", "没有钱包份额估计";
    NO_DEALS = "no opportunities decided", "没有已结案的商机";
    NO_SURVEYS = "no staff survey with answers enough", "没有答卷数达到要求的员工满意度调查";
    NOBODY_LED = "nobody reports to this manager", "没有直接下属";
    NO_PLANS_ENDED = "no improvement plan ended", "没有已结束的改进计划";
    NO_WEEKS = "no whole week in post ends in the period", "本期内无完整在岗周";
}
