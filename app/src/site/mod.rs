//! Pages for everybody: front page, help, notices, verification of printed versions, language.
mod downloads;
mod guides;
mod help;
mod home;
mod language;
mod notices;
mod sites;
mod verify;

use crate::{
    request::{Route, boxed},
    routes::{EndpointKind, PageKind},
};
use axum::http::Method;

/// The routes for everybody.
pub(crate) const ROUTES: &[Route] = &[
    Route::page(PageKind::Home, boxed!(home::home)),
    Route::page(PageKind::Help, boxed!(help::help)),
    Route::page(PageKind::Downloads, boxed!(downloads::page::downloads)),
    Route::page(PageKind::AnnexSheet, boxed!(downloads::page::annex_sheet)),
    Route::new(
        Method::GET,
        EndpointKind::AnnexPdf.pattern(),
        EndpointKind::AnnexPdf.describe(),
        boxed!(downloads::page::annex_file),
    ),
    Route::page(PageKind::Guide, boxed!(guides::guide)),
    Route::page(PageKind::Sites, boxed!(sites::sites)),
    Route::page(PageKind::Notice, boxed!(notices::notice)),
    Route::page(PageKind::Verify, boxed!(verify::verify)),
    Route::page(PageKind::Verified, boxed!(verify::verify)),
    Route::post(EndpointKind::Language, boxed!(language::change)),
];
