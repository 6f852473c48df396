//! The texts of a book and the places inside them.
//!
//! Everything above works with byte ranges; lines and columns exist only when a place is shown.

use std::ops::Range;

/// A file of the loaded book, an index into [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path inside the book, with `/` on every system.
    pub path: String,
    /// The whole text, a byte order mark included.
    pub text: String,
}

/// Line and column of a place, both from 1; a column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// Where the lines of a text begin, for places without counting from its start each time.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// The first byte of each line.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// The lines of `text`.
    pub fn new(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { text, starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }

    /// Where byte `offset` stands; an offset inside a character counts as its start.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = &self.text[self.starts[line - 1]..offset];
        LineColumn { line, column: before.chars().filter(|c| *c != '\u{feff}').count() + 1 }
    }
}

/// All files of a book in path order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// The files in path order, whatever order they come in.
    pub fn new(mut files: Vec<Source>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files }
    }

    /// The file behind an id of this collection.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The file at `path`.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(id_at)
    }

    /// Every file with its id, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, file)| (id_at(index), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Why a file of a book could not be taken as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its bytes are UTF-16, as some editors and spreadsheets save text.
    Utf16,
    /// Its bytes are not UTF-8.
    NotUtf8 {
        /// The first byte that is wrong.
        offset: usize,
    },
    /// Its own name is not Unicode.
    OddName,
    /// It ends in `.toml` in another case, and no record does.
    OtherCase,
    /// It is larger than a record may be.
    TooLarge {
        /// Bytes it has.
        size: u64,
        /// Bytes it may have.
        limit: u64,
    },
    /// It is a symbolic link, which is never followed.
    Link,
    /// It is a symbolic link to nothing.
    BrokenLink,
    /// It is a folder, a pipe, a device or a git submodule named like a record.
    NotAFile,
    /// The operating system refused, in its own words.
    Refused(String),
}

/// Everything that was read: the texts, and why some are missing.
///
/// A file that could not be read stands among the sources with an empty text, so that a finding can point at it.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Every file in path order.
    pub sources: Sources,
    /// Those whose text is missing, in the same order.
    pub unreadable: Vec<(FileId, Reason)>,
}

impl Snapshot {
    /// What reading each path gave, in whatever order.
    pub fn new(read: impl IntoIterator<Item = (String, Result<String, Reason>)>) -> Self {
        let mut read: Vec<_> = read.into_iter().collect();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        let mut unreadable = Vec::new();
        let mut files = Vec::with_capacity(read.len());
        for (index, (path, text)) in read.into_iter().enumerate() {
            let text = text.unwrap_or_else(|reason| {
                unreadable.push((id_at(index), reason));
                String::new()
            });
            files.push(Source { path, text });
        }
        Self { sources: Sources { files }, unreadable }
    }

    /// Why the text of `file` is missing, if it is.
    pub fn reason(&self, file: FileId) -> Option<&Reason> {
        let found = self.unreadable.binary_search_by_key(&file, |(id, _)| *id).ok()?;
        Some(&self.unreadable[found].1)
    }
}

fn id_at(index: usize) -> FileId {
    FileId(u32::try_from(index).expect("a book has fewer than 2^32 files"))
}

/// One step of a key path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a table.
    Key(String),
    /// An entry of a list, from 0.
    Index(usize),
}

impl Step {
    /// The key, if it is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for Step {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The way to a value inside a record: `visits[3].by`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(pub Vec<Step>);

impl KeyPath {
    /// The record itself.
    pub const ROOT: Self = Self(Vec::new());

    /// This path and one step more.
    pub fn join(&self, step: impl Into<Step>) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.into());
        Self(steps)
    }
}

/// A path from its steps: `path!["visits", 3, "by"]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => {
        $crate::source::KeyPath(vec![$($crate::source::Step::from($step)),*])
    };
}

impl std::fmt::Display for KeyPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(entry) => write!(f, "[{entry}]")?,
            }
        }
        Ok(())
    }
}

/// A place in a book: a file and what is meant in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// What is meant in it.
    pub target: Target,
}

/// What a place means inside its file; a path's bytes are looked up only when it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The file as a whole.
    File,
    /// Bytes that a parser named.
    Bytes {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
    /// The value at a path; where it is absent, its nearest parent.
    Value(KeyPath),
    /// The key at a path.
    Key(KeyPath),
    /// Part of the words that the value at a path holds.
    Part {
        /// The path.
        path: KeyPath,
        /// First byte, counted in the words and not in what the file has for them.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
}

impl Place {
    /// The file as a whole.
    pub fn file(file: FileId) -> Self {
        Self { file, target: Target::File }
    }

    /// A byte range of it.
    pub fn bytes(file: FileId, range: Range<usize>) -> Self {
        Self { file, target: Target::Bytes { start: range.start, end: range.end } }
    }

    /// The value at `path`.
    pub fn value(file: FileId, path: KeyPath) -> Self {
        Self { file, target: Target::Value(path) }
    }

    /// Bytes of the words at `path`.
    pub fn part(file: FileId, path: KeyPath, range: Range<usize>) -> Self {
        Self { file, target: Target::Part { path, start: range.start, end: range.end } }
    }

    /// The key at `path`.
    pub fn key(file: FileId, path: KeyPath) -> Self {
        Self { file, target: Target::Key(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_and_no_byte_order_mark() {
        let text = "\u{feff}名 = 1\n客户 = 2\n";
        let lines = Lines::new(text);
        assert_eq!(lines.line_column(3), LineColumn { line: 1, column: 1 });
        let second = text.find("= 2").unwrap();
        assert_eq!(lines.line_column(second), LineColumn { line: 2, column: 4 });
        assert_eq!(lines.line_column(second - 3), LineColumn { line: 2, column: 2 });
        assert_eq!(lines.line_column(usize::MAX), LineColumn { line: 3, column: 1 });
    }

    #[test]
    fn files_stand_in_path_order() {
        let file = |path: &str| Source { path: path.into(), text: String::new() };
        let sources = Sources::new(vec![file("b"), file("a")]);
        assert_eq!(sources.iter().map(|(_, file)| file.path.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(sources.find("b").map(|id| sources.get(id).path.as_str()), Some("b"));
        assert_eq!(sources.find("c"), None);
    }

    #[test]
    fn an_unreadable_file_keeps_its_place() {
        let snapshot =
            Snapshot::new([("b".to_owned(), Err(Reason::Link)), ("a".to_owned(), Ok("x = 1".to_owned()))]);
        let [a, b] = ["a", "b"].map(|path| snapshot.sources.find(path).unwrap());
        assert_eq!(snapshot.reason(a), None);
        assert_eq!(snapshot.reason(b), Some(&Reason::Link));
        assert_eq!(snapshot.sources.get(b).text, "");
    }

    #[test]
    fn a_path_reads_like_an_access() {
        assert_eq!(path!["visits", 3, "by"].to_string(), "visits[3].by");
    }
}
