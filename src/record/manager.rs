//! Placeholder while the full definition is written elsewhere: replace this file whole.

/// Stub
/// 占位
#[derive(Clone, Debug, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manager {
    /// Name
    /// 名称
    pub name: String,
}
