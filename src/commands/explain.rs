//! `rmbook explain`: the manual of rules, metrics and fields.

use clap::Args;

use super::{Context, ExitStatus, other_rules};
use crate::book::default_settings;
use crate::check;
use crate::failure::failure;
use crate::msg;
use crate::render::{self, Format, Style};
use crate::report::explain::{Page, explain, listed, metrics};
use crate::table::{Column, Kind, Table};
use crate::text::{Lang, explain as say, report, run};

/// Explain a rule, a metric, a kind of record, a field, or the language of policies
/// 说明规则、指标、记录类别、字段或考核办法的写法
///
/// A rule goes by its code or name (`RM301`, `visit-overdue`), a metric as a formula asks for it (`deposits`,
/// `deposits.average`; `metrics` lists them all), a field by its path (`client.visits.by`,
/// `policy.indicators.carry.excess`), a curve by its kind (`curve ratio`, `curve ratio.max` for one of its keys); `formats` are those of findings; `expression`, `curve` and `order` are the manual of policies, `import` that of mapping files; the name of
/// a report gives what its figures are. Without a name, or with `rules`, all rules are listed.
/// 规则按编号或名称查询（`RM301`、`visit-overdue`），指标按公式中的写法查询（`deposits`、
/// `deposits.average`；全部指标见 `metrics`），字段按路径查询（`client.visits.by`、
/// `policy.indicators.carry.excess`），曲线按类别查询（`curve ratio`，
/// 其中某一键为 `curve ratio.max`）；`formats` 为检查结果的格式；`expression`、
/// `curve`、`order` 为考核办法手册，`import` 为映射文件手册；报表名称为该报表数据的口径。
/// 不写名称或写 `rules` 时列出全部规则。
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Code, name or path
    /// 编号、名称或路径
    name: Option<String>,
    /// Kind of curve, after `curve`
    /// 曲线类别，写在 `curve` 之后
    kind: Option<String>,
}

pub(super) fn run(args: &ExplainArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let rules: Vec<_> = check::rules().chain(other_rules()).collect();
    let Some(name) = args.name.as_ref().filter(|name| *name != "rules") else {
        context.write_tables(&[listed(&rules)])?;
        return Ok(ExitStatus::Clean);
    };
    if name == "formats" {
        context.write_tables(&[render::finding_formats()])?;
        return Ok(ExitStatus::Clean);
    }
    // Inside a book its own measures are known, elsewhere those of a new one.
    let settings = context.load().map_or_else(|_| default_settings(), |loaded| loaded.book.settings.clone());
    if name == "metrics" {
        context.write_tables(&[metrics(&settings)])?;
        return Ok(ExitStatus::Clean);
    }
    let name = &args.kind.as_ref().map_or_else(|| name.clone(), |kind| format!("{name}.{kind}"));
    let page = explain(name, &rules, &settings).map_err(|unknown| {
        let help = match unknown.nearest {
            Some(near) => msg!(run::SIMILAR_NAME, near = near),
            None => run::RULES_LISTED.into(),
        };
        failure(msg!(run::NOTHING_CALLED, name = name, help = help))
    })?;
    match context.table_format()? {
        Format::Text => {
            let bytes = words(&page, &context.style)?;
            context.write_bytes(&bytes)?;
        }
        _ => {
            let mut tables = vec![laid_out(&page, context.style.lang)];
            tables.extend(page.below);
            context.write_tables(&tables)?;
        }
    }
    Ok(ExitStatus::Clean)
}

/// A page as words: each heading, and what stands below it.
fn words(page: &Page, style: &Style) -> anyhow::Result<Vec<u8>> {
    let mut out = format!("{}\n", page.title.get(style.lang));
    for (heading, words) in &page.parts {
        out.push_str(&format!("\n{}\n", heading.get(style.lang)));
        for line in words.get(style.lang).lines() {
            out.push_str(&format!("    {line}\n"));
        }
    }
    let mut bytes = out.into_bytes();
    if !page.below.is_empty() {
        bytes.push(b'\n');
        render::tables(&page.below, Format::Text, style, &mut bytes)?;
    }
    Ok(bytes)
}

/// A page as a table of headings and words.
fn laid_out(page: &Page, lang: Lang) -> Table {
    let columns =
        vec![Column::new("part", report::NAME, Kind::Text), Column::new("words", say::WHAT, Kind::Text)];
    let mut table = Table::new("page", page.title.clone(), columns);
    for (heading, words) in &page.parts {
        table.push(vec![heading.get(lang).into(), words.get(lang).into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::BUILTINS;
    use crate::policy::curve::MANUAL;
    use crate::record::kind::RecordKind;
    use crate::report::practice::REPORTS;

    #[test]
    fn every_page_is_said_in_both_languages() {
        let rules: Vec<_> = check::rules().chain(other_rules()).collect();
        let settings = default_settings();
        let mut words: Vec<String> = rules.iter().map(|rule| rule.code.to_owned()).collect();
        words.extend(settings.measures.keys().map(ToString::to_string));
        words.extend(BUILTINS.iter().map(|metric| metric.name.to_owned()));
        words.extend(["expression", "order", "curve", "import"].map(str::to_owned));
        words.extend(MANUAL.iter().map(|curve| format!("curve.{}", curve.kind)));
        words.extend(RecordKind::ALL.iter().map(|kind| kind.name().to_owned()));
        words.extend(REPORTS.iter().map(|report| report.name.to_owned()));
        for word in words {
            let page = explain(&word, &rules, &settings).unwrap_or_else(|_| panic!("no page about `{word}`"));
            for lang in [Lang::En, Lang::Zh] {
                let style = Style { lang, sentences: lang, ..Style::default() };
                let shown = String::from_utf8(super::words(&page, &style).unwrap()).unwrap();
                assert!(shown.lines().count() > 2, "{word}: {shown}");
            }
        }
    }
}
