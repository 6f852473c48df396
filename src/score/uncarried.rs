//! Figures that a policy takes from clients, none of whom carries them, while managers record them as their own.

use std::collections::BTreeSet;

use super::apply::Policies;
use super::facts::Source;
use super::grades::scored;
use crate::book::Book;
use crate::diag::{Finding, Level, Rule};
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::policy::Policy;
use crate::policy::expr::{Expr, Leaf};
use crate::policy::plan::{Form, Item, Line, Plan};
use crate::source::{KeyPath, Place};
use crate::text::{Message, Text, score as say};

/// A policy that takes from clients what only managers record.
pub static CARRIED_BY_NONE: Rule = Rule {
    code: "RM687",
    name: "actuals-not-read",
    level: Level::Warn,
    title: Text::new(
        "a policy takes from clients what only managers record",
        "办法取客户口径数据，而该数据仅登记于客户经理名下",
    ),
    why: Text::new(
        "`granted.sum` adds up what a manager's clients carry; what the manager records under `actuals` is no part of it, and has a \
         name of its own. Nobody's figure is known, or it counts as nothing.",
        "`granted.sum` 汇总名下客户的数据，不含登记于客户经理 `actuals` 的数据（后者另有名称）；各人数据因此缺失或按零计。",
    ),
    mend: Text::new(
        "Name the figure of the manager: `actuals.granted`. Or record it with the clients.",
        "请改引用客户经理的数据，写作 `actuals.granted`；或将数据登记于客户。",
    ),
    example: concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n[actuals]\n2026-09 = { fee_income = 5 }\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"fees\"\namount = \"fee_income.sum * 1%\"\n"
    ),
};

/// Every rule of this file.
pub static RULES: &[&Rule] = &[&CARRIED_BY_NONE];

/// A finding for each measure that a policy takes from clients, and only managers record while it is in force.
pub(super) fn findings(portfolios: &Portfolios<'_>, policies: &Policies) -> Vec<Finding> {
    if portfolios.of_managers_alone.is_empty() {
        return Vec::new();
    }
    policies.all().flat_map(|(_, policy)| of_policy(portfolios, policy)).collect()
}

fn of_policy(portfolios: &Portfolios<'_>, policy: &Policy) -> Vec<Finding> {
    let book = portfolios.book();
    let asks = policy.asks();
    let own = |name: &str| asks.iter().any(|ask| ask.source == Source::Actuals && *ask.query.name == *name);
    let in_force = |period: Period| {
        let until = policy.record.until.map(|until| until.0);
        period.months().last_day() >= policy.record.effective.0
            && until.is_none_or(|until| period.months().first_day() <= until)
    };
    let asked: BTreeSet<&str> =
        asks.iter().filter(|ask| ask.source == Source::Manager).map(|ask| &*ask.query.name).collect();
    let mut found = Vec::new();
    for asked in asked {
        for name in made_of(book, asked)
            .into_iter()
            .filter(|name| !own(name) && portfolios.of_managers_alone.contains(name))
        {
            let mut managers = book.managers.iter().filter(|manager| {
                let mut lines = manager.data.actuals.iter();
                lines.any(|(period, line)| in_force(*period) && line.contains_key(name))
            });
            let Some(first) = managers.next() else { continue };
            let others = managers.count();
            let at = Place::value(policy.file, place(policy, asked));
            let message = msg!(say::RECORDED_ONLY, name = name, manager = &*first.id, count = others + 1);
            let finding = Finding::new(&CARRIED_BY_NONE, at, message);
            found.push(finding.help(Some(msg!(say::NAME_ACTUALS, name = name))));
        }
    }
    found
}

/// The measure of the settings a name is, or those that a ratio divides.
fn made_of<'n>(book: &'n Book, name: &'n str) -> Vec<&'n str> {
    let Some(measure) = book.settings.measures.get(name) else { return Vec::new() };
    let sides: Vec<&str> =
        [&measure.numerator, &measure.denominator].into_iter().flatten().map(|it| &**it).collect();
    if sides.is_empty() { vec![name] } else { sides }
}

