//! What reports of the practice say beside their columns.

super::catalogue! {
    SEEN_FROM = "{from} to {to}, as it stood on {day}", "统计期间 {from} 至 {to}，数据截至 {day}";
    LAST_WITH_FIGURES = "no figures for {expected} yet; reporting {month}, the last full month with figures", "{expected} 尚无业绩数据，按最近有数据的完整月份 {month} 统计";
    SPLIT_PERIOD = "a target is split for one month, quarter, half or year", "目标按单个月、季、半年或年度分解";
    SPLIT_OF_ONE = "a target is split from the unit or a team (`--team`) down to managers, not from one manager", "目标由机构或团队（`--team`）分解至客户经理，不按单个客户经理分解";
    SPLIT_AMONG_NOBODY = "nobody at work leads a client, so there is nobody to split a target among", "没有主办客户的在岗客户经理，目标无从分解";
    NOTHING_TO_SPLIT = "no target for {period} to split, nor for a period that it follows from; `rmbook set {record} targets.{period}.MEASURE=…` sets one", "{period} 未设可供分解的目标，也无其他期间可推算；可用 `rmbook set {record} targets.{period}.指标=…` 设定";
    LACKING = "no figures of {month} for {clients}", "{clients} 缺少 {month} 业绩数据";
    NONE_OF = "no figures of {month}", "无 {month} 业绩数据";
    NO_MONTH_ENDS = "{measure}: {clients} left out, whose balance at the end of {month} is not known", "{measure}：{clients} 缺少 {month} 月末余额，未计入";
    OURS_OF = "ours now: of {month}, the last month with figures", "目前我行数据取自 {month}（最近有数据的月份）";
    TO_DATE = "figures up to {month}, the last month of the period that has them", "业绩数据截至 {month}（统计期间内最近有数据的月份）";
    IN_YEAR_TO_DATE = "{figure}, year to date", "{figure}（本年累计）";
    IN_QUARTER_TO_DATE = "{figure}, quarter to date", "{figure}（本季累计）";
    IN_LAST_MONTHS = "{figure}, last {months:month|months}", "{figure}（近 {months} 个月）";
    SCORED_TO_DATE = "total, rating and results are to date: {period} is not over", "总分、评级与业绩为阶段性结果：{period} 尚未结束";
    OF_SCORECARD = "{manager}, {period}: {said}", "{manager} {period}：{said}";
    WITHHELD = "answers too few to show, or that others would tell, are withheld", "答卷过少或可由其他数据推算的结果不予显示";
    POINTS = "points", "分";
    MONTHS = "months", "个月";
    PERCENTAGE_POINTS = "percentage points", "个百分点";
    IN_BUSINESS = "{figure} {change} {unit}", "{figure} {change} {unit}";
    FIGURES_MISSING = "figures are missing", "数据不足";
    CONDITIONS_OPEN = "conditions open", "条件未满足";
    TOO_SHORT_IN_GRADE = "too short in grade", "任职年限不足";
    PERIODS_OPEN = "not yet for long enough", "连续期数不足";
    PERIODS_UNKNOWN = "earlier periods not known", "此前各期无从判断";
    RULE_MET = "met", "已满足";
    NO_RULE = "no rule", "无晋升条款";
    REPORT_LIST = "Reports", "报表目录";
    REPORT_NAME = "Report", "报表";
    REPORT_TITLE = "Title", "名称";
    REPORT_QUESTION = "Question it answers", "回答的问题";
    ABOUT = "{title}: {question}", "{title}：{question}";
    FIGURE = "Figure", "指标";
    DEFINITION = "Definition", "定义";
}
