//! `[[tests]]` of a policy: what is put in and what must come out.
//!
//! A bare number among the inputs is in the unit of its measure where the policy declares the measure itself, else in the
//! policy's money; values of items and what is expected are in the policy's money. A number in quotes may carry its unit.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::formula::Formula;
use crate::period::Period;
use crate::source::KeyPath;

/// Figures by the text of a query or the id of an item
/// 数值（以取值公式或编号为键）
pub type Figures = BTreeMap<String, Formula>;

/// Adds who somebody in a test is to a table, and hands it on.
macro_rules! who {
    ($next:ident, $(#[$meta:meta])* pub struct $name:ident { $($before:tt)* } { $($after:tt)* }) => {
        $next! {
            $(#[$meta])*
            pub struct $name {
                $($before)*
                /// Grade
                /// 职级
                pub grade: Option<String>,
                /// Role
                /// 岗位
                pub role: Option<String>,
                /// Team
                /// 团队
                pub team: Option<String>,
                /// Branch
                /// 机构
                pub branch: Option<String>,
                /// Months since joining
                /// 入职月数
                pub months: Option<u32>,
                /// Months in the present grade
                /// 现职级任职月数
                pub grade_months: Option<u32>,
                /// Days in post in the period; all of them where absent
                /// 期内在岗天数（默认为全部）
                pub active_days: Option<u32>,
                /// Whole months in post in the period; all of them where absent
                /// 期内在岗整月数（默认为全部）
                pub active_months: Option<u32>,
                /// Managers whose scores `members.mean` averages
                /// 下属客户经理
                #[serde(default)]
                pub members: Vec<String>,
                /// Managers who report to this one, over whom `reports.mean` goes
                /// 直接下属，供 `reports.mean` 等取用
                #[serde(default)]
                pub reports: Vec<String>,
                /// Whom this one reports to, whose total `head.total` is
                /// 直接上级，其总分为 `head.total`
                pub head: Option<String>,
            } { $($after)* }
        }
    };
}

/// Adds what is stated of somebody in a test to a table.
macro_rules! figures {
    ($(#[$meta:meta])* pub struct $name:ident { $($before:tt)* } { $($after:tt)* }) => {
        table! {
            $(#[$meta])*
            pub struct $name {
                $($before)*
                /// The manager's figures: `"deposits.average" = 412`, in the unit of a measure this policy declares, else in the policy's `money`; or in quotes with its unit
                /// 指标数据，如 `"deposits.average" = 412`：本办法声明的指标以其自身单位计，其余以办法的 money 计；也可写明单位，如 `"412 万元"`
                #[serde(default)]
                pub inputs: Figures,
                /// The manager's targets, in the units of `inputs`
                /// 目标，单位同 inputs
                #[serde(default)]
                pub targets: Figures,
                /// Figures that no client carries
                /// 非客户口径实际值
                #[serde(default)]
                pub actuals: Figures,
                /// Values of items, given instead of computed; money in the policy's `money`, as all that a policy computes
                /// 直接给定的指标值；金额以办法的 money 计，办法算出的各项结果均同
                #[serde(default)]
                pub values: Figures,
                /// Marks of the review
                /// 人工评分
                #[serde(default)]
                pub marks: Figures,
                /// Raters' scores
                /// 评价主体评分
                #[serde(default)]
                pub ratings: Vec<Rater>,
                /// Clients or facilities, for items evaluated one by one
                /// 逐笔数据
                #[serde(default)]
                pub parts: Vec<PartInput>,
            } { $($after)* }
        }

        impl $name {
            /// What is stated of its manager.
            pub fn given(&self) -> Given<'_> {
                Given {
                    inputs: &self.inputs,
                    targets: &self.targets,
                    actuals: &self.actuals,
                    values: &self.values,
                    marks: &self.marks,
                    ratings: &self.ratings,
                    parts: &self.parts,
                }
            }
        }
    };
}

/// Adds what was decided about somebody in an earlier period, and who it was, to a table.
macro_rules! decided {
    ($(#[$meta:meta])* pub struct $name:ident { $($before:tt)* } { $($after:tt)* }) => {
        table! {
            $(#[$meta])*
            pub struct $name {
                $($before)*
                /// Total
                /// 总分
                pub total: Option<Formula>,
                /// Rating
                /// 评级
                pub rating: Option<String>,
                /// Values of items, without what was carried into them; money in the policy's `money`
                /// 指标值（结转前）；金额以办法的 money 计
                #[serde(default)]
                pub values: Figures,
                /// Targets of items, as planned for that period alone, money in the policy's `money`: what earlier periods left over is
                /// carried from them
                /// 指标目标（仅本期计划，结转前；结转由此推算），金额以办法的 money 计
                #[serde(default)]
                pub targets: Figures,
                /// Scores of items before their weight
                /// 指标得分（加权前）
                #[serde(default)]
                pub scores: Figures,
                /// Points of items
                /// 指标计入分
                #[serde(default)]
                pub points: Figures,
                /// What was paid, in the policy's `money`: pay lines, and `total`, the pay before deferral
                /// 已计发薪酬（以办法的 money 计）：各薪酬项目，以及 `total`（延期前合计）
                #[serde(default)]
                pub pay: Figures,
                /// Grade
                /// 职级
                pub grade: Option<String>,
                /// Role
                /// 岗位
                pub role: Option<String>,
                /// Team
                /// 团队
                pub team: Option<String>,
                /// Branch
                /// 机构
                pub branch: Option<String>,
            } { $($after)* }
        }

        impl $name {
            /// What is stated to have been decided.
            pub fn decided(&self) -> Decided<'_> {
                Decided {
                    total: self.total.as_ref(),
                    rating: self.rating.as_deref(),
                    values: &self.values,
                    targets: &self.targets,
                    scores: &self.scores,
                    points: &self.points,
                    pay: &self.pay,
                }
            }
        }
    };
}

/// A table of two parts.
macro_rules! table {
    ($(#[$meta:meta])* pub struct $name:ident { $($before:tt)* } { $($after:tt)* }) => {
        $(#[$meta])*
        pub struct $name {
            $($before)*
            $($after)*
        }
    };
}

figures! {
    /// A worked example
    /// 测试用例
    #[derive(Clone, Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Case {
        /// Name
        /// 名称
        pub name: String,
        /// Period
        /// 期间
        pub period: Period,
        /// The manager
        /// 客户经理
        #[serde(default)]
        pub manager: Person,
    } {
        /// The team's figures, and its targets: `"targets.deposits" = 500`
        /// 团队数据；团队目标写作 `"targets.deposits" = 500`
        #[serde(default)]
        pub team: Figures,
        /// The unit's figures, and its targets: `"targets.deposits" = 500`
        /// 机构数据；机构目标写作 `"targets.deposits" = 500`
        #[serde(default)]
        pub unit: Figures,
        /// The other managers; what is not stated of who one of them is, `members`, `reports` and `head` aside, is as with the manager
        /// 其他客户经理；身份各项（上下级除外）未填的同本人
        #[serde(default)]
        pub peers: Vec<Peer>,
        /// Earlier periods
        /// 以前期间
        #[serde(default)]
        pub history: Vec<PastInput>,
        /// Amounts taken earlier
        /// 以前追索扣回的金额
        #[serde(default)]
        pub ledger: Vec<LedgerInput>,
        /// What must come out
        /// 期望结果
        pub expect: Expect,
    }
}

/// What a test states of one manager.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Figures of the manager's business.
    pub inputs: &'a Figures,
    /// Targets.
    pub targets: &'a Figures,
    /// Figures that no client carries.
    pub actuals: &'a Figures,
    /// Values of items.
    pub values: &'a Figures,
    /// Marks of the review.
    pub marks: &'a Figures,
    /// Raters' scores.
    pub ratings: &'a [Rater],
    /// Clients or facilities.
    pub parts: &'a [PartInput],
}

/// What a test states to have been decided about one manager in an earlier period.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// Total.
    pub total: Option<&'a Formula>,
    /// Rating.
    pub rating: Option<&'a str>,
    /// Values of items.
    pub values: &'a Figures,
    /// Targets of items.
    pub targets: &'a Figures,
    /// Scores of items.
    pub scores: &'a Figures,
    /// Points of items.
    pub points: &'a Figures,
    /// Pay lines, and `total`.
    pub pay: &'a Figures,
}

impl PastInput {
    /// Everybody in it, the manager first, each with where it is stated; `path` is the period's.
    pub fn everybody(&self, path: &KeyPath) -> Vec<(KeyPath, Decided<'_>)> {
        let peers = self.peers.iter().flatten().enumerate();
        let peers = peers.map(|(at, peer)| (path.join("peers").join(at), peer.decided()));
        std::iter::once((path.clone(), self.decided())).chain(peers).collect()
    }
}

impl Case {
    /// Everybody in it, the manager it is about first, each with where it is stated; `path` is the test's.
    pub fn everybody(&self, path: &KeyPath) -> Vec<(KeyPath, Given<'_>)> {
        let peers = self.peers.iter().enumerate();
        let peers = peers.map(|(at, peer)| (path.join("peers").join(at), peer.given()));
        std::iter::once((path.clone(), self.given())).chain(peers).collect()
    }
}

who! {
    table,
    /// The manager of a test
    /// 测试中的客户经理
    #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Person {
        /// Id
        /// 编号
        pub id: Option<String>,
    } {
        /// Whether deferral rules for risk-takers apply
        /// 是否属风险岗位
        #[serde(default)]
        pub risk_taker: bool,
        /// Who the manager was earlier in the period, in the order of time, where the policy scores movers by parts
        /// 期内此前的职级、岗位、团队（按时间先后；适用于分段考核）
        #[serde(default)]
        pub earlier: Vec<Earlier>,
    }
}

/// Who a manager was for a part of the period
/// 期内某一时段的身份
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Grade
    /// 职级
    pub grade: Option<String>,
    /// Role
    /// 岗位
    pub role: Option<String>,
    /// Team
    /// 团队
    pub team: Option<String>,
    /// Its days, or its months where the policy counts those
    /// 天数；办法按月计的为月数
    pub time: u32,
}

/// One rater's score
/// 一个评分
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rater {
    /// Rater group
    /// 评价主体
    pub group: crate::record::review::RaterGroup,
    /// Score
    /// 评分
    pub score: Formula,
    /// The item rated; every rated item where absent
    /// 所评指标（默认为全部评价类指标）
    pub item: Option<String>,
}

/// A client or a facility
/// 一户或一笔
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartInput {
    /// Id
    /// 编号
    pub id: String,
    /// What it is; a client unless stated
    /// 口径（默认 client）
    pub each: Option<super::item::Each>,
    /// The manager's share, all of it unless stated
    /// 分成比例（默认100%）
    pub share: Option<Formula>,
    /// Its figures
    /// 数据
    #[serde(default)]
    pub inputs: Figures,
    /// What the client is, by the words of expressions: `client = { tier = "key" }`
    /// 客户属性，键与公式一致，如 `client = { tier = "key" }`
    #[serde(default)]
    pub client: BTreeMap<String, Formula>,
    /// What the facility is: `facility = { class = "normal", months = 12 }`
    /// 授信属性，如 `facility = { product = "流动资金贷款", months = 12 }`
    #[serde(default)]
    pub facility: BTreeMap<String, Formula>,
}

who! {
    figures,
    /// Another manager: what is not stated of who it is, `members`, `reports` and `head` aside, is as with the manager of the test
    /// 另一位客户经理；身份各项未填的同本人（上下级除外）
    #[derive(Clone, Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Peer {
        /// Id
        /// 编号
        pub id: String,
    } {
        /// Total, given instead of computed, under this policy or another one of the scheme: for places, `members.mean("total")`,
        /// `reports.mean("total")` and `head.total`. Whoever has one takes a place where the policy is for them, and has neither items nor
        /// pay
        /// 直接给定的总分（本办法或同一考核方案其他办法所计），供排名及 `members.mean("total")`、`reports.mean("total")`、`head.total` 取用；
        /// 属本办法适用对象的参与排名，不另计指标与薪酬
        pub total: Option<Formula>,
    }
}

