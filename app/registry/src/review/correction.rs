//! Corrections of identity data (S111).
use super::{ActionRefused, ReviewError, amendment::replace_snapshot, settled};
use crate::{
    Actor, Error, Officer, Registry, account, catalogue,
    db::{Conn, sql, transaction},
    snapshot, timeline,
};
use forms::{
    Context, Field, Problem,
    account::Identity,
    application::Application,
    choice::Choice,
    ids::ApplicationId,
    problem::{AccountProblem, ReviewProblem},
    review::{CorrectionDraft, CorrectionReason, ReviewAction},
    timeline::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A correction of identity data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionRow {
    /// Field, value before, value after, as typed in forms.
    pub changes: Vec<(Field, String, String)>,
    pub reason: CorrectionReason,
    /// What the code of the reason does not say.
    pub note: String,
}

/// The associated data of a sealed correction.
pub(super) fn correction_aad(correction: &Uuid) -> [&[u8]; 2] {
    [b"correction", correction.as_bytes()]
}

fn refused(field: Field, code: impl Into<forms::Code>) -> ReviewError {
    ActionRefused::Fields(vec![Problem { field, code: code.into() }]).into()
}

impl Officer {
    /// Corrects identity data of the person and of the application, which gets a new printed version (S111). The candidate
    /// sees the reason and the changes.
    pub async fn correct(&self, id: ApplicationId, version: i64, draft: &CorrectionDraft) -> Result<(), ReviewError> {
        let (me, id, draft) = (self.clone(), id.uuid(), draft.clone());
        transaction!(self.registry(), [me, draft], conn => settled(me.correct_row(conn, id, version, &draft).await))?
    }

    async fn correct_row(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        draft: &CorrectionDraft,
    ) -> Result<(), ReviewError> {
        let registry = self.registry();
        let settings = registry.settings();
        let now = settings.clock.now();
        let row = self.row(conn, id).await?;
        if !row.allows(ReviewAction::Correct, self.role())? {
            return Err(ReviewProblem::NotNow.into());
        }
        let before = snapshot::load(conn, registry, id).await?;
        let exam = catalogue::exam_session(conn, row.session_id).await?;
        let context = Context { today: now.date(), rules: exam.rules };
        let correction = draft.check(&context).map_err(ActionRefused::Fields)?;
        if correction.identity == before.identity {
            return Err(refused(Field::Name, ReviewProblem::Unchanged));
        }
        let person = person_of(conn, registry, row.account_id, &correction.identity).await?;
        let row = self.begin_action(conn, id, version, ReviewAction::Correct).await?;
        let known = account::load(conn, registry, row.account_id).await?.identity;
        put_person(conn, registry, person, &merged(known, &before.identity, &correction.identity)).await?;
        let changes = CorrectionDraft::of(&correction.identity).changes(&CorrectionDraft::of(&before.identity));
        let fields = changes.iter().map(|(field, ..)| *field).collect();
        let stored = CorrectionRow { changes, reason: correction.reason, note: correction.note.clone() };
        let own = settings.entropy.uuid(now);
        let sealed = settings.sealer.seal_json(&settings.entropy, &correction_aad(&own), &stored)?;
        sql!(
            conn,
            execute,
            "INSERT INTO correction (id, application_id, at, staff_id, sealed) VALUES ($1, $2, $3, $4, $5)",
            own,
            id,
            now.0,
            self.id().uuid(),
            sealed
        )?;
        let application = Application { identity: correction.identity, ..before };
        replace_snapshot(conn, registry, &row, &application).await?;
        timeline::record(conn, registry, Actor::Staff(self.id()), &Event::Correct { fields }, id).await?;
        Ok(())
    }
}

/// The person of an account; refused if another person has the corrected document.
async fn person_of(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    corrected: &Identity,
) -> Result<Uuid, ReviewError> {
    let document = &corrected.document;
    let index = registry.settings().sealer.blind_index(document.kind().code(), document.number());
    let (person,) = sql!(conn, fetch_one as (Uuid,), "SELECT person_id FROM account WHERE id = $1", account)?;
    let other = sql!(
        conn,
        fetch_optional as (Uuid,),
        "SELECT id FROM person WHERE document_kind = $1 AND document_index = $2 AND id <> $3",
        document.kind().code(),
        index,
        person
    )?;
    match other {
        None => Ok(person),
        Some(_) => Err(refused(Field::DocumentNumber, AccountProblem::PersonTaken)),
    }
}

/// The person after a correction. They may have been corrected elsewhere since this application was submitted, so only
/// what is corrected here changes.
fn merged(known: Identity, before: &Identity, after: &Identity) -> Identity {
    Identity {
        name: if before.name == after.name { known.name } else { after.name.clone() },
        document: if before.document == after.document { known.document } else { after.document.clone() },
        sex: if before.sex == after.sex { known.sex } else { after.sex },
        birth_date: if before.birth_date == after.birth_date { known.birth_date } else { after.birth_date },
        ethnic_group: if before.ethnic_group == after.ethnic_group { known.ethnic_group } else { after.ethnic_group },
    }
}

async fn put_person(conn: &mut Conn<'_>, registry: &Registry, person: Uuid, identity: &Identity) -> Result<(), Error> {
    let settings = registry.settings();
    let (kind, number) = (identity.document.kind().code(), identity.document.number());
    let sealed = settings.sealer.seal(&settings.entropy, &[b"person", person.as_bytes()], number.as_bytes());
    sql!(
        conn, execute,
        "UPDATE person SET document_kind = $2, document_index = $3, document_sealed = $4, name = $5, sex = $6, birth_date = $7, ethnic_group = $8
         WHERE id = $1",
        person, kind, settings.sealer.blind_index(kind, number), sealed, identity.name.as_str(), identity.sex.code(),
        identity.birth_date.to_string(), identity.ethnic_group.code()
    )?;
    Ok(())
}
