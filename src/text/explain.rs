//! Headings of the manual.

use super::Text;

super::catalogue! {
    METRIC = "{name}: {title}", "{name}：{title}";
    METRICS = "Metrics", "指标";
    ANSWERS = "Answers", "回答的问题";
    BETTER = "Better", "优劣方向";
    LESS_IS = "the less the better; a target of it is a limit", "越低越好，目标即为上限";
    FILTERS = "Filters", "筛选条件";
    ASKED = "Asked for", "所取数值";
    FROM = "Where its figures come from", "数据来源";
    QUESTIONS = "What may be asked", "可用取数方式";
    A_BALANCE = "a balance the book declares: months average by calendar days", "台账声明的余额类指标：各月按日历天数加权平均";
    A_FLOW = "a flow the book declares: months add up", "台账声明的发生额类指标：逐月累加";
    A_COUNT = "a count the book declares: months add up", "台账声明的数量类指标：逐月累加";
    A_RATIO = "a ratio the book declares: `{above}` divided by `{below}` over the same stretch", "台账声明的比率类指标：同一期间 `{above}` 除以 `{below}`";
    A_HALF_RATIO = "a ratio the book declares, without both of its measures: it has no figures", "台账声明的比率类指标，分子或分母未填，无法取数";
    FROM_BALANCES = "`results` of the clients, month by month: `{name}` is the average daily balance, `{ avg = …, end = … }` adds the balance at the month's end. Each day counts for whoever earns it by the client's `credit` shares, else for its lead; what is compared goes by the shares of the period at hand. Written by hand, `add result` or `import`. A month without figures anywhere in the book is missing, not zero.", "取自客户 `results` 各月数据：`{name}` 为月日均，写作 `{ avg = …, end = … }` 时另含月末余额。各日按客户 `credit` 分成比例归属，未设分成的归主办客户经理；比较期按本期分成比例计算。可手工填写，或由 `add result`、`import` 写入。全台账均无数据的月份视为缺失，不按零计。";
    FROM_FLOWS = "`results` of the clients, month by month: `{name}` is the month's total, credited by the client's `credit` shares on the month's last day, else to its lead; what is compared goes by the shares of the period at hand. Written by hand, `add result` or `import`. A month without figures anywhere in the book is missing, not zero.", "取自客户 `results` 各月数据：`{name}` 为当月合计，按月末 `credit` 分成比例归属，未设分成的归主办客户经理；比较期按本期分成比例计算。可手工填写，或由 `add result`、`import` 写入。全台账均无数据的月份视为缺失，不按零计。";
    FROM_MEASURES = "the figures of its two measures; missing where the one below the line is zero", "由分子、分母两项指标计算；分母为零时视为缺失";
    AVERAGE = "mean of the months, a balance weighed by calendar days", "平均（余额按日历天数加权）";
    BY_DAYS = "mean over the days of what stood on each", "逐日平均";
    ON_THE_LAST_DAY = "what stands on the last day", "期末时点数";
    SUM = "total of the stretch", "期间合计";
    END = "figure at the end of the last day; missing without the month-end balances", "期末时点数（缺月末余额的视为缺失）";
    MIN = "least month of the stretch", "最低月份";
    MAX = "greatest month of the stretch", "最高月份";
    OF_PERIOD = "of the period itself", "本期";
    OF_YEAR = "from January to the period's last month", "本年累计（1月至期末月份）";
    OF_QUARTER = "from the quarter's first month to the period's last month", "本季累计（季初至期末月份）";
    OF_MONTHS = "of so many months up to the period's last", "截至期末的若干个月";
    AT_PREVIOUS = "of the period before; with a window, of the one that ends with that period", "上期；带时段的，为截至上期末的同一时段";
    AT_YEAR_AGO = "of the same stretch a year earlier", "上年同期";
    AT_LAST_YEAR = "of the whole last calendar year", "上年全年";
    AT_YEAR_START = "of last December, where this year began", "上年末（上年12月）";
    AT_BASE = "the base the clients declare for the year (`base`), else their December before; nothing for one that came in the year, missing for one that did not; it moves with the client", "客户登记的年度基数（`base`），未登记的取上年12月数据；年内新客户为零，存量客户两者皆无的视为缺失；随客户移交";
    RULES = "Rules", "检查规则";
    FIELDS = "Fields", "字段";
    CHOICES = "Values", "可选值";
    KINDS = "Kinds, by `{tag}`", "类型（以 `{tag}` 区分）";
    WORDS = "Values of its keys", "各键可选值";
    SHARED = "a key of several kinds of table", "多种类型共有的键";
    FINDS = "Finds", "检查内容";
    WHY = "Why", "缘由";
    MEND = "How to mend it", "处理方法";
    ENTRY = "When it is entered", "录入时";
    REFUSED_AT_ENTRY = "`add`, `set` and `import` refuse it and write nothing", "`add`、`set` 与 `import` 拒绝写入";
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
    ASSUMED = "Where left out", "未填写时";
    ENTRY_KEY = "What tells entries apart", "条目标识";
    EXPRESSION = "expressions of policies", "考核办法的公式";
    EXPRESSION_IS = "A number (`20`), or an expression in quotes: \"deposits.average - targets.deposits * 0.9\".\n+ − × ÷ (or - * /), brackets, = != > >= < <= (or ≠ ≥ ≤), and, or, not, in [\"a\", \"b\"].\nWords stand in quotes, single ones inside a double-quoted expression: \"manager.grade == 'senior'\".\nA condition is an expression that holds or not. On a figure that is missing, or divided by zero, it does neither, unless the other side of `and`, `or` decides; `known(x)` and `default(x, 0)` say what is to be then.", "数字（`20`），或加引号的公式：\"deposits.average - targets.deposits * 0.9\"。\n运算符：+ − × ÷（或 - * /）、括号、= != > >= < <=（或 ≠ ≥ ≤）、and、or、not、in [\"a\", \"b\"]。\n文字加引号，双引号公式内用单引号：\"manager.grade == 'senior'\"。\n条件即结果为成立或不成立的公式；数据缺失或除数为零时两者均不成立，除非 `and`、`or` 的另一侧已可确定；可用 `known(x)`、`default(x, 0)` 写明处理。";
    IMPORT = "mapping files of `import table`", "`import table` 的映射文件";
    OF_THE_FILE = "Keys of the file", "文件各键";
    OF_A_VALUE = "Keys of a value", "取值各键";
    IMPORT_IS = "A TOML file that says which column of a table is which field: `rmbook import table FILE --as KIND --map MAPPING`. A row is a record (`--as client`) or an entry (`--as visit`). `record` names the record, `fields` the fields by their path, as `set` writes it; a column in braces stands for what it holds in the row: \"results.{month}.deposits.avg\" is the month's average, `.end` its end, `.rate` and `.ftp` its rates. With `--update` a row about a record that is there changes the fields it names and needs no other; with `update = true` in the file every row is one of a record that is there.", "TOML 文件，规定表格各列对应的字段：`rmbook import table 文件 --as 类别 --map 映射文件`。每行为一条记录（`--as client`）或一个条目（`--as visit`）。`record` 指明记录，`fields` 按路径列出字段（写法同 `set`）；花括号内的列名以该行的值代入：\"results.{month}.deposits.avg\" 为该月日均，`.end` 为月末余额，`.rate`、`.ftp` 为利率和内部转移价格。加 `--update` 时，已有记录的行只更改所列字段，无须填写其他必填项；文件中写 `update = true` 时，所有行均针对已有记录。";
    IMPORT_KEYS = "record: the id of the record; a column's name, or a table with the keys below\nfields: what each field takes, by path; a column's name, or a table with the keys below\nupdate: whether every row changes a record that is there\nonly, skip: only rows, or no rows, with one of these values, by column\nencoding, delimiter: of the file, where they are not found out\ndates: how dates are written, in the letters of strftime: [\"%d.%m.%Y\"]\ndecimal, thousands: what stands before the decimals and between groups of digits", "record：记录编号，可写列名，或写含下列各键的表\nfields：按路径列出各字段的取值，可写列名，或写含下列各键的表\nupdate：是否所有行均更改已有记录\nonly、skip：按列，仅导入或不导入取这些值的行\nencoding、delimiter：文件编码和分隔符，默认自动识别\ndates：日期写法，用 strftime 字母，如 [\"%d.%m.%Y\"]\ndecimal、thousands：小数点和千分位符号";
    IMPORT_STEPS = "One of column, constant (the same for every row) and template (words with columns in braces); then, in this order:\nvalues: values to be replaced; strict: whether one that is not among them refuses the row\nlookup: { file, key, value }, another file beside this one, the column to find the value in and the column to take\nnames: the kind of record whose `source` it is\nslug: whether it becomes an id; prefix: words before it\ntimes: a number to multiply with, as 0.0001 makes ten thousands of units\notherwise: what to take where there is no value", "column（列）、constant（各行相同的值）、template（含花括号列名的文字）三者取一；随后依次为：\nvalues：替换对照表；strict：不在表中的值是否拒绝该行\nlookup：{ file, key, value }，查找同目录另一文件，依次为文件、匹配列、取值列\nnames：该值为哪类记录的 `source`\nslug：是否转为编号；prefix：前缀\ntimes：乘数，如 0.0001 将元换算为万元\notherwise：无值时所取";
    IMPORT_EXAMPLE = "record = { column = \"client\", names = \"client\" }\n[fields]\n# units into ten thousands\n\"results.{month}.deposits.avg\" = { column = \"average\", times = \"0.0001\" }\n\"results.{month}.deposits.end\" = { column = \"month_end\", times = \"0.0001\" }\n\"results.{month}.fee_income\" = \"fees\"", "record = { column = \"client\", names = \"client\" }\n[fields]\n# 元换算为万元\n\"results.{month}.deposits.avg\" = { column = \"average\", times = \"0.0001\" }\n\"results.{month}.deposits.end\" = { column = \"month_end\", times = \"0.0001\" }\n\"results.{month}.fee_income\" = \"fees\"";
    UNITS = "Units", "单位";
    UNITS_ARE = "A number takes the unit behind it: `97%`, `3‰`, `200 USD/client`, `3 USD/kUSD`. Money is converted into the policy's `money`; a bare number fits any unit, but a rate on money must say what it is per. Any other word is a unit of its own and must agree on both sides.", "数字后可带单位：`97%`、`3‰`、`200 元/户`、`3 元/万元`、`5 kUSD`。金额自动换算为办法的 `money`；不带单位的数字可与任何单位相配，但金额的单价须写明计价单位。其他词各为一种单位，两侧须一致。";
    WORTH = "One of it is", "含义";
    OF_RUPEES = "{count} rupees (INR)", "{count} 印度卢比（INR）";
    OF_YUAN = "{count} yuan", "{count} 元";
    A_CURRENCY = "a currency by its ISO 4217 code", "ISO 4217 货币代码";
    OF_A_NAMED_CURRENCY = "{count} of a currency with a Chinese or Japanese name, written before it: `{multiple}美元`, `{multiple}円`", "以中文或日文书写的货币的 {count}，写在货币名称之前，如 `{multiple}美元`、`{multiple}円`";
    OF_A_CURRENCY = "{count} of a currency, written before it, or behind a sign: `{prefix}USD`, `€{prefix}`", "货币的 {count}，写在货币代码之前或货币符号之后，如 `{prefix}USD`、`€{prefix}`";
    A_PART = "1/{count} of what the number says", "数字的 1/{count}";
    A_PURE_NUMBER = "a pure number", "无量纲";
    FIGURES = "Figures", "取数";
    FIGURES_ARE = "aggregate: average, sum, end, count, min, max. window: year_to_date, quarter_to_date, last_3_months. @point: previous (the period before, or the window that ends with it), year_ago, last_year (all of it), year_start (the end of last year), base (the client's own base). `rmbook explain METRIC` says what each figure is.", "汇总方式：average 平均、sum 合计、end 期末、count 笔数、min 最小、max 最大。时段：year_to_date 本年累计、quarter_to_date 本季累计、last_3_months 近三个月。@比较时点：previous 上期（带时段的截至上期末）、year_ago 去年同期、last_year 上年全年、year_start 上年末、base 客户基数。各指标含义见 `rmbook explain 指标`。";
    WHERE_MISSING = "Missing figures", "数据缺失";
    MISSING_IS = "A missing figure is never zero: the item, gate or line counts as its `missing` says (zero, full, skip, error). Division by zero goes by `zero_target`. What is skipped gives its weight to the others of its dimension; where that is empty, to the other dimensions of the same parent, and so on upwards; with `scale = \"points\"` items and dimensions stay as they are, and the total is their sum × full / (full − skipped).\nA colleague who stands open, with an error on the scorecard, is no missing figure. What looks at others waits for it, and says who stands open: figures of a group for the item they name, places, sizes and shares of pools for all of the scorecard. Neither `missing` nor `default` counts anything in its place. An item that stands open keeps its weight; it is not spread.", "数据缺失不等于零：按该指标、门槛或薪酬项目的 `missing`（zero、full、skip、error）处理。除数为零按 `zero_target` 处理。不计分（skip）的权重由同一维度的其余指标分摊；该维度全部不计分的，由同一上级维度的其他维度分摊，依次向上；分值制（`scale = \"points\"`）下各指标与维度得分不变，总分 = 合计 × 满分 ÷（满分 − 不计分的分值）。\n他人考核存在错误、尚无法计算的，不属于数据缺失：群体函数所引用的指标未定的，名次、人数及奖金池涉及的人员考核未定的，均暂不计算并注明何人未定，不适用 `missing` 与 `default`。未定的指标保留原权重，不予分摊。";
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
    ORDER_IS = "value (record by record where `each` says so: `rounding.each` → share → `rounding.share` → sum) → `rounding.input` → curve or chain of curves → `min`, `max` of the item → `rounding.score` → weight → `rounding.item`\n→ dimensions, with their bounds and `rounding.dimension` → sum\n→ additions and deductions, then the caps of their groups\n→ vetoes → gates on the total → time in post → bounds of the total → caps of vetoes once more, which nothing lifts → `rounding.total`\n→ rating (on the rounded or exact total, gates on the rating applied) → promotion, demotion, warnings → gates on pay, which may look at the rating\n→ pay lines with their bounds and `rounding.pay_line` → floor and ceiling of their sum, shares of pools counted in and never cut → gates and vetoes on pay, time in post → floor and ceiling where `after = \"gates\"`\n→ pools → advances → `rounding.pay` → deferral → what is given back of clawbacks → paid now, by the ledger.\nThe deferred amount is rounded first; its years are cut to the same places, and what is left goes by one last unit each to the largest remainders, of equal ones to the earlier year.\nThe amount of a pool is cut to its `places` and then shared out to the last unit. Shares of pools are made before the floor, from parts that vetoes on pay act on, and gates on pay and time in post where the line says `gated = true`; with `gated = \"stay\"` all three act on the share itself, and what they take is not paid out. Who is scored by parts (`partial.split`) has every item and pay line weighed by the time of each part, exact, and rounded once in the mean (`rounding.item`, `rounding.pay_line`); dimensions, total and pay are the sums of these rounded means, as ever. Where bounds, caps, vetoes, gates, advances, time in post or weight that was skipped acted in a part, the sum they acted on is the mean of the parts' own, and a line says what sets it apart. Shares of pools alone are those of the last part. With `roll_up = \"mean\"` points, dimensions and the total are the means of the printed ones of the shorter periods, each by itself and rounded by itself, and a line says by how much the points together miss the total; pay is added up.\nA stage without a place in `rounding` keeps every digit, save the pay, which is rounded to a hundredth of the currency unit. What a scorecard went through, `rmbook scorecard --explain` shows.", "指标值（逐笔口径：`rounding.each` → 分成 → `rounding.share` → 合计）→ `rounding.input` 取整 → 曲线（可串联）→ 指标 `min`、`max` → `rounding.score` → 权重 → `rounding.item`\n→ 维度上下限与 `rounding.dimension` → 合计\n→ 加分、扣分，再按分组上限\n→ 一票否决 → 总分门槛 → 在岗时间折算 → 总分上下限 → 再按否决上限（任何系数均不得突破）→ `rounding.total`\n→ 评级（取整后或取整前的总分，计入评级门槛）→ 晋升、降级、预警 → 薪酬门槛（可引用评级）\n→ 薪酬项目上下限与 `rounding.pay_line` → 合计保底与封顶（计入奖金池份额但不削减份额）→ 薪酬门槛、否决及在岗时间 → `after = \"gates\"` 时的保底与封顶\n→ 奖金池 → 预发 → `rounding.pay` → 延期支付 → 追索扣回的退还 → 按台账得当期发放。\n延期金额先行取整，各年金额按同一位数舍去尾数，余额依余数由大到小逐位补足，余数相同的较早年度优先。\n奖金池总额先按 `places` 舍去尾数，再分尽。奖金池份额先于保底计算，薪酬否决作用于其权数；薪酬项目注明 `gated = true` 时，薪酬门槛与在岗时间亦作用于其权数；注明 `gated = \"stay\"` 时，三者均作用于份额本身，扣减部分不再发放。分段考核（`partial.split`）的各指标得分与各薪酬项目按各段时间加权平均，各段不取整，平均后按 `rounding.item`、`rounding.pay_line` 取整一次；维度、总分与薪酬合计为取整后各项之和。某段内上下限、封顶、否决、门槛、预发、在岗时间折算或不计分权重换算起作用的，相应合计取各段合计的加权平均，并单列一行说明差额。仅奖金池份额按最后一段计算。`roll_up = \"mean\"` 的各项得分、维度与总分分别取各短周期已取整结果的平均并各自取整，各项之和与总分的差额单列一行；薪酬为各期相加。\n`rounding` 未列的环节不取整，薪酬合计默认精确到分。逐步过程见 `rmbook scorecard --explain`。";
    CURVES = "curves", "计分曲线";
    CURVES_ARE = "How a value becomes a score: a table with `kind` and the keys of that kind. A list is a chain, the output of one being the input of the next: every curve but the last has F = 1 and so gives a ratio, 1.1 where it alone would give 110; words in quotes name a curve under `curves`. In formulas F is full marks, x the value, T the target. `rmbook explain curve KIND` has the keys of one.", "由指标值得分：写明 `kind` 及该类型的各键。列表为串联，前一条的结果作为后一条的输入：除最后一条外，各条的 F 均为 1，结果为比率（单独使用得 110 分者，串联中为 1.1）；加引号的文字引用 `curves` 中的曲线。公式中 F 为满分、x 为实际值、T 为目标。各键见 `rmbook explain curve 类型`。";
    KIND = "Kind", "类型";
    KEY = "Key", "键";
    VALUE = "Value", "取值";
}
/// Above an example that goes into several files.
pub const EXAMPLE_FILE: Text = Text::new("# file: ", "# 文件：");

