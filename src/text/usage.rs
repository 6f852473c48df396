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
