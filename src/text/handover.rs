//! What a handover of a client says, in its record and on the way.

super::catalogue! {
    LEADS_ALREADY = "`{manager}` is the lead already", "“{manager}”已是主办客户经理";
    TOO_EARLY = "the client was handed over on {last}; a later handover needs a later day", "客户已于 {last} 移交，新的移交须晚于该日";
    HAS_LEFT = "`{manager}` has left", "“{manager}”已离职";
    DOES_NOT_LOAD = "{kind} `{id}` does not load; `rmbook check` says why", "{kind}“{id}”无法载入，请用 rmbook check 查看原因";
    CANNOT = "{client}: {words}", "{client}：{words}";
    DONE = "handed over to {to} from {on}: {count}", "自 {on} 起移交“{to}”：{count} 户";
    ACTION = "next step: {what}", "后续事项：{what}";
    NEED = "need: {what}", "客户需求：{what}";
    DEAL = "opportunity: {what}", "商机：{what}";
    COMPLAINT = "complaint: {what}", "客户投诉：{what}";
    REQUEST = "request: {what}", "协调事项：{what}";
    CHECK = "post-loan check: {what}", "贷后检查：{what}";
    RETURN = "{duty}: {what}", "{duty}：{what}";
    RETURNS = "{manager} leaves; before the supervisor signs, {count} must be given back:", "“{manager}”离职，监交人签字前须收回 {count} 项：";
    RETURN_BY = "  {words}: {command}", "  {words}：{command}";
    DUE = "{words}, due {due}", "{words}，{due} 到期";
}
