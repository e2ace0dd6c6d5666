//! Requests for names that are not listed, and their answers.
use crate::common::*;
use forms::choice::NameKind;
use forms::ids::NameRequestId;
use forms::journey::Step;
use forms::name_requests::{Answer, EvidenceFormat, NameRequest, NameRequestDraft, evidence};
use forms::problem::NameRequestProblem;
use forms::profile::{EducationDraft, EntryDraft, WorkDraft};
use forms::review::Role;
use forms::{Draft as _, choice::Choice as _};
use registry::*;

use DictionaryKind::{Employer, School};

fn request(kind: NameKind, name: &str, region: &str, former: &str) -> NameRequest {
    let draft = NameRequestDraft {
        name_kind: kind.code().into(),
        missing_name: name.into(),
        missing_region: region.into(),
        former_name: former.into(),
    };
    draft.check().unwrap()
}
fn school(name: &str, region: &str) -> NameRequest {
    request(NameKind::School, name, region, "")
}
fn refused(result: Result<NameRequestId, NameRequestError>) -> NameRequestProblem {
    match result {
        Err(NameRequestError::Refused(problem)) => problem,
        other => panic!("{other:?}"),
    }
}
/// The shipped lists and two candidates.
async fn two_people(engine: Engine) -> (TestDatabase, Candidate, Candidate) {
    let database = TestDatabase::shipped(engine).await;
    let (me, other) = (database.candidate().await, database.candidate().await);
    (database, me, other)
}
fn pdf() -> (EvidenceFormat, Vec<u8>) {
    let pdf = b"%PDF-1.7\n%%EOF\n".to_vec();
    (evidence(&pdf).unwrap(), pdf)
}
async fn count(officer: &Officer) -> usize {
    let requested = officer.requested_names().await.unwrap();
    assert_eq!(requested.names.len(), requested.all);
    requested.all
}

#[test]
fn a_listed_name_and_one_already_requested_are_refused() {
    on_both_engines(async |engine| {
        let (_database, me, other) = two_people(engine).await;
        assert_eq!(refused(me.ask_for_name(&school("北京大学", "11"), None).await), NameRequestProblem::AlreadyListed);
        me.ask_for_name(&school("京北医学院", "11"), None).await.unwrap();
        assert_eq!(refused(me.ask_for_name(&school("京北医学院", "11"), None).await), NameRequestProblem::AlreadyAsked);
        // What others request is theirs.
        other.ask_for_name(&school("京北医学院", "11"), None).await.unwrap();
        assert_eq!((me.name_requests().await.unwrap().len(), other.name_requests().await.unwrap().len()), (1, 1));
    });
}

#[test]
fn a_kept_file_is_sealed_goes_with_one_request_and_is_purged() {
    on_both_engines(async |engine| {
        let (database, me, other) = two_people(engine).await;
        let (format, pdf) = pdf();
        let first = me.keep_evidence(&pdf).await.unwrap();
        let file = me.keep_evidence(&pdf).await.unwrap();
        // One of each account, and nobody else's.
        assert!(!me.keeps_evidence(first).await.unwrap() && me.keeps_evidence(file).await.unwrap());
        assert!(!other.keeps_evidence(file).await.unwrap());
        let name = school("京北医学院", "11");
        assert_eq!(refused(other.ask_with_kept_evidence(&name, file).await), NameRequestProblem::EvidenceGone);
        // A request that is refused leaves it.
        let listed = me.ask_with_kept_evidence(&school("北京大学", "11"), file).await;
        assert_eq!(refused(listed), NameRequestProblem::AlreadyListed);
        let id = me.ask_with_kept_evidence(&name, file).await.unwrap();
        let area = database.officer(Role::AreaOfficer, "11").await;
        assert_eq!(area.name_evidence(id).await.unwrap(), (format, pdf.clone()));
        assert!(!me.keeps_evidence(file).await.unwrap());
        let second = school("京南医学院", "11");
        assert_eq!(refused(me.ask_with_kept_evidence(&second, file).await), NameRequestProblem::EvidenceGone);

        let file = me.keep_evidence(&pdf).await.unwrap();
        database.registry.purge_expired().await.unwrap();
        assert!(me.keeps_evidence(file).await.unwrap());
        database.later(KEPT_FILE_SECONDS + 1);
        assert!(!me.keeps_evidence(file).await.unwrap());
        assert_eq!(refused(me.ask_with_kept_evidence(&second, file).await), NameRequestProblem::EvidenceGone);
        assert_eq!(database.count("SELECT COUNT(*) FROM kept_evidence").await, 1);
        database.registry.purge_expired().await.unwrap();
        assert_eq!(database.count("SELECT COUNT(*) FROM kept_evidence").await, 0);
    });
}

