//! Policies that do not load: every fault of one is found in one run, each once, and none that goes with another.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rmbook::diag::Finding;
use rmbook::metric::Names;
use rmbook::policy::{beside, compile};
use rmbook::record::fault::faults;
use rmbook::record::kind::RecordKind;
use rmbook::record::policy::Policy;
use rmbook::record::settings::Settings;
use rmbook::record::span::lines;
use rmbook::record::tree;
use rmbook::source::{FileId, Source, Sources};

/// What is wrong in a policy as `LINE RULE: MESSAGE`; whatever keeps it from loading too.
fn found(text: &str, names: &Names) -> Vec<String> {
    let sources = Sources::new(vec![Source { path: "policies/p.toml".into(), text: text.into() }]);
    let file = sources.find("policies/p.toml").unwrap();
    let findings: Vec<Finding> = match tree::read(text) {
        Ok(record) => compile(file, &record, names).1,
        Err(_) => [faults(file, text, RecordKind::Policy.shape()), beside(file, text, names)].concat(),
    };
    let lines = lines(findings.iter().map(|finding| &finding.at), &sources);
    let say =
        |finding: &Finding| format!("{} {}: {}", lines[&finding.at], finding.rule.code, finding.message);
    findings.iter().map(say).collect()
}

fn names(settings: &str) -> Names {
    let settings: Settings = toml::from_str(settings).unwrap();
    Names::of_settings(&settings)
}

/// Texts with marks `«faulty|mended»`: one with all faults, and one with each mended alone.
fn mended(marked: &str, which: impl Fn(usize) -> bool) -> String {
    let mut text = String::new();
    for (at, part) in marked.split('«').enumerate() {
        match part.split_once('»') {
            Some((both, rest)) => {
                let (faulty, mended) = both.split_once('|').unwrap();
                text.push_str(if which(at) { mended } else { faulty });
                text.push_str(rest);
            }
            None => text.push_str(part),
        }
    }
    text
}

/// Holds that each mark is one finding with all the others beside it, and that mending one cures that one alone.
fn each_is_found_once(marked: &str) -> Vec<String> {
    let names = names("name = \"\"");
    assert_eq!(found(&mended(marked, |_| true), &names), [""; 0], "the mended text");
    let all = found(&mended(marked, |_| false), &names);
    let count = marked.matches('«').count();
    assert_eq!(all.len(), count, "{all:#?}");
    for at in 1..=count {
        let alone = found(&mended(marked, |mark| mark != at), &names);
        assert_eq!(alone.len(), 1, "fault {at} alone: {alone:#?}");
        let left: BTreeSet<String> = found(&mended(marked, |mark| mark == at), &names).into_iter().collect();
        let expected: BTreeSet<String> = all.iter().filter(|one| **one != alone[0]).cloned().collect();
        assert_eq!(left, expected, "with fault {at} mended: {alone:?}");
    }
    all
}

const MANY: &str = r#"title = "P"
scheme = "s"
effective = 2026-01-01
«perod = "month"|period = "month"»
scale = "weighted"
missing = "zero"
total = { min = «true|0», max = 120 }

[constants]
entry = "«300 +|300»"
bonus = "entry * 2"

[tables.steps]
bands = [{ below = 10, result = 0 }, { at_least = «20|10», result = 100 }]

[[dimensions]]
id = "a"
weight = 60

[[dimensions]]
id = "b"
weight = 40

[[indicators]]
id = "one"
in = "a"
«titel|title» = "One"
value = "deposits.average / entry"
weight = 30
curve = { kind = "bands", lookup = "tables.steps" }

[[indicators]]
id = "two"
in = "«aa|a»"
value = "loans.average"
target = "«clients.count|targets.loans»"
weight = 30
curve = { kind = "ratio", max = 1.2«|, zero_target = "skip"» }

[[indicators]]
id = "three"
in = "b"
value = "deposits.average"
weight = «true|20»
curve = { kind = "anchor", anchor = "100 万元", «up|step = "10 万元", up» = 1, part = "«hole|whole»", max = 100 }

