//! What every format says by itself, whatever it prints.

super::catalogue! {
    WITH_UNIT = "{title} ({unit})", "{title}（{unit}）";
    YES = "yes", "是";
    NO = "no", "否";
    NO_ROWS = "no rows", "无记录";
}