decided! {
    /// An earlier period as it was closed; one inside the test's own is a shorter period that `roll_up` makes it of. Rules that look
    /// back take what it states: grade, role, team and branch are the manager's present ones unless stated, a grade only where
    /// `grade_months` reach back to it
    /// 以前期间（视为已封存）；落在测试期间之内的，为 `roll_up` 所汇总的短期。晋降条件回看以前期间时以此处所列为准：职级、岗位、团队、机构未填的同本期，其中职级限 `grade_months` 覆盖该期的
    #[derive(Clone, Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct PastInput {
        /// Period
        /// 期间
        pub period: Period,
        /// Another scheme that its total and pay are under, for `scheme.mean("SCHEME")` and `scheme.sum("SCHEME", "pay.LINE")`, which take
        /// the periods inside the test's own; the policy's own where absent
        /// 总分与薪酬所属的另一考核方案，供 `scheme.mean("方案编号")`、`scheme.sum("方案编号", "pay.项目")` 取用，仅取测试期间之内的考核期（默认为本方案）
        pub scheme: Option<String>,
    } {
        /// Figures of that period that the conditions of rules ask for, in the units of the test's `inputs`
        /// 晋降条件所用的该期指标数据，单位同测试的 inputs
        #[serde(default)]
        pub inputs: Figures,
        /// Everybody else of that period, among whom places and means are taken, and the past of who has the same id among the test's
        /// `peers`; `[]` for nobody, unknown where absent
        /// 该期其他客户经理（用于排名、均值等），与测试 `peers` 编号相同的即为其以前期间；仅本人时写 `[]`，未填为未知
        pub peers: Option<Vec<PastPeer>>,
        /// Deferred pay of that period that falls due in this one, in the policy's `money`, of which `pay.deferral.release` says what is
        /// paid out
        /// 该期延期薪酬于本期到期的金额（以办法的 money 计），按 `pay.deferral.release` 判定兑付
        pub deferred: Option<Formula>,
    }
}