/// What examples of records say in words of their own.
pub const OF_EXAMPLES: &[Text] = &[
    Text::new("Corporate team one", "公司业务一部"),
    Text::new("Corporate 1", "公司业务一部"),
    Text::new("Acme Precision", "恒锐精密机械有限公司"),
    Text::new("ACME PRECISION Co., Ltd.", "恒锐精密机械股份有限公司"),
    Text::new("Acme Trading", "恒锐贸易有限公司"),
    Text::new("Fuzhou Bearings", "榕城轴承有限公司"),
    Text::new("Trade House", "汇通商贸有限公司"),
    Text::new("Wang Fang", "王芳"),
    Text::new("Li Na", "李娜"),
    Text::new("Zhao Lei", "赵磊"),
    Text::new("Qian Wei", "钱伟"),
    Text::new("Sun Yi", "孙毅"),
    Text::new("Li Ming", "李明"),
    Text::new("Branch", "支行"),
    Text::new("Riverside", "滨江支行"),
    Text::new("Pudong", "浦东"),
    Text::new("Working capital", "流动资金贷款"),
    Text::new("Term loan", "中期贷款"),
    Text::new("Supply-chain finance", "供应链融资"),
    Text::new("supply-chain finance", "供应链融资"),
    Text::new("Late transfer", "转账延误"),
    Text::new("Late transfer ", "转账延误 "),
    Text::new("late transfer", "转账延误"),
    Text::new("handover not counted", "移交未计入"),
    Text::new("typing error", "录入错误"),
    Text::new("interest unpaid", "欠息"),
    Text::new("file incomplete", "授信资料不全"),
    Text::new("Credit officer", "信贷岗位资格"),
    Text::new("credit reports", "信贷调查"),
    Text::new("Credit system", "信贷系统"),
    Text::new("Anti-money laundering", "反洗钱"),
    Text::new("wrote two cases", "编写两个案例"),
    Text::new("two clients more", "新增两户客户"),
    Text::new("ten visits a month", "每月拜访十次"),
    Text::new("proposal templates", "服务方案模板"),
    Text::new("talked about business, and cooperation", "商谈业务及合作"),
    Text::new("Talked about business and cooperation.", "商谈业务合作。"),
    Text::new("send proposal", "发送方案"),
    Text::new("open account", "开立账户"),
    Text::new("steel price", "钢价波动"),
    Text::new("debt ratio below 65%", "资产负债率低于65%"),
    Text::new("debt ratio at most 70 %", "资产负债率不高于70%"),
    Text::new("credit approval takes six weeks", "授信审批须六周"),
    Text::new("client abroad", "客户出国"),
    Text::new("on leave", "休假"),
    Text::new("four quarters above the line", "连续四个季度达标"),
    Text::new("who calls on traders?", "由谁拜访贸易客户？"),
    Text::new("a team of two", "两人团队"),
    Text::new("Payment terms", "付款条件"),
    Text::new("Hike", "徒步"),
    Text::new("tea", "茶叶"),
    Text::new("manufacturing", "制造业"),
    Text::new("Due", "到期贷款本金"),
    Text::new("Collected", "到期贷款收回"),
    Text::new("Recovery", "到期贷款收回率"),
    Text::new("Sales", "营销技巧"),
    Text::new("Operations", "运营部"),
    Text::new("Compliance", "合规培训"),
    Text::new("Credit", "授信管理"),
    Text::new("laptop", "笔记本电脑"),
    Text::new("Main", "月度考核办法"),
    Text::new("merit", "业绩突出"),
];
