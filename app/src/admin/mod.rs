//! What the staff administer besides the review. Each part is a folder with its pages and routes.
mod dictionary;

use crate::request::Route;

/// The routes of all parts.
pub(crate) const ROUTES: &[&[Route]] = &[dictionary::handlers::ROUTES];