decided! {
    /// Another manager in an earlier period; grade, role, team and branch the same as the manager's then unless stated
    /// 以前期间的另一位客户经理；职级、岗位、团队、机构未填的同本人该期
    #[derive(Clone, Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct PastPeer {
        /// Id
        /// 编号
        pub id: String,
    } {}
}

/// An amount taken earlier
/// 以前追索扣回的金额
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerInput {
    /// What it was about
    /// 事项
    pub case: String,
    /// Period it was taken in
    /// 扣回期间
    pub period: Period,
    /// What was taken
    /// 扣回金额
    pub amount: Formula,
    /// What was given back before
    /// 此前已退还金额
    pub returned: Option<Formula>,
    /// Part of the case settled in this period
    /// 本期结案的比例
    pub settled: Option<Formula>,
}

/// What must come out; only what is stated is compared, exactly, bare amounts being in the policy's `money`
/// 期望结果；仅比对所列内容，须完全一致，金额以办法的 money 计
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Values of items, after input rounding
    /// 指标值（取整后）
    #[serde(default)]
    pub values: Figures,
    /// Targets of items, after carry-over and proration
    /// 指标目标（结转、折算后）
    #[serde(default)]
    pub targets: Figures,
    /// Scores of items, before the weight
    /// 指标得分（加权前）
    #[serde(default)]
    pub scores: Figures,
    /// Points of items; those of a deduction are positive
    /// 指标计入分（扣分项填正数）
    #[serde(default)]
    pub items: Figures,
    /// Points of dimensions
    /// 维度得分
    #[serde(default)]
    pub dimensions: Figures,
    /// Total
    /// 总分
    pub total: Option<Formula>,
    /// Rating
    /// 评级
    pub rating: Option<String>,
    /// Place among everybody in the test, 1 the best, by the total or as `ranking` says; within a group by its name, as
    /// `rank.team = 1`; "none" for whoever takes no place
    /// 在测试用例全部人员中的名次（按总分，或依 `ranking`），1为最优；群体内的名次写明群体，如 `rank.team = 1`；不占名次写 "none"
    pub rank: Option<ExpectedRank>,
    /// Grade proposed by promotion; "none" for no proposal
    /// 拟晋升职级；无则写 "none"
    pub promotion: Option<String>,
    /// Grade proposed by demotion; "none" for no proposal
    /// 拟降职级；无则写 "none"
    pub demotion: Option<String>,
    /// Ids of the vetoes that apply, all of them; `[]` for none
    /// 触发的一票否决项编号，须列全；无则写 `[]`
    pub vetoes: Option<Vec<String>>,
    /// Titles of the warnings that are due, all of them; `[]` for none
    /// 触发的预警名称，须列全；无则写 `[]`
    pub warnings: Option<Vec<String>>,
    /// Pay lines, and `total`, `now`, `deferred`, `returned`; of earlier pay that falls due `released` and `forfeited`
    /// 薪酬项目，以及 `total`、`now`、`deferred`、`returned`；到期的以前延期薪酬为 `released`（兑付）、`forfeited`（止付）
    #[serde(default)]
    pub pay: Figures,
    /// Deferred pay year by year
    /// 各年延期支付金额
    #[serde(default)]
    pub deferral: Vec<Formula>,
    /// The error that must come out: its word, or its word and the id of the item, pay line, rating, grade or warning that it stops,
    /// `missing: deposits`
    /// 期望的错误：错误类别，或类别与编号（指标、薪酬项目、评级、拟任职级或预警），如 `missing: deposits`
    pub error: Option<String>,
}

/// A place that must come out
/// 期望名次
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ExpectedRank {
    /// Among everybody
    /// 全部人员中的名次
    All(Formula),
    /// By group, named as `rank.` names it: all, team, grade, role, branch
    /// 各群体内的名次：all、team、grade、role、branch
    By(Figures),
}

impl Expect {
    /// Whether nothing is expected, so that whatever comes out passes, an error aside.
    pub fn is_empty(&self) -> bool {
        let figures = [&self.values, &self.targets, &self.scores, &self.items, &self.dimensions, &self.pay];
        let words = [&self.rating, &self.promotion, &self.demotion, &self.error];
        let lists = [&self.vetoes, &self.warnings];
        figures.into_iter().all(Figures::is_empty)
            && words.into_iter().all(Option::is_none)
            && lists.into_iter().all(Option::is_none)
            && self.total.is_none()
            && self.rank.is_none()
            && self.deferral.is_empty()
    }
}
