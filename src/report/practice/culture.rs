//! Culture: who was recognised for what, and who was not at all.

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, choice, number};
use crate::metric::teamwork::team_events;
use crate::record::conduct::{Recognition, RecognitionKind};
use crate::record::development::TrainingKind;
use crate::record::kind::RecordKind;
use crate::table::Table;
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "culture",
    title: Text::new("Culture", "企业文化"),
    question: Text::new(
        "Whom should I thank in the next talk, for what, and whose good work has nobody named?",
        "下次面谈应肯定谁、肯定什么，谁的付出长期无人提及？",
    ),
    about: Text::new(
        "praise and violations: recorded in the period; points as recorded, the kind gives their sign\n\
         balance: points of praise less those of violations over the twelve months to the report's day\n\
         last praise: on or before the report's day; a manager without any has none\n\
         events: of the team the manager was in on their day, in the period, that the manager took part in\n\
         culture training: hours of trainings of that kind completed in the period",
        "表扬与违规：本期登记的次数；分值按登记，由类别决定加减\n\
         净分：截至报告日十二个月内表扬分减违规分\n\
         最近表扬：报告日及以前最近一次；从未登记的留空\n\
         团队活动：本期本人参加的、活动当日所在团队的活动\n\
         文化培训：本期完成的企业文化培训学时",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(|input| vec![managers(input), recognitions(input)]),
};

const MANAGERS: Sheet = Sheet {
    name: "culture",
    title: Text::new("Recognition by manager", "各客户经理表扬与违规"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::count("praise", "Praise", "表扬"),
        Col::count("violations", "Violations", "违规"),
        Col::number("balance", "Balance of a year", "近一年净分"),
        Col::date("last_praise", "Last praise", "最近表扬"),
        Col::count("events", "Events", "团队活动"),
        Col::number("culture_hours", "Culture training", "文化培训学时"),
    ],
};

const RECOGNITIONS: Sheet = Sheet {
    name: "recognitions",
    title: Text::new("Recognitions as evidence for talks", "表扬与违规事由（面谈依据）"),
    columns: &[
        Col::date("date", "Day", "日期"),
        Col::text("manager", "Manager", "客户经理"),
        Col::text("kind", "Kind", "类别"),
        Col::text("what", "What", "事由"),
        Col::number("points", "Points", "分值"),
        Col::text("by", "Recorded by", "认定人"),
        Col::text("client", "Client", "涉及客户"),
    ],
};

fn managers(input: &Input<'_>) -> Table {
    let rows = input.managers().map(|(id, manager)| {
        let count = |kind| {
            let own = manager.recognitions.iter().filter(|recognition| recognition.kind == kind);
            own.filter(|recognition| input.is_in(recognition.date)).count()
        };
        let year =
            manager.recognitions.iter().filter(|recognition| input.is_in_months(12, recognition.date.0));
        let praise =
            manager.recognitions.iter().filter(|recognition| recognition.kind == RecognitionKind::Praise);
        let record = input.book.managers.get(id);
        let events = record.into_iter().flat_map(|record| team_events(input.book, record));
        let events = events.filter(|(_, _, event)| {
            input.is_in(event.date) && event.participants.iter().any(|who| **who == *id)
        });
        let culture = manager.trainings.iter().filter(|training| training.kind == TrainingKind::Culture);
        let culture = culture.filter(|training| training.done.is_some_and(|day| input.is_in(day)));
        vec![
            id.into(),
            manager.name.as_str().into(),
            count(RecognitionKind::Praise).into(),
            count(RecognitionKind::Violation).into(),
            number(year.map(Recognition::signed).sum::<Decimal>()),
            praise.filter_map(|recognition| input.past(Some(recognition.date))).max().into(),
            events.count().into(),
            number(culture.filter_map(|training| training.hours).map(|hours| hours.0).sum::<Decimal>()),
        ]
    });
    MANAGERS.filled(input, rows)
}

