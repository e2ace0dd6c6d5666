//! Answers of a submission that the profile does not have yet, so that the next application begins with them (S34).
use crate::{
    Actor, Candidate, Error, GroupName, Moment, audit,
    db::Conn,
    profile_group::{self, Group, NewGroup, group_aad},
};
use forms::{
    Context, Draft, Problems,
    account::Identity,
    application::ApplicationDraft,
    profile::{ProfileContext, completed},
};
use serde::{Serialize, de::DeserializeOwned};

/// Writes them in the transaction of the submission. They are written before it, so that they are no change since then (X1).
/// [`Error::Conflict`] if the profile was saved meanwhile.
pub(super) async fn complete_profile(
    conn: &mut Conn<'_>,
    me: &Candidate,
    identity: &Identity,
    answers: &ApplicationDraft,
) -> Result<(), Error> {
    let settings = me.registry().settings();
    let today = settings.clock.now().date();
    let context = ProfileContext { base: Context { today, rules: settings.account_rules }, identity };
    let stored = profile_group::saved_since(conn, me.registry(), me.account().uuid(), Moment(i64::MIN)).await?;
    let check = |draft: &_| forms::profile::ContactDraft::check(draft, &context).map(drop);
    complete_group(conn, me, (GroupName::Contact, stored.contact), &answers.contact, check).await?;
    let check = |draft: &_| forms::profile::WorkDraft::check(draft, &context).map(drop);
    complete_group(conn, me, (GroupName::Work, stored.work), &answers.work, check).await
}

async fn complete_group<D: Draft + Serialize + DeserializeOwned + PartialEq + Send + Sync>(
    conn: &mut Conn<'_>,
    me: &Candidate,
    (name, stored): (GroupName, Group<D>),
    answers: &D,
    check: impl Fn(&D) -> Result<(), Problems> + Send,
) -> Result<(), Error> {
    let (registry, account) = (me.registry(), me.account().uuid());
    let draft = completed(&stored.draft, answers);
    // What is typed in the profile and not submitted there stays a draft.
    let submitted = stored.valid.as_ref().map_or_else(|| draft.clone(), |valid| completed(valid, answers));
    let valid = Some(&submitted).filter(|new| stored.valid.as_ref() != Some(*new) && check(new).is_ok());
    if draft == stored.draft && valid.is_none() {
        return Ok(());
    }
    let settings = registry.settings();
    let aad = group_aad(name, &account);
    let row = NewGroup {
        account,
        name,
        sealed: settings.sealer.seal_json(&settings.entropy, &aad, &draft)?,
        valid: valid.map(|valid| settings.sealer.seal_json(&settings.entropy, &aad, valid)).transpose()?,
        now: settings.clock.now(),
        // A page of the profile that is open meets another version and does not empty what was completed.
        page: None,
        order: 0,
    };
    row.save(conn, registry, stored.version, &draft).await?;
    audit::record(conn, registry, Actor::Candidate(me.account()), "profile.complete", account).await
}
