//! Withdrawing what was submitted, and applying again in its place.
use super::applications::problem;
use super::reviewing::*;
use crate::common::*;
use forms::ids::ApplicationId;
use forms::journey::Step;
use forms::problem::{ApplicationProblem, WithdrawalProblem};
use forms::profile::{ContactDraft, EducationDraft, EntryDraft, EntryKind};
use forms::review::{ReviewOutcome, Role};
use forms::status::ApplicationStatus as S;
use registry::*;
use std::sync::Arc;

async fn status(me: &Candidate, id: ApplicationId) -> S {
    me.application(id).await.unwrap().row.status
}
async fn locks(me: &Candidate) -> Vec<i64> {
    me.profile().await.unwrap().entries.iter().map(|entry| entry.locks).collect()
}
/// The site returns an application for its diploma.
async fn return_application(office: &Officer, id: ApplicationId) -> Result<(), ReviewError> {
    let record = office.record(id).await?;
    let list = checklist(
        &record,
        "pass",
        &[("finding.paper.diploma", "return"), ("reason.paper.diploma", "differs"), ("note.paper.diploma", "编号")],
    );
    office.assess(id, record.view.row.version, &list, ReviewOutcome::Return).await
}

#[test]
fn what_was_submitted_is_withdrawn_within_the_window() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let code = me.printed_version(id).await.unwrap().code;
        assert_eq!(locks(&me).await, [1]);
        me.withdraw(id).await.unwrap();
        assert_eq!((status(&me, id).await, locks(&me).await), (S::Abandoned, vec![0]));
        assert_eq!(database.paper_state(&code).await, PrintedVersionState::Withdrawn);
        assert!(
            me.history(id).await.unwrap().events.iter().any(|event| event.event == forms::timeline::Event::Withdraw)
        );
        // The second try of a lost answer changes nothing.
        me.withdraw(id).await.unwrap();
        assert_eq!(database.registry.audited("application.withdraw", id.uuid()).await.unwrap(), 1);
        // Another one of the session may be begun.
        let session = database.registry.exam_sessions().await.unwrap()[0].id;
        let (again, version) = database.full_draft(&me, session).await;
        me.submit_application(again, version).await.unwrap();
        let other = database.candidate().await;
        assert!(matches!(other.withdraw(id).await, Err(SubmitError::Registry(Error::NotFound))));
        assert!(matches!(other.reapply(again).await, Err(SubmitError::Registry(Error::NotFound))));
    });
}

#[test]
fn nothing_is_withdrawn_or_replaced_after_the_window_or_the_approval() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let draft = me.reapply(id).await.unwrap();
        let version = declared(&me, draft).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let list = checklist(&record, "pass", &[]);
        reviewer.assess(id, record.view.row.version, &list, ReviewOutcome::Approve).await.unwrap();
        assert_eq!(problem(me.withdraw(id).await).code, WithdrawalProblem::Approved.into());
        assert_eq!(problem(me.reapply(id).await).code, WithdrawalProblem::Approved.into());
        assert_eq!(
            problem(me.submit_application(draft, version).await).code,
            WithdrawalProblem::ReplacedApproved.into()
        );
        assert_eq!((status(&me, id).await, status(&me, draft).await), (S::SiteApproved, S::Draft));
        assert_eq!(locks(&me).await, [1]);

        let (late, id) = submitted(&database).await;
        let closes = database.registry.exam_sessions().await.unwrap()[0].closes;
        database.now.store(closes.0, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(problem(late.withdraw(id).await).code, ApplicationProblem::WindowClosed.into());
        assert_eq!(problem(late.reapply(id).await).code, ApplicationProblem::WindowClosed.into());
    });
}

#[test]
fn a_new_application_takes_the_place_of_the_old_one_when_it_is_submitted() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old) = submitted(&database).await;
        let code = me.printed_version(old).await.unwrap().code;
        let new = me.reapply(old).await.unwrap();
        assert_eq!(me.reapply(old).await.unwrap(), new, "the draft is continued");
        let (before, view) = (me.application(old).await.unwrap(), me.application(new).await.unwrap());
        assert_eq!((view.replaces, view.row.status), (Some(old), S::Draft));
        assert_eq!(view.draft.site, before.draft.site);
        assert!(view.draft.confirm.declaration.is_empty(), "the declaration is made anew");
        // The old one is valid until the new one is submitted.
        assert_eq!(database.paper_state(&code).await, PrintedVersionState::Latest);
        let version = me.application(new).await.unwrap().row.version;
        let site = vec![
            ("area".to_owned(), "11".to_owned()),
            ("site".to_owned(), "1101".to_owned()),
            ("attempts".to_owned(), "2".to_owned()),
        ];
        me.save_step(new, Step::Site, site, version, true).await.unwrap();
        let version = declared(&me, new).await;
        let serial = me.submit_application(new, version).await.unwrap();
        let (before, after) = (me.application(old).await.unwrap(), me.application(new).await.unwrap());
        assert_eq!((before.row.status, after.row.status), (S::Superseded, S::Submitted));
        assert_ne!(before.row.serial.as_deref(), Some(serial.as_str()));
        assert_eq!((after.replaces, locks(&me).await), (None, vec![1]));
        assert_eq!(database.paper_state(&code).await, PrintedVersionState::Replaced);
        assert_eq!(database.registry.audited("application.supersede", old.uuid()).await.unwrap(), 1);
    });
}

