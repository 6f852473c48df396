//! What findings about the shape of records and files say.

use super::Text;

super::catalogue! {
    UNKNOWN_KEY = "unknown key `{key}`", "未知的键“{key}”";
    FORMERLY = "`{old}` is now `{id}`", "“{old}”现为“{id}”";
    NO_HEALTH = "health data about a person have no place in a book; remove the key: load and leave say all that managing needs",
        "台账不得记录个人健康信息，请删除该键；管理所需信息以工作量和休假情况为限";
    NEAREST = "a similar name exists: `{name}`", "是否应为“{name}”";
    BELOW_LEAST = "{value} where {least} is the least", "{value} 低于最低值 {least}";
    MISSING_KEY = "missing key `{key}`: {doc}", "缺少键“{key}”：{doc}";
    ADD_KEY = "add `{key} = …`", "请补充 `{key} = …`";
    ADD_KEY_OF = "add `{key} = …`, one of {choices}", "请补充 `{key} = …`，可取：{choices}";
    KEYS = "the keys here are {keys}", "此处可用的键：{keys}";
    KEYS_EXPLAINED = "`rmbook explain {path}` lists the keys", "可用的键见 `rmbook explain {path}`";
    KEY_OF_OTHERS = "`{own}` takes {keys}; `{key}` belongs to {others}", "“{own}”可用的键：{keys}；“{key}”属于 {others}";
    KEY_ELSEWHERE = "`{key}` belongs to {others}", "“{key}”属于 {others}";
    WRITE = "write `{meant}`", "请写作 `{meant}`";
    NO_STRAIGHT_QUOTES = "typographic quotes mark no text", "文本未用英文直引号";
    MONTH_IN_QUOTES = "a day has three parts, `2026-01-09`; a month stands in quotes: `\"{month}\"`", "日期须写全年月日，如 `2026-01-09`；月份须加引号：`\"{month}\"`";
    TYPOGRAPHIC_QUOTES = "these are typographic quotes: write `{words}`", "此处为中文（弯）引号，请改用英文直引号：`{words}`";
    FULL_WIDTH_SIGN = "`{sign}` is a sign in full width: write `{meant}`", "“{sign}”为全角符号，请写作 `{meant}`";
    INNER_QUOTES = "a word inside an expression stands in single quotes: `{word}`", "公式内的文字请用单引号：`{word}`";
    NO_THOUSANDS = "a number has no comma: `1000` or `1_000`", "数字不写千分位逗号：`1000` 或 `1_000`";
    NO_VALUE = "a value is missing behind `=`", "等号后缺少取值";
    EQUALS_SIGN = "`=` stands between a key and its value", "键与取值之间须用“=”";
    REMARKS = "a remark begins with `#`", "注释须以“#”开头";
    LIST_HEADERS = "a table stands once; where it is a list, each entry begins with `{header}`", "同一表只能出现一次；如为列表，各项均以 `{header}` 开头";
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
    REVIEW_ID = "`{id}` cannot be the id of a review, which is its period and its manager: `2026-10/wang-fang`", "“{id}”不能作为考核编号，考核编号由期间与客户经理组成，如“2026-10/wang-fang”";
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
    USED_BEFORE = "{kind} `{other}` had the id `{id}` before, and closed periods know it by that; take an id that was never used", "{kind}“{other}”曾用编号“{id}”，已封存期间据此识别，请使用从未用过的编号";
    DECLARED_HERE = "declared here", "此处已定义";
    RENAME_FILE = "rename one of the files; ids differ by more than case and width", "请重命名其中一个文件；编号不能仅有大小写或全半角之别";
    REVIEW_ELSEWHERE = "a review of {manager} for {period} belongs at `{path}`", "{manager} 在 {period} 的考核应存放于“{path}”";
    STRAY_FILE = "this is no place for a record: those of a kind stand in its folder, reviews as `reviews/PERIOD/MANAGER.toml`", "此处不应存放记录：各类记录存放于其目录，考核为 `reviews/期间/客户经理.toml`";
}

/// Reasons why a text is no TOML, as its parser begins them; of two that begin alike, the longer first.
pub const REASONS: [Text; 27] = [
    Text::new("string values must be quoted", "文本须加引号"),
    Text::new("unexpected key or value", "此处内容多余"),
    Text::new("unexpected content", "此处内容多余"),
    Text::new("duplicate key", "键或表重复"),
    Text::new("invalid datetime", "日期或时间无效"),
    Text::new("invalid date", "日期无效"),
    Text::new("invalid time", "时间无效"),
    Text::new("key with no value", "键缺少取值"),
    Text::new("missing value", "缺少取值"),
    Text::new("invalid unquoted key", "键名含有不能使用的字符"),
    Text::new("invalid key-value pair", "应写作“键 = 取值”"),
    Text::new("invalid basic string", "引号未闭合，或文本含有不能使用的字符"),
    Text::new("invalid literal string", "引号未闭合，或文本含有不能使用的字符"),
    Text::new("invalid multi-line", "引号未闭合，或文本含有不能使用的字符"),
    Text::new("missing comma", "各项之间缺少逗号"),
    Text::new("extra comma", "逗号多余"),
    Text::new("extra `=`", "等号多余"),
    Text::new("missing key", "缺少键名"),
    Text::new("missing assignment", "键与取值之间缺少等号"),
    Text::new("unclosed array table", "表头的方括号未闭合"),
    Text::new("unclosed table", "表头的方括号未闭合"),
    Text::new("unclosed array", "列表的方括号未闭合"),
    Text::new("unclosed inline table", "花括号未闭合"),
    Text::new("invalid boolean", "应为 true 或 false"),
    Text::new("invalid float", "数字书写有误"),
    Text::new("invalid integer", "数字书写有误"),
    Text::new("unexpected leading zero", "数字不能以零开头"),
];
