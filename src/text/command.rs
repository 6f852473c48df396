//! What commands say beside their data.

super::catalogue! {
    LEFT_OUT = "{kind} {id} does not load and is left out", "{kind}“{id}”无法载入，未计入";
    LEFT_ALONE = "left alone, as it cannot be read: {path}", "文件无法读取，未作处理：{path}";
    FORMATTED = "formatted: {count}", "已规范格式 {count} 个文件";
    LATE = "showing {shown}: the book has no full figures for {last}", "展示 {shown}：台账尚无 {last} 的完整数据";
    RUNNING = "{period} is not over before {last}: what is shown is to date", "{period} 至 {last} 方告结束，所示为阶段性结果";
    RENAMED = "renamed: {old} to {new}, files changed: {files}", "已将“{old}”更名为“{new}”，改动文件 {files} 个";
}
