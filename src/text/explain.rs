//! Headings of the manual.

super::catalogue! {
    METRIC = "{name}: {title}", "{name}：{title}";
    RULES = "Rules", "检查规则";
    FIELDS = "Fields", "字段";
    CHOICES = "Values", "可选值";
    FINDS = "Finds", "检查内容";
    WHY = "Why", "缘由";
    MEND = "How to mend it", "处理方法";
    EXAMPLE = "Example", "示例";
    MENDED = "Mended", "更正";
    INSTEAD_OF = "{right}\ninstead of\n{wrong}", "{right}\n替换\n{wrong}";
    SILENCE = "To allow it", "豁免";
    HOW_TO_ALLOW = "# rmbook: allow({name}) reason", "# rmbook: allow({name}) 理由";
    NOT_REPORTED = "not reported", "不报告";
    WHAT = "What it is", "含义";
    STANDS = "Where it stands", "存放位置";
    HOLDS = "Holds", "取值";
    REQUIRED = "Required", "必填";
    EXPECTED = "Weight in completeness", "完整度权重";
    DEFAULT = "Default of `add`", "`add` 默认值";
    ENTRY_KEY = "What tells entries apart", "条目标识";
    KEY = "Key", "键";
    VALUE = "Value", "取值";
}
