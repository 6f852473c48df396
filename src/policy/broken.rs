//! What else is wrong in a policy that does not load.

use serde::Deserialize;

use super::{examine, inputs};
use crate::diag::Finding;
use crate::metric::Names;
use crate::record::kind::RecordKind;
use crate::record::mend::mend;
use crate::record::policy::Policy;
use crate::source::FileId;

/// The most text that is worth reading over and over.
const MOST: usize = 64 << 20;

/// What is wrong in a policy beside what keeps it from loading, so that all of it is mended in one go.
///
/// It is judged under every reading of the text; what does not hold of each may go with another fault and is left out.
pub fn beside(file: FileId, text: &str, book: &Names) -> Vec<Finding> {
    let Some(mended) = mend(text, RecordKind::Policy.shape()) else { return Vec::new() };
    if mended.count().saturating_mul(text.len()) > MOST {
        return Vec::new();
    }
    let mut found: Option<Vec<Finding>> = None;
    for reading in mended.readings() {
        let Ok(record) = Policy::deserialize(toml::Value::Table(reading)) else { continue };
        let (policy, mut judged) = examine(file, &record, book, true);
        judged.extend(inputs::of_tests(&policy, &judged, true));
        let holds = |finding: &Finding| judged.iter().any(|other| is_same(finding, other));
        match &mut found {
            None => found = Some(judged),
            Some(found) => found.retain(holds),
        }
        if found.as_ref().is_some_and(Vec::is_empty) {
            break;
        }
    }
    found.unwrap_or_default()
}

fn is_same(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && a.at == b.at && a.message == b.message
}
