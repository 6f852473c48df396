//! What the program says when it cannot run, and in which language.

use crate::fixture::Folder;

#[test]
fn errors_of_the_run_are_said_in_the_language_of_the_reader() {
    let folder = Folder::book();
    for args in [
        &["show", "nobody"][..],
        &["list", "clients", "--where", "tier=kye"],
        &["list", "klients"],
        &["report", "organ"],
        &["report", "org", "soon"],
        &["scorecard", "2026-10"],
        &["due", "--manager", "wang-fan"],
        &["add", "visit", "acme", "--date", "soon"],
        &["set", "acme", "tier"],
        &["set", "acme", "tier=kye"],
        &["handover", "acme", "--to", "nobody"],
        &["explain", "nothing"],
        &["show", "acme", "-O", "odt"],
        &["-C", "nowhere", "check"],
    ] {
        let zh = folder.run(&[args, &["--lang", "zh"]].concat());
        assert_eq!(zh.code, Some(2), "{args:?}: {}{}", zh.out, zh.err);
        assert!(zh.err.starts_with("错误："), "{args:?}: {}", zh.err);
        for label in ["error", "help:", "warning", "the "] {
            assert!(!zh.err.contains(label), "{args:?}: {}", zh.err);
        }
        let en = folder.run(args);
        assert!(en.err.starts_with("error: "), "{args:?}: {}", en.err);
        assert!(en.err.is_ascii(), "{args:?}: {}", en.err);
    }
}

#[test]
fn wrong_arguments_are_said_in_the_language_of_the_reader() {
    let folder = Folder::book();
    for (args, expected) in [
        (&["shwo"][..], "错误：未知的子命令“shwo”\n提示：相近的有“show”\n"),
        (&["show"], "错误：缺少必需的参数：<编号>\n"),
        (
            &["show", "acme", "--with-persona"],
            "错误：未知的参数“--with-persona”\n提示：相近的有“--with-personal”\n",
        ),
        (&["check", "--error-on", "x"], "错误：“--error-on <级别>”不接受“x”，可取：error、warning\n"),
        (&["show", "acme", "--lang"], "错误：“--lang <语言>”需要取值"),
        (&["policy", "tset"], "错误：未知的子命令“tset”\n提示：相近的有“test”\n"),
        (&["fmt", "--check", "--diff"], "错误：“--check”不能与“--diff”同时使用"),
    ] {
        let ran = folder.run(&[&["--lang=zh"], args].concat());
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert!(ran.err.starts_with(expected), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("Usage") && !ran.err.contains("--today"), "{args:?}: {}", ran.err);
    }
    let ran = folder.run(&["add", "--lang", "zh"]);
    assert!(ran.err.starts_with("错误：请指明子命令"), "{}", ran.err);
    let ran = folder.run(&["show"]);
    assert_eq!(ran.err.matches("error:").count(), 1);
    assert!(!ran.err.contains("--today"), "{}", ran.err);
}

#[test]
fn help_is_in_the_language_of_the_reader() {
    let folder = Folder::empty();
    let zh = folder.run(&["--lang", "zh", "add", "visit", "--help"]);
    assert_eq!(zh.code, Some(0), "{}", zh.err);
    for part in [
        "用法：rmbook add visit [选项]",
        "\n选项：\n",
        "--next-due <日期>",
        "- at-bank: 客户来行",
        "拜访日 [默认：today]",
    ] {
        assert!(zh.out.contains(part), "{part}: {}", zh.out);
    }
    let of_locale = folder.run_as(&["help", "check"], &[("LC_ALL", "zh_CN.UTF-8")]);
    assert!(of_locale.out.starts_with("检查台账\n"), "{}", of_locale.out);
    assert!(folder.run(&["help", "check"]).out.starts_with("Check the records of a book\n"));
    assert!(folder.run(&["--lang", "zh", "man"]).out.contains("\n.SH 名称\n"));
}

