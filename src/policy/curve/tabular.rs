//! Tables of bands as written into tables that can be looked up, wherever one may stand.

use rust_decimal::Decimal;

use super::table::{Band, Bands, Edge};
use crate::msg;
use crate::policy::compile::Compiler;
use crate::policy::expr::{Expr, Stage, Type};
use crate::policy::rule;
use crate::record::policy::curve as written;
use crate::record::policy::curve::Included;
use crate::record::policy::formula::{Formula, UNREAD};
use crate::source::KeyPath;
use crate::text::policy;

/// The keys of a table wherever one may stand.
pub(in crate::policy) struct TableKeys<'a> {
    pub(in crate::policy) bands: &'a [written::Band],
    pub(in crate::policy) edges: &'a [Formula],
    pub(in crate::policy) results: &'a [Formula],
    pub(in crate::policy) included: Option<Included>,
    pub(in crate::policy) lookup: Option<&'a str>,
}

impl<'a> TableKeys<'a> {
    /// Those of a table with a name.
    pub(in crate::policy) fn of(table: &'a written::Table) -> Self {
        Self {
            bands: &table.bands,
            edges: &table.edges,
            results: &table.results,
            included: table.included,
            lookup: None,
        }
    }
}

impl<'a> Compiler<'a> {
    /// The table that `lookup` at `path` names.
    pub(super) fn table(&mut self, lookup: &str, path: &KeyPath) -> Option<&'a written::Table> {
        let record = self.record;
        let name = table_name(lookup);
        let found = record.tables.get(name);
        let unread = self.stands_in(lookup) || self.mended && record.tables.contains_key(UNREAD);
        if found.is_none() && !unread {
            let known = record.tables.keys().map(String::as_str);
            let near = self.no_such(path, msg!(policy::UNKNOWN_NAME, name = lookup), name, known);
            self.used.tables.extend(near.map(str::to_owned));
        }
        self.used.tables.insert(name.to_owned());
        if found.is_some_and(|table| !table.rows.is_empty()) {
            self.fault(&rule::BAD_TABLE, path, msg!(policy::WORDS_HAVE_NO_BANDS, name = name));
            return None;
        }
        found
    }
}

pub(super) fn table_name(lookup: &str) -> &str {
    lookup.strip_prefix("tables.").unwrap_or(lookup)
}

/// Compiles a table of bands; `gives` is what its results are.
pub(in crate::policy) fn table_of(
    compiler: &mut Compiler<'_>,
    keys: &TableKeys<'_>,
    path: &KeyPath,
    stage: Stage,
    x: &Type,
    gives: &Type,
) -> Bands {
    if let Some(name) = keys.lookup {
        let Some(table) = compiler.table(name, &path.join("lookup")) else {
            return Bands::default();
        };
        let path = KeyPath(vec!["tables".into(), table_name(name).into()]);
        return table_of(compiler, &TableKeys::of(table), &path, stage, x, gives);
    }
    let bands = match (keys.bands.is_empty(), keys.edges.is_empty() && keys.results.is_empty()) {
        (false, true) => one_by_one(compiler, keys, path, stage, x, gives),
        (true, false) => by_edges(compiler, keys, path, stage, x, gives),
        _ => {
            compiler.fault(&rule::BAD_TABLE, path, msg!(policy::EXACTLY_ONE, keys = "bands, edges, lookup"));
            Vec::new()
        }
    };
    Bands(bands)
}

