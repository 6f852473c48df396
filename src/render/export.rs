//! Tables as a folder of CSV files that describes itself: a Data Package, version 2.0 (datapackage.org).
//!
//! Every table becomes `NAME.csv`; `datapackage.json` beside them says what each column holds, in which unit, what makes a
//! row unique and what refers to what, so that databases and statistics programs load the folder without being told.

use std::io;

use serde_json::{Value, json};

use super::{Style, headers, put_json, write_csv};
use crate::table::{Column, Kind, Table};

/// A table with what a database wants to know about it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The table; its name is the file's stem.
    pub table: Table,
    /// Keys of the columns that tell rows apart; none where nothing does.
    pub primary_key: Vec<String>,
    /// Columns whose values stand in another table.
    pub foreign_keys: Vec<ForeignKey>,
}

/// Columns whose values stand in another table.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// Keys of the columns here.
    pub fields: Vec<String>,
    /// Name of the other table.
    pub table: String,
    /// Keys of the columns there, in the same order.
    pub references: Vec<String>,
}

/// The files of a package called `name`, by path: a CSV file for each table, then `datapackage.json`. With `excel` the CSV
/// files open in Excel by a double click.
pub fn export(name: &str, resources: &[Resource], excel: bool) -> io::Result<Vec<(String, Vec<u8>)>> {
    let style = Style { excel, ..Style::default() };
    let mut files = Vec::with_capacity(resources.len() + 1);
    for resource in resources {
        let mut bytes = Vec::new();
        write_csv(&resource.table, &style, &mut bytes)?;
        files.push((file_name(&resource.table), bytes));
    }
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "description": "An apostrophe before = + - @, a tab or CR at the start of a text is not part of it.",
        "resources": resources.iter().map(|resource| describe(resource, excel)).collect::<Vec<Value>>(),
    });
    let mut bytes = Vec::new();
    put_json(&serde_json::to_string_pretty(&package)?, &mut bytes)?;
    files.push(("datapackage.json".to_owned(), bytes));
    Ok(files)
}

fn file_name(table: &Table) -> String {
    format!("{}.csv", table.name)
}

fn describe(resource: &Resource, excel: bool) -> Value {
    let table = &resource.table;
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": table.name,
        "title": table.title.to_string(),
        "path": file_name(table),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "$schema": "https://datapackage.org/profiles/2.0/tabledialect.json",
            "lineTerminator": if excel { "\r\n" } else { "\n" },
        },
        "schema": schema(resource),
    })
}

fn schema(resource: &Resource) -> Value {
    let mut schema = json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": resource.table.columns.iter().flat_map(fields).collect::<Vec<Value>>(),
    });
    if !resource.primary_key.is_empty() {
        schema["primaryKey"] = json!(resource.primary_key);
    }
    if !resource.foreign_keys.is_empty() {
        let keys = resource.foreign_keys.iter().map(|key| {
            json!({
                "fields": key.fields,
                "reference": { "resource": key.table, "fields": key.references },
            })
        });
        schema["foreignKeys"] = keys.collect();
    }
    schema
}

/// The fields a column makes: itself and, where it has a unit, that of the unit.
fn fields(column: &Column) -> Vec<Value> {
    let mut fields: Vec<Value> =
        headers(column).map(|name| json!({ "name": name, "type": "string" })).collect();
    let field = &mut fields[0];
    field["type"] = json!(type_of(column.kind));
    field["title"] = json!(column.title.to_string());
    if let Some(unit) = &column.unit {
        field["unit"] = json!(unit);
    }
    fields
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Trend => "string",
        Kind::Count => "integer",
        Kind::Number | Kind::Ratio | Kind::Points => "number",
        Kind::Date => "date",
        Kind::Flag => "boolean",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Message;

    #[test]
    fn a_package_describes_its_files() {
        let columns = vec![
            Column::new("client", Message::verbatim("Client"), Kind::Text),
            Column::new("deposits", Message::verbatim("Deposits"), Kind::Number).unit("万元"),
        ];
        let mut table = Table::new("results", Message::verbatim("Results"), columns);
        table.push(vec!["acme".into(), rust_decimal::Decimal::TEN.into()]);
        let resource = Resource {
            table,
            primary_key: vec!["client".into()],
            foreign_keys: vec![ForeignKey {
                fields: vec!["client".into()],
                table: "clients".into(),
                references: vec!["id".into()],
            }],
        };
        let files = export("book", &[resource], false).unwrap();
        assert_eq!(files[0].0, "results.csv");
        assert_eq!(files[0].1, "client,deposits,deposits_unit\nacme,10,万元\n".as_bytes());
        assert_eq!(files[1].0, "datapackage.json");
        let package: Value = serde_json::from_slice(&files[1].1).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&package["resources"][0]["schema"]).unwrap(), @r#"
{
  "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
  "fields": [
    {
      "name": "client",
      "type": "string",
      "title": "Client"
    },
    {
      "name": "deposits",
      "type": "number",
      "title": "Deposits",
      "unit": "万元"
    },
    {
      "name": "deposits_unit",
      "type": "string"
    }
  ],
  "primaryKey": [
    "client"
  ],
  "foreignKeys": [
    {
      "fields": [
        "client"
      ],
      "reference": {
        "resource": "clients",
        "fields": [
          "id"
        ]
      }
    }
  ]
}
"#);
    }
}