[[indicators]]
id = "four"
in = "b"
value = "«depositz.average|deposits.average» * 2"
weight = 20
curve = { kind = "«manul|manual»" }

[[vetoes]]
id = "v"
when = '«manager.grade == "junior"|total < 10»'
zero = true

[pay]
lines = [{ id = "base", amount = "«3 户|3 元»", min = "bonus * 1 元" }, { id = "more", amount = "pay.base" }]
"#;

#[test]
fn fifteen_faults_at_once_are_fifteen_findings_and_each_is_cured_alone() {
    let all = each_is_found_once(MANY);
    assert!(all.iter().any(|one| one == "policies/p.toml:14 RM914: nothing covers 10 to 20"), "{all:#?}");
}

#[test]
fn faults_of_a_policy_that_loads_do_not_draw_others_after_them() {
    let weight = MANY.replace("weight = «true|20»", "weight = \"«20 +|20»\"");
    let loads = [
        ("«perod = \"month\"|period = \"month\"»", "period = \"month\""),
        ("«true|0»", "0"),
        ("«titel|title»", "title"),
        ("«up|step = \"10 万元\", up»", "step = \"10 万元\", up"),
        ("«hole|whole»", "whole"),
        ("«manul|manual»", "manual"),
    ];
    let marked = loads.iter().fold(weight, |text, (marked, mended)| {
        assert!(text.contains(marked), "{marked}");
        text.replace(marked, mended)
    });
    assert!(tree::read::<Policy>(&mended(&marked, |_| false)).is_ok());
    each_is_found_once(&marked);
}

#[test]
fn after_a_syntax_error_what_can_be_told_is_told() {
    let marked = MANY
        .replace("«perod = \"month\"|period = \"month\"»", "«period month|period = \"month\"»")
        .replace("«true|0»", "0")
        .replace("weight = «true|20»", "weight = «2O|20»")
        .replace("«|, zero_target = \"skip\"» }", ", zero_target = \"skip\" «|}»")
        .replace("«up|step = \"10 万元\", up»", "step = \"10 万元\", up");
    each_is_found_once(&marked);
}

#[test]
fn a_table_whose_end_is_missed_lines_later_is_one_fault() {
    for rest in ["{ kind = \"manual\"\n\n# The next.", "{ kind = \"manual\",\n  max = 5"] {
        let text = format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n\
             [[indicators]]\nid = \"one\"\nweight = 100\ncurve = {rest}\n[[ratings]]\nid = \"all\"\n"
        );
        let all = found(&text, &names("name = \"\""));
        assert!(matches!(&*all, [one] if one.contains(" RM001: ")), "{all:#?}");
    }
}

/// A line broken in one way; nothing where there is nothing to break.
fn broken(line: &str, way: usize) -> Option<String> {
    let count = |brackets: &[char]| line.matches(brackets).count();
    // A value over several lines would leave the rest of itself behind.
    if count(&['{', '[']) != count(&['}', ']']) || line.contains("\"\"\"") {
        return None;
    }
    if let Some((key, value)) = line.split_once(" = ").filter(|(key, _)| key.starts_with(char::is_alphabetic))
    {
        return Some(match way {
            0 => format!("{}x = {value}", key.trim_end()),
            1 => String::new(),
            2 => format!("{key} = true"),
            3 => format!("{key} = \"zzz\""),
            4 => format!("{key} = "),
            _ => return Some(line.replacen('}', "", 1)).filter(|broken| broken != line),
        });
    }
    match way {
        0 if line.starts_with("[[") => Some(line.replace("]]", "z]]")),
        1 if line.starts_with('[') => Some(line.replacen(']', "", 1)),
        _ => None,
    }
}

fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = ["policies", "riverside/policies"].map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let paths = entries.into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> =
        paths.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect();
    all.sort();
    all
}

