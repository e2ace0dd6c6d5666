//! 基本信息.
use super::ProfileContext;
use crate::{
    Code, Field, Problems,
    choice::{Choice, DocumentType, MilitaryIdentity, Province},
    draft::{Checker, draft, tick, typed},
    problem::{ChoiceProblem, DocumentProblem},
    value::{Date, IdentityDocument, PaperNumber},
};
use serde::{Deserialize, Serialize};

draft! {
    /// 基本信息: what registration did not ask. The identity itself is not here, it cannot be edited (S15).
    BasicDraft {
        household_province: HouseholdProvince, temporary_card: TemporaryCard, document_until: DocumentUntil, permit_number: PermitNumber, military_identity: MilitaryIdentity,
    }
}
/// 基本信息 complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basic {
    /// Where the household is registered (X32).
    pub household_province: Province,
    /// A temporary identity card stands in for the one that expired (S59, S136).
    #[serde(default)]
    pub temporary_card: bool,
    /// The last day on which the document is valid, where it has one: an expired one is no proof on site (S59, S88).
    #[serde(default)]
    pub document_until: Option<Date>,
    /// 往来大陆通行证 of people who registered with an identity card of Hong Kong, Macao or Taiwan (S36).
    pub permit_number: Option<PaperNumber>,
    /// 本人身份 of people in military and police units (S81).
    pub military_identity: Option<MilitaryIdentity>,
}
impl BasicDraft {
    /// Checks the group.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Basic, Problems> {
        let kind = context.identity.document.kind();
        let mut form = Checker::new(self);
        let household_province = form.required(Field::HouseholdProvince, Province::parse);
        let temporary_card = kind == DocumentType::ResidentId && form.ticked(Field::TemporaryCard);
        let document_until = form.required_if(temporary_card, Field::DocumentUntil, |raw| {
            let last = Date::parse(raw)?;
            if last < context.base.today { Err(Code::from(DocumentProblem::Expired)) } else { Ok(last) }
        });
        // Somebody whose document asks for no permit may have typed one before staff corrected the document.
        let permit_number = match kind.permit() {
            Some(permit) => form
                .required(Field::PermitNumber, |raw| {
                    IdentityDocument::parse(permit, raw).and_then(|permit| PaperNumber::parse(permit.number()))
                })
                .map(Some),
            None => Some(None),
        };
        let military_identity =
            form.required_if(kind.is_military(), Field::MilitaryIdentity, |code| match MilitaryIdentity::parse(code) {
                Ok(own) if context.base.rules.military.contains(&own) => Ok(own),
                _ => Err(ChoiceProblem::Unknown),
            });
        let complete = (|| {
            Some(Basic {
                household_province: household_province?,
                temporary_card,
                document_until: document_until?,
                permit_number: permit_number?,
                military_identity: military_identity?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Basic> for BasicDraft {
    fn from(basic: &Basic) -> Self {
        Self {
            household_province: basic.household_province.to_string(),
            temporary_card: tick(basic.temporary_card),
            document_until: typed(&basic.document_until),
            permit_number: typed(&basic.permit_number),
            military_identity: typed(&basic.military_identity),
        }
    }
}
