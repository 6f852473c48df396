//! A made-up book: settings, teams, managers, clients with 24 months of results and 24 visits each, and a policy.
//!
//! What a record says depends on the seed and its own number alone, so that a bigger book holds the smaller one's clients.

#![allow(clippy::disallowed_methods, reason = "it writes the files of a book, which is all it is for")]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How many records to make.
pub(crate) struct Size {
    /// Managers, ten to a team.
    pub(crate) managers: u32,
    /// Clients, dealt out to the managers in turn.
    pub(crate) clients: u32,
}

/// The last month with results, counted from the year 0; today is a day late in the month after.
const LAST_MONTH: u32 = 2026 * 12 + 9;
const MONTHS: u32 = 24;

/// Writes the book to `dir`; files of the same names are written over.
pub(crate) fn write(dir: &Path, size: &Size, seed: u64) -> io::Result<()> {
    for folder in ["clients", "managers", "policies", "teams"] {
        fs::create_dir_all(dir.join(folder))?;
    }
    fs::write(dir.join("rmbook.toml"), SETTINGS)?;
    fs::write(dir.join("policies/scorecard.toml"), POLICY)?;
    for team in 0..teams(size) {
        let text = format!("name = \"公司业务{}部\"\nlead = \"{}\"\n", team + 1, manager_id(team * 10));
        fs::write(dir.join(format!("teams/{}.toml", team_id(team))), text)?;
    }
    for number in 0..size.managers {
        let random = Random::new(seed, "manager", number);
        fs::write(dir.join(format!("managers/{}.toml", manager_id(number))), manager(number, random))?;
    }
    for number in 0..size.clients {
        let random = Random::new(seed, "client", number);
        let text = client(number, size.managers, random);
        fs::write(dir.join(format!("clients/c{number:07}.toml")), text)?;
    }
    Ok(())
}

fn teams(size: &Size) -> u32 {
    size.managers.div_ceil(10)
}

fn team_id(team: u32) -> String {
    format!("t{team:04}")
}

fn manager_id(number: u32) -> String {
    format!("m{number:05}")
}

const SETTINGS: &str = r#"name = "生成示例分行"

[measures]
deposits   = { title = "对公存款日均", title_en = "Average daily deposits", unit = "万元", kind = "balance" }
loans      = { title = "对公贷款日均", title_en = "Average daily loans", unit = "万元", kind = "balance" }
fee_income = { title = "中间业务收入", title_en = "Fee income", unit = "万元", kind = "flow" }

[calendar]
2024 = {}
2025 = {}
2026 = {}
"#;

const POLICY: &str = r#"title = "月度考核"
scheme = "scorecard"
effective = 2024-01-01
period = "month"
missing = "skip"
zero_target = "skip"
rounding = { item = 2, total = 2 }
total = { min = 0, max = 120 }

[[dimensions]]
id = "results"
class = "results"
weight = 45

[[dimensions]]
id = "conduct"
class = "compliance"
weight = 55

[[indicators]]
id = "deposits"
in = "results"
value = "deposits.average"
target = "targets.deposits"
weight = 20
curve = { kind = "ratio", max = 1.2 }

[[indicators]]
id = "growth"
in = "results"
value = "(deposits.average - deposits.average@base) / deposits.average@base"
weight = 10
curve = { kind = "piecewise", points = [["-10%", 0], ["0%", 60], ["10%", 100]], below = "hold", above = "hold" }

[[indicators]]
id = "fee_income"
in = "results"
value = "fee_income.sum"
target = "targets.fee_income"
weight = 15
curve = { kind = "ratio", max = 1.2 }

[[indicators]]
id = "visit_coverage"
in = "conduct"
value = "visit_coverage"
weight = 25
curve = { kind = "piecewise", points = [["50%", 0], ["95%", 100]], below = "hold", above = "hold" }

[[indicators]]
id = "retention"
in = "conduct"
value = "retention.year_to_date"
weight = 15
curve = { kind = "bands", edges = ["85%", "95%"], results = [0, 70, 100], included = "lower" }

