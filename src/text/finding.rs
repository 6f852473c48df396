//! What findings about records say.

super::catalogue! {
    UNKNOWN_KEY = "unknown key `{key}`", "未知的键 `{key}`";
}
