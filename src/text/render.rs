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
    ERRORS = "{count:error|errors}", "{count} 项错误";
    WARNINGS = "{count:warning|warnings}", "{count} 项警告";
    FILES = "{count:file|files}", "{count} 个文件";
    BOTH = "{first}, {second}", "{first}、{second}";
    IN_FILES = "{counts} in {files}", "{files}中有 {counts}";
    STATISTICS = "Findings by rule", "检查结果（按规则）";
    FINDINGS = "Findings", "数量";
    CODE = "Code", "代码";
    RULE = "Rule", "规则";
    LEVEL = "Level", "级别";

    FORMATS = "Formats of findings", "检查结果的输出格式";
    FORMAT = "Format", "格式";
    FORMAT_HOLDS = "What it holds", "内容";
    FORMAT_TEXT = "for people: an excerpt with carets for each finding, personal data starred", "供阅读：逐条附原文摘录与定位，个人信息以星号遮盖";
    FORMAT_CONCISE = "`FILE:LINE:COLUMN: CODE message`, a line each", "逐条一行：`文件:行:列: 代码 说明`";
    FORMAT_JSON = "one object: `version` 1; `findings`, each with `code`, `name`, `level` (error or warning), `message`, `help`, `path`, `key`, `line`, `column`, `end_line`, `end_column` and `labels`, which have a message and a place like it; `summary` with `errors`, `warnings`, `files`. Lines and columns count from 1, columns in characters, the end is exclusive. `version` rises when a field changes its meaning or goes; a new field may come at any time", "一个对象：`version` 为 1；`findings` 逐条含 `code`、`name`、`level`（error 或 warning）、`message`、`help`、`path`、`key`、`line`、`column`、`end_line`、`end_column` 及 `labels`（各含说明和同样的位置字段）；`summary` 含 `errors`、`warnings`、`files`。行、列自 1 起，列按字符计，终点不含在内。字段含义改变或取消时 `version` 递增，新增字段不递增";
    FORMAT_GITHUB = "workflow commands, which GitHub shows beside the lines of a pull request", "GitHub 工作流命令，在合并请求对应行旁显示";
    FORMAT_GITLAB = "a Code Quality report with fingerprints", "GitLab 代码质量报告，含指纹";
    FORMAT_SARIF = "SARIF 2.1.0 with fingerprints; what is allowed or in the baseline is marked as suppressed", "SARIF 2.1.0，含指纹；已豁免或列入基线的标为已抑制";
    FORMAT_JUNIT = "JUnit XML, a failed test case each", "JUnit XML，逐条为一个失败用例";
}
