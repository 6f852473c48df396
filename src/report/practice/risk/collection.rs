//! What fell due and what came in: every declared ratio, such as due-loan recovery and interest collection.

use super::super::{Col, Input, Sheet, figure, number, ratio, share};
use crate::record::settings::Measure;
use crate::table::{Cell, Table};
use crate::text::Text;

const COLLECTIONS: Sheet = Sheet {
    name: "collections",
    title: Text::new("What fell due and what came in", "到期收回与收息情况"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::text("measure", "Measure", "指标"),
        Col::number("due", "Due", "应收"),
        Col::number("collected", "Collected", "实收"),
        Col::number("short", "Short", "未收"),
        Col::ratio("ratio", "Ratio", "收回率").bar(),
    ],
};

pub(super) fn table(input: &Input<'_>) -> Table {
    let mut table = COLLECTIONS.table(input);
    for body in input.bodies() {
        for (id, measure) in &input.book.settings.measures {
            if let Some(figures) = figures(input, &body.portfolio.scope(false), measure) {
                let name = Cell::from(id.as_ref());
                table.push(body.cells().into_iter().chain([name]).chain(figures).collect());
            }
        }
    }
    table
}

/// The figures of a declared ratio; nothing where nothing fell due.
fn figures(input: &Input<'_>, scope: &crate::metric::Scope<'_>, measure: &Measure) -> Option<Vec<Cell>> {
    let of = |id: &str| figure(scope, id, input.book.settings.measures.get(id)?.kind, input.to_date());
    let due = of(measure.denominator.as_deref()?).filter(|due| !due.is_zero())?;
    let collected = of(measure.numerator.as_deref()?)?;
    Some(vec![number(due), number(collected), number(due - collected), ratio(share(collected, due))])
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    #[test]
    fn what_came_in_is_held_against_what_fell_due() {
        let book = "# file: rmbook.toml\nname = '支行'\n[measures.due]\ntitle = '到期本金'\nunit = '万元'\nkind = 'flow'\n\
             [measures.in]\ntitle = '收回'\nunit = '万元'\nkind = 'flow'\n[measures.recovery]\ntitle = '收回率'\n\
             unit = '%'\nkind = 'ratio'\nnumerator = 'in'\ndenominator = 'due'\n\
             # file: managers/li-na.toml\nname = '李娜'\n\
             # file: managers/wang-fang.toml\nname = '王芳'\n\
             # file: clients/a.toml\nname = '甲'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n\
             results = { 2026-10 = { due = 800, in = 760 } }\n\
             # file: clients/b.toml\nname = '乙'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n\
             results = { 2026-10 = { due = 200, in = 200 } }\n";
        // 760 + 200 of 800 + 200.
        assert_eq!(
            lines(book, "risk", "collections", "2026-10"),
            [
                "unit | - | 支行 | recovery | 1000 | 960 | 40 | 96%",
                "manager | li-na | 李娜 | recovery | 800 | 760 | 40 | 95%",
                "manager | wang-fang | 王芳 | recovery | 200 | 200 | 0 | 100%",
            ]
        );
    }
}
