//! What adding, changing and importing records say.

super::catalogue! {
    UNKNOWN_FIELD = "no field is called `{name}`", "没有名为“{name}”的字段";
    KNOWN_FIELDS = "fields: {names}", "可用字段：{names}";
    MISSING_FIELD = "`{field}` is missing: {doc}", "缺少“{field}”：{doc}";
    A_DAY = "a date such as 2026-10-09, `yesterday` or `3 days ago`", "日期，如 2026-10-09、昨天";
    NO_AMOUNT = "`{figure}` names no amount; `rmbook set` with nothing behind the `=` takes a figure away", "“{figure}”未写数值；删除数据请用 `rmbook set`，等号后留空";
    CONFLICT = "`{path}` holds a merge conflict, line {line}, and cannot be written to\nhelp: settle it first: `rmbook edit`, or git", "`{path}` 第 {line} 行残留合并冲突标记，不能写入\nhelp: 请先解决冲突（`rmbook edit` 或 git）";
    A_PAIR = "`KEY=VALUE`", "`键=值`";
    IN_PARTS = "write `{path}.{field}=…`, or all at once: `{path}={all}`", "请写作 `{path}.{field}=…`，或一次写全：`{path}={all}`";
    UNEVEN = "given {count:time|times}, another field of the same entries {most} times", "给出 {count} 次，同一条目的其他字段给出 {most} 次";
    NO_LEAD = "the client's lead is not known; name the manager", "无法确定主办客户经理，请指明客户经理";
    TWICE = "`{field}` is given twice", "“{field}”重复给出";
    ROWS_DIFFER = "{value} here, {other} in row {row}", "此处为 {value}，第 {row} 行为 {other}";
    DIFFERS = "{path} already has it with other values", "{path} 中已有该记录，内容不同";
    ANOTHER = "if it is another one of that day, number it: `n = 2`, or `--n 2`", "如为同日另一条，请编号：`n = 2` 或 `--n 2`";
    ROW = "row {number}: {words}", "第 {number} 行：{words}";
    ADDED = "added: {count}, files changed: {files}", "新增 {count} 条，改动文件 {files} 个";
    UPDATED = "changed: {count}, files changed: {files}", "更新 {count} 条，改动文件 {files} 个";
    WOULD_ADD = "would add: {count}, files to change: {files}", "将新增 {count} 条，涉及文件 {files} 个";
    WOULD_UPDATE = "would change: {count}, files to change: {files}", "将更新 {count} 条，涉及文件 {files} 个";
    THERE = "already there: {count}", "{count} 条已存在";
    NOTHING_WRITTEN = "nothing was written", "未写入任何内容";
    NO_PARTS = "`{path}` has no parts", "“{path}”没有下级字段";
    NO_LIST = "`{path}` is no list; leave `[{name}]` out", "“{path}”不是列表，请去掉“[{name}]”";
    NO_ENTRY = "no entry of `{path}` is called `{name}`", "“{path}”中没有条目“{name}”";
    SEVERAL = "several entries of `{path}` are called `{name}`; add more of {keys}", "“{path}”中有多条“{name}”，请补充 {keys}";
    ENTRIES = "`{path}` holds {count}, such as `{near}`", "“{path}”共 {count} 条，如“{near}”";
    UNFILLED = "put {what} in place of `{blank}`", "请将“{blank}”替换为{what}";
    WORDS = "words of your own", "实际内容";
    ID_OF = "the id of a {kind}", "{kind}编号";
    KEPT_LATER = "how it stood up to {until} is known already", "截至 {until} 的状态已有记录";
    KEEP_HELP = "correct the `history` itself, give a later day with `--on`, or use `--correct` to mend a mistake", "请直接更正 history，或以 --on 指定更晚的日期；更正录入错误请用 --correct";
    NOT_AHEAD = "cannot change on a day to come: nothing says what holds up to then", "无法预先登记：没有可保留的原值";
    NOT_AHEAD_HELP = "change it on its day, or now without `--on`; what can be planned is what a `history` keeps, such as a manager's team or a client's tier",
        "请在当日修改，或不带 --on 立即修改；仅由 history 保留原值的字段可预先登记，如客户经理的团队、客户的分层";
    CHANGED_AHEAD = "changed: {path}, from {day} on", "已修改：{path}，自 {day} 起生效";
    WOULD_CHANGE = "would change: {path}", "将修改：{path}";
    WHOLE_RECORD = "name a field", "请指明字段";
    CHANGED = "changed: {path}", "已修改：{path}";
    UNCHANGED = "unchanged: {path}", "无变化：{path}";
    IN_FILE = "{path}: {words}", "{path}：{words}";
    EDIT_AGAIN = "edit again? [Y/n]", "是否重新编辑？[Y/n]";
    NEW_BOOK = "a new book in {path}; `rmbook -C {path} add manager ID --name NAME` adds the first record", "已在 {path} 新建台账；可用 `rmbook -C {path} add manager 编号 --name 姓名` 新增首条记录";
    NO_SOURCE = "before CI runs: put the repository that rmbook comes from in place of {placeholder} in .github/workflows/rmbook.yml or .gitlab-ci.yml, and delete the one you do not use (`rmbook init --source URL` writes it)", "启用 CI 前：请将 .github/workflows/rmbook.yml 或 .gitlab-ci.yml 中的 {placeholder} 改为 rmbook 的实际仓库地址，不用的文件请删除（`rmbook init --source 地址` 可直接写入）";
    SCHEMAS = "files written for editors: {count}", "已写入编辑器配置文件 {count} 个";
    MORE_REMARKS = "{count:more remark|more remarks}: `rmbook check` shows them all", "另有 {count} 条提示，可用 `rmbook check` 查看全部";
    SKIPPED = "rows left out: {count}", "跳过 {count} 行";
    PROGRESS = "{done} of {total} files", "已处理 {done}/{total} 个文件";
    NO_COLUMN = "no column is called `{column}`{file}; there are: {columns}", "没有名为“{column}”的列{file}，现有列：{columns}";
    NOT_IN_FILE = "`{value}` is not in {file}", "{file} 中没有“{value}”";
    NOT_IN_TABLE = "`{value}` is not in the table of values", "“{value}”不在取值对照表中";
    NOT_A_NUMBER = "`{value}` is not a number; separators part groups of three digits", "“{value}”不是数字；分隔符应每三位一组";
    SEVERAL_CALLED = "several are called `{name}`; write the id: {ids}", "名为“{name}”的有多个，请写编号：{ids}";
    UNKNOWN_ID = "the book has no {kind} `{id}`", "台账中没有{kind}“{id}”";
    UNKNOWN_MEASURE = "no measure is called `{id}`", "没有名为“{id}”的指标";
    DECLARE_MEASURE = "measures are declared in rmbook.toml", "指标在 rmbook.toml 中定义";
}
