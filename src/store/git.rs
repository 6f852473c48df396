//! A past revision of a book, read with git's plumbing.
//!
//! Only `rev-parse`, `ls-tree` and `cat-file --batch` run: they execute nothing that a repository's own configuration
//! names, where `log`, `diff` or `status` may. What a user calls a revision is resolved to a hash first and never seen by
//! git again.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};

use super::read::is_utf16;
use super::{RECORD_LIMIT, SETTINGS, is_ours, is_ours_in_other_case};
use crate::failure::{OrFail, failure};
use crate::msg;
use crate::source::{Reason, Snapshot};
use crate::text::{Message, run};

/// How long git may take for one question.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The most git may answer: more than twice a book of 100,000 clients.
const OUTPUT_LIMIT: u64 = 2 << 30;

/// Variables git itself sets for a hook that looks at objects not yet accepted; all others of git's are cleared.
const KEPT: [&str; 2] = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];

/// The book at `root` as it was at a git revision: a branch, a tag, a hash, `HEAD~3`.
pub fn read_revision(root: &Path, revision: &str) -> anyhow::Result<Snapshot> {
    let git = Git::new(root)?;
    let folder = git.line(&["rev-parse", "--show-prefix"]).or_fail(|| run::NO_HISTORY)?;
    let commit = git.resolve(revision)?;
    let tree = format!("{commit}:{}", folder.trim_end_matches('/'));
    let listed = git
        .run(&["ls-tree", "-r", "-z", "-l", "--full-tree", &tree], Vec::new())
        .or_fail(|| msg!(run::NOT_YET, revision = revision))?;
    let mut files = Vec::new();
    let mut blobs = Vec::new();
    for entry in listed.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        match read_entry(entry)? {
            Entry::Text { path, hash } => blobs.push((path, hash)),
            Entry::Odd { path, reason } => files.push((path, Err(reason))),
            Entry::Foreign => {}
        }
    }
    if !blobs.iter().any(|(path, _)| path == SETTINGS) {
        bail!(failure(msg!(run::NO_BOOK_AT, revision = revision, settings = SETTINGS)));
    }
    let texts = git.texts(&blobs)?;
    files.extend(blobs.into_iter().map(|(path, _)| path).zip(texts));
    Ok(Snapshot::new(files))
}

/// The hash of the commit that a user's words mean in the history of the book at `root`; nothing where it has none.
pub fn commit_of(root: &Path, revision: &str) -> anyhow::Result<Option<String>> {
    let Ok(git) = Git::new(root) else { return Ok(None) };
    if git.line(&["rev-parse", "--show-prefix"]).is_err() {
        return Ok(None);
    }
    git.resolve(revision).map(Some)
}

/// One line of `ls-tree`.
enum Entry {
    Text { path: String, hash: String },
    Odd { path: String, reason: Reason },
    Foreign,
}

fn read_entry(entry: &[u8]) -> anyhow::Result<Entry> {
    let unexpected = || failure(run::ODD_LISTING);
    let tab = entry.iter().position(|byte| *byte == b'\t').ok_or_else(unexpected)?;
    let path = String::from_utf8_lossy(&entry[tab + 1..]);
    if is_ours_in_other_case(&path) {
        return Ok(Entry::Odd { path: path.into_owned(), reason: Reason::OtherCase });
    }
    if !is_ours(&path) {
        return Ok(Entry::Foreign);
    }
    let path = path.into_owned();
    let fields = std::str::from_utf8(&entry[..tab])?;
    let [mode, _, hash, size] = fields.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
        return Err(unexpected());
    };
    let size = size.parse().unwrap_or(0);
    let reason = match mode {
        "120000" => Reason::Link,
        "160000" => Reason::NotAFile,
        _ if std::str::from_utf8(&entry[tab + 1..]).is_err() => Reason::OddName,
        _ if size > RECORD_LIMIT => Reason::TooLarge { size, limit: RECORD_LIMIT },
        _ => return Ok(Entry::Text { path, hash: hash.to_owned() }),
    };
    Ok(Entry::Odd { path, reason })
}

/// How git is run here: found outside the book, without hooks, prompts, fetches or the caller's `GIT_*`.
struct Git {
    program: PathBuf,
    root: PathBuf,
}

