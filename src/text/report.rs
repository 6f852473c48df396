//! What tables of records, the picture of one and the list of what is owed say.

super::catalogue! {
    ID = "Id", "编号";
    UNIT = "Unit", "单位";
    AMOUNT = "Amount", "数额";
    RATE = "Rate", "比率";
    DATE = "Date", "日期";
    KIND = "Kind", "类别";
    NAME = "Name", "名称";
    MONTH = "Month", "月份";
    PERIOD = "Period", "期间";
    YEAR = "Year", "年度";
    MEASURE = "Measure", "指标";
    POSITION = "No.", "序号";
    WITHOUT_PERSONAL = "personal data are left out; `--with-personal` shows them", "已略去个人信息；如确需查阅，请加 `--with-personal`";
    OF = "{whole}: {part}", "{whole}：{part}";

    DUTIES = "Due", "待办事项一览";
    DUE = "Due on", "到期日";
    DAYS_OVERDUE = "Days overdue", "逾期天数";
    DUTY = "Duty", "应办事项";
    RECORD = "Record", "所属档案";
    WHAT = "What", "内容";
    OWNER = "Owner", "责任人";
    SETTLE = "Settle it with", "办理命令";

    COMPLAINT_CONFIRM = "confirm the complaint with the client", "与客户确认投诉事项";
    COMPLAINT_PROPOSE = "offer the complainant a solution", "提出投诉处理方案";
    COMPLAINT_DECIDE = "tell the complainant the decision", "告知投诉处理决定";
    COMPLAINT_FOLLOW_UP = "follow up the complaint", "投诉回访";
    COMPLAINT_CLOSE = "close the complaint", "投诉办结";
    WARNING = "deal with the warning signal", "处置预警信号";
    FIRST_CHECK = "first post-loan check", "首次贷后检查";
    ROUTINE_CHECK = "routine post-loan check", "常规贷后检查";
    SPECIAL_CHECK = "special post-loan check", "专项贷后检查";
    RENEWAL_PLAN = "plan for the time after maturity", "落实到期安排";
    MATURITY = "facility matures", "授信业务到期";
    COVENANT = "test the covenant", "检验授信约束条件";
    RISK_REVIEW = "look at the risk again", "复核风险事项";
    VISIT = "visit", "例行拜访";
    PLANNED_VISIT = "planned visit", "计划拜访";
    ACTION = "promised action", "后续事项";
    SOLUTION = "offer a solution for the need", "就客户需求提出方案";
    OPPORTUNITY = "opportunity expected to close", "商机预计落地";
    STALE_OPPORTUNITY = "move the opportunity on", "推进停滞商机";
    REFERRAL = "answer the referral", "答复内部推荐";
    REQUEST = "requested work from another department", "跟进内部协调事项";
    HANDOVER = "sign the handover", "签署客户移交书";
    ANSWER = "answer the report", "答复上报事项";
    CERTIFICATE = "renew the certificate", "办理证书续期";
    TRAINING = "training", "参加培训";
    AUDIT_FINDING = "put the audit finding right", "整改审计检查发现";
    IDEA = "decide on the idea", "对创新建议作出决定";
    ACCESS_REVIEW = "review the access", "复核系统权限";
    ACCESS_REVOCATION = "revoke the leaver's access", "收回离职人员系统权限";
    ASSET_RETURN = "take back the leaver's equipment", "收回离职人员设备";
    PLAN_REVIEW = "review the contingency plan", "修订应急预案";
    DRILL = "drill the contingency plan", "开展应急演练";
    DECISION_REVIEW = "look at the decision again", "决策复盘";
    ACKNOWLEDGEMENT = "acknowledge the result or appeal", "确认考核结果或提出申诉";
    APPEAL = "decide the appeal", "裁定考核申诉";
    TALK = "talk about the low rating", "低评级绩效面谈";
    CHECKPOINT = "checkpoint of the improvement plan", "绩效改进阶段检查";
    IMPROVEMENT_PLAN = "result of the improvement plan", "评定绩效改进结果";
}