[[indicators]]
id = "complaints"
in = "conduct"
value = "justified_complaints.year_to_date"
weight = 15
curve = { kind = "per-unit", base = 100, unit = 1, points = -25, min = 0 }

[[ratings]]
id = "A"
at_least = 90

[[ratings]]
id = "B"
at_least = 75

[[ratings]]
id = "C"
below = 75
"#;

fn manager(number: u32, mut random: Random) -> String {
    let mut text = format!(
        "name = \"{}{}\"\nteam = \"{}\"\ngrade = \"{}\"\njoined = 20{:02}-07-01\n",
        random.pick(&SURNAMES),
        random.pick(&GIVEN),
        team_id(number / 10),
        random.pick(&["junior", "intermediate", "senior"]),
        random.between(5, 23),
    );
    if !number.is_multiple_of(10) {
        let _ = writeln!(text, "reports_to = \"{}\"", manager_id(number / 10 * 10));
    }
    text.push_str("\n[targets]\n");
    let deposits = random.between(120_000, 180_000);
    for month in months() {
        let _ = writeln!(
            text,
            "{} = {{ deposits = {deposits}, loans = {}, fee_income = {} }}",
            month_text(month),
            deposits / 2,
            deposits / 200
        );
    }
    text
}

fn client(number: u32, managers: u32, mut random: Random) -> String {
    let lead = manager_id(number % managers);
    let backup = manager_id((number + 1) % managers);
    let deposits = random.between(200, 4000);
    let loans = if random.between(0, 9) < 4 { random.between(100, 2000) } else { 0 };
    let mut text = format!(
        "#:schema ../.rmbook/schema/client.json\n\
         name        = \"{}{}{number}有限公司\"\n\
         credit_code = \"{}\"\n\
         tier        = \"{}\"\n\
         industry    = \"{}\"\n\
         manager     = \"{lead}\"\n\
         backup      = \"{backup}\"\n\
         status      = \"active\"\n\
         since       = 20{:02}-{:02}-{:02}\n\
         base        = {{ 2025 = {{ deposits = {deposits} }}, 2026 = {{ deposits = {deposits} }} }}\n",
        random.pick(&WORDS),
        random.pick(&TRADES),
        credit_code(number),
        random.pick(&["strategic", "key", "key", "base", "base", "base"]),
        random.pick(&TRADES),
        random.between(8, 23),
        random.between(1, 12),
        random.between(1, 28),
    );
    results(&mut text, deposits, loans, &mut random);
    if number.is_multiple_of(5) {
        let _ = write!(
            text,
            "\n[[credit]]\nfrom   = 2026-0{}-{:02}\nshares = {{ {lead} = 70, {backup} = 30 }}\n",
            random.between(1, 9),
            random.between(1, 28)
        );
    }
    let contact = format!("{}{}", random.pick(&SURNAMES), random.pick(&GIVEN));
    let _ = write!(text, "\n[[contacts]]\nname = \"{contact}\"\nrole = \"{}\"\n", random.pick(&ROLES));
    for month in months() {
        visit(&mut text, month, number, &lead, &contact, &mut random);
    }
    text
}

fn results(text: &mut String, deposits: u32, loans: u32, random: &mut Random) {
    text.push_str("\n[results]\n");
    for month in months() {
        let average = deposits * random.between(85, 125) / 100;
        let end = average * random.between(98, 103) / 100;
        let _ = write!(text, "{} = {{ deposits = {{ avg = {average}, end = {end} }}, ", month_text(month));
        if loans > 0 {
            let _ = write!(text, "loans = {}, ", loans * random.between(95, 105) / 100);
        }
        let _ = writeln!(text, "fee_income = {}.{} }}", random.between(1, 9), random.between(0, 9));
    }
}