#[test]
fn a_draft_that_is_to_replace_is_one_like_others_once_the_old_one_is_withdrawn() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old) = submitted(&database).await;
        let new = me.reapply(old).await.unwrap();
        me.withdraw(old).await.unwrap();
        assert_eq!(me.application(new).await.unwrap().replaces, None);
        let version = declared(&me, new).await;
        me.submit_application(new, version).await.unwrap();
        assert_eq!((status(&me, old).await, status(&me, new).await), (S::Abandoned, S::Submitted));
        // One that is discarded leaves the old one as it was.
        let third = me.reapply(new).await.unwrap();
        me.discard(third).await.unwrap();
        assert_eq!((status(&me, new).await, locks(&me).await), (S::Submitted, vec![1]));
    });
}

#[test]
fn what_changed_in_the_profile_since_is_told_and_taken_into_the_new_application() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old) = submitted(&database).await;
        assert!(me.profile_change(old).await.unwrap().is_empty());
        database.later(1);
        let version = me.profile().await.unwrap().contact.version;
        // Saved again as it was: nothing differs.
        let version = me.save_contact(contact(), version, true).await.unwrap();
        assert!(me.profile_change(old).await.unwrap().is_empty());
        let moved = ContactDraft { address: "上海市黄浦区".into(), ..contact() };
        me.save_contact(moved.clone(), version, true).await.unwrap();
        let change = ProfileChange { groups: vec![GroupName::Contact], photo: false, entries: vec![] };
        assert_eq!(me.profile_change(old).await.unwrap(), change);
        me.set_photo(demo::portrait().unwrap()).await.unwrap();
        assert!(me.profile_change(old).await.unwrap().photo);
        let new = me.reapply(old).await.unwrap();
        assert_eq!(me.application(new).await.unwrap().draft.contact.address, moved.address);
        assert_ne!(me.application(old).await.unwrap().draft.contact.address, moved.address);
    });
}

#[test]
fn an_entry_that_was_completed_since_is_told_as_a_change_of_the_profile() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old) = submitted(&database).await;
        database.later(1);
        let draft = EntryDraft::Education(EducationDraft { diploma_number: "100251201405000777".into(), ..bachelor() });
        me.save_entry(None, draft.clone(), 0, false).await.unwrap();
        assert!(me.profile_change(old).await.unwrap().is_empty(), "what is not complete changes nothing");
        let entry = me.profile().await.unwrap().entries.remove(1);
        me.save_entry(Some(entry.id), draft, entry.version, true).await.unwrap();
        assert_eq!(me.profile_change(old).await.unwrap().entries, [EntryKind::Education]);
    });
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Action {
    Withdraw,
    Reapply,
    Submit,
    Edit,
    Copy,
    Return,
}

