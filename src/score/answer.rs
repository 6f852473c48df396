//! What a book answers to a question about a manager, the manager's team or the unit.

use super::book::BookFacts;
use super::facts::{Ask, Served, Source};
use super::profile::active;
use super::recorded::{Recorded, months};
use super::uncarried::recorded_only;
use crate::book::Record;
use crate::metric::figures::amount;
use crate::metric::{Aggregate, Known, Measured, MetricQuery, Portfolio, ask, falling};
use crate::msg;
use crate::period::{Month, Months, Period};
use crate::record::figure::Targets;
use crate::record::policy::TimeIn;
use crate::record::settings::MeasureKind;
use crate::record::team::Team;
use crate::source::FileId;
use crate::text::{Message, metric as say};

impl BookFacts<'_> {
    /// What one section of a record states of a name by period.
    fn recorded<'r>(&'r self, figures: &'r Targets, at: (FileId, &'static str), name: &str) -> Recorded<'r> {
        let falling = falling(&self.book().settings, name);
        Recorded { figures, at, falling, evidence: self.index.asked().evidence }
    }

    /// A target or an actual of the manager; months out of post need none.
    fn own_figure(&self, period: Months, query: &MetricQuery, section: &'static str) -> Measured {
        self.of_record(period, query, section, |recorded, months, idle| recorded.answer(query, months, idle))
    }

    /// The same by the stretches that entries are stated for, each with how much of it was served.
    pub(super) fn served_of(
        &self,
        period: Months,
        query: &MetricQuery,
        by: TimeIn,
    ) -> Result<Vec<Served>, Message> {
        let stretches = self.of_record(period, query, "targets", |recorded, months, idle| {
            recorded.stretches(query, months, idle)
        })?;
        let served = stretches
            .into_iter()
            .map(|(amount, months)| Served::new(amount, active(&self.manager.data, months), by));
        Ok(served.collect())
    }

    /// A target of a team or of the unit, which stands for all of its months.
    fn target_of_group(
        &self,
        period: Months,
        query: &MetricQuery,
        stated: Option<(&Targets, FileId)>,
    ) -> Measured {
        let name = &*query.name;
        let missing = |months: Months| msg!(say::NO_TARGET, name = name, period = months.to_string());
        let Some(months) = months(query, period).filter(|_| query.filters.is_empty()) else {
            return Err(msg!(say::NO_COMPARISON, metric = name));
        };
        let (targets, file) = stated.ok_or_else(|| missing(months))?;
        self.recorded(targets, (file, "targets"), name).answer(query, months, &|_| false).map_err(missing)
    }

    /// What `find` makes of a section of the manager's record for the months of a query.
    fn of_record<T>(
        &self,
        period: Months,
        query: &MetricQuery,
        section: &'static str,
        find: impl FnOnce(&Recorded<'_>, Months, &dyn Fn(Month) -> bool) -> Result<T, Months>,
    ) -> Result<T, Message> {
        let manager = &self.manager.data;
        let (figures, lacking) = match section {
            "targets" => (&manager.targets, say::NO_TARGET),
            _ => (&manager.actuals, say::NO_ACTUAL),
        };
        let name = &*query.name;
        let Some(months) = months(query, period).filter(|_| query.filters.is_empty()) else {
            return Err(msg!(say::NO_COMPARISON, metric = name));
        };
        let idle = |month: Month| !manager.employed_within(month.first_day(), month.last_day());
        let recorded = self.recorded(figures, (self.manager.file, section), name);
        find(&recorded, months, &idle)
            .map_err(|missing| msg!(lacking, name = name, period = missing.to_string()))
    }

    /// A figure of a team or of the unit: that of its clients, with what is recorded beside them. A month of which neither is
    /// known makes it missing.
    fn of_group(
        &self,
        period: Months,
        query: &MetricQuery,
        portfolio: Option<&Portfolio<'_>>,
        figures: Option<(&Targets, FileId)>,
    ) -> Measured {
        let of_clients = || match portfolio {
            Some(portfolio) => ask(&self.scope(portfolio), query, period),
            None => Err(say::NO_CLIENTS.into()),
        };
        let name = &*query.name;
        let Some(months) = months(query, period) else { return of_clients() };
        let states = |(figures, _): &(&Targets, FileId)| figures.values().any(|line| line.contains_key(name));
        let beside = figures.filter(|figures| query.filters.is_empty() && states(figures));
        let beside = beside.map(|(figures, file)| self.recorded(figures, (file, "actuals"), name));
        let measure = self.book().settings.measures.get(name);
        let scope = portfolio.map(|portfolio| portfolio.scope(false));
        let clients = || scope.iter().flat_map(|scope| scope.clients);
        let carried = |month: Month| clients().any(|client| amount(&client.data, name, month).is_some());
        let is_ratio = measure.is_some_and(|measure| measure.kind == MeasureKind::Ratio);
        let Some(beside) = beside else {
            let nowhere = measure.is_some() && !is_ratio && !months.iter().any(carried);
            let missing = || msg!(say::NO_ACTUAL, name = name, period = months.to_string());
            return if nowhere { Err(missing()) } else { of_clients() };
        };
        if let Some(missing) = months.iter().find(|month| !beside.tells(name, *month) && !carried(*month))
            && measure.is_some()
        {
            return Err(msg!(say::NO_ACTUAL, name = name, period = missing.to_string()));
        }
        if let Some(best @ (Aggregate::Min | Aggregate::Max)) = query.aggregate {
            let plain = MetricQuery::new(name, None);
            let each = months
                .iter()
                .map(|month| self.of_group(Period::from(month).months(), &plain, portfolio, figures));
            let each = each.collect::<Result<Vec<Known>, _>>()?.into_iter();
            let found = match best {
                Aggregate::Min => each.min_by_key(|known| known.amount),
                _ => each.max_by_key(|known| known.amount),
            };
            return found.ok_or_else(|| say::NOTHING_TO_DIVIDE.into());
        }
        let recorded = beside.answer(query, months, &|_| true).ok();
        match (measure.is_none() || months.iter().any(carried), recorded) {
            (true, Some(recorded)) if measure.is_some() => Ok(together(of_clients()?, recorded)),
            (true, Some(recorded)) => {
                Ok(of_clients().map_or(recorded.clone(), |sum| together(sum, recorded)))
            }
            (false, Some(recorded)) => Ok(recorded),
            (_, None) => of_clients(),
        }
    }

    /// The team the manager is in.
    fn team(&self) -> Option<&Record<Team>> {
        self.book().teams.get(self.profile.team.as_deref()?)
    }

    /// What the book says of a period.
    pub(super) fn answer(&self, period: Months, question: &Ask) -> Measured {
        let query = &question.query;
        match question.source {
            Source::Manager => match recorded_only(self.index.portfolios(), &query.name) {
                Some(reason) => Err(reason),
                None => ask(&self.scope(&self.own), query, period),
            },
            Source::Team => {
                let id = self.profile.team.as_deref().unwrap_or_default();
                let figures = self.team().map(|team| (&team.data.actuals, team.file));
                self.of_group(period, query, self.index.teams.on(period.last_day(), id), figures)
            }
            Source::Unit => {
                let figures = self.book().settings_file.map(|file| (&self.book().settings.actuals, file));
                self.of_group(period, query, Some(&self.index.unit), figures)
            }
            Source::TeamTargets => {
                let targets = self.team().map(|team| (&team.data.targets, team.file));
                self.target_of_group(period, query, targets)
            }
            Source::UnitTargets => {
                let targets = self.book().settings_file.map(|file| (&self.book().settings.targets, file));
                self.target_of_group(period, query, targets)
            }
            Source::Targets => self.own_figure(period, query, "targets"),
            Source::Actuals => self.own_figure(period, query, "actuals"),
        }
    }
}

