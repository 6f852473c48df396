//! What is said of wrong arguments.

super::catalogue! {
    WITH_USAGE = "{fault}{rest}", "{fault}{rest}";
    UNKNOWN = "unexpected argument `{arg}`", "未知的参数“{arg}”";
    UNKNOWN_COMMAND = "unrecognized subcommand `{word}`", "未知的子命令“{word}”";
    MISSING = "required arguments were not given: {args}", "缺少必需的参数：{args}";
    MISSING_COMMAND = "name a subcommand", "请指明子命令";
    CONFLICT = "`{arg}` cannot be used with `{other}`", "“{arg}”不能与“{other}”同时使用";
    NO_VALUE = "`{arg}` needs a value", "“{arg}”需要取值";
    NOT_ONE_OF = "`{arg}` does not take `{value}`: {valid}", "“{arg}”不接受“{value}”，可取：{valid}";
    BAD_VALUE = "`{arg}` does not take the value `{value}`", "“{arg}”不接受“{value}”";
    VALUES = "`{arg}` has too many or too few values", "“{arg}”的取值个数不符";
    NEAR = "a similar one exists: `{near}`", "相近的有“{near}”";
    USAGE = "Usage: {lines}", "用法：{lines}";
    MORE = "For more information, try `--help`.", "更多说明见 `--help`。";
}

use super::Text;

/// What the library of the command line says of itself in help and manual pages, the longer before what it begins with.
pub const OF_THE_LIBRARY: &[Text] = &[
    Text::new("Print this message or the help of the given subcommand(s)", "显示本帮助，或指定命令的帮助"),
    Text::new("Print help for the subcommand(s)", "显示指定命令的帮助"),
    Text::new("Print help", "显示帮助"),
    Text::new(" (see more with '--help')", "（详见 `--help`）"),
    Text::new(" (see a summary with '-h')", "（摘要见 `-h`）"),
    Text::new(r" (see more with \*(Aq\-\-help\*(Aq)", r"（详见 `\-\-help`）"),
    Text::new(r" (see a summary with \*(Aq\-h\*(Aq)", r"（摘要见 `\-h`）"),
    Text::new("Print version", "显示版本号"),
    Text::new("Usage: ", "用法："),
    Text::new("Arguments:", "参数："),
    Text::new("Options:", "选项："),
    Text::new("Commands:", "命令："),
    Text::new("Examples:", "示例："),
    Text::new("[OPTIONS]", "[选项]"),
    Text::new(r"\fIsubcommands\fR", r"\fI命令\fR"),
    Text::new("[COMMAND]", "[命令]"),
    Text::new("<COMMAND>", "<命令>"),
    Text::new("[default: ", "[默认："),
    Text::new("[possible values: ", "[可选值："),
    Text::new("Possible values:", "可选值："),
    Text::new(".SH NAME\n", ".SH 名称\n"),
    Text::new(".SH SYNOPSIS\n", ".SH 概要\n"),
    Text::new(".SH DESCRIPTION\n", ".SH 说明\n"),
    Text::new(".SH OPTIONS\n", ".SH 选项\n"),
    Text::new(".SH SUBCOMMANDS\n", ".SH 命令\n"),
    Text::new(".SH EXTRA\n", ".SH 其他\n"),
    Text::new(".SH VERSION\n", ".SH 版本\n"),
];

/// The names of values in usage and help.
pub const VALUE_NAMES: &[Text] = &[
    Text::new("A", "列"),
    Text::new("AMOUNT", "数额"),
    Text::new("APPROVED_BY", "批准人"),
    Text::new("B", "列"),
    Text::new("CLIENT", "客户"),
    Text::new("CLIENTS", "客户"),
    Text::new("COLUMN", "列"),
    Text::new("COLUMNS", "列"),
    Text::new("DATE", "日期"),
    Text::new("DIR", "文件夹"),
    Text::new("FIGURE", "数据项"),
    Text::new("FILE", "文件"),
    Text::new("FILES", "文件"),
    Text::new("FORMAT", "格式"),
    Text::new("ID", "编号"),
    Text::new("KEY", "键"),
    Text::new("KIND", "类别"),
    Text::new("LANG", "语言"),
    Text::new("LEVEL", "级别"),
    Text::new("MANAGER", "客户经理"),
    Text::new("MAPPING", "映射文件"),
    Text::new("MARKET", "市场数据"),
    Text::new("MEASURE", "指标"),
    Text::new("MONTH", "月份"),
    Text::new("N", "数量"),
    Text::new("NAME", "名称"),
    Text::new("NEW", "新"),
    Text::new("NO", "否"),
    Text::new("NUMBER", "数值"),
    Text::new("OLD", "旧"),
    Text::new("PATHS", "路径"),
    Text::new("PERIOD", "期间"),
    Text::new("POLICY", "考核办法"),
    Text::new("RATE", "比率"),
    Text::new("REASON", "原因"),
    Text::new("REV", "版本"),
    Text::new("REVIEW", "考核"),
    Text::new("RULE", "规则"),
    Text::new("SCHEME", "考核方案"),
    Text::new("SHELL", "shell"),
    Text::new("TEAM", "团队"),
    Text::new("TEXT", "文字"),
    Text::new("URL", "地址"),
    Text::new("VALUE", "值"),
    Text::new("WHEN", "方式"),
    Text::new("WHO", "更正人"),
    Text::new("WHY", "原因"),
    Text::new("WORD", "取值"),
    Text::new("YES", "是"),
];
