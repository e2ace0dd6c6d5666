//! What the tests of reviews begin with.
use crate::common::*;
use forms::draft::TICKED;
use forms::ids::ApplicationId;
use forms::journey::Step;
use forms::review::{Item, ReviewDraft, Role};
use registry::*;

/// An application that was handed in, and its candidate.
pub async fn submitted(database: &TestDatabase) -> (Candidate, ApplicationId) {
    let (me, session) = database.ready().await;
    let (id, version) = database.full_draft(&me, session).await;
    database.later(1);
    me.submit_application(id, version).await.unwrap();
    database.later(1);
    (me, id)
}
/// Makes the declaration of a draft, the only answer that one that was copied or returned lacks, and answers its version.
pub async fn declared(me: &Candidate, id: ApplicationId) -> i64 {
    let version = me.application(id).await.unwrap().row.version;
    let pairs = vec![("declaration".to_owned(), TICKED.to_owned())];
    me.save_step(id, Step::Confirm, pairs, version, true).await.unwrap().version
}
pub async fn officer(database: &TestDatabase, name: &str, role: Role, scope: &str) -> Officer {
    database.registry.add_staff(name, name, role, scope, "Schreibtisch9").await.unwrap();
    let token = database.registry.staff_login(name, "Schreibtisch9", None).await.unwrap().session;
    database.registry.officer(&token).await.unwrap().unwrap()
}
pub fn refusal(result: Result<(), ReviewError>) -> ActionRefused {
    match result {
        Err(ReviewError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}
/// A checklist with a finding for each paper, and some besides.
pub fn checklist(record: &Record, finding: &str, others: &[(&str, &str)]) -> ReviewDraft {
    let items = Item::of(record.view.snapshot.as_ref().unwrap(), record.view.exam.last_review_day());
    let mut pairs: Vec<(String, String)> = items
        .iter()
        .filter(|item| matches!(item, Item::Paper(_)))
        .map(|item| (format!("finding.{}", item.code()), finding.to_owned()))
        .collect();
    pairs.extend(others.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    ReviewDraft::from_pairs(&items, &pairs)
}