fn recognitions(input: &Input<'_>) -> Table {
    let all =
        input.managers().flat_map(|(id, manager)| manager.recognitions.iter().map(move |own| (id, own)));
    let mut all: Vec<_> = all.filter(|(_, own)| input.is_in(own.date)).collect();
    all.sort_by_key(|(id, own)| (own.date, *id));
    let rows = all.into_iter().map(|(id, own)| {
        vec![
            own.date.0.into(),
            id.into(),
            choice(RecordKind::Manager, &["recognitions", "kind"], own.kind),
            own.what.as_str().into(),
            number(own.points.map(|_| own.signed())),
            own.by.as_deref().into(),
            own.client.as_deref().into(),
        ]
    });
    RECOGNITIONS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    #[test]
    fn activities_of_a_team_left_since_still_count() {
        let book = "# file: teams/one.toml\nname = '一部'\n\
            events = [{ date = 2026-10-10, name = '登山', kind = 'sports', participants = ['li-na'] }]\n\
            # file: teams/two.toml\nname = '二部'\n\
            events = [{ date = 2026-10-20, name = '读书会', kind = 'learning', participants = ['li-na'] }]\n\
            # file: managers/li-na.toml\nname = '李娜'\nteam = 'two'\n\
            history = [{ until = 2026-10-15, team = 'one' }]\n";
        assert_eq!(lines(book, "culture", "culture", "2026-10"), ["li-na | 李娜 | 0 | 0 | 0 | - | 2 | 0"]);
        // In team two already on the 10th, what the other did is not the own team's.
        let moved = book.replace("2026-10-15", "2026-10-09");
        assert_eq!(lines(&moved, "culture", "culture", "2026-10"), ["li-na | 李娜 | 0 | 0 | 0 | - | 1 | 0"]);
    }

    #[test]
    fn praise_and_violations_balance_over_a_year() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: teams/one.toml\nname = '一部'\n\
            events = [{ date = 2026-10-10, name = '登山', kind = 'sports', participants = ['li-na'] }, { date = 2026-10-20, name = '读书会', kind = 'learning' }]\n\
            # file: managers/li-na.toml\nname = '李娜'\nteam = 'one'\n\
            trainings = [{ date = 2026-10-01, course = '合规文化', kind = 'culture', hours = 2, done = 2026-10-01 }]\n\
            recognitions = [{ date = 2025-10-31, kind = 'praise', what = '太早', points = 50 }, \
            { date = 2026-05-01, kind = 'praise', what = '阻止诈骗', points = 3 }, \
            { date = 2026-10-09, kind = 'violation', what = '迟报', points = 1 }]\n";
        assert_eq!(
            lines(book, "culture", "culture", "2026-10"),
            ["li-na | 李娜 | 0 | 1 | 2 | 2026-05-01 | 1 | 2"]
        );
        assert_eq!(
            lines(book, "culture", "recognitions", "2026-10"),
            ["2026-10-09 | li-na | violation | 迟报 | -1 | - | -"]
        );
    }

    #[test]
    fn a_year_with_a_29_february_has_all_its_days() {
        let balance = |month: &str, date: &str| {
            let book = format!(
                "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
                 recognitions = [{{ date = {date}, kind = 'praise', what = '阻止诈骗', points = 7 }}]\n"
            );
            let line = lines(&book, "culture", "culture", month).remove(0);
            line.split(" | ").nth(4).unwrap().to_owned()
        };
        let of = |month: &str, days: [&str; 2]| days.map(|day| balance(month, day));
        assert_eq!(of("2024-12", ["2023-12-31", "2024-01-01"]), ["0", "7"]);
        assert_eq!(of("2024-03", ["2023-03-31", "2023-04-01"]), ["0", "7"]);
        assert_eq!(of("2025-02", ["2024-02-29", "2024-03-01"]), ["0", "7"]);
        assert_eq!(of("2025-11", ["2024-11-30", "2024-12-01"]), ["0", "7"]);
    }
}
