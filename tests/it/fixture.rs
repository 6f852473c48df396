//! The one fixture: a folder that goes away with its test.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The client of [`Folder::book`].
pub(crate) const CLIENT: &str = "\
name = \"Acme\" # by hand
tier = \"key\"
manager = \"wang-fang\"
status = \"active\"

[results]
2026-09 = { deposits = 5100, loans = 3000 }

# The first one.
[[visits]]
date = 2026-10-09
by = \"wang-fang\"
kind = \"on-site\"
summary = \"First\"
";

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit code.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// A temporary folder.
pub(crate) struct Folder {
    dir: TempDir,
}

impl Folder {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// The example book in a folder of its own, in which commands may write.
    pub(crate) fn riverside() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/riverside");
        let folder = Self::empty();
        for entry in walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap) {
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(&root).unwrap();
                folder.write(path.to_str().unwrap(), fs::read(entry.path()).unwrap());
            }
        }
        folder
    }

    /// A folder with these files: path and text.
    pub(crate) fn with<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let folder = Self::empty();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// A small book: two managers, a team, a client with one visit.
    pub(crate) fn book() -> Self {
        Self::with([
            ("rmbook.toml", "name = \"Riverside\"\n"),
            ("managers/wang-fang.toml", "name = \"王芳\"\n"),
            ("managers/li-na.toml", "name = \"李娜\"\n"),
            ("teams/corporate-1.toml", "name = \"Corporate 1\"\nlead = \"wang-fang\"\n"),
            ("clients/acme.toml", CLIENT),
        ])
    }

    /// Runs the program on the book here, as on 24 November 2026, in English and without a terminal.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// The same with something to read on standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Ran {
        self.start(args, &[], input)
    }

    /// The same with more in the environment.
    pub(crate) fn run_as(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        self.start(args, env, "")
    }

    fn start(&self, args: &[&str], env: &[(&str, &str)], input: &str) -> Ran {
        let mut child = self
            .command(args)
            .envs(env.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read closes the pipe early.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The program about to run so, its streams those of the test.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rmbook"));
        command.args(args).current_dir(self.root()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("RMBOOK_TODAY", "2026-11-24");
        command
    }

    /// Where it is.
    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    /// Where a file in it is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(path)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs git in the folder, as nobody in particular and with nobody's configuration.
    pub(crate) fn git(&self, args: &[&str]) {
        let ran = Command::new("git")
            .current_dir(self.root())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
            .args(args)
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
            .output()
            .unwrap();
        assert!(ran.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}

/// A command line's words as a shell splits them, quotes taken off.
pub(crate) fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
