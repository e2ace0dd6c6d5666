//! The offices.
use crate::{
    choice::Choice,
    status::{ApplicationStatus, states},
};

states! {
    /// The office that somebody of the staff works for (S108).
    Role "role" {
        /// 考点: sees the applications of one site.
        SiteReviewer = "site",
        /// 考区: sees the applications of one area.
        AreaOfficer = "area",
        /// The centre: sees all.
        Centre = "centre",
    }
}

impl Role {
    /// The state in which applications wait for this office; the centre looks at what waits for the sites.
    pub const fn default_queue_status(self) -> ApplicationStatus {
        match self {
            Self::SiteReviewer | Self::Centre => ApplicationStatus::Submitted,
            Self::AreaOfficer => ApplicationStatus::Signed,
        }
    }
}
