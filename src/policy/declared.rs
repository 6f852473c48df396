//! Whether the measures a policy declares are those of the book it is applied in.

use super::{Policy, rule};
use crate::diag::{Finding, Rule};
use crate::metric::{Metric, Names, Unit};
use crate::msg;
use crate::record::policy::Measure;
use crate::record::settings::MeasureKind;
use crate::source::{KeyPath, Place};
use crate::text::policy as say;

impl Policy {
    /// What keeps the figures of a book from being what the policy takes them for.
    pub fn in_book(&self, book: &Names) -> Vec<Finding> {
        let measures = self.record.measures.iter();
        measures.filter_map(|(name, measure)| self.agrees(name, measure, book.get(name))).collect()
    }

    fn agrees(&self, name: &str, measure: &Measure, in_book: Option<&Metric>) -> Option<Finding> {
        let path = KeyPath(vec!["measures".into(), name.into()]);
        let finding = |rule: &'static Rule, key: Option<&str>, message| {
            let at = key.map_or_else(
                || Place::key(self.file, path.clone()),
                |key| Place::value(self.file, path.join(key)),
            );
            Some(Finding::new(rule, at, message))
        };
        let Some(metric) = in_book else {
            let mut found = finding(&rule::MEASURE_NOT_IN_BOOK, None, msg!(say::NOT_IN_BOOK, name = name))?;
            found.help = Some(msg!(say::DECLARE_IT, name = name));
            return Some(found);
        };
        if Unit::parse(&metric.unit) != Unit::parse(&measure.unit) {
            let message = msg!(say::COUNTED_IN, name = name, here = &measure.unit, there = &metric.unit);
            return finding(&rule::MEASURE_DIFFERS, Some("unit"), message);
        }
        let adds_up = |kind| matches!(kind, MeasureKind::Flow | MeasureKind::Count);
        let same = metric.kind == measure.kind || adds_up(metric.kind) && adds_up(measure.kind);
        if same {
            return None;
        }
        let there: &str = metric.kind.into();
        finding(&rule::MEASURE_DIFFERS, Some("kind"), msg!(say::OTHER_KIND, name = name, there = there))
    }
}
