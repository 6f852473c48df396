//! `rmbook show`: the whole picture of one record.

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, held_by, no_record};
use crate::book::Book;
use crate::diag::nearest;
use crate::draft::around::several_called;
use crate::failure::failure;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::report::{self, Page, Personal};
use crate::text::{Message, finding, run};

/// Show the whole picture of a client, a manager, a team or any other record
/// 显示客户、客户经理、团队或其他记录的全貌
///
/// A client: who looks after it and earns its figures, results with their course, what is owed, people, visits, needs, deals,
/// complaints, credit and risks. A manager: scorecards up to today and where points are lost, what is to be talked about in the
/// next one-to-one, clients, targets and pace, what is owed, appraisals, talks, training. A team: members, targets and pace,
/// meetings, activities, plans and decisions.
/// 客户：管户与业绩归属、业绩及走势、待办、联系人、拜访、需求、商机、投诉、授信和风险。客户经理：截至今日的考核结果及失分项、
/// 下次一对一沟通的议题、客户、目标与进度、待办、考核、面谈和培训。团队：成员、目标与进度、会议、活动、计划和决策。
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Id of the record; where several kinds have it, `KIND/ID` or `KIND ID`
    /// 记录编号；多类记录有同一编号的，写作 `类别/编号` 或 `类别 编号`
    #[arg(value_name = "ID")]
    id: String,
    /// The id, where the kind stands before it
    /// 编号（类别写在其前时）
    #[arg(value_name = "ID", hide = true)]
    of_kind: Option<String>,
    /// Show telephone numbers and other personal data too
    /// 一并显示电话等个人信息
    #[arg(long)]
    with_personal: bool,
}

pub(super) fn run(args: &ShowArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let (loaded, left_out) = context.load_whole()?;
    let (kind, id) = match &args.of_kind {
        Some(id) => find(&loaded.book, &format!("{}/{id}", kind_named(&args.id, id)?.name()))?,
        None => find(&loaded.book, &args.id)?,
    };
    let page = Page {
        book: &loaded.book,
        sources: &loaded.snapshot.sources,
        today: context.today,
        personal: if args.with_personal { Personal::With } else { Personal::Without },
    };
    let mut tables = report::show(&page, kind, &id);
    if let Some(first) = tables.first_mut() {
        first.notes.extend(left_out);
    }
    context.write_tables(&tables)?;
    Ok(ExitStatus::Clean)
}

/// The kind a word before an id names.
fn kind_named(word: &str, id: &str) -> anyhow::Result<RecordKind> {
    let Some(kind) = RecordKind::of_word(word) else {
        bail!(failure(msg!(run::ONE_AT_A_TIME, word = word, id = id)));
    };
    Ok(kind)
}

/// The one record a word names: its id, or `KIND/ID`.
fn find(book: &Book, word: &str) -> anyhow::Result<(RecordKind, String)> {
    if let Some((kind, id)) = word.split_once('/')
        && let Some(kind) = RecordKind::named(kind)
        && book.file(kind, id).is_some()
    {
        return loads(book, kind, id);
    }
    let path = RecordKind::of_path(word.strip_prefix("./").unwrap_or(word)).filter(|_| word.contains('/'));
    if let Some((kind, id)) = path.filter(|(kind, id)| book.file(*kind, id).is_some()) {
        return loads(book, kind, id);
    }
    let (kinds, name) = match word.split_once('/').and_then(|(kind, id)| Some((RecordKind::named(kind)?, id)))
    {
        Some((kind, id)) => (vec![kind], id),
        None => (RecordKind::ALL.to_vec(), word),
    };
    let found: Vec<RecordKind> =
        RecordKind::ALL.iter().copied().filter(|kind| is_named(book, *kind, word)).collect();
    match found.as_slice() {
        [kind] => loads(book, *kind, word),
        [] => {
            let called = |kind: &RecordKind| {
                book.called(*kind, name).into_iter().map(|id| (*kind, id.to_owned())).collect::<Vec<_>>()
            };
            let called: Vec<(RecordKind, String)> = kinds.iter().flat_map(called).collect();
            match called.as_slice() {
                [] => {}
                [(kind, id)] => return loads(book, *kind, id),
                several => {
                    let ids: Vec<String> =
                        several.iter().map(|(kind, id)| format!("{}/{id}", kind.name())).collect();
                    bail!(failure(several_called(name, &ids)))
                }
            }
            if let [kind] = kinds[..] {
                return Err(no_record(book, kind, name));
            }
            bail!(failure(msg!(run::NO_RECORD_CALLED, id = word, help = similar(book, word))))
        }
        several => {
            let names: Vec<String> = several.iter().map(|kind| format!("`{}/{word}`", kind.name())).collect();
            let names = Message::both(names.join(" or "), names.join("或"));
            bail!(failure(msg!(run::SEVERAL_RECORDS, id = word, names = names)))
        }
    }
}

/// Which records of any kind a word that names none may mean.
fn similar(book: &Book, word: &str) -> Message {
    if let Some(now) = RecordKind::ALL.iter().find_map(|kind| book.formerly(*kind, word)) {
        return msg!(finding::FORMERLY, old = word, id = now);
    }
    let ids = RecordKind::ALL.iter().flat_map(|kind| book.ids(*kind));
    if let Some(near) = nearest(word, ids) {
        return msg!(run::SIMILAR_ID, near = near);
    }
    held_by(&book.holding(word)).unwrap_or_else(|| {
        let lists = RecordKind::ALL.iter().filter(|kind| kind.is_many() && !book.ids(**kind).is_empty());
        let lists: Vec<String> = lists.map(|kind| format!("`rmbook list {}`", kind.place())).collect();
        msg!(run::IDS_LISTED, lists = Message::list(&lists))
    })
}

fn is_named(book: &Book, kind: RecordKind, word: &str) -> bool {
    (kind.is_many() || word == kind.name()) && book.file(kind, word).is_some()
}

fn loads(book: &Book, kind: RecordKind, id: &str) -> anyhow::Result<(RecordKind, String)> {
    if book.broken.contains_key(&(kind, id.to_owned())) {
        bail!(failure(msg!(run::DOES_NOT_LOAD, kind = kind.title(), id = id)));
    }
    Ok((kind, id.to_owned()))
}
