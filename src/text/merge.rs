//! What making two records one says.

super::catalogue! {
    WHO_EARNS = "the figures of the record that goes belong to whom it names here, and the one that stays names others", "被合并的记录的业绩归属由此处约定，与保留的记录不同";
    WHO_EARNS_HELP = "put both together in the record that stays, and take the list out of the other", "请在保留的记录中合并约定，并从被合并的记录中删去该列表";
    ENTRY_TWICE = "both have `{name}` under `{list}`, with other values", "两条记录的 `{list}` 中均有“{name}”，内容不同";
    ENTRY_TWICE_HELP = "give one of them another name, or take it out", "请将其一更名或删去";
    VALUE_TWICE = "both state `{path}`", "两条记录均填写了 `{path}`";
    VALUE_TWICE_HELP = "leave it in one of them: their sum, or the one that is right", "请仅在其一保留：两者之和，或正确的数值";
    OTHER_COMPANY = "`{goes}` and `{stays}` are the codes of two companies", "“{goes}”与“{stays}”分属两家企业";
    NO_TARGET = "the book has no client `{id}` to merge into", "台账中没有可并入的客户“{id}”";
    BROKEN = "a record does not load, so that nobody can tell whether closed periods keep their figures; mend it first", "有记录无法载入，无从判断已封存期间的结果是否不变，请先更正";
    CLOSED = "closed periods would come out otherwise", "已封存期间的结果将会改变";
    DONE = "merged: {old} into {new}, files changed: {files}", "已将“{old}”并入“{new}”，改动文件 {files} 个";
    LEFT_OUT = "`{field}` of {old} is gone: {gone}; {new} has {stands}", "{old} 的 `{field}`（{gone}）未保留，以 {new} 的 {stands} 为准";
    LEAD = "what {lead} led as {old} now counts as {new} says", "{lead} 名下“{old}”的业绩改按“{new}”的约定归属";
}
