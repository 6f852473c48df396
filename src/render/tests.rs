//! One small table with Chinese names and one with hostile text, in every format.

use rust_decimal::Decimal;

use super::*;
use crate::table::{Cell, Column, Kind};
use crate::text::{Message, Text};

const COVERAGE: Text = Text::new("Coverage", "客户覆盖");
const CLIENT: Text = Text::new("Client", "客户");
const DEPOSITS: Text = Text::new("Deposits", "存款");
const SHARE: Text = Text::new("Covered", "覆盖率");
const KEY_CLIENT: Text = Text::new("Key client", "重点客户");
const VISITED: Text = Text::new("Last visit", "最近走访");
const COURSE: Text = Text::new("Trend", "走势");

fn number(digits: &str) -> Decimal {
    digits.parse().unwrap()
}

/// A table with every kind of column, a gap and a remark.
fn coverage() -> Table {
    let mut table = Table::new(
        "coverage",
        COVERAGE,
        vec![
            Column::new("client", CLIENT, Kind::Text),
            Column::new("deposits", DEPOSITS, Kind::Number).unit("万元"),
            Column::new("covered", SHARE, Kind::Ratio).bar(),
            Column::new("key", KEY_CLIENT, Kind::Flag),
            Column::new("last_visit", VISITED, Kind::Date),
            Column::new("trend", COURSE, Kind::Trend),
        ],
    );
    table.push(vec![
        "华东精密制造".into(),
        number("5200.10").into(),
        Cell::Ratio(number("0.97")),
        Cell::Flag(true),
        chrono::NaiveDate::from_ymd_opt(2026, 10, 9).into(),
        Cell::Trend(vec![Some(number("1")), None, Some(number("2.5"))]),
    ]);
    table.push(vec![
        "Acme".into(),
        number("-80").into(),
        Cell::Missing,
        Cell::Flag(false),
        Cell::Missing,
        Cell::Trend(vec![]),
    ]);
    table.notes.push(Message::verbatim("1 record left out"));
    table
}

/// What no format may let act.
const HOSTILE: &str = "=1+1|<script>x</script>\u{1b}[2J\u{202e}\n::error::`a`\"b\",##[c]";

fn hostile() -> Table {
    let mut table =
        Table::new("hostile", Message::verbatim(HOSTILE), vec![Column::new("text", CLIENT, Kind::Text)]);
    table.push(vec![HOSTILE.into()]);
    table.notes.push(Message::verbatim(HOSTILE));
    table
}

