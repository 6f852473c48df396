//! `rmbook schema`: what editors need to complete and check records as they are typed.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::{Context, ExitStatus, WriteArgs, Writing};
use crate::draft::references::Known;
use crate::metric::BUILTINS;
use crate::msg;
use crate::record::figure::is_of_targets;
use crate::record::kind::RecordKind;
use crate::text::entry;

/// Write the schemas that editors check records by
/// 写入供编辑器检查记录的模式文件
///
/// Taplo and Tombi find them by the settings written beside; ids of managers, teams and policies and the declared
/// measures are in them, so run it again when those change.
/// 模式文件由 Taplo 和 Tombi 按一并写入的配置读取；其中含客户经理、团队和考核办法的编号及自定义指标，
/// 这些内容变动后请重新运行。
#[derive(Clone, Debug, Args)]
pub(super) struct SchemaArgs {
    /// Folder of the book, or one inside it
    /// 台账所在文件夹或其下级文件夹
    dir: Option<PathBuf>,
    #[command(flatten)]
    write: WriteArgs,
}

/// The settings by which the editors' language servers find the schemas.
const TAPLO: &str = ".taplo.toml";
const TOMBI: &str = "tombi.toml";

pub(super) fn run(args: &SchemaArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    if let Some(dir) = &args.dir {
        context.start = context.start.join(dir);
    }
    let mut writing = Writing::open(context, &args.write)?;
    for (path, text) in files(&mut writing.known()) {
        // The settings of an editor are the user's once they exist.
        let is_theirs = [TAPLO, TOMBI].contains(&path.as_str()) && writing.read(&path)?.is_some();
        if !is_theirs {
            writing.put(&path, Some(text))?;
        }
    }
    let count = writing.finish(context)?;
    context.say(&msg!(entry::SCHEMAS, count = count))?;
    Ok(ExitStatus::Clean)
}

/// Every file an editor needs: path and text.
pub(super) fn files(ids: &mut Known<'_>) -> Vec<(String, String)> {
    let schema = |kind: &RecordKind| {
        let mut schema = kind.schema();
        name_ids(&mut schema, ids, false);
        if let Value::Object(object) = &mut schema {
            object.shift_insert(0, "$schema".into(), "http://json-schema.org/draft-07/schema#".into());
        }
        (schema_path(*kind), format!("{schema:#}\n"))
    };
    let mut files: Vec<(String, String)> = RecordKind::ALL.iter().map(schema).collect();
    files.push((TAPLO.to_owned(), taplo()));
    files.push((TOMBI.to_owned(), tombi()));
    files
}

fn schema_path(kind: RecordKind) -> String {
    format!(".rmbook/schema/{}.json", kind.name())
}

fn pattern(kind: RecordKind) -> String {
    if kind.is_many() { format!("{}/**/*.toml", kind.place()) } else { kind.place().to_owned() }
}

fn taplo() -> String {
    let rule = |kind: &RecordKind| {
        let (pattern, path) = (pattern(*kind), schema_path(*kind));
        format!("\n[[rule]]\ninclude = [\"{pattern}\"]\n[rule.schema]\nenabled = true\npath = \"./{path}\"\n")
    };
    let rules: String = RecordKind::ALL.iter().map(rule).collect();
    format!("# Schemas for Taplo and Even Better TOML.\ninclude = [\"*.toml\", \"*/**/*.toml\"]\n{rules}")
}

fn tombi() -> String {
    let schema = |kind: &RecordKind| {
        format!("\n[[schemas]]\npath = \"{}\"\ninclude = [\"{}\"]\n", schema_path(*kind), pattern(*kind))
    };
    let schemas: String = RecordKind::ALL.iter().map(schema).collect();
    format!("# Schemas for Tombi.\ntoml-version = \"v1.0.0\"\n{schemas}")
}

/// The kinds whose ids an editor is told; a book has too many clients for a list.
const LISTED: [&str; 4] = ["manager", "team", "policy", "measure"];

