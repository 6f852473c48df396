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
    assert!(ran.err.contains("a similar name is `visits`"), "{}", ran.err);
    let ran = book().run(&["list", "targets"]);
    assert!(ran.err.contains("name one of manager_targets, team_targets"), "{}", ran.err);
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
