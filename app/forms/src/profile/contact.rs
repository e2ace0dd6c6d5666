//! 联系方式.
use super::ProfileContext;
use crate::{
    Field, Problems,
    account::Identity,
    choice::{Choice, ContactRegion},
    draft::{Checker, draft, typed},
    value::{Address, Email, Landline, Mobile, Postcode},
};
use serde::{Deserialize, Serialize};

draft! {
    /// 联系方式.
    ContactDraft {
        contact_region: ContactRegion, mobile: Mobile, home_phone: HomePhone, work_phone: WorkPhone, email: Email, address: Address, postcode: Postcode,
    }
}
/// 联系方式 complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which formats telephone and postcode follow (X7).
    pub contact_region: ContactRegion,
    /// Mobile (S68).
    pub mobile: Mobile,
    /// Home telephone (S67; optional, X7).
    pub home_phone: Option<Landline>,
    /// Work telephone (S67; optional, X7).
    pub work_phone: Option<Landline>,
    /// E-mail (S69).
    pub email: Email,
    /// Postal address (S70).
    pub address: Address,
    /// Postcode (S71; optional outside the mainland, X39).
    pub postcode: Option<Postcode>,
}
impl ContactDraft {
    /// The region that a document suggests (X7).
    pub fn default_region(identity: &Identity) -> ContactRegion {
        if identity.document.kind().is_mainland() { ContactRegion::Mainland } else { ContactRegion::Elsewhere }
    }
    /// Checks the group.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Contact, Problems> {
        let mut form = Checker::new(self);
        let chosen = form.optional(Field::ContactRegion, ContactRegion::parse);
        let region = chosen.flatten().unwrap_or_else(|| Self::default_region(context.identity));
        let mobile = form.required(Field::Mobile, |raw| Mobile::parse_as(region, raw));
        let home_phone = form.optional(Field::HomePhone, |raw| Landline::parse_as(region, raw));
        let work_phone = form.optional(Field::WorkPhone, |raw| Landline::parse_as(region, raw));
        let email = form.required(Field::Email, Email::parse);
        let address = form.required(Field::Address, Address::parse);
        let postcode =
            form.required_if(region == ContactRegion::Mainland, Field::Postcode, |raw| Postcode::parse_as(region, raw));
        let complete = (|| {
            chosen?;
            Some(Contact {
                contact_region: region,
                mobile: mobile?,
                home_phone: home_phone?,
                work_phone: work_phone?,
                email: email?,
                address: address?,
                postcode: postcode?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Contact> for ContactDraft {
    fn from(contact: &Contact) -> Self {
        Self {
            contact_region: contact.contact_region.to_string(),
            mobile: contact.mobile.to_string(),
            home_phone: typed(&contact.home_phone),
            work_phone: typed(&contact.work_phone),
            email: contact.email.to_string(),
            address: contact.address.to_string(),
            postcode: typed(&contact.postcode),
        }
    }
}
