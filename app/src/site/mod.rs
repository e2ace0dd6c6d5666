//! Pages for everybody: front page, help, notices, verification of printed versions, language.
mod help;
mod home;
mod language;
mod notices;
mod verify;

use crate::{
    request::{Route, boxed},
    routes::{EndpointKind, PageKind},
};

/// The routes for everybody.
pub(crate) const ROUTES: &[Route] = &[
    Route::page(PageKind::Home, boxed!(home::home)),
    Route::page(PageKind::Help, boxed!(help::help)),
    Route::page(PageKind::Notice, boxed!(notices::notice)),
    Route::page(PageKind::Verify, boxed!(verify::verify)),
    Route::page(PageKind::Verified, boxed!(verify::verify)),
    Route::post(EndpointKind::Language, boxed!(language::change)),
];
