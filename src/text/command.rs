//! What commands say beside their data.

super::catalogue! {
    LEFT_OUT = "{kind} {id} does not load and is left out", "{kind}“{id}”无法载入，未计入";
    LEFT_ALONE = "left alone, as it cannot be read: {path}", "文件无法读取，未作处理：{path}";
    FORMATTED = "formatted: {count}", "已规范格式 {count} 个文件";
    LATE = "showing {shown}: the book has no full figures for {last}", "展示 {shown}：台账尚无 {last} 的完整数据";
    RUNNING = "{period} is over after {last}: what is shown is to date", "{period} 于 {last} 日终结束，所示为阶段性结果";
    BROKEN = "records that do not load and would be left out: {count}\nhelp: mend them; reports take `--partial` to go on without them", "无法载入、将被遗漏的记录：{count} 条\nhelp: 请先更正；报表可用 `--partial` 略过";
    TAKEN = "the book has a {kind} `{id}` already", "台账中已有{kind}“{id}”";
    TAKEN_MERGE = "{taken}\nhelp: where both are one: `rmbook rename {old} {new} --merge`", "{taken}\nhelp: 确为同一主体的，可合并：`rmbook rename {old} {new} --merge`";
    SEVERAL_FILES = "the id `{id}` stands for several files: {paths}", "编号“{id}”对应多个文件：{paths}";
    AMBIGUOUS = "`{id}` is ambiguous: {names}\nhelp: name one of them so, or with `--in`", "“{id}”对应多条记录：{names}\nhelp: 请写明其一，或使用 `--in`";
    PATH_TAKEN = "`{path}` is taken by another file", "“{path}”已是另一文件";
    IN_THE_PAST = "a past revision cannot be written to; leave `--at` out", "历史版本不可写入，请勿使用 `--at`";
    UNREADABLE = "`{path}` cannot be rewritten, and what it names would be lost; mend it first", "`{path}` 无法改写，其引用将会丢失，请先更正";
    UNCLEAR = "left alone, as `{old}` may mean something else there: {path}, {field}", "未改动（其中“{old}”未必指该记录），请自行核对：{path} 的 {field}";
    NAMED_ELSEWHERE = "left alone, as it is no record of the book: {path}, which names `{old}`", "未改动（不属台账记录），请自行核对：{path} 中写有“{old}”";
    RENAMED = "renamed: {old} to {new}, files changed: {files}", "已将“{old}”更名为“{new}”，改动文件 {files} 个";
}
