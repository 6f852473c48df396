//! The same few findings in every format.

use super::*;
use crate::diag::Rule;
use crate::path;
use crate::text::{Lang, Message, Text};

static OVERDUE: Rule = Rule {
    code: "RM301",
    name: "visit-overdue",
    level: Level::Deny,
    title: Text::new("a client waits longer for a visit than its tier allows", "客户超过规定周期未走访"),
    why: Text::new("Neglected clients leave.", "长期未走访的客户容易流失。"),
    mend: Text::new("Visit the client and record the visit.", "安排走访并登记走访记录。"),
    example: "",
};

static UNKNOWN: Rule = Rule {
    code: "RM101",
    name: "unknown-manager",
    level: Level::Warn,
    title: Text::new("a manager that no record describes", "引用了不存在的客户经理"),
    why: Text::new("Nobody is responsible.", "责任人缺失。"),
    mend: Text::new("Correct the id.", "更正编号。"),
    example: "",
};

const WAITED: Text = Text::new("{client} has waited {days} days", "{client}已 {days} 天未走访");
const SINCE: Text = Text::new("last visit", "最近一次走访");

fn sources() -> Sources {
    let file = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    Sources::new(vec![
        file(
            "clients/华东 精密.toml",
            "\u{feff}name = '华东精密' # 重点\nmanager = 'wang-fan'\n\n[[visits]]\ndate = 2026-01-09\n",
        ),
        file("managers/wang-fang.toml", "name = '王芳'\n"),
    ])
}

/// Two findings in the wrong order, one suppressed.
fn found(sources: &Sources) -> Vec<Finding> {
    let client = sources.find("clients/华东 精密.toml").unwrap();
    let manager = sources.find("managers/wang-fang.toml").unwrap();
    let unknown = Message::verbatim("no manager `wang-fan`");
    vec![
        Finding::new(&UNKNOWN, Place::value(client, path!["manager"]), unknown.clone())
            .label(Place::value(manager, path!["name"]), Message::verbatim("王芳 is near"))
            .help(Message::verbatim("write `wang-fang`")),
        Finding::new(
            &OVERDUE,
            Place::value(client, path!["name"]),
            crate::msg!(WAITED, client = "华东精密", days = 287_u32),
        )
        .label(Place::value(client, path!["visits", 0, "date"]), SINCE.into()),
        Finding { level: Level::Allow, ..Finding::new(&UNKNOWN, Place::file(manager), unknown) },
    ]
}

