//! Curves as written into curves that can be applied.

use rust_decimal::Decimal;

use super::free::{Formula as FormulaShape, Rounding};
use super::people::Mark;
use super::steps::{Anchor, Cliff, PerUnit};
use super::table::Bands;
use super::tabular::{TableKeys, pairs_of, points_of, table_name, table_of};
use super::target::{Neutral, Ratio, Threshold, Tolerance, Window};
use super::{Chain, Shape};
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::compile::Compiler;
use crate::policy::expr::{Expr, Kept, Stage, Type};
use crate::policy::lines::{Beyond, Lines};
use crate::policy::rule;
use crate::record::policy::curve as written;
use crate::record::policy::curve::{Better, Curve, Curves, Unusable};
use crate::record::policy::formula::{Formula, UNREAD};
use crate::source::KeyPath;
use crate::text::policy;

/// What surrounds a curve where it is written.
pub(in crate::policy) struct CurveContext {
    /// Where it stands.
    pub path: KeyPath,
    /// What its input is.
    pub x: Type,
    /// Whether its item has a target.
    pub has_target: bool,
    /// Whether that is zero or less for everybody.
    pub of_nothing: bool,
    /// What a target of zero counts as, where the item or the policy says.
    pub zero_target: Option<Unusable>,
}

pub(super) const PURE: Type = Type::Number(Some(Dimensions::NONE));

/// Whether a target is zero or less for everybody.
pub(in crate::policy) fn of_nothing(target: Option<&Expr>) -> bool {
    target.and_then(|target| target.constant).is_some_and(|target| target <= Decimal::ZERO)
}

/// Curves by name may name others this deep.
const DEPTH: usize = 8;

/// Compiles one curve, a named one or a chain.
pub(in crate::policy) fn chain(
    compiler: &mut Compiler<'_>,
    curves: &Curves,
    context: &CurveContext,
) -> Chain {
    let run = |compiler: &mut Compiler<'_>, curve: &Curve, path: KeyPath, x: Type| {
        let mut writer = Writer { compiler, context, path, x, depth: 0 };
        writer.kind(curve)
    };
    match curves {
        Curves::One(curve) => vec![run(compiler, curve, context.path.clone(), context.x.clone())],
        Curves::Chain(list) => {
            let indexed = list.iter().enumerate();
            let x = |index: usize| if index == 0 { context.x.clone() } else { PURE };
            let chained = indexed.map(|(index, curve)| {
                let at_hand = compiler.at_hand.take();
                compiler.at_hand = at_hand.clone().filter(|_| index == 0);
                let shape = run(compiler, curve, context.path.join(index), x(index));
                compiler.at_hand = at_hand;
                shape
            });
            chained.collect()
        }
        Curves::Named(name) => {
            let mut writer =
                Writer { compiler, context, path: context.path.clone(), x: context.x.clone(), depth: 0 };
            writer.named(name).into_iter().collect()
        }
    }
}

/// Judges the tables and curves with a name that nothing takes: their faults would show only once something does.
pub(in crate::policy) fn untaken(compiler: &mut Compiler<'_>) {
    let record = compiler.record;
    let before = compiler.findings.len();
    let used = compiler.used.clone();
    let context = |name: &str| CurveContext {
        path: KeyPath(vec!["curves".into(), name.into()]),
        x: Type::Unread,
        has_target: true,
        of_nothing: false,
        zero_target: Some(Unusable::Error),
    };
    for (name, curve) in &record.curves {
        if !compiler.used.curves.contains(name) {
            let context = context(name);
            let path = context.path.clone();
            let mut writer = Writer { compiler, context: &context, path, x: Type::Unread, depth: 0 };
            writer.kind(curve);
        }
    }
    for (name, table) in &record.tables {
        if compiler.used.tables.contains(name) {
            continue;
        }
        let path = KeyPath(vec!["tables".into(), name.as_str().into()]);
        if compiler.is_of_words(name) {
            compiler.cells(table, &path);
        } else {
            compiler.numbers_of(table, &path, Stage::Curve, &Type::Unread);
        }
    }
    // What only these use, nothing does.
    compiler.used = used;
    // Nobody knows at which stage they would be taken.
    let mut at = 0;
    compiler.findings.retain(|finding| {
        at += 1;
        at <= before || finding.rule != &rule::TOO_EARLY
    });
}

