//! What is said about metrics and queries.

super::catalogue! {
    NOT_A_NAME = "`{name}` cannot be the name of a metric", "“{name}”不能作为指标名称";
    UNKNOWN_WORD = "`{word}` is neither an aggregate, a window nor a point in time; known are {known}", "“{word}”不是汇总方式、时间窗口或比较时点；可用：{known}";
    BAD_FILTER = "a filter is a key, `=` and a word in quotes, inside braces; not as in `{text}`", "筛选条件为花括号内的键、等号和带引号的词，而非“{text}”";
}
