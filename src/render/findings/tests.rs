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
错误[RM301 visit-overdue]: 华东精密已 287 天未走访
 --> book/clients/华东 精密.toml:1:8
  |
1 | name = '华东精密' # 重点
  |        ^^^^^^^^^^
...
5 | date = 2026-01-09
  |        ---------- 最近一次走访

警告[RM101 unknown-manager]: no manager `wang-fan`
 --> book/clients/华东 精密.toml:2:11
  |
2 | manager = 'wang-fan'
  |           ^^^^^^^^^^
  |
说明: 王芳 is near
 --> book/managers/wang-fang.toml:1:8
  |
1 | name = '王芳'
  |        ^^^^^^
提示: write `wang-fang`
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