#[test]
fn sentences_in_csv_follow_the_language_asked_for_and_never_the_locale() {
    let folder = Folder::riverside();
    let args = ["scorecard", "2026-10", "--scheme", "scorecard", "-O", "csv"];
    let zh = folder.run(&[&args[..], &["--lang", "zh"]].concat()).out;
    assert!(zh.contains("缺数或缺目标，权重已分摊"), "{zh}");
    assert!(zh.starts_with("period,policy,manager,"), "{zh}");
    let (plain, of_locale) = (folder.run(&args), folder.run_as(&args, &[("LC_ALL", "zh_CN.UTF-8")]));
    assert_eq!(of_locale.out, plain.out);
    assert!(plain.out.contains("weight spread"), "{}", plain.out);
}

#[test]
fn text_in_another_encoding_is_told_with_the_way_to_mend_it() {
    let folder = Folder::book();
    folder.write("clients/wide.toml", [0xff, 0xfe, 0x6e, 0x00]);
    let ran = folder.run(&["check"]);
    assert!(ran.out.contains("UTF-16, not UTF-8"), "{}", ran.out);
    assert!(ran.out.contains("iconv -f UTF-16 -t UTF-8"), "{}", ran.out);
}

#[test]
fn names_days_and_amounts_are_read_as_people_type_them() {
    let folder = Folder::book();
    let add = [
        "add",
        "visit",
        "Acme",
        "--by",
        "王芳",
        "--date",
        "上周五",
        "--met",
        "李明，王强",
        "--summary",
        "谈授信",
    ];
    let ran = folder.run(&add);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = folder.read("clients/acme.toml");
    // 24 November 2026 is a Tuesday.
    for expected in ["date = 2026-11-20\nby = \"wang-fang\"", "\"李明\", \"王强\""] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let ran = folder.run(&["set", "acme", "results.2026年10月.deposits=1.2亿"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(folder.read("clients/acme.toml").contains("2026-10 = { deposits = 12000 }"));
    let ran = folder.run(&[
        "add",
        "opportunity",
        "acme",
        "--id",
        "x",
        "--stage",
        "接洽",
        "--amount",
        "３５０万",
        "--expected",
        "12月20日",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = folder.read("clients/acme.toml");
    assert!(text.contains("amount = 350\n") && text.contains("expected = 2026-12-20"), "{text}");
    let listed =
        folder.run(&["list", "visits", "--where", "by=王芳", "--columns", "client，date", "-O", "csv"]);
    assert_eq!(listed.out, "client,date\nacme,2026-10-09\nacme,2026-11-20\n");
    for args in
        [&["due", "--manager", "王芳"][..], &["report", "org", "--team", "Corporate 1"], &["show", "王芳"]]
    {
        let ran = folder.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_name_that_several_have_is_refused_with_their_ids() {
    let folder = Folder::book();
    folder.write("managers/wang-fang-2.toml", "name = \"王芳\"\n");
    for args in [
        &["show", "王芳"][..],
        &["due", "--manager", "王芳"],
        &["list", "visits", "--where", "by=王芳"],
        &["set", "王芳", "grade=senior"],
        &["handover", "acme", "--to", "王芳"],
        &["add", "visit", "acme", "--by", "王芳", "--date", "today"],
    ] {
        let ran = folder.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains("wang-fang, ") || ran.err.contains("wang-fang-2, "),
            "{args:?}: {}",
            ran.err
        );
    }
}

#[test]
fn the_manual_says_what_counts_where_a_key_is_left_out() {
    let folder = Folder::empty();
    for (path, expected) in [
        ("policy.scale", "weighted"),
        ("policy.rounding.mode", "half-up"),
        ("policy.partial.by", "days"),
        ("policy.indicators.carry.reset", "year"),
        ("policy.pay.lines.commission.per", "period"),
        ("policy.curves.rank.ties", "min"),
        ("policy.curves.rank.smallest", "2"),
        ("policy.curves.per-unit.side", "above"),
        ("policy.curves.relative.of", "mean"),
    ] {
        let page = folder.run(&["explain", path]);
        let stated = format!("Where left out\n    {expected}\n");
        assert!(page.out.contains(&stated), "{path}: {}{}", page.out, page.err);
    }
    let by_word = folder.run(&["explain", "visit.kind"]);
    assert!(by_word.out.starts_with("client.visits.kind\n"), "{}{}", by_word.out, by_word.err);
}
