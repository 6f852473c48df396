//! What every format says by itself, whatever it prints.

super::catalogue! {
    WITH_UNIT = "{title} ({unit})", "{title}（{unit}）";
    YES = "yes", "是";
    NO = "no", "否";
    NO_ROWS = "no rows", "无记录";
    ERROR = "error", "错误";
    WARNING = "warning", "警告";
    NOTE = "note", "说明";
    HELP = "help", "提示";
    ONE_ERROR = "1 error", "1 项错误";
    ERRORS = "{count} errors", "{count} 项错误";
    ONE_WARNING = "1 warning", "1 项警告";
    WARNINGS = "{count} warnings", "{count} 项警告";
    ONE_FILE = "1 file", "1 个文件";
    FILES = "{count} files", "{count} 个文件";
    BOTH = "{first}, {second}", "{first}、{second}";
    IN_FILES = "{counts} in {files}", "{files}中有 {counts}";
    STATISTICS = "Findings by rule", "检查结果（按规则）";
    FINDINGS = "Findings", "数量";
    CODE = "Code", "代码";
    RULE = "Rule", "规则";
    LEVEL = "Level", "级别";
}
