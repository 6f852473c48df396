//! Findings as JSON, in the shape that [`crate::text::render::FORMAT_JSON`] tells users; `key` is the way to the value meant,
//! null where a file or a syntax error is.

use std::io::{self, Write};

use super::{Counts, Level, Located, Spot, put_json};

#[derive(serde::Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<Shape<'a>>,
    summary: Counts,
}

#[derive(serde::Serialize)]
struct Shape<'a> {
    code: &'static str,
    name: &'static str,
    level: &'static str,
    message: String,
    help: Option<String>,
    #[serde(flatten)]
    at: At<'a>,
    labels: Vec<Label<'a>>,
}

#[derive(serde::Serialize)]
struct Label<'a> {
    message: String,
    #[serde(flatten)]
    at: At<'a>,
}

#[derive(serde::Serialize)]
struct At<'a> {
    path: &'a str,
    key: Option<String>,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

pub(super) fn write(findings: &[&Located<'_>], out: &mut dyn Write) -> io::Result<()> {
    let summary = Counts::of(findings.iter().map(|located| located.finding));
    let document =
        Document { version: 1, findings: findings.iter().map(|found| shape(found)).collect(), summary };
    put_json(&serde_json::to_string_pretty(&document)?, out)
}

fn shape<'a>(Located { finding, at: spot, labels }: &'a Located<'a>) -> Shape<'a> {
    let labels = labels.iter().zip(&finding.labels);
    Shape {
        code: finding.rule.code,
        name: finding.rule.name,
        level: if finding.level == Level::Deny { "error" } else { "warning" },
        message: finding.message.to_string(),
        help: finding.help.as_ref().map(ToString::to_string),
        at: at(spot),
        labels: labels
            .map(|(spot, label)| Label { message: label.message.to_string(), at: at(spot) })
            .collect(),
    }
}

fn at<'a>(spot: &'a Spot<'a>) -> At<'a> {
    At {
        path: &spot.path,
        key: spot.key().map(ToString::to_string),
        line: spot.start.line,
        column: spot.start.column,
        end_line: spot.end.line,
        end_column: spot.end.column,
    }
}
