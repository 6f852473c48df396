//! The rules of family 0: whether files and records can be read at all.

use crate::diag::{Level, Rule};
use crate::text::Text;

macro_rules! rules {
    ($($(#[$doc:meta])* $const:ident: $code:literal $name:literal $level:ident, $title_en:literal, $title_zh:literal, $why_en:literal,
        $why_zh:literal, $mend_en:literal, $mend_zh:literal, $example:literal;)*) => {
        $(
            $(#[$doc])*
            pub static $const: Rule = Rule {
                code: $code,
                name: $name,
                level: Level::$level,
                title: Text::new($title_en, $title_zh),
                why: Text::new($why_en, $why_zh),
                mend: Text::new($mend_en, $mend_zh),
                example: $example,
            };
        )*
        /// Every rule of this family, by code.
        pub static RULES: &[&Rule] = &[$(&$const),*];
    };
}

rules! {
    /// A text that is not TOML.
    SYNTAX_ERROR: "RM001" "syntax-error" Deny,
        "a record is not valid TOML", "记录不是有效的 TOML",
        "A record that cannot be parsed takes no part in any report.", "无法解析的记录不会进入任何报表。",
        "Mend the place shown; the rest of the file is judged once it parses.", "请修正所示位置；文件可解析后再检查其余内容。",
        "# file: teams/corporate-1.toml\nname = \"Corporate team 1\nlead = \"wang-fang\"\n";
    /// A value of the wrong type.
    WRONG_TYPE: "RM002" "wrong-type" Deny,
        "a value has the wrong type", "取值类型不符",
        "Dates without quotes, amounts as numbers: other spellings cannot be computed with.", "日期不加引号，金额写作数字；其他写法无法参与计算。",
        "Write the value as the message says.", "请按提示的写法填写。",
        "# file: teams/corporate-1.toml\nname = 1\nlead = \"wang-fang\"\n";
    /// A key that no record has.
    UNKNOWN_KEY: "RM003" "unknown-key" Deny,
        "a key is not known", "出现未知的键",
        "A mistyped key would silently lose its value.", "键名写错会使其取值无声丢失。",
        "Correct the spelling, or remove the key.", "请更正拼写或删除该键。",
        "# file: teams/corporate-1.toml\nname = \"Corporate team 1\"\nlaed = \"wang-fang\"\n";
    /// A required key that is absent.
    MISSING_KEY: "RM004" "missing-key" Deny,
        "a required key is missing", "缺少必填的键",
        "Without it the record cannot take part in any figure.", "缺少该键的记录无法参与计算。",
        "Add the key.", "请补充该键。",
        "# file: teams/corporate-1.toml\nlead = \"wang-fang\"\n";
    /// A value of the right type that cannot be meant.
    BAD_VALUE: "RM005" "bad-value" Deny,
        "a value is not one that can be meant", "取值无效",
        "An unknown choice, an impossible day or an amount with more digits than a reader keeps would be misread.", "未知选项、不存在的日期或位数过多的金额会被误读。",
        "Take one of the values the message names.", "请采用提示中的取值。",
        "# file: clients/acme.toml\nname = \"Acme\"\ntier = \"golden\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n";
    /// A record its reader refuses for a reason no walk finds.
    REFUSED_RECORD: "RM006" "refused-record" Deny,
        "a record does not load", "记录无法载入",
        "The reader refuses it although each of its values fits its definition.", "各项取值符合定义，但读取程序仍拒绝该记录。",
        "See the reason given.", "请参见所给原因。",
        "";
    /// Version-control leftovers.
    CONFLICT_MARKER: "RM007" "conflict-marker" Deny,
        "a merge-conflict marker is left in a file", "文件残留合并冲突标记",
        "The file holds two versions at once.", "文件同时包含两个版本。",
        "Choose one version and remove the markers.", "请选定一个版本并删除标记。",
        "# file: teams/corporate-1.toml\n<<<<<<< HEAD\nname = \"Corporate team 1\"\n=======\nname = \"Corporate team one\"\n>>>>>>> other\n";
    /// A file that is no text, no file, or too big.
    UNREADABLE_FILE: "RM010" "unreadable-file" Deny,
        "a file of the book cannot be read", "文件无法读取",
        "What cannot be read takes no part in any report.", "无法读取的内容不会进入任何报表。",
        "Make it a regular UTF-8 file of ordinary size.", "请改为普通大小的 UTF-8 文件。",
        "";
    /// Two records of one kind with one id.
    DUPLICATE_ID: "RM011" "duplicate-id" Deny,
        "two records have the same id", "两条记录编号重复",
        "References to the id would be ambiguous; case and width do not tell ids apart on every system.", "引用会产生歧义；大小写与全半角在部分系统上不作区分。",
        "Rename one of the files.", "请重命名其中一个文件。",
        "# file: managers/li-na.toml\nname = \"Li Na\"\n# file: managers/east/Li-Na.toml\nname = \"Li Na\"\n";
    /// A record at a path that is not its own.
    MISPLACED_RECORD: "RM012" "misplaced-record" Deny,
        "a record stands at the wrong path", "记录存放位置不符",
        "A review is found by its period and manager; its path must say the same.", "考核按期间与客户经理查找，路径须与之一致。",
        "Move the file.", "请移动文件。",
        "# file: reviews/2026-09/li-na.toml\nmanager = \"li-na\"\nperiod = \"2026-10\"\n";
    /// An id that some file system or expression could not hold.
    BAD_ID: "RM013" "bad-id" Deny,
        "a file's name cannot be an id", "文件名不能作为编号",
        "Reserved, hidden and very long names cannot be checked out on every system.", "保留名、隐藏名和过长的名称无法在所有系统上检出。",
        "Rename the file: letters and digits of any script, `-`, `_` and inner dots, at most 100 bytes.", "请重命名：任意文字的字母和数字、“-”“_”及中间的点，不超过100字节。",
        "# file: managers/aux.toml\nname = \"Chen\"\n";
}