#[test]
fn five_requests_may_be_open() {
    on_both_engines(async |engine| {
        let (database, me, _) = two_people(engine).await;
        for n in 0..5 {
            database.later(1);
            me.ask_for_name(&school(&format!("湘江第{n}医学院"), "43"), None).await.unwrap();
        }
        assert_eq!(refused(me.ask_for_name(&school("湘江第九医学院", "43"), None).await), NameRequestProblem::TooMany);
    });
}

#[test]
fn twenty_requests_may_be_made_in_a_month() {
    on_both_engines(async |engine| {
        let (database, me, _) = two_people(engine).await;
        for n in 0..20 {
            let id = me.ask_for_name(&school("湘江第九医学院", "43"), None).await;
            me.withdraw_name(id.unwrap_or_else(|e| panic!("{n} {e:?}"))).await.unwrap();
        }
        assert_eq!(refused(me.ask_for_name(&school("湘江第九医学院", "43"), None).await), NameRequestProblem::TooOften);
        database.later(31 * 86_400);
        me.ask_for_name(&school("湘江第九医学院", "43"), None).await.unwrap();
    });
}

#[test]
fn an_area_answers_its_own_the_centre_all_and_a_site_none() {
    on_both_engines(async |engine| {
        let (database, me, other) = two_people(engine).await;
        let (format, pdf) = pdf();
        let evidence = Some((format, pdf.clone()));
        let asked = request(NameKind::School, "京北医学院", "11", "京北卫校");
        let id = me.ask_for_name(&asked, evidence).await.unwrap();
        database.later(1);
        let theirs = other.ask_for_name(&school("湘江医学院", "43"), None).await.unwrap();
        let (area, elsewhere, centre, site) = (
            database.officer(Role::AreaOfficer, "11").await,
            database.officer(Role::AreaOfficer, "43").await,
            database.officer(Role::Centre, "").await,
            database.officer(Role::SiteReviewer, "3301").await,
        );
        assert_eq!(
            (count(&area).await, count(&elsewhere).await, count(&centre).await, count(&site).await),
            (1, 1, 2, 0)
        );
        for officer in [&elsewhere, &site] {
            let answer = officer.answer_names(&[id], &Answer::Approve).await;
            assert!(matches!(answer, Err(NameRequestError::Registry(Error::NotFound))));
            assert!(matches!(officer.name_evidence(id).await, Err(Error::NotFound)));
        }
        assert_eq!(area.name_evidence(id).await.unwrap(), (format, pdf));
        assert!(matches!(centre.name_evidence(theirs).await, Err(Error::NotFound)));
        let requested = area.requested_names().await.unwrap().names[0].clone();
        assert_eq!((requested.id, requested.name.as_str(), requested.people), (id, "京北医学院", 1));
        let (former, evidence) = (requested.former, requested.evidence);
        assert_eq!((former, evidence, requested.affected_drafts), (vec!["京北卫校".into()], vec![(id, format)], 0));
    });
}

#[test]
fn whoever_requests_the_same_name_is_answered_with_the_others() {
    on_both_engines(async |engine| {
        let (database, me, other) = two_people(engine).await;
        me.ask_for_name(&school("湘江医学院", "43"), None).await.unwrap();
        database.later(1);
        other.ask_for_name(&school("湘江医学院", "43"), Some(pdf())).await.unwrap();
        let area = database.officer(Role::AreaOfficer, "43").await;
        let same = area.requested_names().await.unwrap().names[0].clone();
        assert_eq!((same.name.as_str(), same.people, same.evidence.len()), ("湘江医学院", 2, 1));
        let refuse = Answer::Refuse("查无此校".into());
        assert_eq!(area.answer_names(&[same.id], &refuse).await.unwrap(), 2);
        for person in [&me, &other] {
            let row = person.name_requests().await.unwrap()[0].clone();
            assert_eq!((row.state, row.reason.as_str()), (RequestState::Refused, "查无此校"));
        }
        assert_eq!(count(&area).await, 0);
    });
}

#[test]
fn a_batch_is_answered_as_a_whole_or_not_at_all() {
    on_both_engines(async |engine| {
        let (database, me, _) = two_people(engine).await;
        let id = me.ask_for_name(&school("京北医学院", "11"), None).await.unwrap();
        let unknown = NameRequestId::from(database.registry.settings().entropy.uuid(Moment(NOON)));
        let area = database.officer(Role::AreaOfficer, "11").await;
        assert!(area.answer_names(&[id, unknown], &Answer::Approve).await.is_err());
        assert_eq!(count(&area).await, 1);
    });
}

