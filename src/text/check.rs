//! What findings of several rules, and the commands around them, say.

super::catalogue! {
    ALLOWED_HERE = "allowed here: {reason}", "此处已豁免：{reason}";
    ALSO_HERE = "also here", "另见此处";
    LEFT_HERE = "left here", "离职日见此";
}
