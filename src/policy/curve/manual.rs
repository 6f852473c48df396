//! The manual of the curves, one entry a kind, as `explain curve KIND` prints it.

use crate::text::Text;

/// What a kind of curve does.
#[derive(Debug)]
pub struct Manual {
    /// Its word in `kind`.
    pub kind: &'static str,
    /// What people call it.
    pub title: Text,
    /// Its formula and its parameters.
    pub text: Text,
    /// A worked example.
    pub example: &'static str,
}

macro_rules! manual {
    ($($kind:literal: $title_en:literal, $title_zh:literal, $en:literal, $zh:literal, $example:literal;)*) => {
        /// Every kind of curve.
        pub static MANUAL: &[Manual] = &[$(Manual {
            kind: $kind,
            title: Text::new($title_en, $title_zh),
            text: Text::new($en, $zh),
            example: $example,
        }),*];
    };
}

manual! {
    "ratio": "completion against the target", "完成率法",
        "F · clamp(x / T, min, max), where F is full marks, x the value and T the target; min is 0 unless stated, max may be absent. With better = \"lower\" it is T / x, and max must be stated: it is what an x of zero gives. zero_target must be stated: zero, full, skip or error.",
        "满分 × 完成率（实际/目标），限于 min 与 max 之间；min 默认0，max 可不设。better = \"lower\" 时取目标/实际，且须写明 max，即实际为零时的得分。须写明 zero_target（目标为零或负数时的处理）。",
        "curve = { kind = \"ratio\", max = 1.2, zero_target = \"skip\" }   # 412 of 400, F = 100: 103";
    "threshold": "full marks or none", "达标法",
        "F where x op at holds, else `else` (0). `at` is the target unless stated; op is >=, >, <= or <.",
        "满足条件得满分，否则得 else（默认0）。at 默认为目标值；op 可为 >=、>、<=、<。",
        "curve = { kind = \"threshold\", op = \">=\", at = \"95%\" }";
    "anchor": "points up and down from an anchor", "基准加减分法",
        "base + up for every step above the anchor, − down for every step below, within min and max. `part` says what becomes of a part of a step: pro-rata, whole (not counted), started (counted whole). `cliff` gives a fixed score beyond a value.",
        "达到基准得 base；每高一个 step 加 up，每低一个 step 扣 down，限于 min 与 max 之间。part 规定不足一档的处理：pro-rata 按比例、whole 不计、started 按一档计。cliff 为断崖条款。",
        "curve = { kind = \"anchor\", anchor = \"95%\", step = \"1%\", up = 1, down = 2, max = 110, min = 0 }";
    "tolerance": "less of what should stay small", "容忍度法",
        "F · clamp((T − x) / T, 0, 1); `none` (F unless stated) where x is zero or less. A target of zero or less comes first: whatever x is, it counts as `zero_target` says.",
        "满分 ×（容忍值 − 实际）/容忍值，限于 0 与满分之间；未发生时得 none（默认满分）。容忍值为零或负数时，无论是否发生，先按 zero_target 处理。",
        "curve = { kind = \"tolerance\", target = 5, zero_target = \"zero\" }";
    "bands": "a table", "分档法",
        "The result of the band the value lies in. Bands are written one by one (at_least ≥, above >, at_most ≤, below <) or as rising edges with one result more; `included` says whether an edge belongs to the band above it (lower) or below it (upper). Gaps and overlaps do not load. `lookup` reads a table under `tables`.",
        "按所在档取结果。可逐档写明（at_least ≥、above >、at_most ≤、below <），或列出递增的分界值与多一个的结果；included 规定分界值归上档（lower）或归下档（upper）。有缺口或重叠的表不予载入。lookup 引用 tables 中的表。",
        "curve = { kind = \"bands\", edges = [4.5, 5.5], results = [0, 1, 2], included = \"lower\" }";
    "piecewise": "straight lines between points", "分段线性插值法",
        "The height at x of the line through the points around it. below and above say what holds beyond the ends: hold, extend or a score. `lookup` reads the points of a table under `tables`, and so does lookup(\"tables.NAME\", x) in an expression.",
        "在相邻两点之间线性插值。below 与 above 规定两端之外：hold 保持、extend 延伸或固定分数。lookup 引用 tables 中表的各点，公式中写 lookup(\"tables.名称\", x)。",
        "curve = { kind = \"piecewise\", points = [[3, 20], [6, 40]], below = 0, above = \"hold\" }";
    "window": "full on one edge, nothing on the other", "区间线性法",
        "Full marks at T − half_width, none at T + half_width, straight between; mirrored with better = \"higher\".",
        "目标减半宽处满分，目标加半宽处零分，其间线性；better = \"higher\" 时相反。",
        "curve = { kind = \"window\", target = \"60%\", half_width = \"10%\", better = \"lower\" }";
    "neutral": "best on target", "中性指标法",
        "F − slope · (|x − T| − dead_band) beyond the dead band, with slope_up above and slope_down below, not under min (0).",
        "偏离目标超出容差的部分，高于按 slope_up、低于按 slope_down 扣分，不低于 min（默认0）。",
        "curve = { kind = \"neutral\", target = \"75%\", dead_band = \"2%\", slope_up = 500, slope_down = 300 }";
    "per-unit": "points for every unit", "按单位计分法",
        "base + points for every unit of the value above `from` (side above), below it (below), or both ways (both); within min and max. `part` as with anchor.",
        "自 from 起，高于（above）、低于（below）或双向（both）每个 unit 计 points 分，加 base，限于 min 与 max 之间；part 同基准加减分法。",
        "curve = { kind = \"per-unit\", unit = 100, points = 2, max = 10, part = \"whole\" }";
    "event": "points for events", "按事件计分法",
        "base + Σ count × points over the kinds of event, each kind within its cap. exclusive counts only the first kind that occurred.",
        "各类事件次数 × 分值之和（各类可设 cap），加 base。exclusive 时仅计最先列出且已发生的一类。",
        "curve = { kind = \"event\", events = [{ count = \"severe.count\", points = 10 }, { count = \"minor.count\", points = 2, cap = 6 }] }";
    "cases": "the first condition that holds", "条件分支法",
        "The score, or the curve by name, of the first case whose `when` holds; `else` is required.",
        "取首个成立条件的分数或曲线（按名称引用）；else 必填。",
        "curve = { kind = \"cases\", cases = [{ when = \"x >= target\", score = 100 }], else = { curve = \"below\" } }";
    "relative": "against the peers", "相对平均法",
        "base + slope · (x / mean − 1) over the group (all, team, grade, role), mean or median, within min and max. Fewer than `smallest` peers: missing.",
        "基本分 + 斜率 ×（实际/群体水平 − 1），群体可为 all、team、grade、role，取平均数或中位数。人数不足 smallest 时视为缺失。",
        "curve = { kind = \"relative\", group = \"team\", base = 80, slope = 50, min = 0, max = 100, zero_target = \"skip\" }";
    "rank": "by place", "排名法",
        "By place among the group: `shares` (fixed parts from the best on), `places` (scores of places 1, 2, …) or `percentiles` (straight lines, the best at 1). ties: min, dense or average.",
        "按群体内名次：shares 固定比例、places 各名次得分或 percentiles 百分位插值（最优为1）。并列：min、dense、average。",
        "curve = { kind = \"rank\", group = \"all\", shares = [{ share = \"20%\", score = 100 }, { share = \"80%\", score = 80 }] }";
    "rating": "rater groups", "多维度评价法",
        "Weighted mean of the groups' means, each without its `trim` least and greatest answers. A group under `fewest`: missing_group = spread or fail. `scale` is the raters' greatest mark.",
        "各评价主体平均分（去掉 trim 个最高、最低分）加权平均。评价数不足 fewest 时按 missing_group 分摊或视为缺失。scale 为评分量表满分。",
        "curve = { kind = \"rating\", missing_group = \"spread\", groups = [{ group = \"superior\", weight = 60 }, { group = \"peer\", weight = 40, fewest = 3 }] }";
    "convert": "items into units into points", "折算法",
        "Σ (value − from) / per, cut to whole units after pooling (before), item by item (after) or never (none); times points. negative = zero or offset.",
        "Σ（取值 − 起点）/每单位折算量，先汇总后取整（before）、先取整后汇总（after）或不取整（none），乘以 points。negative 规定低于起点时按零计或冲抵。",
        "curve = { kind = \"convert\", points = 1, pool = \"before\", negative = \"zero\", items = [{ value = \"deposits.average\", from = 0, per = 100 }] }";
    "manual": "a mark of the review", "人工评分法",
        "The mark given in the review, between min (0) and max (F).",
        "取考核中的人工评分，限于 min（默认0）与 max（默认满分）之间。",
        "curve = { kind = \"manual\", max = 10 }";
    "formula": "an expression", "公式法",
        "Any expression over x, target and full.",
        "以 x、target、full 书写的任意公式。",
        "curve = { kind = \"formula\", score = \"full * (2 - x / target)\", zero_target = \"error\" }";
    "round": "rounding inside a chain", "中间取整",
        "Rounds what the curve before gave.",
        "对前一条曲线的结果取整。",
        "curve = [{ kind = \"ratio\", zero_target = \"zero\" }, { kind = \"round\", places = 2 }, { kind = \"formula\", score = \"x * 20\" }]";
}
