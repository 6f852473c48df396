//! What is said about policies and scorecards.

super::catalogue! {
    WORD_EXPECTED = "expected {expected}, found `{found}`", "此处应为{expected}，实为“{found}”";
}