#[test]
fn an_approved_name_is_in_the_dictionary_with_its_former_name() {
    on_both_engines(async |engine| {
        let (database, me, _) = two_people(engine).await;
        let id = me.ask_for_name(&request(NameKind::School, "京北医学院", "11", "京北卫校"), None).await.unwrap();
        let area = database.officer(Role::AreaOfficer, "11").await;
        let dictionary = Dictionary::default();
        dictionary.refresh(&database.registry).await.unwrap();
        assert_eq!(dictionary.exact(School, "京北医学院"), None);
        assert_eq!(area.answer_names(&[id], &Answer::Approve).await.unwrap(), 1);
        dictionary.refresh(&database.registry).await.unwrap();
        let hit = dictionary.exact(School, "京北医学院").unwrap();
        assert_eq!(dictionary.search(School, "京北卫校", "11")[0].id, hit.id);
        let row = me.name_requests().await.unwrap()[0].clone();
        assert_eq!((row.state, row.leads_to), (RequestState::Approved, Some((hit.id, "京北医学院".into()))));
    });
}

#[test]
fn a_merged_name_leads_to_an_entry_of_its_kind() {
    on_both_engines(async |engine| {
        let (database, me, _) = two_people(engine).await;
        let id = me.ask_for_name(&request(NameKind::Employer, "京北第一医院", "11", ""), None).await.unwrap();
        let area = database.officer(Role::AreaOfficer, "11").await;
        let dictionary = Dictionary::default();
        dictionary.refresh(&database.registry).await.unwrap();
        let of_another_kind = dictionary.exact(School, "北京大学").unwrap().id;
        let wrong = area.answer_names(&[id], &Answer::Merge(of_another_kind)).await;
        assert!(matches!(wrong, Err(NameRequestError::Overtaken)));
        let there = dictionary.exact(Employer, "北京协和医院").unwrap().id;
        area.answer_names(&[id], &Answer::Merge(there)).await.unwrap();
        dictionary.refresh(&database.registry).await.unwrap();
        let found = dictionary.search(Employer, "京北第一医院", "");
        assert_eq!((found[0].id, found[0].former.as_deref()), (there, Some("京北第一医院")));
        // An answer is given once, and an answered request is not withdrawn.
        assert!(matches!(area.answer_names(&[id], &Answer::Approve).await, Err(NameRequestError::Overtaken)));
        assert!(matches!(me.withdraw_name(id).await, Err(NameRequestError::Overtaken)));
    });
}

#[test]
fn an_open_request_is_withdrawn_with_its_file_by_whoever_made_it() {
    on_both_engines(async |engine| {
        let (database, me, other) = two_people(engine).await;
        let id = other.ask_for_name(&school("湘江医学院", "43"), Some(pdf())).await.unwrap();
        let area = database.officer(Role::AreaOfficer, "43").await;
        assert!(matches!(me.withdraw_name(id).await, Err(NameRequestError::Registry(Error::NotFound))));
        assert!(area.name_evidence(id).await.is_ok());
        other.withdraw_name(id).await.unwrap();
        assert!(matches!(area.name_evidence(id).await, Err(Error::NotFound)));
        assert_eq!(count(&area).await, 0);
    });
}

