//! What findings about the shape of records and files say.

super::catalogue! {
    UNKNOWN_KEY = "unknown key `{key}`", "未知的键“{key}”";
    FORMERLY = "`{old}` is now `{id}`", "“{old}”现为“{id}”";
    NO_HEALTH = "health data about a person have no place in a book; remove the key: load and leave say all that managing needs",
        "台账不得记录个人健康信息，请删除该键；管理所需信息以工作量和休假情况为限";
    NEAREST = "a similar name exists: `{name}`", "是否应为“{name}”";
    MISSING_KEY = "missing key `{key}`: {doc}", "缺少键“{key}”：{doc}";
    ADD_KEY = "add `{key} = …`", "请补充 `{key} = …`";
    EXPECTED = "expected {expected}, found {found}", "应为{expected}，实为{found}";
    ONE_OF = "it is one of {choices}", "可取：{choices}";
    NOT_A_CHOICE = "`{value}` is not one of {choices}", "“{value}”不在可选值之列：{choices}";
    SYNTAX = "not valid TOML: {reason}", "TOML 语法错误：{reason}";
    REFUSED = "the record does not load: {reason}", "记录无法载入，此处取值不合所定格式（{reason}）";
    MORE_FAULTS = "{count} more faults in this file are not shown", "本文件另有 {count} 处问题未列出";
    TOO_PRECISE = "`{value}` is not a decimal number of at most 15 digits", "“{value}”不是15位以内的十进制数";
    TOO_LOW = "`{value}` is out of range: {min} or more", "“{value}”超出范围：应不小于 {min}";
    TOO_HIGH = "`{value}` is out of range: {max} or less", "“{value}”超出范围：应不大于 {max}";
    OUT_OF_RANGE = "`{value}` is out of range: {min} to {max}", "“{value}”超出范围：{min} 至 {max}";
    CONFLICT_MARKER = "merge-conflict marker left in the file", "文件中残留合并冲突标记";
    EMPTY_ID = "`{id}` cannot be the id of a record", "“{id}”不能作为编号";

    A_TEXT = "text in quotes", "带引号的文本";
    A_DAY = "a date without quotes, such as 2026-10-09", "不带引号的日期，如 2026-10-09";
    AN_AMOUNT = "a decimal number", "十进制数";
    A_QUANTITY = "a decimal number, or a fraction such as \"97%\"", "数字，或比例如 \"97%\"";
    A_RATE = "a fraction such as \"97%\" or 0.97", "比例，如 \"97%\" 或 0.97";
    A_MONTH = "a month such as 2026-10", "月份，如 2026-10";
    A_PERIOD = "a period such as 2026-10, 2026-Q3, 2026-H1 or 2026", "期间，如 2026-10、2026-Q3、2026-H1 或 2026";
    A_YEAR = "a year such as 2026", "年份，如 2026";
    AN_INTEGER = "a whole number", "整数";
    A_FLAG = "true or false", "true 或 false";
    AN_ID = "the id of a record, in quotes", "带引号的记录编号";
    A_TABLE = "a table", "表";
    A_LIST = "a list", "列表";
    A_CHOICE = "one of a few words", "若干固定取值之一";
    A_FORMULA = "a number, or an expression in quotes", "数字，或加引号的公式";
    ANOTHER = "another value", "其他取值";
    FOUND_TEXT = "text", "文本";
    FOUND_NUMBER = "a number", "数字";
    FOUND_FLAG = "a truth value", "布尔值";
    FOUND_DATE = "a date or time", "日期或时间";

    NOT_UTF8 = "not UTF-8 from byte {offset} on", "自第 {offset} 字节起不是 UTF-8 编码";
    UTF16 = "UTF-16, not UTF-8", "编码为 UTF-16，而非 UTF-8";
    CONVERT_UTF16 = "save it as UTF-8, or convert it with `iconv -f UTF-16 -t UTF-8`", "请另存为 UTF-8，或用 `iconv -f UTF-16 -t UTF-8` 转换";
    CONVERT_UTF8 = "convert it, for instance with `iconv -f GB18030 -t UTF-8`", "请转换编码，例如 `iconv -f GB18030 -t UTF-8`";
    TOO_LARGE = "{size} bytes are more than the {limit} a record may have", "文件 {size} 字节，超过记录上限 {limit} 字节";
    A_LINK = "a symbolic link is not followed", "不读取符号链接";
    OTHER_CASE = "its name does not end in `.toml`, written so, and it is not read; rename it", "文件名须以小写 `.toml` 结尾，否则不予读取，请改名";
    ODD_NAME = "its name is not Unicode", "文件名不是 Unicode 编码";
    NOT_A_FILE = "not a regular file", "不是普通文件";
    UNREADABLE = "cannot be read: {reason}", "无法读取：{reason}";
    DUPLICATE_ID = "another {kind} has the id `{id}`", "另有{kind}使用编号“{id}”";
    DECLARED_HERE = "declared here", "此处已定义";
    RENAME_FILE = "rename one of the files; ids differ by more than case and width", "请重命名其中一个文件；编号不能仅有大小写或全半角之别";
    REVIEW_ELSEWHERE = "a review of {manager} for {period} belongs at `{path}`", "{manager} 在 {period} 的考核应存放于“{path}”";
    STRAY_FILE = "this is no place for a record", "此处不应存放记录";
}
