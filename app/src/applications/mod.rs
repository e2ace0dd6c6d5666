//! Applying: the catalogue and the wizard of seven steps (S31–S54).
pub mod api;
mod catalogue;
mod steps;
pub use steps::StepFields;
mod wizard;

pub use catalogue::CataloguePage;
pub use wizard::WizardPage;
#[cfg(feature = "ssr")]
pub(crate) use wizard::step_title;