impl Git {
    fn new(root: &Path) -> anyhow::Result<Self> {
        let root = root.canonicalize().or_fail(|| msg!(run::NO_FOLDER, path = root.display().to_string()))?;
        let name = if cfg!(windows) { "git.exe" } else { "git" };
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&paths)
            .filter(|folder| folder.is_absolute() && !folder.starts_with(&root))
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
            .or_fail(|| run::NO_GIT)?;
        Ok(Self { program, root })
    }

    /// The hash of the commit a user's words mean.
    fn resolve(&self, revision: &str) -> anyhow::Result<String> {
        let commit = format!("{revision}^{{commit}}");
        self.line(&["rev-parse", "--verify", "--end-of-options", &commit])
            .or_fail(|| msg!(run::NO_REVISION, revision = revision))
    }

    /// An answer of one line.
    fn line(&self, args: &[&str]) -> anyhow::Result<String> {
        let answer = String::from_utf8(self.run(args, Vec::new())?)?;
        Ok(answer.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// The texts of blobs, in their order.
    fn texts(&self, blobs: &[(String, String)]) -> anyhow::Result<Vec<Result<String, Reason>>> {
        let wanted: String = blobs.iter().map(|(_, hash)| format!("{hash}\n")).collect();
        let answer = self.run(&["cat-file", "--batch", "--buffer"], wanted.into_bytes())?;
        let mut rest = &answer[..];
        blobs.iter().map(|(path, _)| next_blob(&mut rest).with_context(|| format!("`{path}`"))).collect()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.root)
            .args(["--no-pager", "--no-optional-locks"])
            .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
            .args(["-c", "log.showSignature=false"])
            .args(args);
        let is_git = |name: &OsString| name.as_encoded_bytes().starts_with(b"GIT_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_git(name)) {
            if !KEPT.iter().any(|kept| name == *kept) {
                command.env_remove(name);
            }
        }
        command.envs([("GIT_NO_LAZY_FETCH", "1"), ("GIT_TERMINAL_PROMPT", "0"), ("LC_ALL", "C")]);
        command
    }

    /// What git complains of; that it does not trust the folder, with what to do about it.
    fn complaint(&self, words: &str) -> Message {
        let words = words.trim();
        if words.contains("safe.directory") {
            return msg!(run::FOREIGN, path = self.root.display().to_string());
        }
        msg!(run::GIT_SAID, words = words.escape_debug().to_string())
    }

    /// What git answers to `input`; an error with git's own words where it fails.
    fn run(&self, args: &[&str], input: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .or_fail(|| run::CANNOT_RUN_GIT)?;
        let stdin = child.stdin.take();
        // Input, output and complaints each flow in a thread of their own, so that none waits for another's pipe.
        thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
        let answer = collect(child.stdout.take(), OUTPUT_LIMIT);
        let complaint = collect(child.stderr.take(), 64 << 10);
        let answer = answer.recv_timeout(TIMEOUT).ok();
        let Some(answer) = answer.filter(|answer| (answer.len() as u64) < OUTPUT_LIMIT) else {
            // It may have ended by itself just now.
            let _ = child.kill();
            let _ = child.wait();
            let (seconds, size) = (TIMEOUT.as_secs(), OUTPUT_LIMIT >> 30);
            bail!(failure(msg!(run::GIT_SLOW, seconds = seconds, size = size)));
        };
        let complaint = complaint.recv_timeout(TIMEOUT).unwrap_or_default();
        if !child.wait()?.success() {
            bail!(failure(self.complaint(&String::from_utf8_lossy(&complaint))));
        }
        Ok(answer)
    }
}

/// All a stream gives, up to a limit, as it comes to its end.
fn collect(stream: Option<impl Read + Send + 'static>, limit: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.map(|stream| stream.take(limit).read_to_end(&mut bytes));
        // The receiver is gone only after its own timeout.
        let _ = if read.is_some_and(|read| read.is_ok()) { sender.send(bytes) } else { Ok(()) };
    });
    receiver
}

/// The next answer of `cat-file --batch`: `HASH blob SIZE`, the bytes, a line end.
fn next_blob(rest: &mut &[u8]) -> anyhow::Result<Result<String, Reason>> {
    let newline = rest.iter().position(|byte| *byte == b'\n').or_fail(|| run::GIT_SHORT)?;
    let header = std::str::from_utf8(&rest[..newline])?;
    let size = match header.split(' ').collect::<Vec<_>>()[..] {
        [_, "blob", size] => size.parse::<usize>()?,
        _ => bail!(failure(msg!(run::NO_OBJECT, header = header))),
    };
    let body = rest.get(newline + 1..newline + 1 + size).or_fail(|| run::GIT_SHORT)?;
    *rest = rest.get(newline + 2 + size..).unwrap_or_default();
    Ok(match std::str::from_utf8(body) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) if is_utf16(body) => Err(Reason::Utf16),
        Err(error) => Err(Reason::NotUtf8 { offset: error.valid_up_to() }),
    })
}