/// A figure of clients with the one recorded beside it.
fn together(mut of_clients: Known, beside: Known) -> Known {
    of_clients.amount += beside.amount;
    of_clients.evidence.extend(beside.evidence);
    of_clients
}

#[cfg(test)]
mod tests {
    use crate::book::load;
    use crate::metric::Portfolios;
    use crate::score::apply::{Policies, Request, run};
    use crate::score::{Asked, ItemScore};
    use crate::source::Snapshot;
    use crate::text::Lang;

    /// The item of a policy of quarters for Li, who is in a team with this much about it, in the third quarter of 2026; the unit's
    /// target of deposits is 1,000.
    fn scored(team: &str, value: &str) -> (ItemScore, Vec<String>) {
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'quarter'\nmoney = '万元'\nmissing = 'skip'\n\
             [[indicators]]\nid = 'i'\nvalue = '{value}'\nweight = 100\ncurve = {{ kind = 'formula', score = '1' }}\n"
        );
        let months: String = (7..=9)
            .map(|month| format!("2026-{month:02} = {{ deposits = 400, fee_income = 20 }}\n"))
            .collect();
        let client =
            format!("name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n{months}");
        let texts = [
            ("rmbook.toml", "name = 'B'\n[targets]\n2026-Q3 = { deposits = 1000 }\n".to_owned()),
            ("policies/p.toml", policy),
            ("clients/a.toml", client),
            ("teams/t.toml", format!("name = 'T'\nlead = 'li'\n{team}")),
            ("managers/li.toml", "name = '李娜'\nteam = 't'\n".to_owned()),
        ];
        let (book, faults) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        assert_eq!(policies.ready.len(), 1, "{:?}", policies.findings);
        let request = Request { period: Some("2026-Q3".parse().unwrap()), ..Request::default() };
        let asked = Asked { evidence: true, ..Asked::default() };
        let mut scored = run(&Portfolios::new(&book), &policies, request, &asked).unwrap();
        let item = scored.remove(0).cards.remove(0).items.remove(0);
        let evidence = item.figures.iter().flat_map(|figure| &figure.evidence);
        let places = evidence.map(|it| match &it.at.target {
            crate::source::Target::Value(path) => path.to_string(),
            other => format!("{other:?}"),
        });
        let places = places.collect();
        (item, places)
    }

    fn value(team: &str, value: &str) -> String {
        scored(team, value).0.value.unwrap().normalize().to_string()
    }

    const TEAM: &str = "[targets]\n2026-Q3 = { deposits = 500 }\n2026 = { fee_income = 120 }\n";

    #[test]
    fn what_a_team_or_the_unit_did_is_held_against_its_own_target() {
        // 400 of 500, and 400 of 1,000.
        assert_eq!(value(TEAM, "team.deposits.average / team.targets.deposits"), "0.8");
        assert_eq!(value(TEAM, "unit.deposits.average / unit.targets.deposits"), "0.4");
        // A quarter of the year's 120, of which the team has made 60.
        assert_eq!(value(TEAM, "team.fee_income.sum - team.targets.fee_income"), "30");
        // The first three quarters of it.
        assert_eq!(value(TEAM, "team.targets.fee_income.year_to_date"), "90");
    }

    #[test]
    fn the_entry_that_states_the_target_is_named() {
        let (_, places) = scored(TEAM, "team.targets.deposits + unit.targets.deposits");
        assert_eq!(places, ["targets.2026-Q3.deposits", "targets.2026-Q3.deposits"]);
    }

    #[test]
    fn a_target_that_nobody_set_is_missing() {
        let (item, _) = scored("", "team.targets.deposits");
        assert_eq!(item.value, None);
        let reason = item.figures[0].value.as_ref().unwrap_err().get(Lang::En);
        assert_eq!(reason, "no target for deposits in 2026-Q3");
    }
}
