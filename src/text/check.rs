//! What findings of several rules, and the commands around them, say.

super::catalogue! {
    ALLOWED_HERE = "allowed here: {reason}", "此处已豁免：{reason}";
    ALSO_HERE = "also here", "另见此处";
    FIGURES = "figures", "业绩数据";
    BASELINE_WRITTEN = "findings in the baseline: {count}", "基线共登记 {count} 个问题";
    CURED = "cured: {rule} in {record} at `{field}`", "已解决：{record} 的 {rule}（`{field}`）";
    IN_BASELINE = "taken on in the baseline: {reason}", "已列入基线：{reason}";
    HAD_LEFT = "who had left on {left}", "其已于 {left} 离职";
    LEFT_HERE = "left here", "离职日见此";
    THEIR_OWN = "whose own matter it is", "其本人即当事人";
    MENDED = "files mended: {count}", "已修复 {count} 个文件";
    MOST_OF_IT = "most of it comes from here", "主要来自此处";
    NAMED_HERE = "named here", "在此处指名";
    OWN_MATTER = "whose own result and pay it is", "而该事项涉及其本人的考核结果或薪酬";
    NON_PERFORMING_HERE = "non-performing here", "此处为不良";
    OVERDUE_HERE = "overdue since here", "逾期起始日见此";
    SINCE_DAY = "since {day}", "自 {day} 起";
    SINCE_UNDATED = "since a day nobody entered", "（认定日未填）";
    WOULD_MEND = "files that would be mended: {count}", "将修复 {count} 个文件";
}
