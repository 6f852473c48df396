//! `list` through the program.

use crate::fixture::Folder;

fn book() -> Folder {
    Folder::with([
        ("rmbook.toml", "name = '测试支行'\n"),
        ("managers/wang-fang.toml", "name = '王芳'\n"),
        (
            "clients/acme.toml",
            "name = '=1+1'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n\
             results.2026-09 = { deposits = 5100.50, loans = 0 }\n",
        ),
        ("clients/beta.toml", "name = '江南纺织'\ntier = 'base'\nmanager = 'wang-fang'\nstatus = 'active'\n"),
    ])
}

#[test]
fn figures_are_listed_as_plain_csv() {
    let ran = book().run(&["list", "results", "--where", "measure=deposits", "-O", "csv"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(0), "client,month,measure,avg,end,rate,ftp,unit\nacme,2026-09,deposits,5100.50,,,,万元\n")
    );
}

#[test]
fn a_filter_that_matches_nothing_is_an_empty_table() {
    let ran = book().run(&["list", "client", "-w", "tier=strategic", "-c", "id,tier", "-O", "csv"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "id,tier\n", ""));
}

#[test]
fn text_that_a_spreadsheet_would_run_is_quoted() {
    let ran = book().run(&["list", "clients", "-c", "name", "-n", "1", "-O", "csv"]);
    assert_eq!(ran.out, "name\n'=1+1\n");
}

#[test]
fn what_does_not_exist_is_an_error_with_the_nearest_name() {
    let ran = book().run(&["list", "visists"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("a similar name exists: `visits`"), "{}", ran.err);
    let ran = book().run(&["list", "issues"]);
    assert!(ran.err.contains("a similar name exists: `reports`"), "{}", ran.err);
}

#[test]
fn entries_are_listed_wherever_they_stand() {
    let folder = book();
    folder.write("rmbook.toml", "name = '测试支行'\n[targets]\n2026-10 = { deposits = 9000 }\n");
    folder.write(
        "managers/wang-fang.toml",
        "name = '王芳'\n[targets]\n2026-10 = { deposits = 5000 }\n[[one_on_ones]]\ndate = 2026-10-08\nwith = 'lin'\n\
         [[one_on_ones.actions]]\nwhat = '补资料'\ndue = 2026-10-20\n",
    );
    folder.write(
        "teams/one.toml",
        "name = '公司一部'\n[[meetings]]\ndate = 2026-10-12\nkind = 'weekly'\n\
         [[meetings.actions]]\nwhat = '排名单'\ndue = 2026-10-16\nowner = 'wang-fang'\n",
    );
    let listed = |args: &[&str]| {
        let ran = folder.run(&[&["list"], args, &["-O", "csv"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        ran.out
    };
    assert_eq!(
        listed(&["targets"]),
        "record,holder,period,measure,amount,unit\nsettings,,2026-10,deposits,9000,万元\n\
         manager,wang-fang,2026-10,deposits,5000,万元\n"
    );
    assert_eq!(
        listed(&["targets", "--where", "manager=wang-fang", "-c", "holder,amount"]),
        "holder,amount\nwang-fang,5000\n"
    );
    assert_eq!(
        listed(&[
            "actions",
            "--sort",
            "due",
            "-c",
            "record,holder,meeting_date,one_on_one_date,what,due,owner"
        ]),
        "record,holder,meeting_date,one_on_one_date,what,due,owner\n\
         team,one,2026-10-12,,排名单,2026-10-16,wang-fang\nmanager,wang-fang,,2026-10-08,补资料,2026-10-20,\n"
    );
    let ran = folder.run(&["list", "targets", "-w", "client=acme"]);
    assert!(ran.code == Some(2) && ran.err.contains("has no column `client`"), "{}", ran.err);
}

#[test]
fn a_broken_record_stops_the_list_unless_it_may_be_partial() {
    let folder = book();
    folder.write("clients/broken.toml", "name = 1\n");
    assert_eq!(folder.run(&["list", "clients"]).code, Some(2));
    let ran = folder.run(&["--partial", "list", "clients"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("client broken does not load and is left out"), "{}", ran.out);
}

#[test]
fn every_entry_is_listed_by_its_plural() {
    let book = Folder::riverside();
    for word in ["stages", "positions", "loan-checks"] {
        let ran = book.run(&["list", word, "-O", "csv"]);
        assert!(ran.code == Some(0) && ran.out.lines().count() > 1, "{word}: {}", ran.err);
    }
}
