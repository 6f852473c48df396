//! The rules of family 9: whether a policy can be applied, and whether it says what it means.

use crate::diag::{Level, Rule};
use crate::text::Text;

macro_rules! rules {
    ($($(#[$doc:meta])* $const:ident: $code:literal $name:literal $level:ident, $title:expr, $why:expr, $mend:expr, $example:expr;)*) => {
        $(
            $(#[$doc])*
            pub static $const: Rule = Rule {
                code: $code,
                name: $name,
                level: Level::$level,
                title: $title,
                why: $why,
                mend: $mend,
                example: $example,
            };
        )*
        /// Every rule of this family, by code.
        pub static RULES: &[&Rule] = &[$(&$const),*];
    };
}

const fn t(en: &'static str, zh: &'static str) -> Text {
    Text::new(en, zh)
}

/// A small policy that is in order but for what the example adds.
macro_rules! example {
    ($($rest:literal),*) => {
        concat!(
            "# file: policies/p.toml\ntitle = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n",
            $($rest),*
        )
    };
}

rules! {
    /// An expression that cannot be read.
    BAD_EXPRESSION: "RM901" "bad-expression" Deny,
        t("an expression cannot be read", "公式无法识别"),
        t("A policy is applied only if every formula in it is clear.", "办法中每个公式均须明确方可适用。"),
        t("Mend the formula at the place shown.", "请按提示位置修正公式。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average +\"\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n");
    /// A name nobody knows.
    UNKNOWN_NAME: "RM902" "unknown-name" Deny,
        t("a name in a policy is not known", "办法中引用了未知名称"),
        t("A mistyped metric would score nobody.", "指标名称写错将导致无法计分。"),
        t("Correct the spelling, or declare the measure in the settings or in the policy.", "请更正拼写，或在设置或办法中声明该指标。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"depositz.average\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = 1, points = 1 }\n");
    /// Units that cannot be added or compared.
    UNITS_DO_NOT_FIT: "RM903" "units-do-not-fit" Deny,
        t("units do not fit together", "计量单位不一致"),
        t("Clients cannot be added to money; a rate has to say what it is per.", "户数不能与金额相加；单价须写明计价单位。"),
        t("Give the number its unit, such as `200 元/户`.", "请写明单位，如 `200 元/户`。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"deposits.average + 3 户\"\n");
    /// Items or constants that need each other.
    CIRCLE: "RM904" "circular-reference" Deny,
        t("items refer to each other in a circle", "条目循环引用"),
        t("None of them could be computed first.", "循环引用的条目无法确定计算顺序。"),
        t("Take one of the references out.", "请删除其中一处引用。"),
        example!("[constants]\na = \"b\"\nb = \"a\"\n[[pay.lines]]\nid = \"l\"\namount = \"a\"\n");
    /// A figure named before it exists.
    TOO_EARLY: "RM905" "name-too-early" Deny,
        t("a figure is named before it is computed", "引用了尚未计算的结果"),
        t("The order of operations is fixed: items, total, rating, pay.", "计算顺序固定：指标、总分、评级、薪酬。"),
        t("Move the rule to a later stage, or use a figure that exists at this one.", "请将该规则移至后续环节，或改用本环节已有的数据。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"total\"\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n");
    /// A rate that does not say what it is per.
    BARE_RATE: "RM906" "bare-rate" Deny,
        t("a bare number stands as a rate", "单价未注明单位"),
        t("`3` may be 3 per ten thousand or 300 %: nobody can tell from the file.", "“3”可能是每万元3元，也可能是300%，仅凭文件无法判断。"),
        t("Write `3 元/万元` or `0.3%`.", "请写作 `3 元/万元` 或 `0.3%`。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"deposits.average * 3\"\n");
    /// Weights that do not make the whole.
    WEIGHTS: "RM910" "weights-do-not-add-up" Deny,
        t("weights do not add up", "权重合计不符"),
        t("Full marks everywhere would not give the full total.", "各项满分之和不等于总分。"),
        t("Change the weights so that they make the sum stated.", "请调整权重，使合计符合要求。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 90\nvalue = \"deposits.average\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = 1, points = 1 }\n");
    /// A curve whose best result is below full marks.
    OUT_OF_REACH: "RM911" "full-marks-out-of-reach" Warn,
        t("a curve can never reach its full marks", "曲线无法取得满分"),
        t("Part of the weight can never be earned.", "部分权重永远无法取得。"),
        t("Raise the greatest result, or lower the weight.", "请提高最高得分或调低权重。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\nmissing = \"zero\"\ncurve = { kind = \"bands\", edges = [10], results = [0, 90], included = \"lower\" }\n");
    /// A curve that falls where its item says more is better.
    NOT_MONOTONIC: "RM912" "curve-not-monotonic" Warn,
        t("a curve runs against what its item calls better", "曲线与指标方向不符"),
        t("Somebody who does better would score less.", "业绩更好者得分反而更低。"),
        t("Mend the table, or the direction.", "请修正分档表或指标方向。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\nbetter = \"higher\"\nmissing = \"zero\"\ncurve = { kind = \"bands\", edges = [10, 20], results = [0, 100, 50], included = \"lower\" }\n");
    /// A rating no total can have.
    UNREACHABLE_RATING: "RM913" "unreachable-rating" Warn,
        t("a rating cannot be reached", "评级无法取得"),
        t("No total lies in its band, or an earlier rating takes all of it.", "总分不可能落入该区间，或已被前一评级覆盖。"),
        t("Change its edges, or take it out.", "请调整区间或删除该评级。"),
        example!("total = { min = 0, max = 100 }\n[[ratings]]\nid = \"A\"\nat_least = 110\n[[ratings]]\nid = \"B\"\nbelow = 110\n");
    /// A table with gaps, overlaps or an unfinished row.
    BAD_TABLE: "RM914" "bad-table" Deny,
        t("a table has a gap, an overlap or an incomplete row", "分档表存在缺口、重叠或未填写完整"),
        t("A value in a gap has no result; one in an overlap has two.", "落入缺口的数值没有结果，落入重叠部分则有两个结果。"),
        t("Let each band begin where the last one ends, one of them including the edge.", "各档首尾相接，分界值归属其中一档。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\nmissing = \"zero\"\ncurve = { kind = \"bands\", bands = [{ below = 10, result = 0 }, { at_least = 20, result = 100 }] }\n");
    /// A rule that regulations leave unsaid and a policy must say.
    UNSTATED: "RM915" "unstated-rule" Deny,
        t("a rule that decides money or marks is not stated", "影响得分或金额的规则未写明"),
        t("What a target of zero or a missing figure counts as is a decision of the bank, not of a program.", "目标为零或数据缺失如何处理应由银行决定，而非由程序决定。"),
        t("State it with the key the message names.", "请按提示填写相应的键。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\ntarget = \"10 万元\"\nmissing = \"zero\"\ncurve = { kind = \"ratio\" }\n");
    /// An entry that lacks a key, or has two that exclude each other.
    INCOMPLETE: "RM916" "incomplete-entry" Deny,
        t("an entry of a policy is incomplete or contradicts itself", "条目不完整或自相矛盾"),
        t("It cannot be computed as written.", "该条目无法按现有内容计算。"),
        t("Add or remove the key the message names.", "请按提示补充或删除相应的键。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\n");
    /// One id twice.
    DUPLICATE: "RM917" "duplicate-policy-entry" Deny,
        t("two entries of a policy have the same id", "条目编号重复"),
        t("Formulas and variants name entries by id.", "公式和差异化条款按编号引用条目。"),
        t("Give one of them another id.", "请更换其中一个编号。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[pay.lines]]\nid = \"a\"\namount = \"2 元\"\n");
    /// Two variants for one manager that set the same key.
    CLASH: "RM918" "clashing-variants" Deny,
        t("two variants of a policy set the same key for one manager", "两项差异化条款对同一客户经理设置同一内容"),
        t("Which of them holds would be chance.", "无法确定以哪一项为准。"),
        t("Narrow `when` of one of them, or take the key out.", "请收窄其中一项的适用条件，或删除重复的内容。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[variants]]\nwhen = 'manager.id != \"\"'\npay = { min = \"1 元\" }\n[[variants]]\nwhen = 'period.month > 0'\npay = { min = \"2 元\" }\n# file: managers/wang-fang.toml\nname = \"王芳\"\nteam = \"corporate-1\"\n");
    /// A veto that rests on no figure of the manager's.
    VETO_WITHOUT_EVIDENCE: "RM919" "veto-without-evidence" Deny,
        t("a veto rests on no record", "一票否决无记录依据"),
        t("Who is struck out must be shown the record that did it; a grade, a role or a month is none.", "被否决者须能看到所依据的记录；职级、岗位或月份均不构成依据。"),
        t("Name the figure the veto rests on in `when`: a metric, an item or the total.", "请在 `when` 中写明所依据的数据：指标、条目或总分。"),
        example!("[[vetoes]]\nid = \"v\"\nwhen = 'manager.grade == \"junior\"'\nzero = true\n");
    /// Two policies of one scheme for one manager.
    OVERLAP: "RM920" "overlapping-policies" Deny,
        t("two policies of one scheme apply to one manager from the same day", "同一考核方案有两份同日生效的办法适用于同一客户经理"),
        t("Which of them decides would be chance.", "无法确定以哪一份为准。"),
        t("Change `effective` or `applies` of one of them.", "请修改其中一份的生效日期或适用对象。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n# file: policies/q.toml\ntitle = \"Q\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n# file: managers/wang-fang.toml\nname = \"王芳\"\nteam = \"corporate-1\"\n");
    /// A target regulators forbid.
    FORBIDDEN_TARGET: "RM921" "forbidden-target" Warn,
        t("a target that banking regulators forbid", "监管禁止的考核目标"),
        t(
            "The rules on deposit deviation and on performance evaluation forbid targets on point-in-time deposits, on ranks and on market shares.",
            "《关于完善商业银行存款偏离度管理有关事项的通知》及《银行业金融机构绩效考评监管指引》禁止以存款时点规模、市场份额或排名为考核目标。"
        ),
        t("Use the average daily balance, or the bank's own progress.", "请改用日均存款或自身改善情况。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.end\"\ntarget = \"10 万元\"\nmissing = \"zero\"\ncurve = { kind = \"threshold\", op = \">=\" }\n");
    /// Compliance and risk weighing no more than results.
    RISK_WEIGHS_LESS: "RM922" "risk-weighs-less" Warn,
        t("compliance and risk do not weigh more than results", "合规经营类与风险管理类权重未高于其他类"),
        t(
            "The regulators' guideline on performance evaluation asks that compliance and risk weigh clearly more than other classes.",
            "《银行业金融机构绩效考评监管指引》要求合规经营类和风险管理类指标权重应当明显高于其他类指标。"
        ),
        t("Raise their weights, or allow this rule and say why.", "请提高其权重；确有理由的，可豁免本规则并说明理由。"),
        example!("[[dimensions]]\nid = \"r\"\nclass = \"results\"\nweight = 60\n[[dimensions]]\nid = \"c\"\nclass = \"risk\"\nweight = 40\n[[indicators]]\nid = \"a\"\nin = \"r\"\nweight = 60\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n[[indicators]]\nid = \"b\"\nin = \"c\"\nweight = 40\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n");
    /// Too little or too early deferred pay.
    DEFERRAL: "RM923" "weak-deferral" Warn,
        t("deferred pay is below what regulators ask for", "延期支付安排低于监管要求"),
        t(
            "The guideline on sound remuneration asks for at least 40 % deferred over at least three years, never paid faster than in equal parts.",
            "《商业银行稳健薪酬监管指引》要求延期支付比例一般不低于40%、期限一般不少于3年，且遵循等分原则，不得前重后轻。"
        ),
        t("Raise the share, or spread it evenly or later.", "请提高延期比例，或改为等分、后移支付。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[pay.deferral]\nshare = \"30%\"\nyears = [\"50%\", \"25%\", \"25%\"]\n");
    /// An input of a test that the policy never reads.
    UNUSED_INPUT: "RM924" "unused-input" Warn,
        t("a test states a figure that the policy never uses", "测试用例中的数据未被办法使用"),
        t("It is probably misspelt, and the test proves less than it seems to.", "可能拼写有误，测试的效力低于表面。"),
        t("Correct the name, or remove the figure.", "请更正名称或删除该数据。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\ninputs = { \"deposits.average\" = 1 }\nexpect = { pay = { a = \"1 元\" } }\n");
    /// A definition nothing uses.
    UNUSED_DEFINITION: "RM925" "unused-definition" Warn,
        t("a constant, measure, table or curve that nothing uses", "常数、自定义指标、分档表或曲线未被使用"),
        t("Whoever reads the policy takes it for a rule, and it is none.", "读者会误以为是规定，实际并不起作用。"),
        t("Use it, or take it out.", "请使用或删除。"),
        example!("constants = { rate = 5 }\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n");
    /// Two tests of one name.
    SAME_TEST: "RM926" "test-name-twice" Warn,
        t("two tests have the same name", "测试用例重名"),
        t("Nobody can tell which of them failed.", "无法分辨是哪一个未通过。"),
        t("Give each its own name.", "请分别命名。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nexpect = { pay = { a = \"1 元\" } }\n[[tests]]\nname = \"t\"\nperiod = \"2026-02\"\nexpect = { pay = { a = \"1 元\" } }\n");
    /// Totals that no rating takes.
    TOTALS_WITHOUT_RATING: "RM927" "totals-without-rating" Warn,
        t("some totals get no rating", "部分总分没有对应评级"),
        t("The scorecard of whoever has such a total cannot be made.", "取得该总分者无法出具考核结果。"),
        t("Let each rating begin where the next one ends, and leave the last one without a lower edge.", "各评级须首尾相接，末位评级请勿设下限。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n[[ratings]]\nid = \"A\"\nat_least = 60\n");
    /// A bare number beside money in another multiple.
    OTHER_MULTIPLE: "RM928" "literal-in-another-unit" Warn,
        t("a bare number stands against money kept in another unit", "未注明单位的数字与以其他单位登记的金额相比"),
        t("It is read in the policy's money: 800 is 800 yuan, where the figure beside it is in ten thousands.", "该数字按办法金额单位理解：办法以元计时，800 即 800 元，而所比数据以万元登记。"),
        t("Give the number its unit: `\"800 万元\"`.", "请写明单位，如 `\"800 万元\"`。"),
        example!("money = \"元\"\nmissing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\ntarget = 800\ncurve = { kind = \"threshold\", op = \">=\" }\n");
    /// A measure of the policy's own that the book does not declare.
    MEASURE_NOT_IN_BOOK: "RM929" "measure-not-in-book" Warn,
        t("a measure that only the policy declares", "仅由考核办法定义的指标"),
        t("Figures are recorded under the measures of the book; of another one there are none, and whatever `missing` says is all that is ever scored.", "数据按台账定义的指标登记；台账没有的指标无从取数，只能一律按 `missing` 处理。"),
        t("Declare the measure in `rmbook.toml` as well.", "请在 `rmbook.toml` 中同样定义该指标。"),
        example!("missing = \"zero\"\n[measures.m]\nunit = \"张\"\nkind = \"count\"\n[[pay.lines]]\nid = \"a\"\namount = \"m.count * 2 元/张\"\n");
    /// A measure that the policy and the book declare differently.
    MEASURE_DIFFERS: "RM930" "measure-differs" Deny,
        t("a policy and the book declare a measure differently", "考核办法与台账对同一指标的定义不一致"),
        t("Figures recorded in one unit would be scored and paid in another.", "以一种单位登记的数据会按另一种单位计分、计酬。"),
        t("Give the measure the unit and the kind it has in `rmbook.toml`.", "请使单位和汇总方式与 `rmbook.toml` 一致。"),
        example!("missing = \"zero\"\n[measures.deposits]\nunit = \"元\"\nkind = \"balance\"\n[[pay.lines]]\nid = \"a\"\namount = \"deposits.average * 0.1%\"\n");
    /// Indicators that apply together and weigh too much.
    OVERLAPPING_CONDITIONS: "RM931" "conditions-overlap" Warn,
        t("conditions that choose among indicators can hold together", "指标的适用条件可能同时成立"),
        t("Whoever meets both weighs more than the whole, and gets no scorecard.", "同时符合者权重合计超过总分，无法出具考核结果。"),
        t("Let the conditions exclude each other, such as `< 6` and `>= 6`.", "请使各条件互斥，如 `< 6` 与 `>= 6`。"),
        example!("missing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\nwhen = \"manager.months < 12\"\ncurve = { kind = \"manual\" }\n[[indicators]]\nid = \"b\"\nweight = 100\nwhen = \"manager.months >= 6\"\ncurve = { kind = \"manual\" }\n");
    /// A target that the curve never looks at.
    UNREAD_TARGET: "RM932" "target-not-read" Warn,
        t("a curve does not look at the target of its item", "曲线未使用该指标的目标"),
        t("The value itself is scored: 800 of 1,000 as 800, not as 80 %.", "计分依据为指标值本身：目标 1,000、完成 800 按 800 计分，而非按 80%。"),
        t("Begin the chain with a `ratio` curve, name `target` in the curve, or leave the target out.", "请以 `ratio` 曲线作为串联的第一条，或在曲线中引用 `target`，或删除目标。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\ntarget = \"targets.deposits\"\nmissing = \"zero\"\ncurve = { kind = \"piecewise\", points = [[0.8, 50], [1, 100]], below = \"hold\", above = \"hold\" }\n");
    /// A condition that nothing and nobody meets.
    NEVER_HOLDS: "RM933" "condition-never-holds" Warn,
        t("a condition never holds", "适用条件永不成立"),
        t("What it is for is never scored or paid. A longer period that is a mean of shorter ones, or the last of them, is not scored by itself: its items and pay lines are those of the shorter ones.", "该条目永远不会计分或计发。按各短期平均或末期汇总的较长期间不直接计分，其指标与薪酬项目均来自各短期。"),
        t("Name the month the shorter period ends with, score the longer period with `roll_up = \"recompute\"`, or put the line into a policy of that period.", "请改按短期的月份写明条件，或以 `roll_up = \"recompute\"` 直接计算较长期间，或将该条目写入以该期间为周期的办法。"),
        example!("roll_up = \"mean\"\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\nwhen = \"period.months == 12\"\n");
    /// A test that proves nothing.
    TEST_OF_NOTHING: "RM934" "test-of-nothing" Warn,
        t("a test expects nothing", "测试用例没有期望结果"),
        t("It passes whatever the policy says.", "无论办法如何规定，该用例均会通过。"),
        t("State what must come out, or that an error must.", "请写明应得的结果或应出现的错误。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[tests]]\nname = \"t\"\nperiod = \"2026-01\"\nexpect = {}\n");
    /// Amounts whose unit nothing states.
    MONEY_UNSTATED: "RM935" "money-unstated" Warn,
        t("a policy does not say what its amounts are in", "办法未写明金额单位"),
        t("Without `money`, a bare amount counts in ten thousand yuan: 800 is eight million.", "未填写 `money` 时，未注明单位的金额按万元计：800 即八百万元。"),
        t("State `money`, or write the unit beside the number.", "请填写 `money`，或在数字后写明单位。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = 800\n");
    /// A number beside percentages that lacks its percent sign.
    PERCENT_SIGN: "RM936" "percent-sign-missing" Warn,
        t("a bare number where a percentage is meant", "应为百分比的数字未带百分号"),
        t("A figure kept in percent counts as a part of one: beside it 1.5 is 150 %, and a limit of 150 % limits nobody. So does a factor.", "以百分比登记的数据及系数按小数计算：1.5 即 150%，以 150% 为界等于没有界限。"),
        t("Write the percent sign: `1.5%`; where the multiple is meant, `150%`.", "请写明百分号，如 `1.5%`；确指倍数的写作 `150%`。"),
        example!("missing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"npl_ratio\"\ncurve = { kind = \"threshold\", op = \"<=\", at = 1.5 }\n");
    /// A percentage, or a part of one, where points are meant.
    PERCENT_OF_POINTS: "RM937" "percent-of-points" Warn,
        t("a part of one where points are meant", "应以分表示的数字写成了百分比或小数"),
        t("A total counts in points, of which 90 % is 0.9: everybody is above such an edge.", "总分以分计，90% 即 0.9 分，以此为界等于没有界限。"),
        t("Write the points: `90`.", "请直接写分数，如 `90`。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n[[ratings]]\nid = \"A\"\nat_least = \"90%\"\n[[ratings]]\nid = \"B\"\n");
    /// A deduction that adds.
    DEDUCTION_ADDS: "RM938" "deduction-adds" Warn,
        t("a deduction adds points", "扣分项反而加分"),
        t("The list decides the sign: what stands under `deductions` is taken away, and taking away a negative number adds.", "正负由所在列表决定：`deductions` 下的分数一律扣减，扣减负数即为加分。"),
        t("State the points of a deduction as a positive number, or move the entry to `additions`.", "请以正数填写扣分，或移至 `additions`。"),
        example!("[[deductions]]\nid = \"a\"\nvalue = \"lost_clients\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = 1, points = -2 }\n");
    /// A test of a period that nobody is scored for under the policy.
    TEST_OUT_OF_FORCE: "RM940" "test-out-of-force" Warn,
        t("a test is of a period the policy is not in force in", "测试期间不在办法有效期内"),
        t("The policy never scores that period, so the test shows what no manager gets.", "该期间不适用本办法，测试结果与任何客户经理均无关。"),
        t("Take a period between `effective` and `until`.", "请改用 `effective` 与 `until` 之间的期间。"),
        example!("[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n[[tests]]\nname = \"t\"\nperiod = \"2025-12\"\nexpect = { pay = { total = 1 } }\n");
    /// A table by rating that has nothing for one of them.
    RATING_WITHOUT_ROW: "RM941" "rating-without-row" Warn,
        t("a constant by rating has no value for one of the ratings", "按评级取值的常数缺少某一评级"),
        t("Whoever is given that rating is paid nothing until somebody adds the value.", "取得该评级者在补录取值之前无法计发。"),
        t("Add the rating, or `else` for all that are not named.", "请补充该评级的取值，或以 `else` 统一规定。"),
        example!("total = { min = 0 }\n[constants]\nk = { by = \"rating\", A = 1 }\n[[ratings]]\nid = \"A\"\nat_least = 60\n[[ratings]]\nid = \"B\"\nat_least = 0\n[[pay.lines]]\nid = \"a\"\namount = \"k * 1 元\"\n");
    /// A gate on pay that leaves the shares of a pool alone.
    GATE_BESIDE_POOL: "RM942" "gate-beside-pool" Warn,
        t("a gate on pay stands beside a pool that does not say whether it acts there", "薪酬门槛与奖金池并存而未写明是否影响份额"),
        t("A pool is shared out to the cent, so that a gate takes nothing of a share: whom the gate leaves no pay is paid from the pool all the same.", "奖金池须分尽，门槛不削减份额：因门槛停发薪酬者仍可分得奖金池份额。"),
        t("State `gated = true` in the pool's line where the gate acts on the manager's part and the others share what that leaves, `gated = \"stay\"` where it acts on the share and what it takes is not paid out, `gated = false` where shares are paid whatever the gate says.", "门槛作用于本人权数、余额由其他人分配的，在该项写明 `gated = true`；作用于本人份额、扣减部分不再发放的，写明 `gated = \"stay\"`；份额不受门槛影响的，写明 `gated = false`。"),
        example!("missing = \"zero\"\n[[gates]]\nid = \"g\"\non = \"pay\"\nfactor = \"if(npl_ratio > 5%, 0, 1)\"\n[[pay.lines]]\nid = \"a\"\npool = { of = \"1000 元\", by = \"1\", among = \"all\" }\n");
    /// A case that those before it leave nothing.
    UNREACHABLE_CASE: "RM943" "unreachable-case" Warn,
        t("a case of a curve can never be reached", "曲线的分支永不适用"),
        t("The first case that holds decides, so that the score of this one is never given.", "取首个成立的分支，故该分支永远不会被采用。"),
        t("Put the stricter case first, or correct the condition.", "请将较严的分支列在前面，或更正条件。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\nmissing = \"zero\"\ncurve = { kind = \"cases\", cases = [{ when = \"x >= 60\", score = 60 }, { when = \"x >= 80\", score = 100 }], else = 0 }\n");
    /// A move between grades that one before it takes.
    SHADOWED_MOVE: "RM944" "shadowed-move" Warn,
        t("a rule of promotion or demotion is shadowed by one before it", "晋升或降级规则被前列规则覆盖"),
        t("The first rule that holds is proposed, so that this one never is.", "取首个符合的规则，该规则永远不会适用。"),
        t("Put the stricter rule first, or state `from`.", "请将较严的规则列在前面，或写明 `from`。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n[[promotion]]\nfrom = \"junior\"\nto = \"senior\"\nall = [\"total >= 80\"]\n[[promotion]]\nfrom = \"junior\"\nto = \"expert\"\nall = [\"total >= 90\"]\n");
    /// Weights of rater groups that make no whole.
    RATER_WEIGHTS: "RM945" "rater-weights" Warn,
        t("weights of rater groups do not add up to 100 %", "评价主体权重之和不为100%"),
        t("The mean is taken over the weights there are, which hides a group that was forgotten or a weight that was mistyped.", "加权平均以现有权重为分母，遗漏的评价主体或写错的权重不会显现。"),
        t("Give the weights so that they add up to 100 or to 100 %.", "请使权重之和为 100（或 100%）。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nmissing = \"zero\"\ncurve = { kind = \"rating\", missing_group = \"spread\", groups = [{ group = \"superior\", weight = 60 }, { group = \"peer\", weight = 30 }] }\n");
    /// A grade, role, team, branch or manager the book does not know.
    WORD_NOT_IN_BOOK: "RM946" "word-not-in-book" Warn,
        t("a policy names a grade, role, team, branch or manager the book does not know", "办法中的职级、岗位、团队、机构或客户经理不在台账之内"),
        t("A condition on it never holds and a row for it is never taken, so that whoever is meant is scored, paid or promoted by another rule, or by none.", "相应条件永不成立、取值永不适用，所指人员将按其他规定计分、计酬、晋升，或完全不适用。"),
        t("Correct the spelling, or add the grade to `grades` in `rmbook.toml`.", "请更正；新设职级请在 `rmbook.toml` 的 `grades` 中补充。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nwhen = \"manager.grade == 'senoir'\"\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n# file: rmbook.toml\nname = \"B\"\ngrades = [\"junior\", \"senior\"]\n[calendar]\n2025 = {}\n2026 = {}\n");
    /// A condition that everything meets.
    ALWAYS_HOLDS: "RM947" "condition-always-holds" Warn,
        t("a condition holds whatever the facts are", "适用条件恒成立"),
        t("It chooses nobody: whoever is not one of two grades may still be the other.", "该条件不起筛选作用：不属于其中一个职级者仍可能属于另一职级。"),
        t("Join the parts with `and` where all must hold, or leave the condition out.", "须同时满足的请用 `and` 连接，或删除该条件。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nwhen = \"manager.grade != 'junior' or manager.grade != 'trainee'\"\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n");
    /// A move between grades in the wrong direction.
    MOVE_ASTRAY: "RM948" "move-astray" Warn,
        t("a promotion does not lead up, or a demotion not down", "晋升或降级的方向不符"),
        t("Whoever does well is proposed for the same grade or a lower one.", "业绩优异者反被提名为同级或更低职级。"),
        t("Correct `from` or `to`, or the order of `grades` in `rmbook.toml`, from the lowest to the highest.", "请更正 `from`、`to`，或 `rmbook.toml` 中 `grades` 由低到高的次序。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n[[promotion]]\nfrom = \"senior\"\nto = \"senior\"\nall = [\"total >= 90\"]\n");
    /// A curve that gives several times its full marks.
    BEYOND_FULL: "RM949" "far-beyond-full-marks" Warn,
        t("a curve gives more than twice its full marks", "曲线得分超过满分的两倍"),
        t("In points, full marks are the weight: a table of 0 to 100 for an item of 20 outweighs all the others.", "分值制下满分即权重：20 分的指标若按 0 至 100 给分，将压倒其他各项。"),
        t("Give the results in the item's full marks, or state its `max`.", "请按该指标满分给出得分，或写明 `max`。"),
        example!("scale = \"points\"\n[[indicators]]\nid = \"a\"\nweight = 20\nvalue = \"deposits.average\"\nmissing = \"zero\"\ncurve = { kind = \"bands\", edges = [10], results = [0, 100], included = \"lower\" }\n[[indicators]]\nid = \"b\"\nweight = 80\nmissing = \"zero\"\ncurve = { kind = \"manual\" }\n");
    /// Policies of one scheme in different units of money.
    OTHER_MONEY: "RM950" "other-money-of-scheme" Deny,
        t("the policies of a scheme state amounts in different units", "同一考核方案的各份办法金额单位不一致"),
        t("What is carried over, what was paid before and the pay of a longer period go from one policy of a scheme to the next.", "结转的数额、此前计发的薪酬及更长期间的薪酬合计均跨同一方案的各份办法延续计算。"),
        t("Keep the unit of the scheme's first policy and write other amounts with theirs, `4 万元`; or let the policy begin a scheme of its own.", "请沿用该方案首份办法的金额单位，其他单位的金额写明单位，如 `4 万元`；或为该办法另立考核方案。"),
        example!("money = \"元\"\n[[pay.lines]]\nid = \"a\"\namount = 1\n# file: policies/q.toml\ntitle = \"Q\"\nscheme = \"s\"\neffective = 2027-01-01\nperiod = \"month\"\nmoney = \"万元\"\n[[pay.lines]]\nid = \"a\"\namount = 1\n");
    /// A flow beside its base, which is of another length.
    OTHER_LENGTH: "RM951" "flow-of-another-length" Warn,
        t("a flow stands against a base of another length", "流量指标与不等长的基数相比"),
        t("`@year_start` is last December, and so is `@base` where a client declares none: three months less one month are no increase.", "`@year_start` 为上年12月一个月，客户未登记基数的 `@base` 亦同：三个月的数额减一个月的数额并非增量。"),
        t("Ask for the same months: `@previous`, `@year_ago`, or `.last_1_months` of the flow.", "请取等长期间，如 `@previous`、`@year_ago`，或对流量取 `.last_1_months`。"),
        example!("money = \"万元\"\n[measures.fees]\nkind = \"flow\"\nunit = \"万元\"\n[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"fees.sum.year_to_date - fees.sum@year_start\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = 1, points = 1, max = 100 }\n");
    /// A term that is taken for each record and is of none.
    OF_NO_RECORD: "RM952" "term-of-no-record" Warn,
        t("an item that goes over records adds what is no figure of the record", "逐户或逐笔计算的条目计入了与该户（笔）无关的数据"),
        t("What belongs to the manager, the team or the unit is added once for every client or facility.", "属于客户经理、团队或机构的数据会在每户（笔）重复计入。"),
        t("Take it out of the sum: into an item of its own, or into the target.", "请将其移出，另立条目或写入目标。"),
        example!("[measures.fees]\nkind = \"flow\"\nunit = \"万元\"\n[[indicators]]\nid = \"a\"\nweight = 100\neach = \"client\"\nvalue = \"fees.sum - targets.fees\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = \"1 万元\", points = 1, max = 100 }\n");
    /// A constant by month or quarter that has no value for one in which the policy is in force.
    PERIOD_WITHOUT_ROW: "RM953" "period-without-row" Warn,
        t("a constant by month or quarter has no value for one of them", "按月或按季取值的常数缺少某一期间"),
        t("In that period whatever names it counts as missing, which may leave out the item and give its weight to the others without a word.", "在该期间，引用该常数的内容按缺失处理，条目可能被略去而权重转由其他指标分摊。"),
        t("Add the month or quarter, or `else` for all that are not named.", "请补充该月份或季度的取值，或以 `else` 统一规定。"),
        example!("missing = \"skip\"\n[constants]\nk = { by = \"quarter\", 1 = 1, 2 = 2, 4 = 2 }\n[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average * k\"\ncurve = { kind = \"per-unit\", unit = \"1 万元\", points = 1, max = 100 }\n");
    /// A line read as what was paid, where gates and bounds come in between.
    LINE_NOT_AS_PAID: "RM956" "line-not-as-paid" Warn,
        t("a pay line is read of another period or scheme before what acts on the pay", "跨期或跨方案引用的薪酬项目为调整前金额"),
        t("Gates, vetoes, time in post, floor and ceiling act on the lines together, and a closed period keeps what they left of the pay, not of each line: a clearing against the line takes back more than was paid for it.", "门槛、否决、在岗时间折算及保底封顶均作用于薪酬合计，封存结果只保留合计、不逐项保留；按项目金额清算，扣回的可能多于实际计发。"),
        t("Read all that was paid, `previous.pay` or `scheme.sum(\"SCHEME\", \"pay\")`; put the factor into the line itself; or let nothing act on it (`gated = false`).", "请改取实际计发合计（`previous.pay` 或 `scheme.sum(\"方案编号\", \"pay\")`），或将系数写入该项目，或使其不受调整（`gated = false`）。"),
        example!("money = \"元\"\nmissing = \"zero\"\n[[gates]]\nid = \"g\"\non = \"pay\"\nfactor = \"npl_ratio\"\n[[pay.lines]]\nid = \"a\"\namount = \"100 元 - previous.pay.a\"\n");
    /// A leader whose policy reads figures of those whom another one scores.
    SCORED_ELSEWHERE: "RM957" "members-scored-elsewhere" Warn,
        t("a policy reads items or pay of those whom another policy scores", "办法引用了由其他办法考核的成员的指标或薪酬"),
        t("A policy sees the items and the pay of those it scores itself, of the others only their totals: a sum leaves them out, and where none is left what it asks for is missing and counts as `missing` says.", "办法只能取得本办法考核对象的指标与薪酬，其余人员仅有总分：合计不含这些人员；无人可计的为数据缺失，按 `missing` 处理。"),
        t("Let one policy score leaders and members, what differs being a variant or under `when`; or read totals, `members.mean(\"total\")`.", "请由同一办法考核负责人与成员，不同之处写为差异化条款或 `when` 条件；或改取总分 `members.mean(\"total\")`。"),
        example!("applies = 'manager.role == \"lead\"'\nmoney = \"元\"\nmissing = \"zero\"\n[[pay.lines]]\nid = \"a\"\namount = \"members.sum('pay')\"\n# file: policies/rm.toml\ntitle = \"R\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"元\"\napplies = 'manager.role == \"rm\"'\n[[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n# file: managers/zhao-lei.toml\nname = \"赵磊\"\nrole = \"lead\"\n# file: managers/wang-fang.toml\nname = \"王芳\"\nrole = \"rm\"\nteam = \"corporate-1\"\n");
    /// A figure of an earlier policy that is taken over, in another unit.
    OTHER_FIGURE: "RM958" "figure-of-another-unit" Deny,
        t("a policy takes over a figure that was in another unit", "沿用的前期数据单位不一致"),
        t("What is carried over, and `previous.value`, go from one policy of a scheme to the next as numbers: 21 clients short would become 21 yuan.", "结转额与 `previous.value` 按数值跨办法延续：差21户将被当作差21元。"),
        t("Give the item an id of its own since it measures something else; or let the policy begin a scheme of its own.", "该条目计量内容已变，请另取编号；或为该办法另立考核方案。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"new_clients.count\"\ntarget = \"30 户\"\nmissing = \"zero\"\ncurve = { kind = \"ratio\", zero_target = \"error\" }\n# file: policies/q.toml\ntitle = \"Q\"\nscheme = \"s\"\neffective = 2027-01-01\nperiod = \"month\"\nmoney = \"万元\"\n[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"deposits.average\"\ntarget = \"300 万元\"\nmissing = \"zero\"\ncarry = { shortfall = \"add-to-target\" }\ncurve = { kind = \"ratio\", zero_target = \"error\" }\n");
    /// Totals out of other full marks than an earlier policy's, with which they are averaged or compared.
    OTHER_FULL: "RM959" "other-full-marks-of-scheme" Warn,
        t("totals of one scheme are out of different full marks", "同一考核方案的总分满分不一致"),
        t("The mean of a year, `previous.total` and what looks back on totals take them as they are: 65 of 100 beside 650 of 1000.", "全年均分、`previous.total` 等跨期引用按数值计算：65分（百分制）与650分（千分制）被同等看待。"),
        t("Keep the full marks within the scheme; or let the policy begin with a year and look back on ratings; or begin a scheme of its own.", "请在同一方案内沿用同一满分；或自年初起施行并改按评级回溯；或另立考核方案。"),
        example!("[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"new_clients.count\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = \"1 户\", points = 1, max = 100 }\n# file: policies/q.toml\ntitle = \"Q\"\nscheme = \"s\"\neffective = 2027-07-01\nperiod = \"month\"\nroll_up = \"mean\"\nscale = \"points\"\nfull = 1000\n[[indicators]]\nid = \"b\"\nweight = 1000\nvalue = \"new_clients.count\"\nmissing = \"zero\"\ncurve = { kind = \"per-unit\", unit = \"1 户\", points = 10, max = 1000 }\n");
    /// A ratio of which the rounding of the input leaves nothing.
    ROUNDED_AWAY: "RM960" "ratio-rounded-away" Warn,
        t("the rounding of the input leaves nothing of a ratio", "取整后比率失去意义"),
        t("A ratio counts in parts of one: in whole numbers 49% is 0 and 51% is 1, whatever amounts beside it need.", "比率按小数计：取整后 49% 为 0、51% 为 1，与金额取整的用意不同。"),
        t("Give the item places of its own, `rounding = { input = 4 }`, which keeps hundredths of a percent.", "请为该条目单独规定位数，如 `rounding = { input = 4 }`（保留至万分之一）。"),
        example!("rounding = { input = 0 }\nmissing = \"zero\"\n[[indicators]]\nid = \"a\"\nweight = 100\nvalue = \"npl_ratio\"\ncurve = { kind = \"threshold\", op = \"<=\", at = \"1.5%\" }\n");
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn codes_are_unique_and_sorted() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
