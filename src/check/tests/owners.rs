//! What rules say of what leavers leave, of ids of before, and of appeals of the day of closing.

use super::*;

#[test]
fn an_idea_on_trial_belongs_to_somebody_who_is_there() {
    let of = |more: &str| {
        let pilot = format!(
            "name = \"One\"\n[[pilots]]\nid = \"a\"\nraised = 2026-08-01\nwhat = \"x\"\nowner = \"old-chen\"\n{more}"
        );
        said_of(&[("teams/one.toml", &pilot)], "owned-by-leaver")
    };
    assert_eq!(of(""), ["`old-chen` left on 2026-09-30"]);
    assert!(of("decided = 2026-09-20\ndecision = \"stop\"\n").is_empty());
}

#[test]
fn what_a_leaver_missed_before_leaving_stays_the_leavers() {
    let of = |due: &str| {
        let text = client(&format!(
            "[[visits]]\ndate = 2026-08-01\nby = \"wang-fang\"\nkind = \"call\"\n\
             next = [{{ what = \"x\", owner = \"old-chen\", due = {due} }}]\n"
        ));
        said_of(&[("clients/acme.toml", &text)], "owned-by-leaver")
    };
    assert!(of("2026-09-29").is_empty());
    assert_eq!(of("2026-09-30"), ["`old-chen` left on 2026-09-30"]);
}

#[test]
fn an_id_that_another_record_had_is_found_and_one_that_two_had() {
    let li = |former: &str| format!("name = \"Li\"\nformer_ids = [{former}]\n");
    let of = |files: &[(&str, &str)]| said_of(files, "id-used-before");
    let (one, back) = (li("\"wang-fang\""), li("\"li\", \"wei\""));
    let taken = ["manager `li` had the id `wang-fang` before"];
    assert_eq!(of(&[("managers/wang-fang.toml", MANAGER), ("managers/li.toml", &one)]), taken);
    assert!(of(&[("managers/li.toml", &back)]).is_empty(), "its own, and one nobody has");
    let team = ("teams/wei.toml", "name = \"A\"\n");
    assert!(of(&[("managers/li.toml", &li("\"wei\"")), team]).is_empty(), "a record of another kind");
    let wei = li("\"wei\"");
    let two = [("managers/li.toml", &*wei), ("managers/zhao.toml", &*wei)];
    assert_eq!(of(&two), ["manager `li` had the id `wei` before"]);
}

#[test]
fn an_appeal_of_the_day_of_closing_came_after_it() {
    let of = |date: &str| {
        let text = format!(
            "manager = \"wang-fang\"\nperiod = \"2026-09\"\n[appeal]\ndate = {date}\nreason = \"x\"\n\
             [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-10\n"
        );
        said_of(&[("reviews/2026-09/wang-fang.toml", &text)], "closed-under-appeal").len()
    };
    assert_eq!([of("2026-10-09"), of("2026-10-10"), of("2026-10-11")], [1, 0, 0]);
}