pub(super) struct Writer<'a, 'b> {
    pub(super) compiler: &'a mut Compiler<'b>,
    context: &'a CurveContext,
    pub(super) path: KeyPath,
    pub(super) x: Type,
    depth: usize,
}

type Written = Option<Formula>;

impl Writer<'_, '_> {
    /// A parameter in the unit of the input.
    fn like(&mut self, key: &str, formula: &Formula) -> Expr {
        let x = self.x.clone();
        self.compiler.beside(formula, &self.path.join(key), Stage::Curve, &x, Some(&x))
    }

    fn like_opt(&mut self, key: &str, formula: &Written) -> Option<Expr> {
        formula.as_ref().map(|formula| self.like(key, formula))
    }

    /// A distance in the unit of the input: from a middle in percent, `1` is a forgotten percent sign too.
    fn width(&mut self, key: &str, formula: &Formula, middle: Option<&Formula>) -> Expr {
        let outer = self.compiler.at_hand.clone();
        if middle.is_some_and(|middle| middle.0.ends_with(['%', '％', '‰'])) {
            self.compiler.at_hand = Some(Kept::Percent);
        }
        let width = self.like(key, formula);
        if self.compiler.at_hand == Some(Kept::Percent) {
            let path = self.path.join(key);
            self.compiler.bare_percent(&width, &path, |number| number.abs() == Decimal::ONE);
        }
        self.compiler.at_hand = outer;
        // A dead band of nothing is none.
        if key != "dead_band" {
            self.above_zero(&width, &self.path.join(key));
        }
        width
    }

    /// A parameter that is points or a factor.
    pub(super) fn pure(&mut self, key: &str, formula: &Formula) -> Expr {
        self.pure_at(&self.path.join(key), formula)
    }

    pub(super) fn pure_at(&mut self, path: &KeyPath, formula: &Formula) -> Expr {
        let x = self.x.clone();
        self.compiler.fitting(formula, path, Stage::Curve, &PURE, Some(&x))
    }

    pub(super) fn pure_opt(&mut self, key: &str, formula: &Written) -> Option<Expr> {
        formula.as_ref().map(|formula| self.pure(key, formula))
    }

    /// Points for one of the input: a pure number, or points per its unit.
    fn slope(&mut self, key: &str, formula: &Formula) -> Expr {
        let path = self.path.join(key);
        let x = self.x.clone();
        let slope = self.compiler.number(formula, &path, Stage::Curve, Some(&x));
        if let (Type::Number(Some(has)), Type::Number(Some(unit))) = (&slope.gives, &x) {
            let per = Dimensions::NONE.times(unit, -1);
            if !has.is_none() && *has != per {
                let message = msg!(policy::UNITS_DIFFER, left = has.to_string(), right = per.to_string());
                self.compiler.units_differ(&path, message);
            }
        }
        slope
    }

    /// The least and the greatest score.
    pub(super) fn range(&mut self, min: &Written, max: &Written) -> (Option<Expr>, Option<Expr>) {
        let (min, max) = (self.pure_opt("min", min), self.pure_opt("max", max));
        let path = self.path.clone();
        self.compiler.in_order([&min, &max], &path);
        (min, max)
    }

    /// A step that others are counted in: nothing is counted in steps of nothing.
    pub(super) fn above_zero(&mut self, step: &Expr, path: &KeyPath) {
        if step.constant.is_some_and(|step| step <= Decimal::ZERO) {
            self.compiler.fault(&rule::INCOMPLETE, path, policy::ABOVE_ZERO);
        }
    }

    /// A target that a curve needs, from its own key or from the item.
    fn needs_target(&mut self, key: &str, own: bool) {
        if !own && !self.context.has_target {
            let path = self.path.clone();
            self.compiler.fault(&rule::INCOMPLETE, &path, msg!(policy::NO_TARGET, key = key));
        }
    }

