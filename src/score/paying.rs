//! The pay of everybody: one line after another, and those whose pay looks at all that others are paid after these.
//!
//! A line that looks at the lines of others looks at lines above it, which everybody has by then. Who leads and takes a share of
//! all that the members are paid comes after the members; two who would come after each other find the pay missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::board::{Board, Manager};
use super::pay::Paying;
use super::run::Several;
use super::{pay, pool};
use crate::policy::expr::{Among, Leaf, Scored};

/// Pays some of a board, those beside them as they are.
pub(super) fn all(board: &mut Board<'_>, some: &Several) {
    board.paying = true;
    for manager in &mut board.managers[some.clone()] {
        let judged =
            manager.card.errors.is_empty() && manager.card.not_assessed.is_none() && !manager.is_given();
        manager.card.pay = (manager.plan.pay.is_some() && judged).then(Default::default);
    }
    let lines = lines(&board.managers[some.clone()]);
    for level in levels(board, some) {
        for id in &lines {
            line(board, &level, id);
        }
        for me in level {
            finish(board, me);
        }
    }
}

fn finish(board: &mut Board<'_>, me: usize) {
    let plan = board.managers[me].plan.clone();
    let card = &board.managers[me].card;
    let finished = match (&card.pay, plan.pay.as_ref().filter(|_| card.unpaid.is_empty())) {
        // The lines stay on the board meanwhile: what bounds and defers the pay may look at them.
        (Some(made), Some(pay)) => pay::finish(board, me, pay, made.lines.clone()).map(Some),
        _ => Ok(None),
    };
    let manager = &mut board.managers[me];
    manager.paid.whole = true;
    manager.card.pay = finished.unwrap_or_else(|error| {
        manager.card.unpaid.push(error);
        None
    });
}

/// Ids of the pay lines of all plans, in the order of the file.
fn lines(managers: &[Manager<'_>]) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let lines = managers.iter().filter_map(|manager| manager.plan.pay.as_ref()).flat_map(|pay| &pay.lines);
    let mut seen = BTreeSet::new();
    for line in lines {
        if seen.insert(line.id.clone()) {
            found.push(line.id.clone());
        }
    }
    found
}

/// Who is paid after whom: whoever looks at all that those below are paid, after them.
fn levels(board: &Board<'_>, some: &Several) -> Vec<Vec<usize>> {
    let looks = |me: usize| Some((me, looked_at(&board.managers[me])?));
    let mut waiting: Vec<(usize, Vec<Box<str>>)> = some.clone().filter_map(looks).collect();
    let looking: BTreeSet<usize> = waiting.iter().map(|(me, _)| *me).collect();
    let mut levels = vec![some.clone().filter(|me| !looking.contains(me)).collect()];
    while !waiting.is_empty() {
        let open: BTreeSet<usize> = waiting.iter().map(|(me, _)| *me).collect();
        let is_open = |other: &str| board.by_id.get(other).is_some_and(|other| open.contains(other));
        let (next, later): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, others)| !others.iter().any(|other| is_open(other)));
        let (next, later) = if next.is_empty() { (later, Vec::new()) } else { (next, later) };
        levels.push(next.into_iter().map(|(me, _)| me).collect());
        waiting = later;
    }
    levels
}

/// At all of whose pay a manager's pay looks; nothing where it looks at no such pay.
fn looked_at(manager: &Manager<'_>) -> Option<Vec<Box<str>>> {
    let mut among: Vec<Among> = Vec::new();
    let mut note = |leaf: &Leaf| {
        if let Leaf::Members(of, _, Scored::Pay) = leaf {
            among.push(*of);
        }
    };
    let pay = manager.plan.pay.iter();
    pay.for_each(|pay| pay.expressions(&mut |expression| expression.leaves(&mut note)));
    let others = |of: &Among| manager.facts.others(*of);
    (!among.is_empty()).then(|| among.iter().flat_map(others).collect())
}

fn line(board: &mut Board<'_>, some: &[usize], id: &Arc<str>) {
    let mut made = pool::shares(board, id);
    made.retain(|(me, _)| some.binary_search(me).is_ok());
    for &me in some {
        let manager = &board.managers[me];
        let Some(pay) = manager.plan.pay.as_ref().filter(|_| manager.card.pay.is_some()) else {
            continue;
        };
        let line = pay.lines.iter().find(|line| line.id == *id && !line.form.is_pool());
        made.extend(line.map(|line| (me, pay::line(board, me, line))));
    }
    for (me, result) in made {
        let card = &mut board.managers[me].card;
        match (result, &mut card.pay) {
            (Ok(Paying::Pays(line)), Some(pay)) => pay.lines.push(line),
            (Ok(Paying::Skips(line)), _) => card.skipped.push(line),
            (Err(error), _) => card.unpaid.push(error),
            (Ok(Paying::Pays(_) | Paying::Nothing), _) => {}
        }
    }
    for &me in some {
        board.managers[me].paid.lines.insert(id.clone());
    }
}
