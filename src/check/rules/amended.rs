//! Closed scorecards that amendments by hand have put at odds with themselves.

use rust_decimal::Decimal;

use super::{check, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::amendment::{ClosedField, Standing};
use crate::record::policy::outcome::Rating;
use crate::record::review::Review;
use crate::record::scorecard::Closed;
use crate::source::Place;
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[&AMENDED_AGAINST_ITSELF];

check! {
    AMENDED_AGAINST_ITSELF = "RM619" "amended-against-itself" Warn Review(amended_against_itself);
    title: "a closed scorecard contradicts itself since it was amended", "更正后的考核结果前后不一致";
    why: "An amendment changes exactly the field it names. What is paid, deferred and told goes by the others, which still say what \
          they said before. Looked at are pay lines that made up the pay when it was closed, the part of the pay that is deferred, and \
          the rating that the total has by the bands of the policy.",
        "更正仅改变所列字段，而发放、延期与告知仍以其他字段为准。检查内容为：封存时与薪酬总额相符的各薪酬项目是否仍相符，\
         延期比例是否与封存时一致，评级是否与办法所定总分区间相符。";
    mend: "Amend the other fields too, each with its own amendment, to what was decided; or take the amendment back.",
        "请就其他字段一并登记更正，或撤销该更正。";
    says: "what stands of {scheme} for {period} contradicts itself: {why}", "{period} {scheme} 现行有效的结果前后不一致：{why}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n\
        pay = { bonus = 9 }\npay_total = 9\n\
        [[amendments]]\ndate = 2026-10-20\nfield = \"pay_total\"\nfrom = \"9\"\nto = \"10\"\nwhy = \"typing error\"\nwho = \"Zhao Lei\"\napproved_by = \"Qian Wei\"\n");
    mended: "[[amendments]]" => "[[amendments]]\ndate = 2026-10-20\nfield = \"pay.bonus\"\nfrom = \"9\"\nto = \"10\"\nwhy = \"typing error\"\nwho = \"Zhao Lei\"\napproved_by = \"Qian Wei\"\n[[amendments]]";
}

const LINES_APART: Text = Text::new(
    "the pay lines add up to {sum}, and the pay is {total}",
    "各薪酬项目合计 {sum}，薪酬总额为 {total}",
);
const DEFERRAL_APART: Text = Text::new(
    "{deferred} of a pay of {total} is deferred, and as it was closed {then} of {before}",
    "薪酬总额 {total}，延期 {deferred}；封存时薪酬总额 {before}，延期 {then}",
);
const RATING_APART: Text = Text::new(
    "a total of {total} is {band} by the policy, and the rating is {rating}",
    "总分 {total} 按办法应为 {band}，评级为 {rating}",
);
const AND: Text = Text::new("{first}; {rest}", "{first}；{rest}");

fn amended_against_itself(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    for (scheme, frozen) in &review.data.closed {
        let Some(standing) = review.data.standing(scheme).filter(|standing| standing.amended.is_some())
        else {
            continue;
        };
        let policy = context.book.policies.get(&frozen.policy);
        let ratings = policy.map_or(&[][..], |policy| &policy.data.ratings);
        let apart =
            [lines(frozen, &standing), deferral(frozen, &standing), rating(frozen, &standing, ratings)];
        let apart = apart.into_iter().flatten();
        let why = apart.reduce(|first, rest| msg!(AND, first = first, rest = rest));
        let last = standing.named.iter().filter(|named| named.short.is_none()).map(|named| named.index).max();
        if let Some((why, last)) = why.zip(last) {
            let place = Place::value(review.file, path!["amendments", last, "field"]);
            let period = review.data.period.to_string();
            found.push(fires!(AMENDED_AGAINST_ITSELF, place, scheme = scheme, period = period, why = why));
        }
    }
}

/// Pay lines that made up the pay when it was closed, but for its rounding, and do not now; where bounds or gates stood between
/// them they never did.
fn lines(frozen: &Closed, standing: &Standing<'_>) -> Option<Message> {
    let of = |closed: &Closed| {
        let sum: Decimal = closed.pay.values().map(|line| line.0).sum();
        (sum.normalize(), closed.pay_total.map_or(Decimal::ZERO, |total| total.0.normalize()))
    };
    let ((then, before), (sum, total)) = (of(frozen), of(&standing.closed));
    let rounding = if then == before { Decimal::ZERO } else { Decimal::new(5, before.scale() + 1) };
    let made_it_up = (then - before).abs() <= rounding;
    (made_it_up && (sum - total).abs() > rounding).then(|| msg!(LINES_APART, sum = sum, total = total))
}

/// A pay that was amended, while the part that is deferred was not, which is another share of it by now. Instalments are cut to
/// their places, so that a share is known to a unit of the last one for each of them.
fn deferral(frozen: &Closed, standing: &Standing<'_>) -> Option<Message> {
    let deferred = |closed: &Closed| closed.deferral.iter().map(|part| part.amount.0).sum::<Decimal>();
    let pay = |closed: &Closed| closed.pay_total.map(|total| total.0.normalize());
    let (before, total) = (pay(frozen)?, pay(&standing.closed)?);
    let is_decided = standing.settles(&ClosedField::Deferral);
    if is_decided || before == total || before.is_zero() {
        return None;
    }
    let (then, now) = (deferred(frozen), deferred(&standing.closed));
    let places = frozen.deferral.iter().map(|part| part.amount.0.normalize().scale()).max()?;
    let unit = Decimal::new(1, places) * Decimal::from(frozen.deferral.len());
    // Both sides times what was paid, so that nothing is divided.
    let is_off = (now * before - then * total).abs() > unit * (before + total).abs();
    let (deferred, then) = (now.normalize(), then.normalize());
    is_off.then(|| msg!(DEFERRAL_APART, deferred = deferred, total = total, then = then, before = before))
}

/// A rating that the bands of the policy gave to the total as it was closed, and would not give to the one that stands.
fn rating(frozen: &Closed, standing: &Standing<'_>, ratings: &[Rating]) -> Option<Message> {
    let of = |closed: &Closed| band(ratings, closed.total?.0);
    let (then, now) = (of(frozen)?, of(&standing.closed)?);
    let (before, rating) = (frozen.rating.as_deref()?, standing.closed.rating.as_deref()?);
    let total = standing.closed.total?.0.normalize();
    (then == before && now != rating).then(|| msg!(RATING_APART, total = total, band = now, rating = rating))
}

/// The first rating whose band holds a total; nothing where more than plain numbers decides.
fn band(ratings: &[Rating], total: Decimal) -> Option<&str> {
    for rating in ratings {
        if !rating.all.is_empty() || rating.when.is_some() {
            return None;
        }
        let edges = [
            (&rating.at_least, (|total, edge| total >= edge) as fn(Decimal, Decimal) -> bool),
            (&rating.above, |total, edge| total > edge),
            (&rating.at_most, |total, edge| total <= edge),
            (&rating.below, |total, edge| total < edge),
        ];
        let mut holds = true;
        for (edge, is_within) in edges {
            if let Some(edge) = edge {
                holds &= is_within(total, edge.0.parse().ok()?);
            }
        }
        if holds {
            return Some(&rating.id);
        }
    }
    None
}