#[test]
fn answers_complete_what_was_typed() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let ask = |kind: NameKind, name: &str| NameRequestDraft {
            name_kind: kind.code().into(),
            missing_name: name.into(),
            missing_region: "11".into(),
            ..Default::default()
        };
        // The group, an entry and an application hold names that no list has; a second person typed one of them and never asked.
        // Digits may be typed wide: a request holds them as they are checked, and means the same name.
        let typed = WorkDraft { employer: "京北第１医院".into(), employer_id: String::new(), ..work() };
        let version = me.profile().await.unwrap().work.version;
        me.save_work(typed.clone(), version, true).await.unwrap();
        let entry = me.profile().await.unwrap().entries[0].clone();
        let school = EducationDraft { school: "京北医学院".into(), school_id: String::new(), ..bachelor() };
        me.save_entry(Some(entry.id), EntryDraft::Education(school), entry.version, true).await.unwrap();
        let (application, version) = database.full_draft(&me, session).await;
        let pairs: Vec<_> = typed.pairs().into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
        let version = me.save_step(application, Step::Work, pairs, version, true).await.unwrap().version;
        let (other, _) = database.ready().await;
        let theirs = other.profile().await.unwrap().work.version;
        other.save_work(typed, theirs, false).await.unwrap();

        let employer = me.ask_for_name(&ask(NameKind::Employer, "京北第１医院").check().unwrap(), None).await.unwrap();
        database.later(1);
        let school = me.ask_for_name(&ask(NameKind::School, "京北医学院").check().unwrap(), None).await.unwrap();
        let area = database.officer(Role::AreaOfficer, "11").await;
        let affected: Vec<_> =
            area.requested_names().await.unwrap().names.iter().map(|requested| requested.affected_drafts).collect();
        assert_eq!(affected, [2, 1]);

        let dictionary = Dictionary::default();
        dictionary.refresh(&database.registry).await.unwrap();
        let there = dictionary.exact(DictionaryKind::Employer, "北京医院").unwrap();
        area.answer_names(&[employer], &Answer::Merge(there.id)).await.unwrap();
        area.answer_names(&[school], &Answer::Approve).await.unwrap();
        let profile = me.profile().await.unwrap();
        let valid = profile.work.valid.unwrap();
        for work in [profile.work.draft, valid, me.application(application).await.unwrap().draft.work] {
            assert_eq!((work.employer, work.employer_id), ("北京医院".to_owned(), there.id.to_string()));
        }
        let EntryDraft::Education(draft) = &profile.entries[0].draft else { panic!("no education") };
        assert!(draft.school == "京北医学院" && !draft.school_id.is_empty());
        // Another name counts for whoever asked: for others it is what they typed, and the list shows them where it leads.
        assert_eq!(other.profile().await.unwrap().work.draft.employer, "京北第１医院");
        assert!(area.requested_names().await.unwrap().names.is_empty());

        // The same name elsewhere is another institution: each is led to the one that was asked for.
        let school = EducationDraft { school: "京北医学院".into(), school_id: String::new(), ..bachelor() };
        let entry = other.profile().await.unwrap().entries[0].clone();
        other.save_entry(Some(entry.id), EntryDraft::Education(school), entry.version, false).await.unwrap();
        let elsewhere = NameRequestDraft { missing_region: "44".into(), ..ask(NameKind::School, "京北医学院") };
        let elsewhere = other.ask_for_name(&elsewhere.check().unwrap(), None).await.unwrap();
        database.officer(Role::AreaOfficer, "44").await.answer_names(&[elsewhere], &Answer::Approve).await.unwrap();
        let chosen = |profile: &Profile| match &profile.entries[0].draft {
            EntryDraft::Education(draft) => draft.school_id.clone(),
            _ => panic!("no education"),
        };
        let (mine, theirs) = (chosen(&me.profile().await.unwrap()), chosen(&other.profile().await.unwrap()));
        assert!(!mine.is_empty() && !theirs.is_empty() && mine != theirs);

        // What was saved before is submitted as it reads now.
        me.submit_application(application, version).await.unwrap();
        let snapshot = me.application(application).await.unwrap().snapshot.unwrap();
        assert_eq!(snapshot.work.employer.id(), Some(there.id));
        let school = snapshot.educations[0].1.school.clone().unwrap();
        assert!(school.name() == "京北医学院" && school.id().is_some());
        // An entry that is used stays as it was seen, whatever becomes of the dictionary.
        database.registry.set_name_active(school.id().unwrap(), false).await.unwrap();
        assert_eq!(me.application(application).await.unwrap().snapshot.unwrap().educations[0].1.school, Some(school));
    });
}

#[test]
fn changes_at_the_same_time_are_all_kept() {
    racing_on_both_engines(async |engine| {
        use DictionaryKind::Employer;
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let dictionary = Dictionary::default();
        dictionary.refresh(registry).await.unwrap();
        let there = dictionary.exact(Employer, "北京医院").unwrap().id;
        let area = database.officer(Role::AreaOfficer, "11").await;
        let mut asked = Vec::new();
        for n in 0..9 {
            let draft = NameRequestDraft {
                name_kind: "employer".into(),
                missing_name: format!("京北第{n}诊所"),
                missing_region: "11".into(),
                ..Default::default()
            };
            let me = database.candidate().await;
            asked.push(me.ask_for_name(&draft.check().unwrap(), None).await.unwrap());
        }
        let (last, first) = asked.split_last().unwrap();
        let tasks: Vec<_> = first
            .iter()
            .map(|id| {
                let (area, id) = (area.clone(), *id);
                tokio::spawn(async move { area.answer_names(&[id], &Answer::Merge(there)).await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), 1);
        }
        // An import that changes the same entry, and meanwhile somebody else does: the list is compared anew with what it became.
        let list = vec![Listed { weight: 9, ..Listed::of("北京医院", "11") }];
        let mut between = Some(*last);
        let report = registry
            .import_names(Employer, "test", list, |_, _| {
                let Some(id) = between.take() else { return };
                let answer = async { area.answer_names(&[id], &Answer::Merge(there)).await };
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(answer)).unwrap();
            })
            .await
            .unwrap();
        assert_eq!((report.changed, registry.imports_under_way().await.unwrap()), (1, 0));
        let (_, stands) = registry.dictionary_entry(there).await.unwrap().unwrap();
        assert_eq!((stands.weight, stands.former_names.len()), (9, 9), "{:?}", stands.former_names);
    });
}
