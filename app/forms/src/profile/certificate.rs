//! 证书情况.
use super::{ProfileContext, context::past_after_birth};
use crate::{
    Field, Problems,
    choice::{CertificateKind, Choice},
    draft::{Checker, draft},
    problem::YearMonthProblem,
    value::{PaperNumber, YearMonth},
};
use serde::{Deserialize, Serialize};

draft! {
    /// One entry of 证书情况.
    CertificateDraft {
        certificate_kind: CertificateKind, issue_month: IssueMonth, certificate_number: CertificateNumber, registration_month: RegistrationMonth,
        registration_number: RegistrationNumber,
    }
}
/// One entry of 证书情况, complete. Two papers: 医师资格证书 (issue) and 医师执业证书 (registration) (S46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Kind (S45).
    pub certificate_kind: CertificateKind,
    /// 发证年月.
    pub issue_month: YearMonth,
    /// 证书编号.
    pub certificate_number: PaperNumber,
    /// 注册年月.
    pub registration_month: YearMonth,
    /// 注册编号.
    pub registration_number: PaperNumber,
}
impl CertificateDraft {
    /// Checks the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Certificate, Problems> {
        let mut form = Checker::new(self);
        let past = past_after_birth(context);
        let certificate_kind = form.required(Field::CertificateKind, CertificateKind::parse);
        let issue_month = form.required(Field::IssueMonth, &past);
        let certificate_number = form.required(Field::CertificateNumber, PaperNumber::parse);
        let registration_month = form.required(Field::RegistrationMonth, |raw| match past(raw)? {
            month if issue_month.is_some_and(|issued| month < issued) => Err(YearMonthProblem::BeforeStart),
            month => Ok(month),
        });
        let registration_number = form.required(Field::RegistrationNumber, PaperNumber::parse);
        let complete = (|| {
            Some(Certificate {
                certificate_kind: certificate_kind?,
                issue_month: issue_month?,
                certificate_number: certificate_number?,
                registration_month: registration_month?,
                registration_number: registration_number?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Certificate> for CertificateDraft {
    fn from(c: &Certificate) -> Self {
        Self {
            certificate_kind: c.certificate_kind.to_string(),
            issue_month: c.issue_month.to_string(),
            certificate_number: c.certificate_number.to_string(),
            registration_month: c.registration_month.to_string(),
            registration_number: c.registration_number.to_string(),
        }
    }
}
