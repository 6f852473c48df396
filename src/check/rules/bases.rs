//! What increments are measured from: where some clients have a base of the year, those who were there before it have one too.

use std::collections::BTreeSet;

use super::{check, client};
use crate::book::base::Base;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::period::{Grain, Months, Period};
use crate::record::value::Year;
use crate::source::Place;

pub(super) static RULES: &[&Check] = &[&BASE_MISSING];

check! {
    BASE_MISSING = "RM220" "base-missing" Warn Book(base_missing);
    title: "a client of before the year has no base", "存量客户缺少年度基数";
    why: "Its whole balance would pass for an increment, so that the increment of whoever earns from it is missing instead.",
        "若按零计算，其全部余额将被视为增量；因此相关客户经理的增量暂按缺数处理。";
    mend: "State its `base` of the year, 0 where there was nothing, or enter the December before; of a client that came in the year, enter `since`.",
        "请登记该年 `base`（当时为零的填 0），或补录上年12月数据；年内新客户请填写 `since`。";
    says: "no base of `{measure}` for {year}, though the client was there before", "存量客户未登记 {year} 年“{measure}”基数";
    example: client!("[results]\n2026-10 = { deposits = 5000 }\n# file: clients/other.toml\nname = \"Fuzhou Bearings\"\ntier = \"base\"\n\
        manager = \"wang-fang\"\nstatus = \"active\"\nbase = { 2026 = { deposits = 4800 } }\n[results]\n2026-10 = { deposits = 5000 }\n");
    mended: "[results]\n2026-10 = { deposits = 5000 }" => "base = { 2026 = { deposits = 4800 } }\n[results]\n2026-10 = { deposits = 5000 }";
    entry: Whole;
}

fn base_missing(context: &Context<'_>, found: &mut Found) {
    let Some(latest) = context.latest else { return };
    let months = Months { first: Period::containing(latest, Grain::Year).first(), last: latest };
    let year = latest.year();
    let clients = || context.book.clients.iter();
    let stated = clients().filter_map(|client| client.data.base.get(&Year(year)));
    let measures: BTreeSet<&str> = stated.flat_map(|bases| bases.keys().map(|measure| &**measure)).collect();
    if measures.is_empty() {
        return;
    }
    let figured = clients().any(|client| client.data.results.contains_key(&Base::month(year)));
    for client in clients() {
        for measure in &measures {
            if Base::of(&client.data, measure, false, months, figured) == Base::Lacking {
                let place = Place::key(client.file, path!["base"]);
                found.push(fires!(BASE_MISSING, place, measure = *measure, year = year));
            }
        }
    }
}
