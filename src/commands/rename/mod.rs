//! `rmbook rename`: another id for a record, everywhere it is named; [`merge`] makes two records one.

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, WriteArgs, Writing};
use crate::book::is_id;
use crate::draft::plan::id_fault;
use crate::draft::rename::Renaming;
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::store;
use crate::text::{Message, command, finding};

mod merge;

/// Kinds whose records have an id of their own; a review goes by its period and its manager.
const KINDS: [RecordKind; 4] =
    [RecordKind::Client, RecordKind::Manager, RecordKind::Team, RecordKind::Policy];

/// Give a record another id, and rewrite every reference to it
/// 更改记录编号，并改写所有引用
///
/// The file, all that names the record, in policies also expressions, constants and tests, and with a manager the manager's
/// reviews change together or not at all; where a policy may mean the record or other words, it is left and said. The record
/// remembers the id it had, so that closed periods, which are left as they were frozen, still find it.
/// 记录的文件、所有引用（考核办法中还包括公式、常数和测试用例），以及客户经理名下的考核，一并更改或均不更改；
/// 考核办法中未必指该记录的文字不作改动并予提示。记录中保留原编号，已封存期间保持原样并仍能找到该记录。
///
/// With `--merge` two files of one company become one: visits, deals, complaints, facilities, contacts and months of OLD go to
/// NEW in the order of their days, and NEW remembers the id. What both state otherwise stops it and is said: the same month of
/// a measure, an entry of the same name, two credit codes, shares and handovers; so does a closed period that would come out
/// otherwise. Of single values those of NEW stand, and the others are said. Comments of OLD stay in git's history alone.
/// 使用 `--merge` 时将同一企业的两条记录合并：旧记录的拜访、商机、投诉、授信、联系人和各月业绩按日期并入新记录，
/// 新记录保留原编号。两条记录相互矛盾时停止合并并列明：同一指标的同一月份、同名条目、两个统一社会信用代码、分成比例及移交；
/// 已封存期间结果会改变的亦同。单值字段以新记录为准，其余列明。旧记录的注释仅留存于 git 历史。
#[derive(Clone, Debug, Args)]
pub(super) struct RenameArgs {
    /// Id of the record; where several kinds have it, `KIND/ID`
    /// 记录编号；多类记录有同一编号的，写作 `类别/编号`
    old: String,
    /// Its new id
    /// 新编号
    new: String,
    /// Make two clients one: what OLD holds goes to NEW, which is there already
    /// 合并两户客户：旧记录的内容并入已有的新记录
    #[arg(long)]
    merge: bool,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &RenameArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let mut writing = Writing::open(context, &args.write)?;
    if args.merge {
        return merge::run((&args.old, &args.new), writing, context);
    }
    let (kind, path) = writing.resolve(&args.old, &KINDS)?;
    let old = RecordKind::of_path(&path).map_or(args.old.as_str(), |(_, id)| id);
    let renaming = Renaming { kind, old, new: &args.new };
    refuse_bad_id(&renaming, &writing)?;
    let unclear =
        rewrite(&renaming, &mut writing, &mut |writing, of, (path_of, id), (text, mut renamed)| {
            if path_of == path {
                renamed = renaming.remembered(&renamed).or_fail(|| unreadable(path_of))?;
            }
            let is_review = of == RecordKind::Review && kind == RecordKind::Manager;
            let named_so = path_of == path || is_review && id.ends_with(&format!("/{old}"));
            match path_of.rsplit_once('/').filter(|_| named_so) {
                Some((folder, _)) => writing.rename(path_of, &format!("{folder}/{}.toml", args.new), renamed),
                None if renamed != text => writing.put(path_of, Some(renamed)),
                None => Ok(()),
            }
        })?;
    let files = writing.finish(context)?;
    if !args.write.dry_run {
        context.say(&msg!(command::RENAMED, old = old, new = &args.new, files = files))?;
    }
    for message in &unclear {
        context.say(message)?;
    }
    Ok(ExitStatus::Clean)
}

fn unreadable(path: &str) -> Message {
    msg!(command::UNREADABLE, path = path)
}

/// What is done with a record: its kind, its path and id, its text and the one with the new id.
type Each<'e> =
    dyn FnMut(&mut Writing, RecordKind, (&str, &str), (String, String)) -> anyhow::Result<()> + 'e;

/// Hands every record of the book to `each`, with the new id wherever it says the old one; says where only its author knows
/// whether the record is meant.
fn rewrite(
    renaming: &Renaming<'_>,
    writing: &mut Writing,
    each: &mut Each<'_>,
) -> anyhow::Result<Vec<Message>> {
    let old = renaming.old;
    let snapshot = store::read_book(&writing.root)?;
    let mut unclear = Vec::new();
    for (file, source) in snapshot.sources.iter() {
        let Some((of, id)) = RecordKind::of_path(&source.path) else { continue };
        let text = if snapshot.reason(file).is_none() { writing.read(&source.path)? } else { None };
        let text = text.or_fail(|| unreadable(&source.path))?;
        let rewritten = renaming.in_text(of, &text).or_fail(|| unreadable(&source.path))?;
        for at in rewritten.unclear {
            unclear.push(msg!(command::UNCLEAR, path = &source.path, field = at.to_string(), old = old));
        }
        each(writing, of, (&source.path, id), (text, rewritten.text))?;
    }
    let quoted = ['"', '\''].map(|quote| format!("{quote}{old}{quote}"));
    for (path, text) in store::read_others(&writing.root) {
        if quoted.iter().any(|quoted| text.contains(quoted)) {
            unclear.push(msg!(command::NAMED_ELSEWHERE, path = path, old = old));
        }
    }
    Ok(unclear)
}

fn refuse_bad_id(renaming: &Renaming<'_>, writing: &Writing) -> anyhow::Result<()> {
    let Renaming { kind, old, new } = *renaming;
    let mut known = writing.known();
    if !is_id(new) {
        bail!(failure(msg!(finding::EMPTY_ID, id = new)));
    }
    if let Some(fault) = id_fault(kind, new, Some(old), &mut known) {
        bail!(failure(fault));
    }
    if old == new || known.ids(kind.name()).contains(new) {
        let taken = msg!(command::TAKEN, kind = kind.title(), id = new);
        if old == new || kind != RecordKind::Client {
            bail!(failure(taken));
        }
        bail!(failure(msg!(command::TAKEN_MERGE, taken = taken, old = old, new = new)));
    }
    Ok(())
}
