//! `export` through the program.

use crate::fixture::Folder;

#[test]
fn a_book_becomes_a_folder_of_tables_that_describes_itself() {
    let folder = Folder::with([
        ("rmbook.toml", "name = '测试支行'\n"),
        ("managers/wang-fang.toml", "name = '王芳'\n"),
        (
            "clients/acme.toml",
            "name = '华东精密'\ntier = 'key'\nmanager = 'wang-fang'\nstatus = 'active'\n\
             [[contacts]]\nname = '李明'\nrole = 'CFO'\n\
             [[visits]]\ndate = 2026-10-09\nby = 'wang-fang'\nkind = 'call'\nmet = ['李明']\n",
        ),
    ]);
    let out = folder.path("tables");
    let out = out.to_str().unwrap();
    let ran = folder.run(&["export", out]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    assert_eq!(folder.read("tables/client_contacts.csv"), "client,role,decides,left\nacme,CFO,,\n");
    assert_eq!(
        folder.read("tables/client_visits.csv"),
        "client,date,by,kind,n,purpose,summary\nacme,2026-10-09,wang-fang,call,,,\n"
    );
    let names = folder.names("tables");
    assert!(!names.contains(&"client_visits_met.csv".to_owned()));
    assert!(!names.iter().any(|name| folder.read(&format!("tables/{name}")).contains("李明")));

    let package: serde_json::Value = serde_json::from_str(&folder.read("tables/datapackage.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len() + 1, names.len());
    let clients = resources.iter().find(|resource| resource["name"] == "clients").unwrap();
    assert_eq!(clients["schema"]["primaryKey"], serde_json::json!(["id"]));
    let keys = clients["schema"]["foreignKeys"].as_array().unwrap();
    let manager = serde_json::json!({
        "fields": ["manager"],
        "reference": { "resource": "managers", "fields": ["id"] },
    });
    assert!(keys.contains(&manager), "{keys:?}");

    let ran = folder.run(&["export", out, "--with-personal"]);
    assert_eq!(ran.code, Some(0));
    assert!(folder.read("tables/client_contacts.csv").contains("acme,李明,CFO"));
    assert!(folder.read("tables/client_visits_met.csv").ends_with("acme,2026-10-09,wang-fang,call,,李明\n"));
}
