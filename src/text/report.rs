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
}
