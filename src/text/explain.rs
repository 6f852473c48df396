//! Headings of the manual.

super::catalogue! {
    METRIC = "{name}: {title}", "{name}：{title}";
    RULES = "Rules", "检查规则";
    FIELDS = "Fields", "字段";
    CHOICES = "Values", "可选值";
    FINDS = "Finds", "检查内容";
    WHY = "Why", "缘由";
    MEND = "How to mend it", "处理方法";
    EXAMPLE = "Example", "示例";
    MENDED = "Mended", "更正";
    INSTEAD_OF = "{right}\ninstead of\n{wrong}", "{right}\n替换\n{wrong}";
    SILENCE = "To allow it", "豁免";
    HOW_TO_ALLOW = "# rmbook: allow({name}) reason", "# rmbook: allow({name}) 理由";
    NOT_REPORTED = "not reported", "不报告";
    WHAT = "What it is", "含义";
    STANDS = "Where it stands", "存放位置";
    HOLDS = "Holds", "取值";
    REQUIRED = "Required", "必填";
    EXPECTED = "Weight in completeness", "完整度权重";
    DEFAULT = "Default of `add`", "`add` 默认值";
    ENTRY_KEY = "What tells entries apart", "条目标识";
    EXPRESSION = "expressions of policies", "考核办法的公式";
    EXPRESSION_IS = "A number (`20`), or an expression in quotes: \"deposits.average - targets.deposits * 0.9\".\n+ − × ÷ (or - * /), brackets, = != > >= < <= (or ≠ ≥ ≤), and, or, not, in [\"a\", \"b\"].\nWords stand in quotes, single ones inside a double-quoted expression: \"manager.grade == 'senior'\".\nA condition is an expression that holds or not.", "数字（`20`），或加引号的公式：\"deposits.average - targets.deposits * 0.9\"。\n运算符：+ − × ÷（或 - * /）、括号、= != > >= < <=（或 ≠ ≥ ≤）、and、or、not、in [\"a\", \"b\"]。\n文字加引号，双引号公式内用单引号：\"manager.grade == 'senior'\"。\n条件即结果为成立或不成立的公式。";
    UNITS = "Units", "单位";
    UNITS_ARE = "A number takes the unit behind it: `97%`, `3‰`, `200 USD/client`, `3 USD/kUSD`. Money is converted into the policy's `money`; a bare number fits any unit, but a rate on money must say what it is per. Any other word is a unit of its own and must agree on both sides.", "数字后可带单位：`97%`、`3‰`、`200 元/户`、`3 元/万元`、`5 kUSD`。金额自动换算为办法的 `money`；不带单位的数字可与任何单位相配，但金额的单价须写明计价单位。其他词各为一种单位，两侧须一致。";
    FIGURES = "Figures", "取数";
    FIGURES_ARE = "aggregate: average, sum, end, count, min, max. window: year_to_date, quarter_to_date, last_3_months. @point: previous (the period before), year_ago, last_year (all of it), year_start (the end of last year), base (the client's own base). `rmbook explain METRIC` says what each figure is.", "汇总方式：average 平均、sum 合计、end 期末、count 笔数、min、max。时段：year_to_date 本年累计、quarter_to_date 本季累计、last_3_months 近三个月。@比较时点：previous 上期、year_ago 去年同期、last_year 上年全年、year_start 上年末、base 客户基数。各指标含义见 `rmbook explain 指标`。";
    WHERE_MISSING = "Missing figures", "数据缺失";
    MISSING_IS = "A missing figure is never zero: the item, gate or line counts as its `missing` says (zero, full, skip, error). Division by zero goes by `zero_target`.", "数据缺失不等于零：按该指标、门槛或薪酬项的 `missing`（zero、full、skip、error）处理。除数为零按 `zero_target` 处理。";
    NAMES = "Names and functions", "名称与函数";
    KNOWN_FROM = "Known", "可用环节";
    ANYWHERE = "everywhere", "任何环节";
    FROM_ITEMS = "from items on", "自指标起";
    IN_CURVES = "inside a curve", "曲线内";
    FROM_GATES = "from vetoes and gates on", "自否决与门槛起";
    FROM_RATINGS = "from ratings on", "自评级起";
    FROM_DEFERRAL = "in deferral and clawback", "延期支付与追索扣回";
    IN_PAY = "in pay", "薪酬";
    ORDER = "the order of operations", "计算顺序";
    ORDER_IS = "value (record by record where `each` says so: `rounding.each` → share → `rounding.share` → sum) → `rounding.input` → curve or chain of curves → `min`, `max` of the item → `rounding.score` → weight → `rounding.item`\n→ dimensions, with their bounds and `rounding.dimension` → sum\n→ additions and deductions, then the caps of their groups\n→ vetoes → gates on the total → time in post → bounds of the total → caps of vetoes once more, which nothing lifts → `rounding.total`\n→ rating (on the rounded or exact total, gates on the rating applied) → promotion, demotion, warnings → gates on pay, which may look at the rating\n→ pay lines with their bounds and `rounding.pay_line` → floor and ceiling of their sum → gates and vetoes on pay, time in post → floor and ceiling where `after = \"gates\"`\n→ pools → advances → `rounding.pay` → deferral → clawback returned.\nA stage without a place in `rounding` keeps every digit. What a scorecard went through, `rmbook scorecard --explain` shows.", "指标值（逐笔口径：`rounding.each` → 分成 → `rounding.share` → 合计）→ `rounding.input` 取整 → 曲线（可串联）→ 指标 `min`、`max` → `rounding.score` → 权重 → `rounding.item`\n→ 维度上下限与 `rounding.dimension` → 合计\n→ 加分、扣分，再按分组上限\n→ 一票否决 → 总分门槛 → 在岗时间折算 → 总分上下限 → 再按否决上限（任何系数均不得突破）→ `rounding.total`\n→ 评级（取整后或取整前的总分，计入评级门槛）→ 晋升、降级、预警 → 薪酬门槛（可引用评级）\n→ 薪酬分项上下限与 `rounding.pay_line` → 合计保底与封顶 → 薪酬门槛、否决及在岗时间 → `after = \"gates\"` 时的保底与封顶\n→ 奖金池 → 预发 → `rounding.pay` → 延期支付 → 追索返还。\n`rounding` 未列的环节不取整。逐步过程见 `rmbook scorecard --explain`。";
    CURVES = "curves", "计分曲线";
    CURVES_ARE = "How a value becomes a score: a table with `kind` and the keys of that kind. A list is a chain, the output of one being the input of the next: every curve but the last has F = 1 and so gives a ratio, 1.1 where it alone would give 110; words in quotes name a curve under `curves`. In formulas F is full marks, x the value, T the target. `rmbook explain curve KIND` has the keys of one.", "由指标值得分：写明 `kind` 及该类型的各键。列表为串联，前一条的结果作为后一条的输入：除最后一条外，各条的 F 均为 1，结果为比率（单独使用得 110 分者，串联中为 1.1）；加引号的文字引用 `curves` 中的曲线。公式中 F 为满分、x 为实际值、T 为目标。各键见 `rmbook explain curve 类型`。";
    KIND = "Kind", "类型";
    KEY = "Key", "键";
    VALUE = "Value", "取值";
}
