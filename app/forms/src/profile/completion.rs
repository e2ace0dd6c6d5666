//! What an application says and the profile does not say yet (S34).
use crate::{Draft, Field, text};

/// The answer that another one belongs to: a region to its numbers, an employer to what is said about it.
const fn head(field: Field) -> Option<Field> {
    Some(match field {
        Field::Mobile | Field::Postcode => Field::ContactRegion,
        Field::EmployerId | Field::EmployerProvince | Field::EmployerNotMedical => Field::Employer,
        Field::TitleMonth => Field::Title,
        _ => return None,
    })
}

/// A group of the profile with the answers of an application where it has none. What is answered stays, and what belongs to
/// another answer is taken with it only: the region of one employer is not put beside the name of another.
pub fn completed<D: Draft>(kept: &D, answers: &D) -> D {
    let mut completed = kept.clone();
    let (belonging, own): (Vec<Field>, Vec<Field>) = D::FIELDS.iter().partition(|field| head(**field).is_some());
    for field in own.into_iter().chain(belonging) {
        let goes_with = head(field).is_none_or(|head| completed.get(head).trim() == answers.get(head).trim());
        if goes_with && text::is_blank(completed.get(field)) {
            completed.set(field, answers.get(field).to_owned());
        }
    }
    completed
}