fn written(tables: &[Table], format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    super::tables(tables, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const ZH: Style = Style {
    lang: Lang::Zh,
    sentences: Lang::En,
    width: None,
    color: false,
    excel: false,
    path_prefix: String::new(),
};

#[test]
fn text_aligns_chinese_and_numbers() {
    insta::assert_snapshot!(written(&[coverage()], Format::Text, &ZH), @r"
客户覆盖
 客户           存款（万元）           覆盖率   重点客户   最近走访     走势
─────────────────────────────────────────────────────────────────────────────
 华东精密制造         5200.1   97% █████████▊   是         2026-10-09   ▁·█
 Acme                  -80.0     –              否         –
1 record left out
");
}

#[test]
fn text_fits_the_terminal_without_breaking_a_cell() {
    let fit = |width| written(&[coverage()], Format::Text, &Style { width: Some(width), ..ZH });
    assert_eq!(fit(77), written(&[coverage()], Format::Text, &ZH));
    insta::assert_snapshot!(fit(70), @r"
客户覆盖
 客户           存款（万           覆盖率   重点客户   最近走访
                    元）
──────────────────────────────────────────────────────────────────
 华东精密制造     5200.1   97% █████████▊   是         2026-10-09
    走势：▁·█
 Acme              -80.0     –              否         –
1 record left out
");
    insta::assert_snapshot!(fit(40), @r"
客户覆盖
 客户           存款（万
                    元）
─────────────────────────
 华东精密制造     5200.1
    覆盖率：97% █████████▊
    重点客户：是   最近走访：2026-10-09
    走势：▁·█
 Acme              -80.0
    重点客户：否
1 record left out
");
}

#[test]
fn a_column_that_says_nothing_gives_way_first() {
    let columns =
        ["manager", "reviewer", "lapsed"].map(|key| Column::new(key, Text::new(key, key), Kind::Text));
    let mut table = Table::new("reviews", Text::new("Reviews", "考核"), columns.to_vec());
    table.push(vec!["li-na".into(), "zhao-min".into(), Cell::Missing]);
    let fit =
        |width| written(&[table.clone()], Format::Text, &Style { width: Some(width), ..Style::default() });
    insta::assert_snapshot!(fit(26), @r"
Reviews
 manager   reviewer
────────────────────
 li-na     zhao-min
");
}

#[test]
fn text_is_bold_only_in_colour() {
    let style = Style { color: true, ..ZH };
    assert!(written(&[coverage()], Format::Text, &style).contains("\u{1b}[1m 客户"));
    assert!(!written(&[coverage()], Format::Text, &ZH).contains('\u{1b}'));
}

#[test]
fn an_empty_table_says_so() {
    let mut table = coverage();
    table.rows.clear();
    assert!(written(&[table], Format::Text, &ZH).contains("无记录"));
}

#[test]
fn csv_has_plain_facts() {
    insta::assert_snapshot!(written(&[coverage()], Format::Csv, &ZH), @r"
client,deposits,deposits_unit,covered,key,last_visit,trend
华东精密制造,5200.10,万元,0.97,true,2026-10-09,1;;2.5
Acme,-80,万元,,false,,
");
}

#[test]
fn csv_for_excel_has_a_mark_and_crlf() {
    let style = Style { excel: true, ..ZH };
    let csv = written(&[coverage()], Format::Csv, &style);
    assert!(csv.starts_with("\u{feff}client,"));
    assert_eq!(csv.matches("\r\n").count(), 3);
}

#[test]
fn csv_refuses_two_tables() {
    let error = tables(&[coverage(), hostile()], Format::Csv, &ZH, &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("coverage, hostile"), "{error}");
}

#[test]
fn json_keeps_digits() {
    insta::assert_snapshot!(written(&[coverage()], Format::Json, &ZH), @r#"
{
  "format": 1,
  "tables": [
    {
      "name": "coverage",
      "title": "客户覆盖",
      "columns": [
        {
          "key": "client",
          "title": "客户",
          "kind": "text",
          "unit": null
        },
        {
          "key": "deposits",
          "title": "存款",
          "kind": "number",
          "unit": "万元"
        },
        {
          "key": "covered",
          "title": "覆盖率",
          "kind": "ratio",
          "unit": null
        },
        {
          "key": "key",
          "title": "重点客户",
          "kind": "flag",
          "unit": null
        },
        {
          "key": "last_visit",
          "title": "最近走访",
          "kind": "date",
          "unit": null
        },
        {
          "key": "trend",
          "title": "走势",
          "kind": "trend",
          "unit": null
        }
      ],
      "rows": [
        {
          "client": "华东精密制造",
          "deposits": 5200.10,
          "covered": 0.97,
          "key": true,
          "last_visit": "2026-10-09",
          "trend": [
            1,
            null,
            2.5
          ]
        },
        {
          "client": "Acme",
          "deposits": -80,
          "covered": null,
          "key": false,
          "last_visit": null,
          "trend": []
        }
      ],
      "notes": [
        "1 record left out"
      ]
    }
  ]
}
"#);
    insta::assert_snapshot!(written(&[coverage()], Format::Jsonl, &ZH), @r#"
{"table":"coverage","row":{"client":"华东精密制造","deposits":5200.10,"covered":0.97,"key":true,"last_visit":"2026-10-09","trend":[1,null,2.5]},"units":{"deposits":"万元"}}
{"table":"coverage","row":{"client":"Acme","deposits":-80,"covered":null,"key":false,"last_visit":null,"trend":[]},"units":{"deposits":"万元"}}
"#);
}

#[test]
fn markdown_is_a_table() {
    insta::assert_snapshot!(written(&[coverage()], Format::Markdown, &ZH), @r"
## 客户覆盖

| 客户 | 存款（万元） | 覆盖率 | 重点客户 | 最近走访 | 走势 |
| --- | ---: | ---: | --- | --- | --- |
| 华东精密制造 | 5200.1 | 97% | 是 | 2026-10-09 | ▁·█ |
| Acme | -80.0 | – | 否 | – |  |

1 record left out
");
}

#[test]
fn html_is_a_page() {
    let page = written(&[coverage()], Format::Html, &ZH);
    assert!(page.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"), "{page}");
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    let body = page.split_once("<tbody>").unwrap().1;
    insta::assert_snapshot!(body.trim_start(), @r#"
<tr><td>华东精密制造</td><td class="n">5200.1</td><td class="n">97%</td><td>是</td><td>2026-10-09</td><td>▁·█</td></tr>
<tr><td>Acme</td><td class="n">-80.0</td><td class="n">–</td><td>否</td><td>–</td><td></td></tr>
</tbody>
</table>
<p>1 record left out</p>
</body>
</html>
"#);
}

#[test]
#[cfg(not(feature = "xlsx"))]
fn a_build_without_workbooks_says_how_to_get_them() {
    let error = tables(&[coverage()], Format::Xlsx, &ZH, &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("--features xlsx"), "{error}");
}

#[test]
#[cfg(feature = "xlsx")]
fn a_workbook_is_the_same_bytes_twice() {
    let write = || {
        let mut out = Vec::new();
        tables(&[coverage(), coverage(), hostile()], Format::Xlsx, &ZH, &mut out).unwrap();
        out
    };
    let once = write();
    assert!(once.starts_with(b"PK"), "a zip archive");
    assert_eq!(once, write());
}

#[test]
fn hostile_text_stays_text() {
    insta::assert_snapshot!(written(&[hostile()], Format::Text, &ZH), @r#"
=1+1|<script>x</script>\u{1b}[2J\u{202e} ::error::`a`"b",#♯[c]
 客户
────────────────────────────────────────────────────────────────
 =1+1|<script>x</script>\u{1b}[2J\u{202e} ::error::`a`"b",#♯[c]
=1+1|<script>x</script>\u{1b}[2J\u{202e} ::error::`a`"b",#♯[c]
"#);
    insta::assert_snapshot!(written(&[hostile()], Format::Csv, &ZH), @r#"
text
"'=1+1|<script>x</script>\u{1b}[2J\u{202e}
::error::`a`""b"",##[c]"
"#);
    insta::assert_snapshot!(written(&[hostile()], Format::Markdown, &ZH), @r#"
## =1+1\|&lt;script&gt;x&lt;/script&gt;\\u{1b}\[2J\\u{202e} ::error::\`a\`"b",\#\#\[c\]

| 客户 |
| --- |
| =1+1\|&lt;script&gt;x&lt;/script&gt;\\u{1b}\[2J\\u{202e} ::error::\`a\`"b",\#\#\[c\] |

=1+1\|&lt;script&gt;x&lt;/script&gt;\\u{1b}\[2J\\u{202e} ::error::\`a\`"b",\#\#\[c\]
"#);
    let page = written(&[hostile()], Format::Html, &ZH);
    insta::assert_snapshot!(page.split_once("<body>\n").unwrap().1, @r#"
<h2>=1+1|&lt;script&gt;x&lt;/script&gt;\u{1b}[2J\u{202e}&#10;::error::`a`&quot;b&quot;,##[c]</h2>
<table>
<thead>
<tr>
<th scope="col">客户</th>
</tr>
</thead>
<tbody>
<tr><td>=1+1|&lt;script&gt;x&lt;/script&gt;\u{1b}[2J\u{202e}&#10;::error::`a`&quot;b&quot;,##[c]</td></tr>
</tbody>
</table>
<p>=1+1|&lt;script&gt;x&lt;/script&gt;\u{1b}[2J\u{202e}&#10;::error::`a`&quot;b&quot;,##[c]</p>
</body>
</html>
"#);
    insta::assert_snapshot!(written(&[hostile()], Format::Jsonl, &ZH), @r#"{"table":"hostile","row":{"text":"=1+1|<script>x</script>\u001b[2J\u202e\n::error::`a`\"b\",##[c]"}}"#);
}

#[test]
fn a_name_or_an_extension_gives_the_format() {
    assert_eq!(Format::named("jsonl"), Some(Format::Jsonl));
    assert_eq!(Format::named("txt"), None);
    assert_eq!(Format::of_extension("CSV"), Some(Format::Csv));
    assert_eq!(Format::of_extension("txt"), Some(Format::Text));
    assert_eq!(Format::of_extension("pdf"), None);
}