fn written(findings: &[Finding], sources: &Sources, format: FindingFormat, style: &Style) -> String {
    let mut out = Vec::new();
    super::findings(findings, sources, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn sample(format: FindingFormat) -> String {
    let sources = sources();
    written(&found(&sources), &sources, format, &Style::default())
}

#[test]
fn text_underlines_the_record() {
    insta::assert_snapshot!(sample(FindingFormat::Text), @r"
error[RM301 visit-overdue]: 华东精密 has waited 287 days
 --> clients/华东 精密.toml:1:8
  |
1 | name = '华东精密' # 重点
  |        ^^^^^^^^^^
...
5 | date = 2026-01-09
  |        ---------- last visit

warning[RM101 unknown-manager]: no manager `wang-fan`
 --> clients/华东 精密.toml:2:11
  |
2 | manager = 'wang-fan'
  |           ^^^^^^^^^^
  |
note: 王芳 is near
 --> managers/wang-fang.toml:1:8
  |
1 | name = '王芳'
  |        ^^^^^^
help: write `wang-fang`
");
    let sources = sources();
    let zh = Style { lang: Lang::Zh, path_prefix: "book/".into(), ..Style::default() };
    insta::assert_snapshot!(written(&found(&sources), &sources, FindingFormat::Text, &zh), @r"
错误[RM301 visit-overdue]：华东精密已 287 天未走访
 --> book/clients/华东 精密.toml:1:8
  |
1 | name = '华东精密' # 重点
  |        ^^^^^^^^^^
...
5 | date = 2026-01-09
  |        ---------- 最近一次走访

警告[RM101 unknown-manager]：no manager `wang-fan`
 --> book/clients/华东 精密.toml:2:11
  |
2 | manager = 'wang-fan'
  |           ^^^^^^^^^^
  |
说明：王芳 is near
 --> book/managers/wang-fang.toml:1:8
  |
1 | name = '王芳'
  |        ^^^^^^
提示：write `wang-fang`
");
}

#[test]
fn concise_is_one_line_each() {
    insta::assert_snapshot!(sample(FindingFormat::Concise), @r"
clients/华东 精密.toml:1:8: RM301 华东精密 has waited 287 days
clients/华东 精密.toml:2:11: RM101 no manager `wang-fan`
");
}

#[test]
fn json_is_as_documented() {
    insta::assert_snapshot!(sample(FindingFormat::Json), @r#"
{
  "version": 1,
  "findings": [
    {
      "code": "RM301",
      "name": "visit-overdue",
      "level": "error",
      "message": "华东精密 has waited 287 days",
      "help": null,
      "path": "clients/华东 精密.toml",
      "key": "name",
      "line": 1,
      "column": 8,
      "end_line": 1,
      "end_column": 14,
      "labels": [
        {
          "message": "last visit",
          "path": "clients/华东 精密.toml",
          "key": "visits[0].date",
          "line": 5,
          "column": 8,
          "end_line": 5,
          "end_column": 18
        }
      ]
    },
    {
      "code": "RM101",
      "name": "unknown-manager",
      "level": "warning",
      "message": "no manager `wang-fan`",
      "help": "write `wang-fang`",
      "path": "clients/华东 精密.toml",
      "key": "manager",
      "line": 2,
      "column": 11,
      "end_line": 2,
      "end_column": 21,
      "labels": [
        {
          "message": "王芳 is near",
          "path": "managers/wang-fang.toml",
          "key": "name",
          "line": 1,
          "column": 8,
          "end_line": 1,
          "end_column": 12
        }
      ]
    }
  ],
  "summary": {
    "errors": 1,
    "warnings": 1,
    "files": 1
  }
}
"#);
}

#[test]
fn the_summary_counts_what_is_shown() {
    let sources = sources();
    let found = found(&sources);
    let summary = summary(&found).unwrap();
    assert_eq!(summary.get(Lang::En), "1 error, 1 warning in 1 file");
    assert_eq!(summary.get(Lang::Zh), "1 个文件中有 1 项错误、1 项警告");
    assert_eq!(super::summary(&found[..1]).unwrap().to_string(), "1 warning in 1 file");
    assert_eq!(super::summary(&found[2..]), None);
    assert_eq!(statistics(&found).rows.len(), 2);
}

#[test]
fn github_annotates_lines() {
    insta::assert_snapshot!(sample(FindingFormat::Github), @r"
::error file=clients/华东 精密.toml,line=1,col=8,endLine=1,endColumn=14,title=RM301 visit-overdue::华东精密 has waited 287 days
::warning file=clients/华东 精密.toml,line=2,col=11,endLine=2,endColumn=21,title=RM101 unknown-manager::no manager `wang-fan`%0Ahelp: write `wang-fang`
");
}

#[test]
fn gitlab_has_an_issue_each() {
    insta::assert_snapshot!(sample(FindingFormat::Gitlab), @r#"
[
  {
    "description": "华东精密 has waited 287 days",
    "check_name": "RM301 visit-overdue",
    "fingerprint": "154f88721feb755f83d4c63a2f24d3b993f6748175d2cabeb6e23a00c47edcfc",
    "severity": "major",
    "location": {
      "path": "clients/华东 精密.toml",
      "lines": {
        "begin": 1,
        "end": 1
      }
    }
  },
  {
    "description": "no manager `wang-fan`",
    "check_name": "RM101 unknown-manager",
    "fingerprint": "b9b64e87a8a7b2ac6e54130e45cad0ed2317d16dce77022fb73df48f1e3a9a5b",
    "severity": "minor",
    "location": {
      "path": "clients/华东 精密.toml",
      "lines": {
        "begin": 2,
        "end": 2
      }
    }
  }
]
"#);
}

#[test]
fn sarif_describes_rules_and_marks_the_suppressed() {
    let sarif: serde_json::Value = serde_json::from_str(&sample(FindingFormat::Sarif)).unwrap();
    let run = &sarif["runs"][0];
    insta::assert_snapshot!(serde_json::to_string_pretty(&run["tool"]["driver"]["rules"][1]).unwrap(), @r#"
{
  "id": "RM301",
  "name": "visit-overdue",
  "shortDescription": {
    "text": "a client waits longer for a visit than its tier allows"
  },
  "fullDescription": {
    "text": "Neglected clients leave."
  },
  "help": {
    "text": "Visit the client and record the visit."
  },
  "defaultConfiguration": {
    "enabled": true,
    "level": "error"
  }
}
"#);
    insta::assert_snapshot!(serde_json::to_string_pretty(&run["results"][1]).unwrap(), @r#"
{
  "ruleId": "RM101",
  "ruleIndex": 0,
  "level": "warning",
  "message": {
    "text": "no manager `wang-fan`\nhelp: write `wang-fang`"
  },
  "locations": [
    {
      "physicalLocation": {
        "artifactLocation": {
          "uri": "clients/%E5%8D%8E%E4%B8%9C%20%E7%B2%BE%E5%AF%86.toml",
          "uriBaseId": "%SRCROOT%"
        },
        "region": {
          "startLine": 2,
          "startColumn": 11,
          "endLine": 2,
          "endColumn": 21
        }
      },
      "logicalLocations": [
        {
          "fullyQualifiedName": "manager"
        }
      ]
    }
  ],
  "partialFingerprints": {
    "ruleRecordKey/v1": "b9b64e87a8a7b2ac6e54130e45cad0ed2317d16dce77022fb73df48f1e3a9a5b"
  },
  "relatedLocations": [
    {
      "physicalLocation": {
        "artifactLocation": {
          "uri": "managers/wang-fang.toml",
          "uriBaseId": "%SRCROOT%"
        },
        "region": {
          "startLine": 1,
          "startColumn": 8,
          "endLine": 1,
          "endColumn": 12
        }
      },
      "logicalLocations": [
        {
          "fullyQualifiedName": "name"
        }
      ],
      "message": {
        "text": "王芳 is near"
      }
    }
  ]
}
"#);
    assert_eq!(run["results"][2]["suppressions"][0]["kind"], "external");
    assert_eq!(run["results"][2]["level"], "warning");
}

#[test]
fn junit_has_a_case_each() {
    insta::assert_snapshot!(sample(FindingFormat::Junit), @r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="rmbook" tests="2" failures="2" errors="0">
<testsuite name="clients/华东 精密.toml" tests="2" failures="2" errors="0">
<testcase name="RM301 visit-overdue" classname="clients/华东 精密.toml" file="clients/华东 精密.toml" line="1">
<failure type="error" message="华东精密 has waited 287 days">clients/华东 精密.toml:1:8: 华东精密 has waited 287 days</failure>
</testcase>
<testcase name="RM101 unknown-manager" classname="clients/华东 精密.toml" file="clients/华东 精密.toml" line="2">
<failure type="warning" message="no manager `wang-fan`">clients/华东 精密.toml:2:11: no manager `wang-fan`&#10;help: write `wang-fang`</failure>
</testcase>
</testsuite>
</testsuites>
"#);
}

#[test]
fn a_fingerprint_outlives_lines_and_entries_put_before_it() {
    const VISIT: &str = "[[visits]]\ndate = 2026-10-09\nby = \"li-na\"\nkind = \"call\"\n";
    let prints = |text: &str, path: KeyPath| {
        let sources = Sources::new(vec![Source { path: "clients/a.toml".into(), text: text.into() }]);
        let file = sources.find("clients/a.toml").unwrap();
        let found = [1_u32, 2].map(|days| {
            let message = crate::msg!(WAITED, client = "a", days = days);
            Finding::new(&OVERDUE, Place::value(file, path.clone()), message)
        });
        let located = locate(&found, &sources, "");
        fingerprints(&located.iter().collect::<Vec<_>>(), &sources)
    };
    let before = prints(VISIT, path!["visits", 0, "by"]);
    let earlier = VISIT.replace("10-09", "10-01");
    assert_eq!(before, prints(&format!("# above\n{earlier}{VISIT}"), path!["visits", 1, "by"]));
    assert_ne!(before, prints(&earlier, path!["visits", 0, "by"]));
    assert_ne!(before[0], before[1], "two alike are told apart");
}

#[test]
fn no_format_shows_personal_data() {
    let text = "name = \"a\"\n[[contacts]]\nname = \"李明\"\nphone = \"13912345678\" # 11010519491231002X\n";
    let sources = Sources::new(vec![Source { path: "clients/a.toml".into(), text: text.into() }]);
    let file = sources.find("clients/a.toml").unwrap();
    let found = [Finding::new(&UNKNOWN, Place::value(file, path!["contacts", 0, "phone"]), SINCE.into())
        .label(Place::value(file, path!["contacts", 0, "name"]), SINCE.into())];
    for (name, format) in FindingFormat::ALL {
        let mut out = Vec::new();
        findings(&found, &sources, *format, &Style::default(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let shown = ["李明", "139", "1101"].iter().find(|personal| out.contains(**personal));
        assert_eq!(shown, None, "{name}: {out}");
    }
}

#[test]
fn a_far_place_has_an_excerpt_of_its_own() {
    let text = format!("a = 1\n{}b = 2\n", "\n".repeat(500));
    let sources = Sources::new(vec![Source { path: "a.toml".into(), text }]);
    let file = sources.find("a.toml").unwrap();
    let found = [Finding::new(&UNKNOWN, Place::value(file, path!["b"]), SINCE.into())
        .label(Place::value(file, path!["a"]), Message::verbatim("first"))];
    let mut out = Vec::new();
    findings(&found, &sources, FindingFormat::Text, &Style::default(), &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
warning[RM101 unknown-manager]: last visit
   --> a.toml:502:5
    |
502 | b = 2
    |     ^
    |
note: first
   --> a.toml:1:5
    |
  1 | a = 1
    |     ^
");
}

/// Counts what a format lists.
fn listed(format: FindingFormat, output: &str) -> usize {
    let json = || serde_json::from_str::<serde_json::Value>(output).unwrap();
    let length = |list: &serde_json::Value| list.as_array().unwrap().len();
    match format {
        FindingFormat::Text => {
            output.lines().filter(|line| line.starts_with(['e', 'w']) && line.contains("[RM")).count()
        }
        FindingFormat::Concise => output.lines().count(),
        FindingFormat::Json => length(&json()["findings"]),
        FindingFormat::Github => output.lines().filter(|line| line.starts_with("::")).count(),
        FindingFormat::Gitlab => length(&json()),
        FindingFormat::Sarif => {
            let results = json()["runs"][0]["results"].take();
            results.as_array().unwrap().iter().filter(|result| result.get("suppressions").is_none()).count()
        }
        FindingFormat::Junit => output.matches("<failure ").count(),
    }
}

proptest::proptest! {
    #![proptest_config(crate::property::config())]

    /// Whatever records and messages hold, every format lists every finding, in an order that is not the caller's.
    #[test]
    fn every_format_lists_the_same(
        text in "\\PC{0,20}(\n[a-z\"'= \u{1b}\u{202e}华:#\\[]{0,12}){0,4}",
        message in "[a-z:#\\[%<&\n\r\u{1b}\u{202e}\u{fffe}\u{0}]{0,20}",
        places in proptest::collection::vec((0_usize..60, 0_usize..8, 0_u8..3), 0..6),
    ) {
        let sources = Sources::new(vec![Source { path: "clients/a.toml".into(), text }]);
        let file = sources.find("clients/a.toml").unwrap();
        let mut found: Vec<Finding> = places
            .into_iter()
            .map(|(start, length, kind)| {
                let at = match kind {
                    0 => Place::file(file),
                    1 => Place::bytes(file, start..start + length),
                    _ => Place::value(file, path!["a", start]),
                };
                Finding::new(&UNKNOWN, at.clone(), Message::verbatim(&message)).label(at, Message::verbatim(&message))
            })
            .collect();
        for (_, format) in FindingFormat::ALL {
            let output = written(&found, &sources, *format, &Style::default());
            proptest::prop_assert_eq!(listed(*format, &output), found.len(), "{:?}: {}", format, output);
            proptest::prop_assert!(!output.contains(['\u{1b}', '\u{202e}']), "{:?}: {}", format, output);
            found.reverse();
            proptest::prop_assert_eq!(output, written(&found, &sources, *format, &Style::default()));
        }
    }
}