fn by_edges(
    compiler: &mut Compiler<'_>,
    keys: &TableKeys<'_>,
    path: &KeyPath,
    stage: Stage,
    x: &Type,
    gives: &Type,
) -> Vec<Band> {
    let indexed = |key: &str, index: usize| path.join(key).join(index);
    let edges: Vec<Expr> = (keys.edges.iter().enumerate())
        .map(|(index, edge)| compiler.beside(edge, &indexed("edges", index), stage, x, Some(x)))
        .collect();
    let results: Vec<Expr> = (keys.results.iter().enumerate())
        .map(|(index, result)| compiler.fitting(result, &indexed("results", index), stage, gives, Some(x)))
        .collect();
    if keys.included.is_none() {
        compiler.fault(&rule::BAD_TABLE, path, msg!(policy::NEEDS_KEY, key = "included"));
    }
    if results.len() != edges.len() + 1 {
        compiler.fault(
            &rule::BAD_TABLE,
            path,
            msg!(policy::RESULTS, edges = edges.len(), results = results.len()),
        );
    }
    let rising = edges.windows(2).all(|pair| match (pair[0].constant, pair[1].constant) {
        (Some(a), Some(b)) => a < b,
        _ => true,
    });
    if !rising {
        compiler.fault(&rule::BAD_TABLE, &path.join("edges"), policy::EDGES_RISE);
    }
    let Some(included) = keys.included.filter(|_| results.len() == edges.len() + 1) else {
        return Vec::new();
    };
    let lower = included == Included::Lower;
    let edge = |index: usize, included| edges.get(index).map(|at| Edge { at: at.clone(), included });
    let band = |(index, result): (usize, Expr)| Band {
        lower: index.checked_sub(1).and_then(|index| edge(index, lower)),
        upper: edge(index, !lower),
        result: result.into(),
    };
    results.into_iter().enumerate().map(band).collect()
}

fn one_by_one(
    compiler: &mut Compiler<'_>,
    keys: &TableKeys<'_>,
    path: &KeyPath,
    stage: Stage,
    x: &Type,
    gives: &Type,
) -> Vec<Band> {
    let mut bands: Vec<(KeyPath, Band)> = Vec::new();
    for (index, band) in keys.bands.iter().enumerate() {
        let at = path.join("bands").join(index);
        let lower = edge_of(compiler, &at, [("at_least", &band.at_least), ("above", &band.above)], stage, x);
        let upper = edge_of(compiler, &at, [("at_most", &band.at_most), ("below", &band.below)], stage, x);
        let result = match &band.result {
            Some(result) => compiler.fitting(result, &at.join("result"), stage, gives, Some(x)),
            None => {
                compiler.fault(&rule::BAD_TABLE, &at, msg!(policy::NEEDS_KEY, key = "result"));
                Expr::unread()
            }
        };
        bands.push((at, Band { lower, upper, result: result.into() }));
    }
    let start = |band: &Band| band.lower.as_ref().map(|edge| edge.at.constant);
    let settled = bands.iter().all(|(_, band)| start(band) != Some(None));
    if settled {
        bands.sort_by_key(|(_, band)| start(band).flatten());
    }
    // In which order bands stand of which an edge cannot be read is told by the others alone.
    let read = |edge: &Option<Edge>| edge.as_ref().is_none_or(|edge| edge.at.is_read());
    let all_read = bands.iter().all(|(_, band)| read(&band.lower) && read(&band.upper));
    if all_read || bands.iter().filter_map(|(_, band)| start(band).flatten()).is_sorted() {
        meet(compiler, &bands, path);
    }
    bands.into_iter().map(|(_, band)| band).collect()
}

/// Compiles the points of a table or a curve at `path`, x rising; `gives` is what y is.
pub(in crate::policy) fn points_of(
    compiler: &mut Compiler<'_>,
    written: &[Vec<Formula>],
    path: &KeyPath,
    stage: Stage,
    x: &Type,
    gives: &Type,
) -> Vec<(Expr, Expr)> {
    let path = path.join("points");
    let points = pairs_of(compiler, written, &path, stage, x, gives);
    for (index, (x, _)) in points.iter().enumerate() {
        compiler.doubt(x, &path.join(index).join(0));
    }
    let rising = points.windows(2).all(|pair| match (pair[0].0.constant, pair[1].0.constant) {
        (Some(a), Some(b)) => a < b,
        _ => true,
    });
    if written.len() < 2 || !rising {
        compiler.fault(&rule::BAD_TABLE, &path, policy::POINTS_RISE);
    }
    points
}