/// Where a policy first takes a figure from clients.
fn place(policy: &Policy, name: &str) -> KeyPath {
    let asks = |expression: &Expr| {
        let mut found = false;
        expression.leaves(&mut |leaf| {
            found |= matches!(leaf, Leaf::Ask(ask, _) if ask.source == Source::Manager && *ask.query.name == *name);
        });
        found
    };
    let of_item = |item: &Item| {
        let keys = [
            ("value", &item.value),
            ("points", &item.points),
            ("target", &item.target),
            ("when", &item.when),
        ];
        let mut stated =
            keys.into_iter().filter_map(|(key, stated)| stated.as_ref().map(|stated| (key, stated)));
        let key = stated.find(|(_, stated)| asks(stated)).map(|(key, _)| item.path.join(key));
        let mut within = false;
        item.expressions(&mut |expression| within |= asks(expression));
        key.or(within.then(|| item.path.clone()))
    };
    let of_line = |plan: &Plan| {
        let within = |line: &Line| {
            let mut within = false;
            line.expressions(&mut |expression| within |= asks(expression));
            within
        };
        let (at, line) = plan.pay.as_ref()?.lines.iter().enumerate().find(|(_, line)| within(line))?;
        let whole = path!["pay", "lines", at];
        Some(if matches!(&line.form, Form::Amount(amount) if asks(amount)) {
            whole.join("amount")
        } else {
            whole
        })
    };
    // Under a variant entries have other numbers.
    let base = &policy.base;
    base.items.iter().find_map(of_item).or_else(|| of_line(base)).unwrap_or_else(|| path!["title"])
}

/// Why a figure of a manager's clients is not known: no client carries it, and managers record it as their own.
pub(super) fn recorded_only(portfolios: &Portfolios<'_>, name: &str) -> Option<Message> {
    let alone = &portfolios.of_managers_alone;
    if alone.is_empty() {
        return None;
    }
    let name = made_of(portfolios.book(), name).into_iter().find(|name| alone.contains(name))?;
    Some(msg!(say::CARRIED_BY_NONE, name = name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Asked;
    use crate::score::apply::{Request, run};
    use crate::source::Snapshot;
    use crate::text::Lang;

    /// What is found in the example with this in the place of the last line, and Wang's pay of September.
    fn found(line: &str, more: &str) -> (Vec<String>, String) {
        let text = CARRIED_BY_NONE.example.replace("amount = \"fee_income.sum * 1%\"", line);
        assert!(text.contains(line));
        let text = format!("{text}{more}");
        let files = text.split("# file: ").filter_map(|part| part.split_once('\n'));
        let (book, broken) = crate::book::load(&Snapshot::new(
            files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))),
        ));
        assert_eq!(broken, []);
        let (portfolios, policies) = (Portfolios::new(&book), Policies::of(&book));
        assert_eq!(policies.ready.len(), 1, "{:?}", policies.findings);
        let told = findings(&portfolios, &policies);
        let told = told.iter().map(|it| format!("{:?} {}", it.at.target, it.message.get(Lang::En))).collect();
        let request = Request { period: Some("2026-09".parse().unwrap()), ..Request::default() };
        let asked = Asked::default();
        let card = run(&portfolios, &policies, request, &asked).unwrap().remove(0).cards.remove(0);
        let pay = match card.unpaid.first() {
            Some(error) => error.reason.get(Lang::En),
            None => card.pay.unwrap().total.normalize().to_string(),
        };
        (told, pay)
    }

    #[test]
    fn what_only_managers_record_is_no_figure_of_clients() {
        let (told, pay) = found("amount = \"fee_income.sum * 1%\"", "");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("`fee_income`") && told[0].contains("1 manager, such as wang-fang"),
            "{told:?}"
        );
        assert_eq!(
            pay,
            "`fee_income.sum`: no client carries `fee_income`; what managers record as their own is `actuals.fee_income`"
        );
        // 1 % of the 5 recorded.
        assert_eq!(found("amount = \"actuals.fee_income * 1%\"", ""), (vec![], "0.05".to_owned()));
        // Somebody who takes both knows of them.
        let (told, _) = found("amount = \"(default(fee_income.sum, 0 元) + actuals.fee_income) * 1%\"", "");
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn what_any_client_carries_is_known() {
        let carried = "# file: clients/other.toml\nname = \"O\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n\
            [results]\n2026-09 = { fee_income = 7 }\n";
        assert_eq!(found("amount = \"fee_income.sum * 1%\"", carried), (vec![], "0".to_owned()));
    }
}
