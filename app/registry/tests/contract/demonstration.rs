//! The demonstration, and sealing.
use crate::common::*;
use forms::status::ApplicationStatus;
use registry::*;

#[test]
fn the_demonstration_loads() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        assert!(
            !demo::is_loaded(&database.registry).await.unwrap()
                && !demo::is_demonstration(&database.registry).await.unwrap()
        );
        let logins = demo::load(&database.registry).await.unwrap();
        assert!(demo::is_loaded(&database.registry).await.unwrap());
        assert!(demo::is_demonstration(&database.registry).await.unwrap());
        let mut states = Vec::new();
        for login in logins.iter().filter(|login| login.role.is_none()) {
            let session = database.registry.login(&login.username, &login.password, None).await.unwrap().session;
            let candidate = database.registry.candidate(&session).await.unwrap().unwrap();
            states.push(candidate.applications().await.unwrap().first().map(|row| row.status));
        }
        assert_eq!(states, [None, Some(ApplicationStatus::Draft), Some(ApplicationStatus::Submitted)]);
        let notices = database.registry.notices().await.unwrap();
        assert_eq!(notices.len(), 3);
        assert_eq!(database.registry.notice(notices[0].id).await.unwrap().title_zh, notices[0].title_zh);
        let exam = &database.registry.exam_sessions().await.unwrap()[0];
        assert!(database.registry.categories(exam.id).await.unwrap().len() >= 12);
    });
}

#[test]
fn a_site_keeps_where_and_when_it_receives_people() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        demo::load(&database.registry).await.unwrap();
        let (_, sites) = database.registry.areas().await.unwrap();
        let said = |code: &str| {
            let site = sites.iter().find(|site| site.code == code).unwrap();
            [&site.address, &site.phone, &site.hours, &site.map].map(|text| !text.is_empty())
        };
        assert_eq!(said("3301"), [true; 4]);
        assert_eq!(said("3302"), [false; 4]);
    });
}

#[test]
fn rows_moved_elsewhere_do_not_open() {
    let (sealer, entropy) = (Sealer::new(&[7; 32]), Entropy::system());
    let sealed = sealer.seal(&entropy, &[b"person", b"1"], b"11010519491231002X");
    assert_eq!(sealer.open(&[b"person", b"1"], &sealed).unwrap(), b"11010519491231002X");
    assert!(sealer.open(&[b"person", b"2"], &sealed).is_err());
    assert!(Sealer::new(&[8; 32]).open(&[b"person", b"1"], &sealed).is_err());
    assert!(!sealed.windows(4).any(|w| w == b"1949"));
}
