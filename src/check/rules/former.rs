//! Ids that records had before: nobody else has them.

use std::collections::BTreeMap;

use super::{check, client};
use crate::book::Former;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::kind::RecordKind;
use crate::source::Place;
use crate::text::check as say;

pub(super) static RULES: &[&Check] = &[&ID_USED_BEFORE];

check! {
    ID_USED_BEFORE = "RM706" "id-used-before" Deny Book(id_used_before);
    title: "an id is one that another record had before", "编号为另一记录的曾用编号";
    why: "Closed periods know the other record by it, and would take two people or companies for one.",
        "已封存期间以该编号指代另一记录，会将两个主体混为一谈。";
    mend: "Give the newer record an id that was never used: `rmbook rename OLD NEW`, and take the id it then remembers out of its \
           `former_ids`; of two records that both remember an id, leave it to the one that had it.",
        "请以 `rmbook rename 旧编号 新编号` 为较新的记录改用从未使用过的编号，并从其 `former_ids` 中删去改名所留的原编号；两条记录均列有同一曾用编号的，仅保留在实际使用过该编号的记录中。";
    says: "{kind} `{other}` had the id `{id}` before", "{kind}“{other}”曾用编号“{id}”";
    example: client!("# file: clients/acme-bearings.toml\nname = \"Fuzhou Bearings\"\ntier = \"base\"\nmanager = \"wang-fang\"\n\
        status = \"active\"\nformer_ids = [\"acme\"]\n");
    mended: "former_ids = [\"acme\"]" => "former_ids = [\"acme-1\"]";
    entry: Whole;
}

fn id_used_before(context: &Context<'_>, found: &mut Found) {
    let mut claimed: BTreeMap<(RecordKind, &str), Former<'_>> = BTreeMap::new();
    for former in context.book.formers().filter(|former| former.old != former.id) {
        let place = |former: Former<'_>| Place::value(former.file, path!["former_ids", former.index]);
        let Former { kind, old, id, .. } = former;
        let tells = |at: Place, of: Former<'_>| {
            let finding = fires!(ID_USED_BEFORE, at, kind = kind.title(), other = of.id, id = old);
            finding.label(place(of), say::ALSO_HERE.into())
        };
        if let Some(file) = context.book.file(kind, old) {
            found.push(tells(Place::file(file), former));
        }
        let first = *claimed.entry((kind, old)).or_insert(former);
        if first.id != id {
            found.push(tells(place(former), first));
        }
    }
}
