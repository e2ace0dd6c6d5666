//! What an office may do to an application, and what a review ends with.
use super::Role;
use crate::{
    choice::Choice,
    status::{ApplicationEvent, ApplicationStatus, states},
};

states! {
    /// An action of an office.
    ReviewAction "review_action" {
        /// Taking a record, so that nobody else reviews it at the same time.
        Claim = "claim",
        /// Giving it back.
        Release = "release",
        /// Assessing the items, with an outcome.
        Assess = "assess",
        /// Correcting identity data (S111).
        Correct = "correct",
        /// Marking an entry as verified, or taking the mark back (S112).
        Verify = "verify",
        /// Asking for a paper or dropping it (S148).
        ChangePaper = "change_paper",
        /// Recording the signature (S113).
        Sign = "sign",
        /// Settling an item that was outstanding (X31).
        Settle = "settle",
        /// The area's approval.
        ApproveArea = "approve_area",
    }
}

impl ReviewAction {
    /// Whether an office may do it to an application in this state. The pages draw their buttons from this, the registry
    /// enforces it.
    ///
    /// `on_site` is false for an application that nobody reviews on site (`Application::is_reviewed_on_site`): its form is not
    /// signed there, and the area decides about it once the site approved.
    pub const fn is_open(self, role: Role, status: ApplicationStatus, on_site: bool) -> bool {
        use ApplicationStatus as S;
        let site = matches!(role, Role::SiteReviewer);
        match self {
            // A record waits for the office that has something to decide about it.
            Self::Claim | Self::Release | Self::Assess => match role {
                Role::SiteReviewer => matches!(status, S::Submitted | S::Returned | S::SiteApproved),
                Role::AreaOfficer => matches!(status, S::Signed) || (!on_site && matches!(status, S::SiteApproved)),
                Role::Centre => false,
            },
            Self::Correct | Self::Verify => site && matches!(status, S::Submitted | S::SiteApproved),
            // What was approved was seen: it is returned, or it stands.
            Self::ChangePaper => site && on_site && matches!(status, S::Submitted),
            Self::Sign => site && on_site && status.after(ApplicationEvent::Sign).is_some(),
            Self::Settle => {
                matches!(role, Role::SiteReviewer | Role::AreaOfficer)
                    && matches!(status, S::SiteApproved | S::Signed | S::AreaApproved)
            }
            Self::ApproveArea => {
                let approval = if on_site { ApplicationEvent::ApproveAtArea } else { ApplicationEvent::ApproveExempt };
                matches!(role, Role::AreaOfficer) && status.after(approval).is_some()
            }
        }
    }
}

states! {
    /// What a review ends with.
    ReviewOutcome "outcome" {
        /// Nothing yet: the findings are kept.
        Save = "save",
        /// 审核通过, perhaps with items outstanding.
        Approve = "approve",
        /// 退回.
        Return = "return",
        /// 审核不通过.
        Reject = "reject",
    }
}

impl ReviewOutcome {
    /// Whether a review of an application in this state may end with it.
    pub const fn is_open(self, status: ApplicationStatus) -> bool {
        match self.event() {
            // What was approved is not quietly assessed otherwise: it is returned, rejected, or its open items are settled.
            None => matches!(status, ApplicationStatus::Submitted),
            Some(event) => status.after(event).is_some(),
        }
    }
    /// What it is to the application; nothing where the findings are only kept.
    pub const fn event(self) -> Option<ApplicationEvent> {
        match self {
            Self::Save => None,
            Self::Approve => Some(ApplicationEvent::ApproveAtSite),
            Self::Return => Some(ApplicationEvent::Return),
            Self::Reject => Some(ApplicationEvent::Reject),
        }
    }
}
