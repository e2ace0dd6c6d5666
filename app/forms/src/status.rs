//! The state machines of application and payment. Buttons are drawn and the registry enforces from the same `after`.
use crate::choice::Choice;
use serde::{Deserialize, Serialize};

/// An enum of coded states with its list.
macro_rules! states {
    ($($(#[$meta:meta])* $name:ident $list:literal { $($(#[$vmeta:meta])* $variant:ident = $code:literal),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),* }
        impl Choice for $name {
            const LIST: &'static str = $list;
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
        }
    )* };
}

pub(crate) use states;

states! {
    /// Where an application stands (S120).
    ApplicationStatus "application_status" {
        /// 草稿.
        Draft = "draft",
        /// 已提交.
        Submitted = "submitted",
        /// 退回.
        Returned = "returned",
        /// 考点审核通过.
        SiteApproved = "site_approved",
        /// 已签字.
        Signed = "signed",
        /// 考区审核通过.
        AreaApproved = "area_approved",
        /// 审核不通过.
        Rejected = "rejected",
        /// 已放弃.
        Abandoned = "abandoned",
        /// Replaced by a newer one (X1).
        Superseded = "superseded",
    }
    /// Where a payment stands (S121), apart from the application's own state.
    PaymentStatus "payment_status" {
        /// 未开放.
        NotOpen = "not_open",
        /// 待缴费.
        Due = "due",
        /// 支付确认中.
        Confirming = "confirming",
        /// 已缴费.
        Paid = "paid",
        /// A refund is owed.
        RefundDue = "refund_due",
        /// 已退费.
        Refunded = "refunded",
        /// The gateway refused.
        Failed = "failed",
    }
}

/// What happens to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ApplicationEvent {
    /// The candidate hands it in.
    Submit,
    /// The candidate gives it up (S52).
    Abandon,
    /// A newer application takes its place (X1).
    Supersede,
    /// The site sends it back (S110).
    Return,
    /// The site approves it.
    ApproveAtSite,
    /// The site or area refuses it.
    Reject,
    /// The candidate's signature was recorded (S91).
    Sign,
    /// The area approves it.
    ApproveAtArea,
    /// The area approves one that is not signed, since its candidate is exempt and comes to no site (S102).
    ApproveExempt,
}
impl ApplicationEvent {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::Submit,
        Self::Abandon,
        Self::Supersede,
        Self::Return,
        Self::ApproveAtSite,
        Self::Reject,
        Self::Sign,
        Self::ApproveAtArea,
        Self::ApproveExempt,
    ];
}

impl ApplicationStatus {
    /// The state after an event, or nothing where the event cannot happen.
    pub const fn after(self, event: ApplicationEvent) -> Option<Self> {
        use ApplicationEvent as E;
        Some(match (self, event) {
            (Self::Draft | Self::Returned, E::Submit) => Self::Submitted,
            (Self::Draft | Self::Submitted | Self::Returned, E::Abandon) => Self::Abandoned,
            (Self::Submitted | Self::Returned, E::Supersede) => Self::Superseded,
            (Self::Submitted | Self::SiteApproved, E::Return) => Self::Returned,
            (Self::Submitted, E::ApproveAtSite) => Self::SiteApproved,
            // An item that was to come later and never came ends even what the area had approved (X31).
            (Self::Submitted | Self::Returned | Self::SiteApproved | Self::Signed | Self::AreaApproved, E::Reject) => {
                Self::Rejected
            }
            (Self::SiteApproved, E::Sign) => Self::Signed,
            (Self::Signed, E::ApproveAtArea) | (Self::SiteApproved, E::ApproveExempt) => Self::AreaApproved,
            _ => return None,
        })
    }
    /// What its candidate may do about a wrong application that was submitted (S52, S53); nothing for a draft, which is
    /// discarded, and for what has ended. `open` says whether the window of online application is open.
    pub const fn withdrawal(self, open: bool) -> Option<Withdrawal> {
        match (self, open) {
            (Self::Submitted | Self::Returned, true) => Some(Withdrawal::Allowed),
            (Self::Submitted | Self::Returned, false) => Some(Withdrawal::WindowClosed),
            (Self::SiteApproved | Self::Signed | Self::AreaApproved, _) => Some(Withdrawal::AskOffice),
            (Self::Draft | Self::Rejected | Self::Abandoned | Self::Superseded, _) => None,
        }
    }
    /// Handed in and not ended: it holds its entries and its place (S18, S123).
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Submitted | Self::Returned | Self::SiteApproved | Self::Signed | Self::AreaApproved)
    }
    /// Over, for good.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Rejected | Self::Abandoned | Self::Superseded)
    }
    /// Whether a paper may be printed from it.
    pub const fn is_printable(self) -> bool {
        self.is_live()
    }
}

/// Whether a candidate may withdraw an application or replace it by a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Withdrawal {
    /// Both.
    Allowed,
    /// The window of online application is over: the office corrects what it may, or returns the application.
    WindowClosed,
    /// An office approved it already, and has to be asked.
    AskOffice,
}

/// What happens to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PaymentEvent {
    /// The area opens payment (X5).
    Open,
    /// The candidate went to the bank (X6).
    Leave,
    /// A verified notice or query says it is paid.
    Confirm,
    /// The gateway says it failed.
    Fail,
    /// An office owes it back (S98).
    Owe,
    /// It was given back.
    Refund,
}
impl PaymentEvent {
    /// Every event.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Leave, Self::Confirm, Self::Fail, Self::Owe, Self::Refund];
}
impl PaymentStatus {
    /// The state after an event, or nothing where the event cannot happen. A repeated confirmation changes nothing (S122).
    pub const fn after(self, event: PaymentEvent) -> Option<Self> {
        use PaymentEvent as E;
        Some(match (self, event) {
            (Self::NotOpen, E::Open) => Self::Due,
            (Self::Due | Self::Failed | Self::Confirming, E::Leave) => Self::Confirming,
            (Self::Due | Self::Confirming | Self::Failed | Self::Paid, E::Confirm) => Self::Paid,
            (Self::Confirming, E::Fail) => Self::Failed,
            (Self::Paid, E::Owe) => Self::RefundDue,
            (Self::RefundDue, E::Refund) => Self::Refunded,
            _ => return None,
        })
    }
}