/// Pairs `[x, y]` at `path`; `gives` is what y is.
pub(super) fn pairs_of(
    compiler: &mut Compiler<'_>,
    written: &[Vec<Formula>],
    path: &KeyPath,
    stage: Stage,
    x: &Type,
    gives: &Type,
) -> Vec<(Expr, Expr)> {
    let mut found = Vec::new();
    for (index, point) in written.iter().enumerate() {
        let at = path.join(index);
        match point.as_slice() {
            [value, result] => {
                let value = compiler.fitting(value, &at.join(0), stage, x, Some(x));
                found.push((value, compiler.fitting(result, &at.join(1), stage, gives, Some(x))));
            }
            _ => compiler.fault(&rule::BAD_TABLE, &at, policy::A_POINT_IS_A_PAIR),
        }
    }
    found
}

/// The edge that one of two keys states: the first includes it, the second does not.
pub(in crate::policy) fn edge_of(
    compiler: &mut Compiler<'_>,
    path: &KeyPath,
    keys: [(&str, &Option<Formula>); 2],
    stage: Stage,
    x: &Type,
) -> Option<Edge> {
    match keys {
        [(_, None), (_, None)] => None,
        [(key, Some(at)), (_, None)] => {
            Some(Edge { at: compiler.beside(at, &path.join(key), stage, x, Some(x)), included: true })
        }
        [(_, None), (key, Some(at))] => {
            Some(Edge { at: compiler.beside(at, &path.join(key), stage, x, Some(x)), included: false })
        }
        [(first, Some(a)), (second, Some(b))] => {
            for (key, at) in [(first, a), (second, b)] {
                compiler.fitting(at, &path.join(key), stage, x, Some(x));
            }
            let keys = format!("{first}, {second}");
            compiler.fault(&rule::BAD_TABLE, path, msg!(policy::EXACTLY_ONE, keys = keys));
            Some(Edge { at: Expr::unread(), included: true })
        }
    }
}

/// A literal as it stands in the policy, else what it comes to.
fn as_written(edge: &Expr, at: Decimal) -> String {
    if edge.bare || edge.percent { edge.text.to_string() } else { at.to_string() }
}

/// Neighbouring bands share an edge that exactly one of them includes; only the ends are open.
fn meet(compiler: &mut Compiler<'_>, bands: &[(KeyPath, Band)], path: &KeyPath) {
    for pair in bands.windows(2) {
        let (upper, lower) = (&pair[0].1.upper, &pair[1].1.lower);
        let at = &pair[1].0;
        match (upper, lower) {
            (Some(upper), Some(lower)) => match (upper.at.constant, lower.at.constant) {
                (Some(a), Some(b)) if a < b => {
                    let (from, to) = (as_written(&upper.at, a), as_written(&lower.at, b));
                    compiler.fault(&rule::BAD_TABLE, at, msg!(policy::GAP, from = from, to = to));
                }
                (Some(a), Some(b)) if a > b => {
                    let (from, to) = (as_written(&lower.at, b), as_written(&upper.at, a));
                    compiler.fault(&rule::BAD_TABLE, at, msg!(policy::OVERLAP, from = from, to = to));
                }
                (Some(a), Some(_)) if upper.included && lower.included => {
                    compiler.fault(
                        &rule::BAD_TABLE,
                        at,
                        msg!(policy::EDGE_TWICE, edge = as_written(&upper.at, a)),
                    );
                }
                (Some(a), Some(_)) if !upper.included && !lower.included => {
                    compiler.fault(
                        &rule::BAD_TABLE,
                        at,
                        msg!(policy::EDGE_NEVER, edge = as_written(&upper.at, a)),
                    );
                }
                _ => {}
            },
            _ => compiler.fault(&rule::BAD_TABLE, at, policy::OPEN_INSIDE),
        }
    }
    let open = |edge: Option<&Option<Edge>>| edge.is_some_and(Option::is_some);
    let (first, last) =
        (bands.first().map(|(_, band)| &band.lower), bands.last().map(|(_, band)| &band.upper));
    if open(first) || open(last) {
        compiler.fault(&rule::BAD_TABLE, path, policy::ENDS_MUST_BE_OPEN);
    }
}
