//! Sessions, categories, areas and sites: every node keeps them in memory and sees every change.
use crate::common::*;
use registry::*;

#[test]
fn what_another_node_changes_in_the_catalogue_is_seen_at_once() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let other = Registry::open(database.registry.settings().clone()).await.unwrap();
        let open = async |registry: &Registry, code: &str| {
            registry.areas().await.unwrap().1.iter().find(|site| site.code == code).unwrap().open
        };
        assert!(open(&database.registry, "1101").await && open(&other, "1101").await);
        let site = other.areas().await.unwrap().1.iter().find(|site| site.code == "1101").unwrap().clone();
        other.put_areas(Vec::new(), vec![Site { open: false, ..site }]).await.unwrap();
        assert!(!open(&database.registry, "1101").await && !open(&other, "1101").await);
        let session = other.exam_sessions().await.unwrap().remove(0);
        let categories = other.categories(session.id).await.unwrap();
        let fewer = categories.into_iter().take(2).collect();
        other.put_exam_session(ExamSession { year: 1999, ..session.clone() }, fewer).await.unwrap();
        assert_eq!(database.registry.exam_sessions().await.unwrap()[0].year, 1999);
        assert_eq!(database.registry.categories(session.id).await.unwrap().len(), 2);
        other.close().await;
    });
}

#[test]
fn every_change_of_the_tables_of_the_catalogue_is_seen_whoever_makes_it() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let seen = async || {
            let (areas, sites) = database.registry.areas().await.unwrap();
            let sessions = database.registry.exam_sessions().await.unwrap();
            let categories = database.registry.categories(sessions[0].id).await.unwrap();
            format!("{areas:?} {sites:?} {sessions:?} {categories:?}")
        };
        let mut before = seen().await;
        for change in [
            "UPDATE area SET phone = '1'",
            "INSERT INTO area (code, name, phone) VALUES ('99', 'area', '')",
            "INSERT INTO site (code, area, name, address, phone, hours, map, open) SELECT '9901', '99', name, address, phone, hours, map, open
             FROM site WHERE code = '1101'",
            "UPDATE site SET phone = '2' WHERE code = '9901'",
            "DELETE FROM site WHERE code = '9901'",
            "DELETE FROM area WHERE code = '99'",
            "UPDATE exam_session SET year = 2001",
            "UPDATE category SET name_zh = 'name' WHERE code = '110'",
            "DELETE FROM category WHERE code = '110'",
            "INSERT INTO category (session_id, code, name_zh, name_en, confirmed) SELECT session_id, '110', name_zh, name_en, confirmed
             FROM category WHERE code = '120'",
        ] {
            database.behind_the_back(change).await;
            let after = seen().await;
            assert_ne!(before, after, "{change}");
            before = after;
        }
    });
}

#[test]
fn bringing_the_shipped_lists_up_to_date_leaves_what_an_office_wrote() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let (areas, sites) = registry.areas().await.unwrap();
        let area = areas.iter().find(|area| area.code == "11").unwrap().clone();
        let site = sites.iter().find(|site| site.code == "1101").unwrap().clone();
        assert_eq!(site.name_en, "Beijing site");
        let area =
            Area {
                name: "北京考区".into(), phone: "010-11111111".into(), address: "北京市东城区1号".into(), ..area
            };
        let site = Site {
            name_en: "Beijing".into(),
            phone: "010-22222222".into(),
            hours: "9:00–17:00".into(),
            open: false,
            ..site
        };
        registry.put_areas(vec![area.clone()], vec![site.clone()]).await.unwrap();
        database.behind_the_back("DELETE FROM site WHERE code = '1201'").await;
        // As they are where the program had no English names yet; the second has another name since.
        database.behind_the_back("UPDATE site SET name_en = '' WHERE code IN ('3301', '3302')").await;
        database.behind_the_back("UPDATE site SET name = '宁波考点' WHERE code = '3302'").await;
        demo::load_shipped(registry).await.unwrap();
        let (after, all) = registry.areas().await.unwrap();
        let found = |code: &str| all.iter().find(|site| site.code == code);
        assert_eq!(format!("{:?}", after.iter().find(|own| own.code == area.code).unwrap()), format!("{area:?}"));
        assert_eq!(format!("{:?}", found("1101").unwrap()), format!("{site:?}"));
        assert!(found("1201").is_some(), "one that is missing is added");
        assert_eq!(found("3301").unwrap().name_en, "Hangzhou site");
        assert_eq!(found("3302").unwrap().name_en, "");
    });
}
