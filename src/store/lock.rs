//! One writer per book at a time.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::failure::{OrFail, failure};
use crate::msg;
use crate::text::{Message, run};

/// How long a writer waits for another unless told otherwise.
pub const WAIT: Duration = Duration::from_secs(10);

/// The lock file, in the tool's own hidden folder. It is never renamed or removed: a lock on a file that is replaced
/// guards nothing. The kernel drops the lock of a process that dies.
pub const LOCK_FILE: &str = ".rmbook/lock";

/// Takes the lock of a book, waiting up to `wait`; the file is the lock while it is open.
pub(super) fn take(path: &Path, wait: Duration) -> anyhow::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW);
    let mut file =
        options.open(path).or_fail(|| msg!(run::CANNOT_LOCK, path = path.display().to_string()))?;
    let deadline = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => sleep(Duration::from_millis(10)),
            Err(TryLockError::WouldBlock) => {
                let path = path.display().to_string();
                bail!(failure(msg!(run::LOCKED, holder = holder(file), path = path)))
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).or_fail(|| msg!(run::NO_LOCKS, path = path.display().to_string()));
            }
        }
    }
    // Who holds it is for a message only, so a full disk does not matter here.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

fn holder(mut file: File) -> Message {
    let mut pid = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(20).read_to_string(&mut pid));
    match pid.trim() {
        pid if read.is_ok() && !pid.is_empty() => msg!(run::PROCESS, pid = pid),
        _ => run::SOME_PROCESS.into(),
    }
}
