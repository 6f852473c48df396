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
    OF = "{whole}: {part}", "{whole}：{part}";
}