/// Puts the ids a book has where a schema asks for one, as a value or as a key; `of_targets` says that it is about
/// targets, which name metrics too.
fn name_ids(schema: &mut Value, ids: &mut Known<'_>, of_targets: bool) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| name_ids(item, ids, of_targets)),
        Value::Object(object) => {
            for (key, below) in object.iter_mut() {
                name_ids(below, ids, of_targets || is_of_targets(key));
            }
            let kind = object.get("x-ref").and_then(Value::as_str).map(str::to_owned);
            if let Some(known) = kind.and_then(|kind| listed(&kind, ids, of_targets)) {
                object.insert("enum".into(), known.into());
            }
            name_keys(object, ids, of_targets);
        }
        _ => {}
    }
}

fn listed(kind: &str, ids: &mut Known<'_>, of_targets: bool) -> Option<Vec<String>> {
    let mut known = LISTED.contains(&kind).then(|| ids.ids(kind).iter().cloned().collect())?;
    if kind == "measure" && of_targets {
        Vec::extend(&mut known, BUILTINS.iter().map(|metric| metric.name.to_owned()));
    }
    Some(known).filter(|known: &Vec<String>| !known.is_empty())
}

/// A map whose keys are ids becomes a table with those keys.
fn name_keys(object: &mut Map<String, Value>, ids: &mut Known<'_>, of_targets: bool) {
    let measures = object
        .get("patternProperties")
        .and_then(|patterns| patterns.get(crate::record::value::MEASURE_PATTERN));
    let (kind, values) = match (object.get("x-key-ref").and_then(Value::as_str), measures) {
        (Some(kind), _) => (kind.to_owned(), object.get("additionalProperties").cloned()),
        (None, Some(values)) => ("measure".to_owned(), Some(values.clone())),
        (None, None) => return,
    };
    let (Some(known), Some(values)) = (listed(&kind, ids, of_targets), values) else { return };
    let also = object.get("x-key-also").and_then(Value::as_array).cloned().unwrap_or_default();
    let also = also.iter().filter_map(|word| word.as_str().map(str::to_owned));
    let properties: Map<String, Value> =
        known.into_iter().chain(also).map(|key| (key, values.clone())).collect();
    object.remove("patternProperties");
    object.insert("properties".into(), properties.into());
    object.insert("additionalProperties".into(), json!(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_measures_of_the_book_stand_in_the_schema() {
        let mut ids = Known::new(|kind| match kind {
            "manager" => vec!["wang-fang".to_owned()],
            "measure" => vec!["deposits".to_owned()],
            _ => Vec::new(),
        });
        let files = files(&mut ids);
        let text = &files.iter().find(|(path, _)| path == ".rmbook/schema/client.json").unwrap().1;
        let schema: Value = serde_json::from_str(text).unwrap();
        let properties = &schema["properties"];
        assert_eq!(properties["manager"]["enum"], json!(["wang-fang"]));
        assert!(properties["parent"].get("enum").is_none(), "clients are not listed");
        let shares = &properties["credit"]["items"]["properties"]["shares"];
        let keys: Vec<&String> = shares["properties"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["wang-fang", "other"]);
        let (_, month) =
            properties["results"]["patternProperties"].as_object().unwrap().iter().next().unwrap();
        assert!(month["properties"]["deposits"]["anyOf"].is_array());
        assert_eq!(month["additionalProperties"], false);
        assert!(month["properties"].get("new_clients").is_none(), "a metric is computed, not recorded");

        let text = &files.iter().find(|(path, _)| path == ".rmbook/schema/manager.json").unwrap().1;
        let schema: Value = serde_json::from_str(text).unwrap();
        let periods = schema["properties"]["targets"]["patternProperties"].as_object().unwrap();
        let (_, period) = periods.iter().next().unwrap();
        assert!(period["properties"].get("new_clients").is_some(), "a target may be set for a metric");
    }
}