/// In every example policy a formula of one entry and a key of another are broken: both are found and nothing else.
#[test]
fn a_broken_formula_is_found_beside_a_broken_key_and_nothing_else() {
    let riverside =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/riverside/rmbook.toml"));
    let names = names(&riverside.unwrap());
    let (mut tried, mut step) = (0, 0);
    for (path, text) in examples() {
        let lines: Vec<&str> = text.lines().collect();
        let formula = |line: &&str| {
            ["value ", "amount "].iter().any(|key| line.starts_with(key)) && line.ends_with('"')
        };
        let formulas: Vec<usize> = (0..lines.len()).filter(|at| formula(&lines[*at])).collect();
        // A different seventh of the lines of each policy, every way of breaking in turn.
        for at in (step % 7..lines.len()).step_by(7) {
            step += 1;
            let Some(key) = broken(lines[at], step % 6) else { continue };
            let Some(formula) = formulas.iter().copied().find(|formula| formula.abs_diff(at) > 8) else {
                continue;
            };
            let with = |which: &[(usize, &str)]| {
                let mut lines = lines.clone();
                which.iter().for_each(|(at, line)| lines[*at] = line);
                lines.join("\n") + "\n"
            };
            let faulty = format!("{} +\"", lines[formula].trim_end_matches('"'));
            let alone = found(&with(&[(at, &key)]), &names);
            if tree::read::<Policy>(&with(&[(at, &key)])).is_ok() {
                continue;
            }
            let both = found(&with(&[(at, &key), (formula, &faulty)]), &names);
            let one = found(&with(&[(formula, &faulty)]), &names);
            assert_eq!(one.len(), 1, "{path}: {faulty}: {one:#?}");
            assert!(alone.iter().all(|one| one.contains(" RM0")), "{path}:{}: {key}: {alone:#?}", at + 1);
            let expected: BTreeSet<&String> = alone.iter().chain(&one).collect();
            assert_eq!(both.iter().collect::<BTreeSet<_>>(), expected, "{path}:{}: {key}", at + 1);
            assert_eq!(both.len(), expected.len(), "{path}:{}: {key}: {both:#?}", at + 1);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} policies");
}

const TESTED: &str = r#"title = "P"
scheme = "s"
effective = 2026-01-01
period = "month"
scale = "points"
full = 10
money = "元"
measures.m = { unit = "元", kind = "flow" }

[[dimensions]]
id = "r"
weight = «12|10»

[[indicators]]
id = "d"
in = "«rr|r»"
value = "m.sum"
curve = { kind = "per-unit", unit = 1, points = 1 }
weight = 10
missing = "zero"

[[tests]]
name = "one"
period = "2026-03"
«bogus = 3|inputs = {}»
targets = { «"m.sun" = 9|» }
values = { «dop|d» = 4 }
expect = { total = 4, pay = { «base = 3|» } }
"#;

#[test]
fn a_fault_of_a_test_or_of_a_dimension_hides_no_other() {
    each_is_found_once(TESTED);
}

#[test]
fn what_a_name_may_mean_is_said_and_nothing_follows_from_it() {
    let text = |declared: &str, target: &str, value: &str, more: &str| {
        format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmoney = \"元\"\nmissing = \"zero\"\n{declared}\n\
             [[indicators]]\nid = \"dep\"\nweight = 100\nvalue = \"{value}\"\ntarget = \"{target}\"\n\
             curve = {{ kind = \"ratio\", zero_target = \"zero\" }}\n{more}\n"
        )
    };
    let told = |text: &str| -> Vec<String> {
        let file = FileId::default();
        let (_, findings) = compile(file, &tree::read(text).unwrap(), &names("name = \"\""));
        let help =
            |finding: &Finding| finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        findings.iter().map(|finding| format!("{}{}", finding.message, help(finding))).collect()
    };
    let of = |target: &str, value: &str| told(&text("", target, value, ""));
    assert_eq!(of("targets.deposits", "deposits.average"), [""; 0]);
    let near = |name: &str, meant: &str| [format!("unknown name `{name}`; a similar name exists: `{meant}`")];
    assert_eq!(of("target.deposits", "deposits.average"), near("target.deposits", "targets.deposits"));
    assert_eq!(of("target.dep", "deposits.average"), near("target.dep", "item_target.dep"));
    assert_eq!(of("1 元", "depositss.avrage"), near("depositss.avrage", "deposits.average"));
    assert_eq!(of("1", "skore.dep"), near("skore.dep", "score.dep"));
    // The targets of the team and of the unit, and what is asked of them.
    let of_team = |value: &str| of("1 元", value);
    assert_eq!(of_team("team.targets.deposits - unit.targets.deposits"), [""; 0]);
    assert_eq!(of_team("team.targets.deposit"), near("deposit", "deposits"));
    assert_eq!(of_team("team.target.deposits"), near("target.deposits", "team.targets.deposits"));
    assert_eq!(of_team("unti.targets.deposits"), near("unti.targets.deposits", "unit.targets.deposits"));
    assert_eq!(of_team("team.actuals.deposits"), near("actuals.deposits", "team.deposits"));
    assert_eq!(
        of_team("previous.total@year_age * 1 元"),
        near("previous.total@year_age", "previous.total@year_ago")
    );
    assert_eq!(of_team("members.mean('total') + 1 元").len(), 1);
    let base = of_team("team.targets.deposits@base");
    assert_eq!(base, ["`deposits` is stated by period here, which has no `@base`"]);
    let scheme = of_team("scheme.mean(quarterly) * 1 元");
    assert_eq!(scheme, ["write the id of another scheme in quotes: `scheme.mean(\"quarterly\")`"]);
    let avrage = of("1 元", "deposits.avrage@previus");
    assert!(avrage[0].ends_with("; a similar name exists: `deposits.average@previous`"), "{avrage:?}");
    // A definition that a mistyped name may mean is not called unused.
    let pay = |amount: &str| format!("[[pay.lines]]\nid = \"base\"\namount = \"{amount}\"");
    let rate = told(&text("[constants]\nrate = \"3%\"", "1 元", "deposits.average", &pay("100 元 * rat")));
    assert_eq!(rate, near("rat", "rate"));
    let curve = "[curves.step]\nkind = \"ratio\"\nzero_target = \"zero\"\n[[additions]]\nid = \"a\"\nvalue = \"dep\"\ncurve = \"stp\"";
    let curve =
        told(&text("", "1 元", "deposits.average", &curve.replace("\"dep\"", "\"deposits.average\"")));
    assert_eq!(curve, near("stp", "step"));
    // What an id that stands twice was to be called is not unknown beside it.
    let twice =
        format!("{}\n{}\n[[pay.lines]]\nid = \"c\"\namount = \"pay.bonus\"", pay("1 元"), pay("2 元"));
    assert_eq!(told(&text("", "1 元", "deposits.average", &twice)), ["another entry has the id `base`"]);
    // The currency is told where it is stated, once.
    let dollars = text("", "targets.deposits", "deposits.average", &pay("fee_income.sum * 3%"));
    let dollars = told(&dollars.replace("money = \"元\"", "money = \"RMB\""));
    assert_eq!(dollars.len(), 1, "{dollars:?}");
    assert!(dollars[0].starts_with("`RMB` is no unit of money"), "{dollars:?}");
    // Few words are listed.
    let tier = "[[additions]]\nid = \"a\"\neach = \"client\"\nvalue = \"deposits.average\"\nwhen = \"client.tier == 'gold'\"\n\
        curve = { kind = \"per-unit\", unit = \"1 元\", points = 1 }\nmax = 5";
    assert_eq!(
        told(&text("", "1 元", "deposits.average", tier)),
        ["there is no `gold` among client.tier; it is one of base, key, prospect, strategic"]
    );
}

#[test]
fn a_whole_number_out_of_range_is_told_the_bound_it_passes() {
    let text = |months: &str| {
        format!(
            "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"zero\"\n\
             [[promotion]]\nfrom = \"a\"\nto = \"b\"\nall = [\"period.month > 1\"]\nmin_months = {months}\n"
        )
    };
    let names = names("name = \"\"");
    let told = "policies/p.toml:10 RM005: `-1` is out of range: 0 or more";
    assert_eq!(found(&text("-1"), &names), [told]);
    assert_eq!(found(&text("1"), &names), [""; 0]);
}
