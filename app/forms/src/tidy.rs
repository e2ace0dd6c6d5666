//! What an answer looks like once it was understood: the text that a field shows when it is left.
use crate::{
    Field, text,
    value::{Date, Landline, Mobile, YearMonth},
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
        Field::HomePhone | Field::WorkPhone => Landline::parse(typed).ok().map(String::from),
        Field::DocumentNumber
        | Field::PermitNumber
        | Field::Postcode
        | Field::DiplomaNumber
        | Field::TrainingNumber
        | Field::CertificateNumber
        | Field::RegistrationNumber => Some(text::joined(typed)),
        Field::Email | Field::Username => Some(text::half_width(typed)),
        _ => None,
    };
    read.unwrap_or_else(|| typed.to_owned())
}