/// What a race is about: an application that was submitted, and a draft that is ready to replace it.
struct Race {
    me: Candidate,
    office: Officer,
    old: ApplicationId,
    new: ApplicationId,
    version: i64,
}
impl Race {
    async fn new(database: &TestDatabase, office: &Officer) -> Self {
        let (me, old) = submitted(database).await;
        let new = me.reapply(old).await.unwrap();
        let version = declared(&me, new).await;
        Self { me, office: office.clone(), old, new, version }
    }
    /// Does it, and says whether it was done. Only refusals are expected.
    async fn attempt(&self, action: Action) -> bool {
        let done = match action {
            Action::Withdraw => self.me.withdraw(self.old).await.map_err(|error| format!("{error:?}")),
            Action::Reapply => self.me.reapply(self.old).await.map(drop).map_err(|error| format!("{error:?}")),
            Action::Submit => {
                self.me.submit_application(self.new, self.version).await.map(drop).map_err(|error| format!("{error:?}"))
            }
            Action::Edit => {
                let entry = self.me.profile().await.unwrap().entries[0].clone();
                let draft =
                    EntryDraft::Education(EducationDraft { diploma_number: "100251201405000777".into(), ..bachelor() });
                let saved = self.me.save_entry(Some(entry.id), draft, entry.version, true).await;
                saved.map(drop).map_err(|error| format!("{error:?}"))
            }
            Action::Copy => {
                let entry = self.me.profile().await.unwrap().entries[0].id;
                self.me.copy_entry(self.new, entry).await.map(drop).map_err(|error| format!("{error:?}"))
            }
            Action::Return => return_application(&self.office, self.old).await.map_err(|error| format!("{error:?}")),
        };
        if let Err(why) = &done {
            let expected =
                ["Problems", "Refused", "Conflict", "NotFound", "Busy"].iter().any(|word| why.contains(word));
            assert!(expected, "{action:?}: {why}");
        }
        done.is_ok()
    }
    /// The states and locks that are left are legal, whoever came first.
    async fn check(&self, pair: (Action, Action), done: (bool, bool)) {
        let (old, new) = (status(&self.me, self.old).await, status(&self.me, self.new).await);
        let seen = format!("{pair:?} {done:?}: {old:?} {new:?}");
        assert!(matches!(old, S::Submitted | S::Returned | S::Abandoned | S::Superseded), "{seen}");
        assert!(matches!(new, S::Draft | S::Submitted), "{seen}");
        assert!(!(old.is_live() && new.is_live()), "{seen}");
        assert!(old != S::Superseded || new == S::Submitted, "{seen}");
        let did = |action| (pair.0 == action && done.0) || (pair.1 == action && done.1);
        assert_eq!(did(Action::Submit), new == S::Submitted, "{seen}");
        assert_eq!(did(Action::Withdraw), old == S::Abandoned, "{seen}");
        // Each entry is locked as often as an application that stands uses it; what was returned gave its education up.
        let mut used = Vec::new();
        for (id, state) in [(self.old, old), (self.new, new)] {
            if state == S::Submitted {
                used.extend(self.me.application(id).await.unwrap().snapshot.unwrap().entry_ids());
            }
        }
        let entries = self.me.profile().await.unwrap().entries;
        for entry in &entries {
            let users = used.iter().filter(|id| **id == entry.id).count();
            assert_eq!(usize::try_from(entry.locks), Ok(users), "{seen}");
        }
        let copies = entries.iter().filter(|entry| entry.copy_of.is_some()).count();
        assert_eq!(entries.len(), 1 + copies, "a copy and its original, or one of them: {seen}");
        assert!(copies <= usize::from(old.is_live() && did(Action::Copy)), "{seen}");
        let drafts = self.me.applications().await.unwrap().iter().filter(|row| row.status == S::Draft).count();
        assert!(drafts <= 1 + usize::from(did(Action::Reapply)), "{seen}");
    }
}

/// Every pair of actions at the same time, in both orders; a thousand rounds of each with `YIKAO_SOAK`.
#[test]
fn whatever_happens_at_the_same_time_ends_in_a_legal_state() {
    let rounds = if std::env::var_os("YIKAO_SOAK").is_some() { 1_000 } else { 3 };
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let office = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let actions = [Action::Withdraw, Action::Reapply, Action::Submit, Action::Edit, Action::Copy, Action::Return];
        for (at, first) in actions.into_iter().enumerate() {
            for second in actions.into_iter().skip(at) {
                for round in 0..rounds {
                    let race = Arc::new(Race::new(&database, &office).await);
                    let (a, b) = if round % 2 == 0 { (first, second) } else { (second, first) };
                    let (one, two) = (race.clone(), race.clone());
                    let one = tokio::spawn(async move { one.attempt(a).await });
                    let two = tokio::spawn(async move { two.attempt(b).await });
                    race.check((a, b), (one.await.unwrap(), two.await.unwrap())).await;
                }
            }
        }
    });
}

/// An operator frees the document number of somebody who submits at the same moment: either the application stands and the account with
/// it, or the account is shut and its draft ended. A thousand rounds with `YIKAO_SOAK`.
#[test]
fn a_document_number_is_not_freed_from_under_a_submission() {
    let rounds = if std::env::var_os("YIKAO_SOAK").is_some() { 1_000 } else { 10 };
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        for _ in 0..rounds {
            let (me, session) = database.ready().await;
            let (id, version) = database.full_draft(&me, session).await;
            let (registry, document) = (database.registry.clone(), me.about().identity.document.clone());
            let candidate = me.clone();
            let submitting = tokio::spawn(async move { candidate.submit_application(id, version).await.is_ok() });
            let freeing = tokio::spawn(async move { registry.release_document(&document).await.unwrap() });
            let (submitted, freed) = (submitting.await.unwrap(), freeing.await.unwrap());
            let left = status(&me, id).await;
            let legal = match freed {
                DocumentRelease::Released => !submitted && left == S::Abandoned,
                DocumentRelease::ApplicationStands => submitted && left == S::Submitted,
                DocumentRelease::NotTaken => false,
            };
            assert!(legal, "{freed:?} {submitted} {left:?}");
        }
    });
}
