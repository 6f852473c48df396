//! What reports of the practice say beside their columns.

super::catalogue! {
    SEEN_FROM = "{from} to {to}, as it stood on {day}", "统计期间 {from} 至 {to}，数据截至 {day}";
    LAST_WITH_FIGURES = "no figures for {expected} yet; reporting {month}, the last full month with figures", "{expected} 尚无业绩数据，按最近有数据的完整月份 {month} 统计";
    WITHHELD = "answers too few to show, or that others would tell, are withheld", "答卷过少或可由其他数据推算的结果不予显示";
    REPORT_LIST = "Reports", "报表目录";
    REPORT_NAME = "Report", "报表";
    REPORT_TITLE = "Title", "名称";
    REPORT_QUESTION = "Question it answers", "回答的问题";
    ABOUT = "{title}: {question}", "{title}：{question}";
    FIGURE = "Figure", "指标";
    DEFINITION = "Definition", "定义";
}
