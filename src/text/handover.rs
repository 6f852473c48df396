//! What a handover of a client says, in its record and on the way.

super::catalogue! {
    LEADS_ALREADY = "`{manager}` is the lead already", "“{manager}”已是主办客户经理";
    TOO_EARLY = "the client was handed over on {last}; a later handover needs a later day", "客户已于 {last} 移交，新的移交须晚于该日";
    NO_SECOND = "{client}: {to} was its second manager; name another one: {command}", "{client}：“{to}”原为协办客户经理，请另行指定：{command}";
    NO_POSITION = "{client}: no month-end balances (`end`) of the last two months to hand over; enter them and the position in the handover", "{client}：近两个月没有月末时点余额（`end`），移交清单未列余额，请补录";
    ANNOUNCED = "the handover to `{to}` from {on} is announced; carry it out first, or take its entry out", "已登记自 {on} 起移交“{to}”，请先办理该移交或删去该条目";
    HAS_LEFT = "`{manager}` has left", "“{manager}”已离职";
    NOT_JOINED = "`{manager}` joins on {joined}; hand over from that day on: `--on {joined}`", "“{manager}”于 {joined} 入职，请自该日起移交：`--on {joined}`";
    BEFORE_CLIENT = "the client came on {since}; it cannot be handed over before", "该客户 {since} 方为本行客户，移交日不得早于该日";
    DOES_NOT_LOAD = "{kind} `{id}` does not load; `rmbook check` says why", "{kind}“{id}”无法载入，请用 rmbook check 查看原因";
    CANNOT = "{client}: {words}", "{client}：{words}";
    DONE = "handed over to {to} from {on}: {count}", "自 {on} 起移交“{to}”：{count} 户";
    DONE_AHEAD = "to be handed over to {to} from {on}: {count}; the same command on that day carries it out", "已登记自 {on} 起移交“{to}”：{count} 户；届时再次执行本命令办理移交";
    ACTION = "next step: {what}", "后续事项：{what}";
    NEED = "need: {what}", "客户需求：{what}";
    DEAL = "opportunity: {what}", "商机：{what}";
    COMPLAINT = "complaint: {what}", "客户投诉：{what}";
    REQUEST = "request: {what}", "协调事项：{what}";
    DUTY = "{duty}: {what}", "{duty}：{what}";
    RETURNS = "{manager} leaves; before the supervisor signs, {count} must be given back:", "“{manager}”离职，监交人签字前须收回 {count} 项：";
    RETURN_BY = "  {words}: {command}", "  {words}：{command}";
    VISIT = "planned visit: {what}", "拜访计划：{what}";
    WARNING = "warning: {what}", "预警信号：{what}";
    MATURITY = "facility matures: {what}", "授信到期：{what}";
    COVENANT = "covenant: {what}", "约束条件：{what}";
    RISK = "risk: {what}", "风险事项：{what}";
    DUE = "{words}, due {due}", "{words}，{due} 到期";
}
