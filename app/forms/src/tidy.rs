//! What an answer looks like once it was understood: the text that a field shows when it is left.
use crate::{
    Field, text,
    value::{Address, Date, Landline, Mobile, YearMonth, is_foreign},
};

/// The text of an answer as it will be stored and printed, where it can be read; otherwise as it was typed. The rules of the field
/// are not checked here.
pub fn tidy(field: Field, typed: &str) -> String {
    let read = match field {
        Field::TitleMonth
        | Field::ProbationStart
        | Field::AdmissionMonth
        | Field::GraduationMonth
        | Field::StartMonth
        | Field::EndMonth
        | Field::IssueMonth
        | Field::RegistrationMonth => YearMonth::parse(typed).ok().map(String::from),
        Field::BirthDate | Field::DocumentUntil => Date::parse(typed).ok().map(String::from),
        Field::Mobile => Mobile::parse_lenient(typed),
        // What follows rules of another country stays as it is, and their code is not needed here.
        Field::HomePhone | Field::WorkPhone if !is_foreign(typed.trim()) => {
            Landline::parse_mainland(typed).ok().map(String::from)
        }
        Field::DocumentNumber
        | Field::PermitNumber
        | Field::Postcode
        | Field::CertificateNumber
        | Field::RegistrationNumber => Some(text::joined(typed)),
        // Whether the school is on the mainland is not known here: what else has signs in it may have them on the paper.
        Field::DiplomaNumber => {
            let joined = text::joined(typed);
            let is_registered = text::all_digits(&joined) && matches!(joined.len(), 17 | 18);
            Some(if is_registered { joined } else { text::half_width(typed) })
        }
        Field::Address => Address::parse(typed).ok().map(String::from),
        Field::Email | Field::Username | Field::TrainingNumber => Some(text::half_width(typed)),
        _ => None,
    };
    read.unwrap_or_else(|| typed.to_owned())
}