fn visit(text: &mut String, month: u32, number: u32, lead: &str, contact: &str, random: &mut Random) {
    let date = format!("{}-{:02}", month_text(month), random.between(1, 28));
    let _ = write!(
        text,
        "\n[[visits]]\ndate = {date}\nby = \"{lead}\"\nkind = \"{}\"\nmet = [\"{contact}\"]\nsummary = \"",
        random.pick(&["on-site", "on-site", "on-site", "at-bank", "call"]),
    );
    let _ = writeln!(
        text,
        "{}，{}约{}万元；{}（{number}-{}）。\"",
        random.pick(&OPENINGS),
        random.pick(&SUBJECTS),
        random.between(20, 3000),
        random.pick(&OUTCOMES),
        month_text(month),
    );
    if random.between(0, 9) == 0 {
        let _ = write!(
            text,
            "[[visits.next]]\nwhat = \"{}\"\ndue = {}-15\ndone = {}-1{}\n",
            random.pick(&ACTIONS),
            month_text(month + 1),
            month_text(month + 1),
            random.between(0, 5),
        );
    }
}

fn months() -> std::ops::RangeInclusive<u32> {
    LAST_MONTH + 1 - MONTHS..=LAST_MONTH
}

fn month_text(month: u32) -> String {
    format!("{}-{:02}", month / 12, month % 12 + 1)
}

/// A unified social credit code whose check digit is right (GB 32100-2015); no registration office has its division.
fn credit_code(number: u32) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let code = format!("91310199{number:08}0");
    let value = |sign: u8| SIGNS.iter().position(|known| *known == sign).unwrap_or_default();
    let (sum, _) =
        code.bytes().fold((0, 1), |(sum, weight), sign| ((sum + value(sign) * weight) % 31, weight * 3 % 31));
    format!("{code}{}", char::from(SIGNS[(31 - sum) % 31]))
}

/// SplitMix64: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64, kind: &str, number: u32) -> Self {
        let of_kind = kind.bytes().fold(seed, |state, byte| state.wrapping_mul(31).wrapping_add(byte.into()));
        Self(
            of_kind.wrapping_mul(0x2545_f491_4f6c_dd1d)
                ^ u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        )
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    fn between(&mut self, least: u32, most: u32) -> u32 {
        let choices = u64::from(most - least) + 1;
        least + u32::try_from(self.next() % choices).unwrap_or_default()
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.next() as usize % choices.len()]
    }
}

const SURNAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
const GIVEN: [&str; 12] = ["芳", "伟", "娜", "敏", "静", "磊", "洋", "艳", "建国", "志强", "文博", "晓燕"];
const WORDS: [&str; 12] =
    ["恒远", "瑞丰", "金桥", "海通达", "明珠", "天成", "永泰", "华信", "东方源", "盛景", "博雅", "新纪元"];
const TRADES: [&str; 10] =
    ["精密机械", "新材料", "医药", "物流", "电子", "食品", "建材", "纺织", "软件", "新能源"];
const ROLES: [&str; 6] = ["财务总监", "财务经理", "总经理", "出纳", "资金主管", "副总经理"];
const OPENINGS: [&str; 12] = [
    "走访厂区，查看库存",
    "与财务核对季报",
    "了解订单排期及回款安排",
    "沟通年度资金计划",
    "讲解结算产品",
    "查看新增设备进度",
    "说明续作所需材料",
    "回访上月业务，客户满意",
    "陪同产品经理上门",
    "了解上下游变化和账期调整",
    "核对票据到期情况",
    "听取服务意见",
];
const SUBJECTS: [&str; 10] = [
    "近期采购付款",
    "下月工程款支出",
    "一季度营运资金缺口",
    "应收账款余额",
    "拟办理的银行承兑汇票",
    "计划新增的设备投资",
    "到期理财转存",
    "出口收汇",
    "代发工资总额",
    "可转入的结算资金",
];
const OUTCOMES: [&str; 10] = [
    "客户同意先行测算方案",
    "约定两周后再次沟通",
    "需请交易银行部提供报价",
    "对利率较为敏感，需与同业比较",
    "资料基本齐备，可启动上报",
    "暂无融资需求，保持联系",
    "存款预计稳中有升",
    "月末资金将有回落，已提醒按日均安排",
    "希望缩短审批时间",
    "愿意推荐同园区企业",
];
const ACTIONS: [&str; 6] =
    ["提交融资方案", "补充财务报表", "落实产品报价", "安排产品演示", "办理账户变更", "跟踪回款到账"];