    /// What a target of zero counts as, which a dividing curve must be told.
    pub(super) fn zero_target(&mut self, own: Option<Unusable>, target: Option<&Expr>) -> Option<Unusable> {
        let stated = own.or(self.context.zero_target);
        let positive = target.and_then(|target| target.constant).is_some_and(|target| target > Decimal::ZERO);
        if stated.is_none() && !positive {
            let path = self.path.clone();
            self.compiler.fault(&rule::UNSTATED, &path, policy::STATE_ZERO_TARGET);
        }
        let nothing = if target.is_some() { of_nothing(target) } else { self.context.of_nothing };
        if nothing && stated.is_some_and(|stated| stated != Unusable::Full) {
            let path = self.path.clone();
            self.compiler.fault(&rule::OUT_OF_REACH, &path, policy::TARGET_OF_NOTHING);
        }
        stated
    }

    fn kind(&mut self, curve: &Curve) -> Box<dyn Shape> {
        match curve {
            Curve::Ratio(curve) => {
                self.needs_target("target", false);
                let zero_target = self.zero_target(curve.zero_target, None);
                if curve.better == Better::Lower && curve.max.is_none() {
                    let path = self.path.clone();
                    self.compiler.fault(&rule::UNSTATED, &path, policy::STATE_MAX);
                }
                let (min, max) = self.range(&curve.min, &curve.max);
                for (key, bound) in [("min", &min), ("max", &max)] {
                    let path = self.path.join(key);
                    bound.iter().for_each(|bound| self.compiler.factor(bound, &path));
                }
                Box::new(Ratio { min, max, better: curve.better, zero_target })
            }
            Curve::Threshold(curve) => {
                self.needs_target("at", curve.at.is_some());
                let (at, otherwise) =
                    (self.like_opt("at", &curve.at), self.pure_opt("else", &curve.otherwise));
                Box::new(Threshold { op: curve.op, at, otherwise })
            }
            Curve::Anchor(curve) => Box::new(self.anchor(curve)),
            Curve::Tolerance(curve) => {
                self.needs_target("target", curve.target.is_some());
                let target = self.like_opt("target", &curve.target);
                let zero_target = self.zero_target(curve.zero_target, target.as_ref());
                Box::new(Tolerance { none: self.pure_opt("none", &curve.none), target, zero_target })
            }
            Curve::Bands(curve) => Box::new(self.bands(curve)),
            Curve::Piecewise(curve) => Box::new(self.piecewise(curve)),
            Curve::Window(curve) => {
                self.needs_target("target", curve.target.is_some());
                let target = self.like_opt("target", &curve.target);
                let half_width = self.width("half_width", &curve.half_width, curve.target.as_ref());
                Box::new(Window { target, half_width, better: curve.better })
            }
            Curve::Neutral(curve) => Box::new(self.neutral(curve)),
            Curve::PerUnit(curve) => Box::new(self.per_unit(curve)),
            Curve::Event(curve) => Box::new(self.event(curve)),
            Curve::Cases(curve) => Box::new(self.cases(curve)),
            Curve::Relative(curve) => Box::new(self.relative(curve)),
            Curve::Rank(curve) => Box::new(self.rank(curve)),
            Curve::Rating(curve) => Box::new(self.rating(curve)),
            Curve::Convert(curve) => Box::new(self.convert(curve)),
            Curve::Manual(curve) => {
                let (min, max) = self.range(&curve.min, &curve.max);
                Box::new(Mark { min, max })
            }
            Curve::Formula(curve) => {
                let zero_target = curve.zero_target.or(self.context.zero_target);
                Box::new(FormulaShape { score: self.pure("score", &curve.score).into(), zero_target })
            }
            Curve::Round(curve) => Box::new(Rounding { places: curve.places, mode: curve.mode }),
        }
    }

    fn anchor(&mut self, curve: &written::Anchor) -> Anchor {
        self.needs_target("anchor", curve.anchor.is_some());
        let cliff = curve.cliff.as_ref().map(|cliff| {
            let inner = self.path.join("cliff");
            let outer = std::mem::replace(&mut self.path, inner);
            let found = Cliff {
                op: cliff.op,
                at: self.like("at", &cliff.at),
                score: self.pure_opt("score", &cliff.score),
            };
            self.path = outer;
            found
        });
        let (min, max) = self.range(&curve.min, &curve.max);
        Anchor {
            anchor: self.like_opt("anchor", &curve.anchor),
            base: self.pure_opt("base", &curve.base),
            step: self.width("step", &curve.step, curve.anchor.as_ref()),
            up: self.pure_opt("up", &curve.up),
            down: self.pure_opt("down", &curve.down),
            min,
            max,
            cliff,
            part: curve.part,
        }
    }

