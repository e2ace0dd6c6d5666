//! Warnings about answers that are unusual and not wrong.
use crate::{
    Code, Field,
    choice::{Choice, EducationLevel, Province},
    text,
    value::{DiplomaNumber, ListedName, PaperNumber, PersonName},
};
use serde::{Deserialize, Serialize};

/// A hint that is not a fault: the number looks unusual, the name is usually written otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldWarning {
    /// Eight digits: the serial number of the paper rather than its registration number (FAQ 二.6).
    DiplomaSerial,
    /// A diploma number of other than 17 or 18 digits (X14).
    DiplomaLength,
    /// A certificate number of other than 24 or 27 characters (facts E6).
    CertificateLength,
    /// A registration number of other than 15 digits (facts E6).
    RegistrationLength,
    /// A capital initial and small letters are usual (X9).
    NameCase,
    /// A `?` stands for a glyph that staff will complete (S56).
    RareGlyph,
    /// Not in the list; staff will look at it (X40).
    NotListed,
    /// The region is not that of the employer chosen from the list (X32).
    EmployerElsewhere,
    /// 无学历: no category takes it (S72).
    NoEducation,
}
impl FieldWarning {
    /// Every warning.
    pub const ALL: &'static [Self] = &[
        Self::DiplomaSerial,
        Self::DiplomaLength,
        Self::CertificateLength,
        Self::RegistrationLength,
        Self::NameCase,
        Self::RareGlyph,
        Self::NotListed,
        Self::EmployerElsewhere,
        Self::NoEducation,
    ];
    /// The key of its sentence under `field_warning.` in the locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::DiplomaSerial => "diploma_serial",
            Self::DiplomaLength => "diploma_length",
            Self::CertificateLength => "certificate_length",
            Self::RegistrationLength => "registration_length",
            Self::NameCase => "name_case",
            Self::RareGlyph => "rare_glyph",
            Self::NotListed => "not_listed",
            Self::EmployerElsewhere => "employer_elsewhere",
            Self::NoEducation => "no_education",
        }
    }
    /// The warning about a region beside a listed employer, whose own region the list knows; both as codes, and nothing where one of
    /// them is not known. The employers of 新疆生产建设兵团 are in 新疆 as well.
    pub fn on_region(chosen: &str, listed: &str) -> Option<Self> {
        let unit = |code: &str| match Province::parse(code) {
            Ok(Province::Bingtuan) => Ok(Province::Xinjiang),
            other => other,
        };
        match (unit(chosen), unit(listed)) {
            (Ok(chosen), Ok(listed)) if chosen != listed => Some(Self::EmployerElsewhere),
            _ => None,
        }
    }
    /// The warning about what was typed in a field; `id` is the entry chosen from a list.
    pub fn on(field: Field, typed: &str, id: &str) -> Option<Self> {
        if text::is_blank(typed) {
            return None;
        }
        match field {
            Field::DiplomaNumber => match DiplomaNumber::parse(typed).ok()? {
                number if number.looks_like_serial() => Some(Self::DiplomaSerial),
                number if !number.has_usual_length() => Some(Self::DiplomaLength),
                _ => None,
            },
            Field::CertificateNumber => {
                PaperNumber::parse(typed).ok().filter(|n| !n.has_certificate_length()).map(|_| Self::CertificateLength)
            }
            Field::RegistrationNumber => PaperNumber::parse(typed)
                .ok()
                .filter(|n| !n.has_registration_length())
                .map(|_| Self::RegistrationLength),
            Field::Name => {
                let name = PersonName::parse(typed).ok()?;
                if name.has_rare_glyph() {
                    Some(Self::RareGlyph)
                } else {
                    name.suggested_case().map(|_| Self::NameCase)
                }
            }
            Field::Level => (typed == EducationLevel::None.code()).then_some(Self::NoEducation),
            Field::School | Field::Major | Field::Employer | Field::Institution => {
                (id.is_empty() && ListedName::parse(typed, id).is_ok()).then_some(Self::NotListed)
            }
            _ => None,
        }
    }
}

/// The field that holds the id of the entry chosen in a field with a list.
pub const fn id_field(field: Field) -> Option<Field> {
    match field {
        Field::School => Some(Field::SchoolId),
        Field::Major => Some(Field::MajorId),
        Field::Employer => Some(Field::EmployerId),
        Field::Institution => Some(Field::InstitutionId),
        _ => None,
    }
}

/// Whether a code means only that something is still missing.
pub fn is_missing(code: Code) -> bool {
    code == Code::REQUIRED
}
