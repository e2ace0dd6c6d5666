//! What the server functions of the profile answer.
use crate::{
    components::HelpLink,
    routes::{Page, ProfileGroup},
    transport::{NameNote, RuleContext, Values},
};
use forms::{account::Identity, application::EntryView, ids::PhotoId, rule_set::PhotoRule};
use serde::{Deserialize, Serialize};

/// The parameter by which a page of the profile is told which group was saved just now.
pub(super) const SAVED_PARAMETER: &str = "saved";

/// Where it goes on after `saved` was saved.
pub(super) fn after_saving(saved: ProfileGroup, next: ProfileGroup) -> String {
    Page::Profile(next).with_query(&[(SAVED_PARAMETER, saved.code().to_owned())])
}

/// The parameter by which a list of entries is told that one was deleted just now.
pub(super) const DELETED_PARAMETER: &str = "deleted";

/// A group of the profile that is not repeatable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupData {
    /// As typed.
    pub values: Values,
    /// Its version.
    pub version: i64,
    /// Whether a valid version is kept.
    pub valid: bool,
    /// Whether what was typed since differs from it.
    pub unsaved: bool,
}

/// A whole profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileData {
    /// Today and the rules.
    pub rule_context: RuleContext,
    /// Who it is.
    pub identity: Identity,
    /// Photo.
    pub photo: Option<PhotoId>,
    /// What a new photo must be.
    pub photo_rule: PhotoRule,
    /// 基本信息.
    pub basic: GroupData,
    /// 联系方式.
    pub contact: GroupData,
    /// 工作情况.
    pub work: GroupData,
    /// The repeatable groups.
    pub entries: Vec<EntryView>,
    /// The region of the employer that was chosen from the list; else empty.
    pub employer_region: String,
    /// Names that were asked for.
    pub names: Vec<NameNote>,
    /// Questions that are asked at the group.
    pub help: Vec<HelpLink>,
}

impl ProfileData {
    /// A group that is a single form; `None` for the repeatable ones.
    pub const fn group(&self, group: ProfileGroup) -> Option<&GroupData> {
        match group {
            ProfileGroup::Basic => Some(&self.basic),
            ProfileGroup::Contact => Some(&self.contact),
            ProfileGroup::Work => Some(&self.work),
            ProfileGroup::Education | ProfileGroup::Training | ProfileGroup::Certificate => None,
        }
    }
}