    fn neutral(&mut self, curve: &written::Neutral) -> Neutral {
        self.needs_target("target", curve.target.is_some());
        Neutral {
            target: self.like_opt("target", &curve.target),
            dead_band: curve
                .dead_band
                .as_ref()
                .map(|band| self.width("dead_band", band, curve.target.as_ref())),
            slope_up: self.slope("slope_up", &curve.slope_up),
            slope_down: self.slope("slope_down", &curve.slope_down),
            min: self.pure_opt("min", &curve.min),
        }
    }

    fn per_unit(&mut self, curve: &written::PerUnit) -> PerUnit {
        let (min, max) = self.range(&curve.min, &curve.max);
        let unit = self.like("unit", &curve.unit);
        self.above_zero(&unit, &self.path.join("unit"));
        PerUnit {
            unit,
            points: self.pure("points", &curve.points),
            from: self.like_opt("from", &curve.from),
            side: curve.side,
            base: self.pure_opt("base", &curve.base),
            min,
            max,
            part: curve.part,
        }
    }

    fn bands(&mut self, curve: &written::Bands) -> Bands {
        let table = TableKeys {
            bands: &curve.bands,
            edges: &curve.edges,
            results: &curve.results,
            included: curve.included,
            lookup: curve.lookup.as_deref(),
        };
        let x = self.x.clone();
        table_of(self.compiler, &table, &self.path, Stage::Curve, &x, &PURE)
    }

    fn piecewise(&mut self, curve: &written::Piecewise) -> Lines<Expr> {
        let x = self.x.clone();
        let (points, path) = match curve.lookup.as_deref() {
            Some(name) => match self.compiler.table(name, &self.path.join("lookup")) {
                Some(table) => (Some(&table.points), KeyPath(vec!["tables".into(), table_name(name).into()])),
                None => (None, self.path.clone()),
            },
            None => (Some(&curve.points), self.path.clone()),
        };
        let points = points.map(|points| points_of(self.compiler, points, &path, Stage::Curve, &x, &PURE));
        Lines {
            points: points.unwrap_or_default(),
            below: self.beyond("below", &curve.below),
            above: self.beyond("above", &curve.above),
        }
    }

    /// Pairs `[x, y]`, y without a unit.
    pub(super) fn pairs(&mut self, points: &[Vec<Formula>], path: &KeyPath) -> Vec<(Expr, Expr)> {
        let x = self.x.clone();
        pairs_of(self.compiler, points, path, Stage::Curve, &x, &PURE)
    }

    fn beyond(&mut self, key: &str, formula: &Formula) -> Beyond<Expr> {
        Beyond::worded(&formula.0).unwrap_or_else(|| Beyond::Stated(self.pure(key, formula)))
    }

    /// The curve under `curves`.
    pub(super) fn named(&mut self, name: &str) -> Option<Box<dyn Shape>> {
        let record = self.compiler.record;
        let path = self.path.clone();
        let Some(curve) = record.curves.get(name) else {
            let unread = self.compiler.mended && record.curves.contains_key(UNREAD);
            if !unread && !self.compiler.stands_in(name) {
                let known = record.curves.keys().map(String::as_str);
                let near = self.compiler.no_such(&path, msg!(policy::UNKNOWN_NAME, name = name), name, known);
                self.compiler.used.curves.extend(near.map(str::to_owned));
            }
            return None;
        };
        if self.depth >= DEPTH {
            self.compiler.fault(&rule::CIRCLE, &path, msg!(policy::CIRCLE, name = name));
            return None;
        }
        self.compiler.used.curves.insert(name.to_owned());
        self.depth += 1;
        let outer = std::mem::replace(&mut self.path, KeyPath(vec!["curves".into(), name.into()]));
        let found = self.kind(curve);
        self.path = outer;
        self.depth -= 1;
        Some(found)
    }
}
