//! Targets, results and what is expected of decisions in percent: a part of one, so that 98 is 9,800 %.

use rust_decimal::Decimal;

use super::check;
use crate::check::{Check, Context, Found, fires};
use crate::diag::Finding;
use crate::path;
use crate::record::figure::Targets;
use crate::record::settings::is_fraction;
use crate::record::team::Decision;
use crate::record::value::{Amount, MeasureId};
use crate::source::{FileId, Place};

pub(super) static RULES: &[&Check] = &[&PERCENTAGE_ABOVE_ALL];

check! {
    PERCENTAGE_ABOVE_ALL = "RM674" "percentage-above-all" Warn Book(percentage_above_all);
    title: "a target, a result or a decision's figure in percent is above 100%", "以百分比计的目标、业绩或决策数据超过100%";
    why: "Figures in percent are parts of one: 98 counts as 9,800 %, and who reaches 98 % has a hundredth of the target.",
        "以百分比计的数据按小数登记：98 即 9,800%，实际达到 98% 者仅完成目标的百分之一。";
    mend: "Write 0.98 for 98 %. Where more than the whole is meant, allow the finding with its reason.",
        "98%请写作 0.98；确需超过 100% 的，请注明理由后豁免该提示。";
    says: "`{name}` for {period} is {number}, which reads as {percent}%", "{period} “{name}”为 {number}，即 {percent}%";
    example: "# file: rmbook.toml\nname = \"Riverside\"\n[measures.recovery]\ntitle = \"Recovery\"\nunit = \"%\"\nkind = \"balance\"\n\
        # file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n[targets]\n2026-10 = { recovery = 98 }\n";
    mended: "recovery = 98" => "recovery = 0.98";
    entry: Remark;
}

fn percentage_above_all(context: &Context<'_>, found: &mut Found) {
    let (book, settings) = (context.book, &context.book.settings);
    let whole = book.settings_file.map(|file| (file, &settings.targets, &settings.actuals));
    let teams = book.teams.iter().map(|team| (team.file, &team.data.targets, &team.data.actuals));
    let managers = book.managers.iter().map(|it| (it.file, &it.data.targets, &it.data.actuals));
    for (file, targets, actuals) in whole.into_iter().chain(teams).chain(managers) {
        above_all(context, file, "targets", targets, found);
        above_all(context, file, "actuals", actuals, found);
    }
    for team in &book.teams {
        for (index, decision) in team.data.decisions.iter().enumerate() {
            of_decision(context, team.file, index, decision, found);
        }
    }
    // Few books have such a measure, and a book has many months.
    let measures = settings.measures.iter().filter(|(_, measure)| is_fraction(&measure.unit));
    let measures: Vec<&MeasureId> = measures.map(|(name, _)| name).collect();
    let whole = book.settings_file.map(|file| (file, &settings.results));
    let clients = book.clients.iter().map(|client| (client.file, &client.data.results));
    for (file, results) in whole.into_iter().chain(clients).filter(|_| !measures.is_empty()) {
        for (month, figures) in results {
            for (name, figure) in measures.iter().filter_map(|name| Some((*name, figures.get(name)?))) {
                let amount = [figure.avg, figure.end].into_iter().flatten().max();
                let above = amount.filter(|amount| amount.0 > Decimal::ONE);
                found.extend(above.map(|amount| told(file, "results", &month.to_string(), name, amount)));
            }
        }
    }
}

fn above_all(context: &Context<'_>, file: FileId, list: &str, figures: &Targets, found: &mut Found) {
    for (period, line) in figures {
        let above = line.iter().filter(|(_, amount)| amount.0 > Decimal::ONE);
        let above = above.filter(|(name, _)| is_in_percent(context, name));
        found.extend(above.map(|(name, amount)| told(file, list, &period.to_string(), name, *amount)));
    }
}

/// The figures of a decision, of which the metric's own name or a query of it is a measure's or a metric's.
fn of_decision(context: &Context<'_>, file: FileId, index: usize, decision: &Decision, found: &mut Found) {
    let expected = decision.metric.as_ref().zip(decision.expected);
    let expected = expected.map(|(name, figure)| (name, figure, path!["decisions", index, "expected"]));
    let figures = decision.figures.iter();
    let figures =
        figures.map(|(name, figure)| (name, *figure, path!["decisions", index, "figures", name.as_str()]));
    for (name, figure, path) in figures.chain(expected).filter(|(_, figure, _)| figure.0 > Decimal::ONE) {
        let measure = name.split(['.', '{']).next().unwrap_or(name).trim();
        if is_in_percent(context, measure) {
            found.push(above(Place::value(file, path), &decision.id, name, figure.0));
        }
    }
}

fn told(file: FileId, list: &str, period: &str, name: &str, amount: Amount) -> Finding {
    above(Place::value(file, path![list, period, name]), period, name, amount.0)
}

/// What is found of a number for a period, or in a decision.
fn above(place: Place, of: &str, name: &str, number: Decimal) -> Finding {
    let (number, percent) = (number.normalize(), (number * Decimal::ONE_HUNDRED).normalize());
    fires!(PERCENTAGE_ABOVE_ALL, place, name = name, period = of, number = number, percent = percent)
}

/// Whether a measure of the book, or a metric computed from records, is in percent.
fn is_in_percent(context: &Context<'_>, name: &str) -> bool {
    let measure = context.book.settings.measures.get(name).map(|measure| measure.unit.as_str());
    let metric = || context.options.metrics.get(name).map(|metric| metric.unit);
    measure.or_else(metric).is_some_and(is_fraction)
}
